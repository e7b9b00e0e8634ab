export type ChatMessage = import('./types.js').ChatMessage;
/**
 * What is said by text in one conference: each message once and in order, whatever the connection does.
 *
 * Messages come as events, with their numbers; where a number is missing, what was missed is read. What is sent stays
 * under its own name until the service says that it is stored, and goes again over the next connection.
 *
 * Event: `message` {message, isPast}.
 */
export declare class Chat extends EventTarget {
    read: (query: {
        order?: 'oldest' | 'newest';
        after?: number;
        limit: number;
    }) => Promise<ChatMessage[]>;
    sendFrame: (frame: object) => boolean;
    newName: () => string;
    /** @type {ChatMessage[]} */
    kept: ChatMessage[];
    /** The highest number without a gap below it; null before anything was read. @type {number | null} */
    last: number | null;
    isReading: boolean;
    mustReadAgain: boolean;
    /** @type {Map<string, {text: string, resolve: (stored: {sequence: number}) => void, reject: (error: Error) => void}>} */
    unanswered: Map<string, {
        text: string;
        resolve: (stored: {
            sequence: number;
        }) => void;
        reject: (error: Error) => void;
    }>;
    /** @type {Set<ReturnType<typeof setTimeout>>} */
    timers: Set<ReturnType<typeof setTimeout>>;
    isClosed: boolean;
    /**
     * @param {object} doors
     * @param {(query: {order?: 'oldest' | 'newest', after?: number, limit: number}) => Promise<ChatMessage[]>} doors.read
     * @param {(frame: object) => boolean} doors.send  False if no connection is open: then it goes with the next one.
     * @param {() => string} [doors.newName]
     */
    constructor({ read, send, newName }: {
        read: (query: {
            order?: 'oldest' | 'newest';
            after?: number;
            limit: number;
        }) => Promise<ChatMessage[]>;
        send: (frame: object) => boolean;
        newName?: () => string;
    });
    /** The latest messages, oldest first. */
    get list(): import("./types.js").ChatMessage[];
    /**
     * Sends a message; resolves when it is stored, and everyone gets it. Over a broken connection that takes until the
     * next one. Rejects with a {@link ProblemError} if the service will not have it.
     *
     * @param {string} text  1 to 4096 bytes of UTF-8.
     * @returns {Promise<{sequence: number}>}
     */
    send(text: string): Promise<{
        sequence: number;
    }>;
    /** The events connection is open, perhaps anew. */
    onOpen(): void;
    /** @param {ChatMessage} message */
    onMessage(message: ChatMessage): void;
    /**
     * What the service says to a message of ours.
     *
     * @param {{type: string, cid?: string, data: any}} frame  `ack` or `refused`.
     */
    onAnswer(frame: {
        type: string;
        cid?: string;
        data: any;
    }): void;
    /** Nothing more is sent or read. What has no answer may or may not have been stored. */
    close(): void;
    /** @param {string} cid */
    offer(cid: string): void;
    /** Reads what is missing. If that fails, the next message or connection tries again. */
    catchUp(): Promise<void>;
    readMissing(): Promise<void>;
    /**
     * @param {ChatMessage} message
     * @param {boolean} isPast  It was said before we came.
     */
    keep(message: ChatMessage, isPast: boolean): void;
}
