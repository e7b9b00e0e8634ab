/** @typedef {import('./types.js').Quality} Quality */
export type Quality = import('./types.js').Quality;
export type Snapshot = {
    /**
     * Packets.
     */
    received: number;
    /**
     * Packets.
     */
    lost: number;
    roundTripMs: number | null;
    jitterMs: number | null;
    lossOut: number | null;
    /**
     * Sum over emitted samples of the time each waited.
     */
    bufferedMs: number;
    /**
     * Samples.
     */
    emitted: number;
};
/**
 * What getStats said at one moment, summed over all audio lines. Times in milliseconds.
 *
 * @typedef {object} Snapshot
 * @property {number} received  Packets.
 * @property {number} lost  Packets.
 * @property {number | null} roundTripMs
 * @property {number | null} jitterMs
 * @property {number | null} lossOut
 * @property {number} bufferedMs  Sum over emitted samples of the time each waited.
 * @property {number} emitted  Samples.
 */
/**
 * Picks what matters out of an RTCStatsReport.
 *
 * @param {Iterable<[string, any]>} report
 * @returns {Snapshot}
 */
export declare function snapshotOf(report: Iterable<[string, any]>): Snapshot;
/**
 * Judges a connection by what changed between two snapshots. Limits: 150 ms of round trip are hardly noticed, 300 ms
 * make people talk over each other (half of each is ITU-T G.114's one-way figure less what the ends add); Opus hides
 * 1 % of loss and suffers from 5 %.
 *
 * @param {Snapshot | null} before
 * @param {Snapshot} now
 * @returns {Quality}
 */
export declare function judge(before: Snapshot | null, now: Snapshot): Quality;
