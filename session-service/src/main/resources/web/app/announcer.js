import { byId } from './dom.js';

const KEPT = 5;

/**
 * Tells screen readers what happened, without moving the focus.
 *
 * @param {string} text
 */
export function announce(text) {
  const log = byId('announcer');
  const line = document.createElement('p');
  line.textContent = text;
  log.append(line);
  while (log.childElementCount > KEPT) {
    log.firstElementChild?.remove();
  }
}
