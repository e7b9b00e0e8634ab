import { byId, icon, levelShare } from './dom.js';

/** @typedef {import('../client/types.js').Participant} Participant */
/** @typedef {import('../client/types.js').Talker} Talker */

/** @typedef {{id: string, mos: number, lossPercent: number, jitterMs: number, roundTripMs?: number}} CallFigures */

/** Mean opinion scores (ITU-T G.107, Annex B) below which some, and many, are not content. */
const FAIR_BELOW_MOS = 3.6;
const POOR_BELOW_MOS = 3.1;

/** The list of people: one item each, kept in place while they stay. */
export class RosterView {
  /** @param {(participant: Participant) => void} onChosen  Somebody's actions are wanted. */
  constructor(onChosen) {
    this.onChosen = onChosen;
    this.list = byId('roster');
    this.maySteer = false;
    /** @type {Map<string, HTMLLIElement>} */
    this.items = new Map();
    /** @type {Map<string, Participant>} */
    this.participants = new Map();
    /** @type {Set<string>} */
    this.speaking = new Set();
  }

  /**
   * @param {Participant[]} participants
   * @param {string | null} ownId
   */
  show(participants, ownId) {
    this.maySteer = participants.some(({ id, role }) => id === ownId && role === 'host');
    const sorted = [...participants].sort((a, b) => Number(b.id === ownId) - Number(a.id === ownId)
      || a.joinedAt.localeCompare(b.joinedAt));
    this.participants = new Map(sorted.map((participant) => [participant.id, participant]));
    for (const [id, item] of this.items) {
      if (!this.participants.has(id)) {
        item.remove();
        this.items.delete(id);
        this.speaking.delete(id);
      }
    }
    sorted.forEach((participant, index) => {
      const item = this.items.get(participant.id) ?? this.add(participant);
      this.update(item, participant, participant.id === ownId);
      if (this.list.children[index] !== item) {
        this.list.insertBefore(item, this.list.children[index] ?? null);
      }
    });
    byId('alone').hidden = participants.some((participant) => participant.id !== ownId);
  }

  /** @param {Talker[]} talkers */
  showTalkers(talkers) {
    for (const { participantId, levelDbov, speaking } of talkers) {
      const item = this.items.get(participantId);
      if (!item) {
        continue;
      }
      item.style.setProperty('--level', speaking ? levelShare(levelDbov).toFixed(3) : '0');
      if (this.speaking.has(participantId) !== speaking) {
        speaking ? this.speaking.add(participantId) : this.speaking.delete(participantId);
        item.classList.toggle('is-speaking', speaking);
        this.updateState(item, participantId);
      }
    }
  }

  /**
   * How calls sound, as the service measures it: everybody's for hosts, for others their own.
   *
   * @param {CallFigures[]} figures
   */
  showQuality(figures) {
    for (const { id, mos, lossPercent, roundTripMs } of figures) {
      const bars = this.items.get(id)?.children[4];
      if (bars instanceof HTMLElement) {
        const rating = mos < POOR_BELOW_MOS ? 'poor' : mos < FAIR_BELOW_MOS ? 'fair' : 'good';
        const words = `Sounds ${rating}: score ${mos.toFixed(1)} of 4.4, ${lossPercent} % lost`
          + (roundTripMs === undefined ? '' : `, answers take ${Math.round(roundTripMs)} ms`);
        bars.hidden = false;
        bars.dataset.rating = rating;
        bars.title = words;
        bars.setAttribute('aria-label', words);
      }
    }
  }

  clear() {
    this.list.replaceChildren();
    this.items.clear();
    this.speaking.clear();
  }

  /** @param {Participant} participant */
  add(participant) {
    const item = document.createElement('li');
    item.className = 'person';
    item.dataset.id = participant.id;
    item.style.setProperty('--hue', String(hueOf(participant.identity)));
    item.append(part('span', 'avatar'), part('span', 'person-name'), part('span', 'person-state'));
    item.append(this.steering(participant.id), qualityBars());
    this.items.set(participant.id, item);
    return item;
  }

  /** @param {string} id */
  steering(id) {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = 'quiet small person-steer';
    made.textContent = '\u22ef';
    made.hidden = true;
    made.addEventListener('click', () => {
      const participant = this.participants.get(id);
      if (participant) {
        this.onChosen(participant);
      }
    });
    return made;
  }

  /**
   * @param {HTMLLIElement} item
   * @param {Participant} participant
   * @param {boolean} isOwn
   */
  update(item, participant, isOwn) {
    const name = nameOf(participant);
    const [avatar, label] = item.children;
    avatar.textContent = initialsOf(name);
    avatar.setAttribute('aria-hidden', 'true');
    label.textContent = name;
    label.setAttribute('title', name);
    const steering = /** @type {HTMLButtonElement} */ (item.children[3]);
    steering.hidden = isOwn || !this.maySteer;
    steering.setAttribute('aria-label', `What to do about ${name}`);
    if (isOwn && item.childElementCount === 5) {
      const you = part('span', 'person-you');
      you.textContent = 'you';
      item.append(you);
    }
    item.classList.toggle('is-away', participant.state === 'reconnecting');
    this.updateState(item, participant.id);
  }

  /**
   * @param {HTMLLIElement} item
   * @param {string} id
   */
  updateState(item, id) {
    const participant = this.participants.get(id);
    const state = item.children[2];
    state.replaceChildren();
    if (participant?.state === 'reconnecting') {
      state.textContent = 'connection lost';
    } else if (participant?.muted) {
      state.append(icon('microphone-off'), 'muted');
    } else if (this.speaking.has(id)) {
      state.textContent = 'speaking';
    } else {
      state.textContent = participant?.role === 'listener' ? 'listening' : '';
    }
    if (participant?.handRaisedAt !== undefined) {
      const hand = icon('hand');
      hand.removeAttribute('aria-hidden');
      hand.setAttribute('role', 'img');
      hand.setAttribute('aria-label', 'hand raised');
      state.prepend(hand);
    }
  }
}

/**
 * @param {Participant} participant
 * @returns {string}
 */
export function nameOf(participant) {
  return participant.name || 'Somebody';
}

/**
 * @param {string} name
 * @returns {string} One or two letters.
 */
export function initialsOf(name) {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return letters.map((word) => [...word][0] ?? '').join('').toUpperCase();
}

/**
 * A hue that stays the same for the same person.
 *
 * @param {string} identity
 * @returns {number} 0 to 359
 */
export function hueOf(identity) {
  let hash = 2166136261; // FNV-1a
  for (const character of identity) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
  }
  return (hash >>> 8) % 360;
}

/** How somebody sounds; nothing is shown until it is measured. */
function qualityBars() {
  const bars = part('span', 'person-quality');
  bars.setAttribute('role', 'img');
  bars.hidden = true;
  const three = part('span', 'bars');
  three.append(...['i', 'i', 'i'].map((tag) => document.createElement(tag)));
  bars.append(three);
  return bars;
}

/**
 * @param {string} tag
 * @param {string} className
 */
function part(tag, className) {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}
