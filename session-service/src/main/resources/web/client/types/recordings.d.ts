/** @typedef {import('./types.js').Recording} Recording */
export type Recording = import('./types.js').Recording;
/**
 * The recordings of one conference, as everybody in it may see them.
 *
 * Event: `change` {recordings, changed}: newest first; `changed` is the one whose state has changed, if one has.
 */
export declare class Recordings extends EventTarget {
    read: () => Promise<{
        data: Recording[];
    }>;
    /** @type {Map<string, Recording>} Oldest first. */
    kept: Map<string, Recording>;
    /** Counts what is heard meanwhile: a list that was read before it is old news. */
    heard: number;
    /** @param {() => Promise<{data: Recording[]}>} read  The newest, those first. */
    constructor(read: () => Promise<{
        data: Recording[];
    }>);
    /** Newest first. */
    get list(): import("./types.js").Recording[];
    /** Those by which people are recorded now, or are not only because they are paused. */
    get running(): import("./types.js").Recording[];
    /**
     * What runs is known at once; what was before is read.
     *
     * @param {Recording[]} present  As the snapshot has them.
     */
    onSnapshot(present: Recording[]): Promise<void>;
    /** Reads them again. If that fails, the next event or connection tries again. */
    refresh(): Promise<void>;
    /** @param {Recording} recording */
    onState(recording: Recording): void;
    /** @param {Recording} recording */
    keep(recording: Recording): void;
    /** @param {Recording | null} changed */
    tell(changed: Recording | null): void;
}
