import { Backoff } from './backoff.js';
/**
 * The events of one conference over a WebSocket that comes back by itself.
 *
 * After a break it resumes behind the last event seen, or gets a snapshot of the whole roster; so nothing is lost. See
 * docs/protocol.md. Events: `frame` (a message in `detail`), `open`, `closed`, `refused` (no ticket; the error in
 * `detail`), `over` (the conference is no more).
 */
export declare class EventSocket extends EventTarget {
    baseUrl: string;
    renewTicket: () => Promise<{
        ticket: string;
        eventsUrl: string;
    }>;
    WebSocketClass: {
        new (url: string | URL, protocols?: string | string[]): WebSocket;
        prototype: WebSocket;
        readonly CONNECTING: 0;
        readonly OPEN: 1;
        readonly CLOSING: 2;
        readonly CLOSED: 3;
    };
    backoff: Backoff;
    /** @type {WebSocket | null} */
    socket: WebSocket | null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    timer: ReturnType<typeof setTimeout> | undefined;
    isClosed: boolean;
    isWelcome: boolean;
    /** @type {number | null} The `seq` of the last event seen. */
    lastSequence: number | null;
    /**
     * @param {string} baseUrl
     * @param {() => Promise<{ticket: string, eventsUrl: string}>} renewTicket Asked before every connection but the
     *     first, for a ticket is good for one.
     * @param {{WebSocketClass?: typeof WebSocket, backoff?: Backoff}} [options]
     */
    constructor(baseUrl: string, renewTicket: () => Promise<{
        ticket: string;
        eventsUrl: string;
    }>, { WebSocketClass, backoff }?: {
        WebSocketClass?: typeof WebSocket;
        backoff?: Backoff;
    });
    /** @param {{ticket: string, eventsUrl: string}} ticket */
    open({ ticket, eventsUrl }: {
        ticket: string;
        eventsUrl: string;
    }): void;
    hello(): {
        type: string;
        resumeSeq?: undefined;
    } | {
        type: string;
        resumeSeq: number;
    };
    /**
     * Sends a frame, once the service has welcomed us.
     *
     * @param {object} frame
     * @returns {boolean} False if no connection is open.
     */
    send(frame: object): boolean;
    /** Closes for good. */
    close(): void;
    /** Connects at once instead of after the present waiting time; for when the network is back. */
    hurry(): void;
    /**
     * @param {WebSocket} socket
     * @param {any} text
     */
    onMessage(socket: WebSocket, text: any): void;
    /**
     * A socket whose other end vanished says nothing: after a long silence it is taken for dead.
     *
     * @param {WebSocket} socket
     */
    expectFrame(socket: WebSocket): void;
    /**
     * @param {WebSocket} socket
     * @param {number} code
     */
    onClose(socket: WebSocket, code: number): void;
    retry(): void;
    reopen(): Promise<void>;
}
