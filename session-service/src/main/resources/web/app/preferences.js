/**
 * What the page remembers in this browser. Falls back to the defaults where storage is forbidden.
 *
 * @typedef {object} Preferences
 * @property {string} name
 * @property {string} room
 * @property {string} inputDeviceId
 * @property {string} outputDeviceId
 * @property {'voice' | 'original'} processing
 * @property {'auto' | 'forward' | 'mix'} listening
 * @property {'' | 'light' | 'dark'} theme
 * @property {boolean} shortcut
 */

const KEY = 'parley';

/** @type {Preferences} */
const DEFAULTS = {
  name: '', room: '', inputDeviceId: '', outputDeviceId: '', processing: 'voice', listening: 'auto', theme: '', shortcut: true,
};

/** @type {Preferences} */
export const preferences = { ...DEFAULTS, ...read() };

/** @param {Partial<Preferences>} changes */
export function prefer(changes) {
  Object.assign(preferences, changes);
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // A browser that keeps nothing still talks.
  }
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}');
  } catch {
    return {};
  }
}
