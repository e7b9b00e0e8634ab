/**
 * The element with an id, known to be there and of a kind.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function element(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) {
    throw new Error(`The page has no ${kind.name} with the id ${id}`);
  }
  return found;
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export const byId = (id) => element(id, HTMLElement);

/** @param {string} id */
export const button = (id) => element(id, HTMLButtonElement);

/** @param {string} id */
export const input = (id) => element(id, HTMLInputElement);

/** @param {string} id */
export const select = (id) => element(id, HTMLSelectElement);

/**
 * An icon of icons.svg, hidden from screen readers.
 *
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/**
 * Shows a text in a paragraph, or hides the paragraph when there is none.
 *
 * @param {HTMLElement} paragraph
 * @param {string} text
 */
export function say(paragraph, text) {
  paragraph.textContent = text;
  paragraph.hidden = text === '';
}

/**
 * A duration or position for people, in minutes and seconds.
 *
 * @param {number} ms
 */
export function inMinutes(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/**
 * Shows a level on a meter: -60 dBov and less is empty, 0 is full.
 *
 * @param {HTMLElement} meter
 * @param {number} levelDbov
 */
export function showLevel(meter, levelDbov) {
  const share = levelShare(levelDbov);
  meter.style.setProperty('--level', share.toFixed(3));
  meter.setAttribute('aria-valuenow', String(Math.round(share * 100)));
}

/**
 * @param {number} levelDbov
 * @returns {number} 0 to 1
 */
export function levelShare(levelDbov) {
  return Math.min(1, Math.max(0, (levelDbov + 60) / 60));
}
