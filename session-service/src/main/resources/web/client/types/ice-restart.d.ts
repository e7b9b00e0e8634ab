import { Backoff } from './backoff.js';
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
export declare function restartIce(media: {
    state: string;
    restart: () => Promise<string>;
    acceptRestart: (fragment: string) => Promise<void>;
    addEventListener: EventTarget['addEventListener'];
}, send: (fragment: string) => Promise<string>, over: AbortSignal, backoff?: Backoff): Promise<boolean>;
