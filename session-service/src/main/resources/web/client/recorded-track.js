/** @typedef {import('./types.js').RecordingLink} RecordingLink */
/** @typedef {import('./types.js').Turn} Turn */

/** Louder than this a track of one person has speech in it: dB below full scale. */
const SPEECH_DB = 50;
/** Who goes on so soon has not stopped. */
const BREATH_MS = 500;
/** So much quieter than full scale nothing is drawn. */
const QUIET_DB = 60;

/**
 * A track of a recording with what its manifest says (docs/recordings.md): when it is how loud, who is heard when, where
 * sound is missing, and where it was paused.
 */
export class RecordedTrack {
  /**
   * @param {RecordingLink} link
   * @param {any} manifest  As it was read, or null.
   */
  constructor({ segment, track, url }, manifest) {
    this.segment = segment;
    this.track = track;
    this.url = url;
    this.isDescribed = manifest?.version === 1;
    const known = this.isDescribed ? manifest : {};
    /** @type {number} */
    this.durationMs = known.durationMs ?? 0;
    /** @type {number} */
    this.stepMs = known.levels?.stepMs ?? 100;
    /** dB below full scale, for each step; 127 is silence. */
    this.levels = Uint8Array.from(atob(known.levels?.dbBelowFullScale ?? ''), (one) => one.charCodeAt(0));
    /** @type {{atMs: number, durationMs: number, cause: string}[]} */
    this.gaps = known.gaps ?? [];
    /** @type {{atMs: number, pausedAt: string, resumedAt?: string}[]} */
    this.pauses = known.pauses ?? [];
    /** @type {Turn[]} Who is heard when, in the order in which they begin. */
    this.turns = this.isMix
      ? (known.speakers ?? []).map((/** @type {any} */ { participant, atMs, durationMs }) => ({
        participantId: participant, atMs, durationMs }))
      : this.ownTurns();
  }

  get isMix() {
    return this.track === 'mix';
  }

  /** Whose track it is; null of a mix. */
  get participantId() {
    return this.isMix ? null : this.track.replace(/\.\d+$/, '');
  }

  /** Who is heard in it, in the order in which they first are. */
  get participantIds() {
    return [...new Set(this.turns.map(({ participantId }) => participantId))];
  }

  /**
   * How loud it is, in so many parts of the same length: the loudest of each, 0 (silence) to 1 (full scale).
   *
   * @param {number} count
   * @returns {number[]}
   */
  peaks(count) {
    const { levels } = this;
    return Array.from({ length: count }, (_, i) => {
      const from = Math.floor((i * levels.length) / count);
      const to = Math.max(from + 1, Math.floor(((i + 1) * levels.length) / count));
      const loudest = levels.subarray(from, to).reduce((least, db) => Math.min(least, db), QUIET_DB);
      return 1 - loudest / QUIET_DB;
    });
  }

  /**
   * Who is heard at a time.
   *
   * @param {number} ms
   * @returns {string[]}
   */
  speakersAt(ms) {
    return this.turns
      .filter(({ atMs, durationMs }) => atMs <= ms && ms < atMs + durationMs)
      .map(({ participantId }) => participantId);
  }

  /** Of one person's track, by how loud it is. */
  ownTurns() {
    /** @type {Turn[]} */
    const turns = [];
    const participantId = this.participantId ?? '';
    this.levels.forEach((db, i) => {
      if (db >= SPEECH_DB) {
        return;
      }
      const atMs = i * this.stepMs;
      const last = turns.at(-1);
      if (last && atMs - (last.atMs + last.durationMs) < BREATH_MS) {
        last.durationMs = atMs + this.stepMs - last.atMs;
      } else {
        turns.push({ participantId, atMs, durationMs: this.stepMs });
      }
    });
    return turns;
  }
}
