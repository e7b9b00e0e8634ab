import { inMinutes } from './dom.js';

/** @typedef {import('../client/parley-client.js').RecordedTrack} RecordedTrack */

const BARS = 200;
const STEP_SEC = 5;
const PAGE_SEC = 30;
/** What is lost again so soon is not to be had. */
const RENEW_EVERY_MS = 10000;
const SVG = 'http://www.w3.org/2000/svg';
/** So many turns of one speaker are told in words. */
const TOLD_TURNS_MAX = 20;

/**
 * One track of a recording to be heard: the browser's own controls, a waveform to seek in, by pointer or by keys, and who
 * is heard when, a line for each.
 *
 * Event: `lost`, if the sound cannot be had any more, for an address is good for a while only: see {@link Player#goOn}.
 */
export class Player extends EventTarget {
  /**
   * @param {RecordedTrack} track
   * @param {string} name  Of the track, for those who do not see it.
   * @param {(participantId: string) => string} nameOf
   */
  constructor(track, name, nameOf) {
    super();
    this.track = track;
    this.name = name;
    this.nameOf = nameOf;
    this.audio = document.createElement('audio');
    this.audio.controls = true;
    this.audio.preload = 'none';
    this.audio.src = track.url;
    this.audio.setAttribute('aria-label', name);
    this.lostAtMs = -Infinity;
    this.audio.addEventListener('error', () => this.onError());
    this.element = made('div', 'player');
    this.element.append(this.audio);
    if (track.isDescribed && track.durationMs > 0) {
      this.picture = this.waveform();
      this.now = made('p', 'player-now');
      this.element.append(this.picture, ...this.timeline(), this.now);
      this.audio.addEventListener('timeupdate', () => this.showPosition());
      this.audio.addEventListener('seeked', () => this.showPosition());
      this.showPosition();
    }
  }

  onError() {
    const nowMs = performance.now();
    if (nowMs - this.lostAtMs > RENEW_EVERY_MS) {
      this.lostAtMs = nowMs;
      this.dispatchEvent(new Event('lost'));
    }
  }

  /**
   * Goes on where it was, from another address.
   *
   * @param {string} url
   */
  goOn(url) {
    const { currentTime } = this.audio;
    this.audio.src = url;
    this.audio.currentTime = currentTime;
    this.audio.play().catch(() => {}); // The browser's controls show what is wrong.
  }

  focus() {
    (this.picture ?? this.audio).focus();
  }

  get durationSec() {
    return this.track.durationMs / 1000;
  }

