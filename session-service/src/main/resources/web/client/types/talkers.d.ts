/** @typedef {import('./types.js').Participant} Participant */
/** @typedef {import('./types.js').Talker} Talker */
export type Participant = import('./types.js').Participant;
export type Talker = import('./types.js').Talker;
export type Heard = {
    csrc: number;
    levelDbov: number | null;
    /**
     * When it was played, on the clock that is handed to {@link Talkers#list}.
     */
    atMs: number;
};
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
export declare class Talkers {
    /** @type {Map<string, number> | null} Levels by participant id; null while the service tells nothing. */
    told: Map<string, number> | null;
    /** @type {Map<number, {levelDbov: number | null, atMs: number}>} By CSRC. */
    heard: Map<number, {
        levelDbov: number | null;
        atMs: number;
    }>;
    constructor();
    /** @param {[string, number][]} levels Participant ids with levels in dBov: the whole present truth. */
    onSpeakers(levels: [string, number][]): void;
    /** The service's word is lost: from now on only what we hear counts. */
    onSilentService(): void;
    /** @param {Heard[]} sources */
    onHeard(sources: Heard[]): void;
    /**
     * @param {Iterable<Participant>} roster
     * @param {number} nowMs
     * @returns {Talker[]} One for each participant.
     */
    list(roster: Iterable<Participant>, nowMs: number): Talker[];
    /**
     * @param {string} id
     * @param {number} csrc
     * @param {number} nowMs
     */
    levelDbov(id: string, csrc: number, nowMs: number): number;
    /** Forgets everything, for a new call. */
    clear(): void;
}
/**
 * @param {number} linear 0 to 1, as in getStats and getSynchronizationSources.
 * @returns {number} -127 to 0.
 */
export declare function toDbov(linear: number): number;
