/** Sends the newest of what is said in quick succession, one after the other and not too often. */
export declare class Newest {
    send: (value: any) => Promise<unknown>;
    everyMs: number;
    later: (work: () => void, afterMs: number) => unknown;
    /** @type {{value: any, resolve: () => void, reject: (error: unknown) => void}[]} */
    waiting: {
        value: any;
        resolve: () => void;
        reject: (error: unknown) => void;
    }[];
    isResting: boolean;
    /**
     * @param {(value: any) => Promise<unknown>} send
     * @param {{everyMs: number, later?: (work: () => void, afterMs: number) => unknown}} options
     */
    constructor(send: (value: any) => Promise<unknown>, { everyMs, later }: {
        everyMs: number;
        later?: (work: () => void, afterMs: number) => unknown;
    });
    /**
     * Resolves when this value, or one said after it, has been taken.
     *
     * @param {any} value
     * @returns {Promise<void>}
     */
    say(value: any): Promise<void>;
    next(): void;
}
