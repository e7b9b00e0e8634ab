/** @typedef {import('./types.js').Participant} Participant */
/** @typedef {import('./types.js').Talker} Talker */

const MEDIA_FRESH_MS = 400;
const SPEAKING_DBOV = -50;
const SILENCE_DBOV = -127;
/** For a talker who is in what we hear while nobody tells how loud. */
const UNTOLD_DBOV = -30;

/**
 * One received packet's word on who is in it: the CSRC list of RFC 3550, with a level where one is known.
 *
 * @typedef {object} Heard
 * @property {number} csrc
 * @property {number | null} levelDbov
 * @property {number} atMs  When it was played, on the clock that is handed to {@link Talkers#list}.
 */

/**
 * Who speaks and how loudly, from two sources: the `speakers` event (four times a second, knows all levels) and the
 * packets that arrive (instant, name the talkers whom we hear). The louder fresh word counts.
 */
export class Talkers {
  constructor() {
    /** @type {Map<string, number> | null} Levels by participant id; null while the service tells nothing. */
    this.told = null;
    /** @type {Map<number, {levelDbov: number | null, atMs: number}>} By CSRC. */
    this.heard = new Map();
  }

  /** @param {[string, number][]} levels Participant ids with levels in dBov: the whole present truth. */
  onSpeakers(levels) {
    this.told = new Map(levels);
  }

  /** The service's word is lost: from now on only what we hear counts. */
  onSilentService() {
    this.told = null;
  }

  /** @param {Heard[]} sources */
  onHeard(sources) {
    for (const { csrc, levelDbov, atMs } of sources) {
      this.heard.set(csrc, { levelDbov, atMs });
    }
  }

  /**
   * @param {Iterable<Participant>} roster
   * @param {number} nowMs
   * @returns {Talker[]} One for each participant.
   */
  list(roster, nowMs) {
    const talkers = [];
    for (const { id, csrc, muted } of roster) {
      const levelDbov = muted ? SILENCE_DBOV : this.levelDbov(id, csrc, nowMs);
      talkers.push({ participantId: id, csrc, levelDbov, speaking: levelDbov > SPEAKING_DBOV });
    }
    return talkers;
  }

  /**
   * @param {string} id
   * @param {number} csrc
   * @param {number} nowMs
   */
  levelDbov(id, csrc, nowMs) {
    const toldDbov = this.told?.get(id) ?? SILENCE_DBOV;
    const heard = this.heard.get(csrc);
    if (!heard || nowMs - heard.atMs > MEDIA_FRESH_MS) {
      return toldDbov;
    }
    return Math.max(toldDbov, heard.levelDbov ?? (this.told ? SILENCE_DBOV : UNTOLD_DBOV));
  }

  /** Forgets everything, for a new call. */
  clear() {
    this.told = null;
    this.heard.clear();
  }
}

/**
 * @param {number} linear 0 to 1, as in getStats and getSynchronizationSources.
 * @returns {number} -127 to 0.
 */
export function toDbov(linear) {
  return linear > 0 ? Math.max(SILENCE_DBOV, Math.min(0, 20 * Math.log10(linear))) : SILENCE_DBOV;
}
