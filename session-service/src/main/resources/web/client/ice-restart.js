import { Backoff } from './backoff.js';
import { ProblemError } from './session-api.js';

/**
 * Brings a media session back over whatever network there is now, by an ICE restart: who we are, keys and streams stay.
 *
 * @param {object} media  A MediaSession, or what is like it.
 * @param {string} media.state
 * @param {() => Promise<string>} media.restart
 * @param {(fragment: string) => Promise<void>} media.acceptRestart
 * @param {EventTarget['addEventListener']} media.addEventListener
 * @param {(fragment: string) => Promise<string>} send  Takes our credentials to the service, and answers the server's.
 * @param {AbortSignal} over  When to give it up.
 * @param {Backoff} [backoff]
 * @returns {Promise<boolean>} True when media flows again; false if it was given up, or if it never will this way.
 */
export async function restartIce(media, send, over, backoff = new Backoff()) {
  try {
    const fragment = await unless(over, media.restart());
    await unless(over, media.acceptRestart(await answerTo(() => unless(over, send(fragment)), backoff, over)));
    return await unless(over, connected(media, over));
  } catch {
    return false;
  }
}

/**
 * Asks until there is an answer: without a network there is none yet. To ask twice for the same restart does no harm.
 *
 * @param {() => Promise<string>} ask
 * @param {Backoff} backoff
 * @param {AbortSignal} over
 * @returns {Promise<string>}
 */
async function answerTo(ask, backoff, over) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (over.aborted || !(error instanceof ProblemError) || !error.mayPass) {
        throw error;
      }
    }
    await unless(over, new Promise((resolve) => setTimeout(resolve, backoff.nextMs())));
  }
}

/**
 * @param {{state: string, addEventListener: EventTarget['addEventListener']}} media
 * @param {AbortSignal} over
 * @returns {Promise<boolean>}
 */
function connected(media, over) {
  return new Promise((resolve) => {
    const look = () => {
      if (media.state === 'connected' || media.state === 'closed') {
        resolve(media.state === 'connected');
      }
    };
    media.addEventListener('state', look, { signal: over });
    look();
  });
}

/**
 * @template T
 * @param {AbortSignal} over
 * @param {Promise<T>} wanted
 * @returns {Promise<T>}
 */
function unless(over, wanted) {
  return Promise.race([wanted, new Promise((_, reject) => {
    if (over.aborted) {
      reject(over.reason);
    }
    over.addEventListener('abort', () => reject(over.reason), { once: true });
  })]);
}
