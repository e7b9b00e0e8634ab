import { Backoff } from './backoff.js';
import { ProblemError } from './session-api.js';

/** @typedef {import('./session-api.js').SessionApi} SessionApi */
/** @typedef {import('./types.js').SharedFile} SharedFile */
/** @typedef {import('./types.js').Upload} Upload */

/** What browsers show, and a thumbnail can be made of. */
const PHOTO_TYPES = ['image/avif', 'image/gif', 'image/jpeg', 'image/png', 'image/webp'];
const THUMBNAIL_PX = 320;
const THUMBNAIL_QUALITY = 0.8;
const THUMBNAIL_BYTES_MAX = 256 * 1024;
const TRIES_MAX = 5;
const KEPT_MAX = 1000;

/**
 * What is shared in one conference: each file once, whatever the connection does.
 *
 * Event: `change` {files}, oldest first, with `added`, the file that was shared just now, if that is what it was.
 */
export class SharedFiles extends EventTarget {
  /** @param {() => Promise<{data: SharedFile[]}>} read  The newest, those first. */
  constructor(read) {
    super();
    this.read = read;
    /** @type {Map<string, SharedFile>} */
    this.kept = new Map();
    /** @type {Set<string>} Told of as erased: a list that was read meanwhile may still have them. */
    this.erased = new Set();
    /** False if we may not share, nor read what others do. @type {boolean} */
    this.isAllowed = true;
  }

  /** Oldest first. */
  get list() {
    return [...this.kept.values()].sort((one, other) => one.sharedAt.localeCompare(other.sharedAt));
  }

  /** Events may have been missed: reads what there is. If that fails, the next connection tries again. */
  async onSnapshot() {
    try {
      const { data } = await this.read();
      this.kept = new Map(data.filter(({ id }) => !this.erased.has(id)).map((file) => [file.id, file]));
      this.isAllowed = true;
      this.tell();
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'grant-missing') {
        this.isAllowed = false;
        this.tell();
      }
    }
  }

  /** @param {SharedFile} file */
  onShared(file) {
    if (this.kept.has(file.id) || this.erased.has(file.id)) {
      return;
    }
    this.kept.set(file.id, file);
    if (this.kept.size > KEPT_MAX) {
      this.kept.delete(this.list[0].id);
    }
    this.tell(file);
  }

  /** @param {string} id */
  onErased(id) {
    this.erased.add(id);
    if (this.kept.delete(id)) {
      this.tell();
    }
  }

  /** @param {SharedFile} [added] */
  tell(added) {
    this.dispatchEvent(new CustomEvent('change', { detail: { files: this.list, added: added ?? null } }));
  }
}

/**
 * @typedef {object} ShareOptions
 * @property {string} [name]  As people call it; else the file's own name.
 * @property {Blob | null} [thumbnail]  What shows it small, at most 256 KiB; left out, one is made of a photo.
 * @property {(share: number) => void} [onProgress]  How much of it has gone, 0 to 1.
 * @property {AbortSignal} [signal]  Gives it up.
 */

/**
 * Shares a file in a call: its bytes go straight to the object store. What fails for want of a network is tried again.
 *
 * @param {SessionApi} api
 * @param {string} conferenceId
 * @param {Blob} content
 * @param {ShareOptions} [options]
 * @returns {Promise<SharedFile>}
 */
export async function shareFile(api, conferenceId, content, options = {}) {
  const { signal, onProgress = () => {} } = options;
  const isPhoto = PHOTO_TYPES.includes(content.type);
  const thumbnail = options.thumbnail ?? (isPhoto ? await makeThumbnail(content) : null);
  const key = crypto.randomUUID();
  const wish = {
    kind: isPhoto ? 'photo' : 'file',
    name: options.name ?? /** @type {{name?: string}} */ (content).name ?? 'file',
    ...(await describe(content)),
    ...(thumbnail ? { thumbnail: await describe(thumbnail) } : {}),
  };
  const registered = await persist(() => api.registerFile(conferenceId, wish, key), signal);
  try {
    if (thumbnail && registered.thumbnail?.upload) {
      const { upload } = registered.thumbnail;
      await persist(() => send(upload, thumbnail, () => {}, signal), signal);
    }
    if (registered.upload) {
      const { upload } = registered;
      await persist(() => send(upload, content, onProgress, signal), signal);
    }
    return await persist(() => api.commitFile(conferenceId, registered.id), signal);
  } catch (error) {
    api.eraseFile(conferenceId, registered.id).catch(() => {}); // Else the service does it, a day later.
    throw error;
  }
}

/**
 * Makes a small picture of a photo, by its proportions.
 *
 * @param {Blob} photo
 * @returns {Promise<Blob | null>}  Null where this browser cannot read it.
 */
export async function makeThumbnail(photo) {
  try {
    const picture = await createImageBitmap(photo, { imageOrientation: 'from-image' });
    const scale = Math.min(1, THUMBNAIL_PX / Math.max(picture.width, picture.height));
    const width = Math.max(1, Math.round(picture.width * scale));
    const height = Math.max(1, Math.round(picture.height * scale));
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (!context) {
      return null;
    }
    context.fillStyle = '#fff'; // JPEG knows no transparency.
    context.fillRect(0, 0, width, height);
    context.drawImage(picture, 0, 0, width, height);
    picture.close();
    const small = await canvas.convertToBlob({ type: 'image/jpeg', quality: THUMBNAIL_QUALITY });
    return small.size <= THUMBNAIL_BYTES_MAX ? small : null;
  } catch {
    return null;
  }
}

/** @param {Blob} content */
async function describe(content) {
  const hash = await crypto.subtle.digest('SHA-256', await content.arrayBuffer());
  const sha256 = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { size: content.size, contentType: content.type || 'application/octet-stream', sha256 };
}

/**
 * Does something until it is done, or will not be.
 *
 * @template T
 * @param {() => Promise<T>} action
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<T>}
 */
async function persist(action, signal) {
  const backoff = new Backoff();
  for (let tries = 1; ; tries += 1) {
    signal?.throwIfAborted();
    try {
      return await action();
    } catch (error) {
      if (signal?.aborted || tries >= TRIES_MAX || !(error instanceof ProblemError) || !error.mayPass) {
        throw error;
      }
      const waitMs = Math.max(backoff.nextMs(), 1000 * (error.retryAfterSec ?? 0));
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/**
 * Sends content to the store. By XMLHttpRequest, as `fetch` does not tell how much has gone.
 *
 * @param {Upload} upload
 * @param {Blob} content
 * @param {(share: number) => void} onProgress
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<void>}
 */
function send({ method, url, headers }, content, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 1);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        onProgress(1);
        resolve();
      } else {
        reject(new ProblemError(request.status, { code: 'upload-refused', detail: refusalOf(request) }));
      }
    };
    request.onerror = () => reject(new ProblemError(0, { detail: 'The file store cannot be reached.' }));
    request.onabort = () => reject(signal?.reason ?? new DOMException('aborted', 'AbortError'));
    request.onloadend = () => signal?.removeEventListener('abort', abort);
    signal?.addEventListener('abort', abort);
    request.send(content);
  });
}

/** @param {XMLHttpRequest} request */
function refusalOf(request) {
  const told = /<Message>([^<]*)<\/Message>/.exec(request.responseText);
  return told ? `The file store refuses it: ${told[1]}` : `The file store refuses it with status ${request.status}.`;
}