  waveform() {
    const { track } = this;
    const picture = document.createElement('div');
    picture.className = 'waveform';
    picture.tabIndex = 0;
    picture.setAttribute('role', 'slider');
    picture.setAttribute('aria-label', `Position in ${this.name}`);
    picture.setAttribute('aria-valuemin', '0');
    picture.setAttribute('aria-valuemax', String(Math.floor(this.durationSec)));
    const bars = track.peaks(BARS).map((peak, i) => {
      const height = Math.max(2, Math.round(peak * 96));
      return `M${i + 0.5} ${50 - height / 2}v${height}`;
    }).join('');
    const drawing = svg('svg', { viewBox: `0 0 ${BARS} 100`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
    this.played = svg('rect', { class: 'played', x: 0, y: 0, width: 0, height: 100 });
    drawing.append(this.played, svg('path', { class: 'bars', d: bars }));
    for (const { atMs, durationMs } of track.gaps) {
      const gap = svg('rect', { class: 'gap', x: this.xOf(atMs), y: 0, width: Math.max(0.6, this.xOf(durationMs)), height: 100 });
      gap.append(title('Sound is missing here'));
      drawing.append(gap);
    }
    for (const { atMs } of track.pauses) {
      const pause = svg('path', { class: 'pause', d: `M${this.xOf(atMs)} 0v100` });
      pause.append(title('The recording was paused here'));
      drawing.append(pause);
    }
    picture.append(drawing);
    picture.addEventListener('pointerdown', (event) => this.seekTo(event, picture));
    picture.addEventListener('pointermove', (event) => {
      if (event.buttons & 1) {
        this.seekTo(event, picture);
      }
    });
    picture.addEventListener('keydown', (event) => this.onKey(event));
    return picture;
  }

  /** Who is heard when, and what the picture marks, in words. */
  timeline() {
    const { track } = this;
    const lines = document.createElement('ul');
    lines.className = 'speakers';
    lines.setAttribute('aria-label', 'Who is heard when');
    for (const id of track.participantIds) {
      const line = document.createElement('li');
      const who = document.createElement('span');
      who.className = 'speaker-name';
      who.textContent = this.nameOf(id);
      const lane = svg('svg', { viewBox: `0 0 ${BARS} 10`, preserveAspectRatio: 'none', role: 'img' });
      const turns = track.turns.filter(({ participantId }) => participantId === id);
      lane.setAttribute('aria-label', told(turns));
      for (const { atMs, durationMs } of turns) {
        lane.append(svg('rect', { x: this.xOf(atMs), y: 1, width: Math.max(0.6, this.xOf(durationMs)), height: 8 }));
      }
      lane.addEventListener('pointerdown', (event) => this.seekTo(event, lane));
      line.append(who, lane);
      lines.append(line);
    }
    const marks = made('p', 'hint');
    marks.textContent = [
      count(track.gaps.length, 'place lacks sound', 'places lack sound'),
      count(track.pauses.length, 'pause', 'pauses'),
    ].filter((words) => words !== '').join(', ');
    marks.hidden = marks.textContent === '';
    return track.participantIds.length > 0 ? [lines, marks] : [marks];
  }

  /** @param {number} ms */
  xOf(ms) {
    return Number(((ms / this.track.durationMs) * BARS).toFixed(2));
  }

  /**
   * @param {PointerEvent} event
   * @param {Element} place
   */
  seekTo(event, place) {
    const { left, width } = place.getBoundingClientRect();
    this.seek(((event.clientX - left) / width) * this.durationSec);
  }

  /** @param {number} sec */
  seek(sec) {
    this.audio.currentTime = Math.min(this.durationSec, Math.max(0, sec));
    this.showPosition();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const now = this.audio.currentTime;
    /** @type {Record<string, () => unknown>} */
    const keys = {
      ArrowRight: () => this.seek(now + STEP_SEC),
      ArrowUp: () => this.seek(now + STEP_SEC),
      ArrowLeft: () => this.seek(now - STEP_SEC),
      ArrowDown: () => this.seek(now - STEP_SEC),
      PageUp: () => this.seek(now + PAGE_SEC),
      PageDown: () => this.seek(now - PAGE_SEC),
      Home: () => this.seek(0),
      End: () => this.seek(this.durationSec),
      ' ': () => this.toggle(),
      Enter: () => this.toggle(),
    };
    const then = event.ctrlKey || event.altKey || event.metaKey ? undefined : keys[event.key];
    if (then) {
      event.preventDefault();
      then();
    }
  }

  toggle() {
    if (this.audio.paused) {
      this.audio.play().catch(() => {}); // The browser's controls show what is wrong.
    } else {
      this.audio.pause();
    }
  }

  showPosition() {
    const sec = this.audio.currentTime;
    const speakers = this.track.speakersAt(1000 * sec).map(this.nameOf);
    const words = speakers.length === 0 ? '' : `${speakers.join(' and ')} ${speakers.length === 1 ? 'speaks' : 'speak'}`;
    this.played?.setAttribute('width', String(this.xOf(1000 * sec)));
    this.picture?.setAttribute('aria-valuenow', String(Math.floor(sec)));
    this.picture?.setAttribute('aria-valuetext',
      `${inMinutes(1000 * sec)} of ${inMinutes(this.track.durationMs)}${words ? `, ${words}` : ''}`);
    if (this.now) {
      this.now.textContent = words || '\u00a0';
    }
  }
}

/** @param {import('../client/types.js').Turn[]} turns */
function told(turns) {
  const words = turns.slice(0, TOLD_TURNS_MAX)
    .map(({ atMs, durationMs }) => `${inMinutes(atMs)} to ${inMinutes(atMs + durationMs)}`);
  const more = turns.length > TOLD_TURNS_MAX ? ` and ${turns.length - TOLD_TURNS_MAX} more times` : '';
  return `from ${words.join(', ')}${more}`;
}

/**
 * @param {number} howMany
 * @param {string} one
 * @param {string} more
 */
function count(howMany, one, more) {
  return howMany === 0 ? '' : `${howMany} ${howMany === 1 ? one : more}`;
}

/**
 * @param {string} kind
 * @param {string} className
 */
function made(kind, className) {
  const element = document.createElement(kind);
  element.className = className;
  return element;
}

/**
 * @param {string} kind
 * @param {Record<string, string | number>} attributes
 */
function svg(kind, attributes) {
  const element = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, String(value));
  }
  return element;
}

/** @param {string} words */
function title(words) {
  const element = svg('title', {});
  element.textContent = words;
  return element;
}
