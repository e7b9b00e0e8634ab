/**
 * Waiting times between tries: each up to twice the one before, with full jitter, so that clients cut off together do
 * not come back together.
 */
export declare class Backoff {
    firstMs: number;
    mostMs: number;
    random: () => number;
    tries: number;
    /**
     * @param {{firstMs?: number, mostMs?: number, random?: () => number}} [options]
     */
    constructor({ firstMs, mostMs, random }?: {
        firstMs?: number;
        mostMs?: number;
        random?: () => number;
    });
    /** The next waiting time in milliseconds, at least half of `firstMs`. */
    nextMs(): number;
    /** Starts over after a success. */
    reset(): void;
}
