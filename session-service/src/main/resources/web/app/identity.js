const KEY = 'parley-identity';

/** Locks are kept by a part of the browser that is slow at times; nobody waits longer for it to join. */
const LOCK_PATIENCE_MS = 2000;

/**
 * Who this tab is. Kept for the tab's life, so that a reload comes back as the same person; but a duplicated tab,
 * which inherits what the first one kept, is somebody else: the first holds a lock on the identity. Whose the lock is,
 * is not always told; then this tab is somebody new.
 *
 * @returns {Promise<string>}
 */
export async function tabIdentity() {
  const kept = sessionStorage.getItem(KEY);
  if (kept && (await take(kept))) {
    return kept;
  }
  const fresh = crypto.randomUUID ? `web-${crypto.randomUUID()}` : `web-${Date.now()}-${Math.random().toString(36).slice(2)}`;
  sessionStorage.setItem(KEY, fresh);
  await take(fresh);
  return fresh;
}

/** @type {Set<string>} */
const held = new Set();

/**
 * @param {string} identity
 * @returns {Promise<boolean>} False if another tab has it, or nobody knows.
 */
function take(identity) {
  if (held.has(identity) || !navigator.locks) {
    return Promise.resolve(true);
  }
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), LOCK_PATIENCE_MS);
    navigator.locks.request(`parley:${identity}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      if (lock === null) {
        return undefined;
      }
      held.add(identity);
      return new Promise(() => {}); // Held until the tab goes.
    }).catch(() => resolve(false));
  });
}
