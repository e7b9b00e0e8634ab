/** @typedef {import('./types.js').RecordingLink} RecordingLink */
/** @typedef {import('./types.js').Turn} Turn */
export type RecordingLink = import('./types.js').RecordingLink;
export type Turn = import('./types.js').Turn;
/**
 * A track of a recording with what its manifest says (docs/recordings.md): when it is how loud, who is heard when, where
 * sound is missing, and where it was paused.
 */
export declare class RecordedTrack {
    segment: number;
    track: string;
    url: string;
    isDescribed: boolean;
    /** @type {number} */
    durationMs: number;
    /** @type {number} */
    stepMs: number;
    /** dB below full scale, for each step; 127 is silence. */
    levels: Uint8Array<ArrayBuffer>;
    /** @type {{atMs: number, durationMs: number, cause: string}[]} */
    gaps: {
        atMs: number;
        durationMs: number;
        cause: string;
    }[];
    /** @type {{atMs: number, pausedAt: string, resumedAt?: string}[]} */
    pauses: {
        atMs: number;
        pausedAt: string;
        resumedAt?: string;
    }[];
    /** @type {Turn[]} Who is heard when, in the order in which they begin. */
    turns: Turn[];
    /**
     * @param {RecordingLink} link
     * @param {any} manifest  As it was read, or null.
     */
    constructor({ segment, track, url }: RecordingLink, manifest: any);
    get isMix(): boolean;
    /** Whose track it is; null of a mix. */
    get participantId(): string | null;
    /** Who is heard in it, in the order in which they first are. */
    get participantIds(): string[];
    /**
     * How loud it is, in so many parts of the same length: the loudest of each, 0 (silence) to 1 (full scale).
     *
     * @param {number} count
     * @returns {number[]}
     */
    peaks(count: number): number[];
    /**
     * Who is heard at a time.
     *
     * @param {number} ms
     * @returns {string[]}
     */
    speakersAt(ms: number): string[];
    /** Of one person's track, by how loud it is. */
    ownTurns(): import("./types.js").Turn[];
}
