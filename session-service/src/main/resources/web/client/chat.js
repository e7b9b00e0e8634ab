import { ProblemError } from './session-api.js';

/** @typedef {import('./types.js').ChatMessage} ChatMessage */

/** Messages that are kept for `list`. */
const KEPT_MAX = 500;
/** What a client that comes in reads of what was said before. */
const PAST_MAX = 50;
const PAGE_MAX = 200;

/**
 * What is said by text in one conference: each message once and in order, whatever the connection does.
 *
 * Messages come as events, with their numbers; where a number is missing, what was missed is read. What is sent stays
 * under its own name until the service says that it is stored, and goes again over the next connection.
 *
 * Event: `message` {message, isPast}.
 */
export class Chat extends EventTarget {
  /**
   * @param {object} doors
   * @param {(query: {order?: 'oldest' | 'newest', after?: number, limit: number}) => Promise<ChatMessage[]>} doors.read
   * @param {(frame: object) => boolean} doors.send  False if no connection is open: then it goes with the next one.
   * @param {() => string} [doors.newName]
   */
  constructor({ read, send, newName = () => crypto.randomUUID() }) {
    super();
    this.read = read;
    this.sendFrame = send;
    this.newName = newName;
    /** @type {ChatMessage[]} */
    this.kept = [];
    /** The highest number without a gap below it; null before anything was read. @type {number | null} */
    this.last = null;
    this.isReading = false;
    this.mustReadAgain = false;
    /** @type {Map<string, {text: string, resolve: (stored: {sequence: number}) => void, reject: (error: Error) => void}>} */
    this.unanswered = new Map();
    /** @type {Set<ReturnType<typeof setTimeout>>} */
    this.timers = new Set();
    this.isClosed = false;
  }

  /** The latest messages, oldest first. */
  get list() {
    return [...this.kept];
  }

  /**
   * Sends a message; resolves when it is stored, and everyone gets it. Over a broken connection that takes until the
   * next one. Rejects with a {@link ProblemError} if the service will not have it.
   *
   * @param {string} text  1 to 4096 bytes of UTF-8.
   * @returns {Promise<{sequence: number}>}
   */
  send(text) {
    if (this.isClosed) {
      return Promise.reject(new ProblemError(410, { code: 'left', detail: 'You have left.' }));
    }
    return new Promise((resolve, reject) => {
      const cid = this.newName();
      this.unanswered.set(cid, { text, resolve, reject });
      this.offer(cid);
    });
  }

  /** The events connection is open, perhaps anew. */
  onOpen() {
    for (const cid of this.unanswered.keys()) {
      this.offer(cid);
    }
    this.catchUp();
  }

  /** @param {ChatMessage} message */
  onMessage(message) {
    if (this.last === null || this.isReading || message.sequence > this.last + 1) {
      this.catchUp();
    } else if (message.sequence === this.last + 1) {
      this.keep(message, false);
    }
  }

  /**
   * What the service says to a message of ours.
   *
   * @param {{type: string, cid?: string, data: any}} frame  `ack` or `refused`.
   */
  onAnswer(frame) {
    const cid = frame.cid ?? '';
    const sent = this.unanswered.get(cid);
    if (!sent) {
      return;
    }
    if (frame.type === 'refused' && frame.data.retryAfterSec !== undefined) {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        this.offer(cid);
      }, 1000 * frame.data.retryAfterSec);
      this.timers.add(timer);
      return;
    }
    this.unanswered.delete(cid);
    if (frame.type === 'ack') {
      sent.resolve({ sequence: frame.data.sequence });
    } else {
      sent.reject(new ProblemError(409, frame.data));
    }
  }

  /** Nothing more is sent or read. What has no answer may or may not have been stored. */
  close() {
    this.isClosed = true;
    this.timers.forEach(clearTimeout);
    this.timers.clear();
    for (const { reject } of this.unanswered.values()) {
      reject(new ProblemError(410, { code: 'left', detail: 'You left before the service had answered.' }));
    }
    this.unanswered.clear();
  }

  /** @param {string} cid */
  offer(cid) {
    const sent = this.unanswered.get(cid);
    if (sent && !this.isClosed) {
      this.sendFrame({ type: 'message.send', cid, data: { text: sent.text } });
    }
  }

  /** Reads what is missing. If that fails, the next message or connection tries again. */
  async catchUp() {
    if (this.isReading) {
      this.mustReadAgain = true;
      return;
    }
    this.isReading = true;
    try {
      do {
        this.mustReadAgain = false;
        await this.readMissing();
      } while (this.mustReadAgain && !this.isClosed);
    } catch {
      // Whoever may not chat may not read either; anything else passes.
    } finally {
      this.isReading = false;
    }
  }

  async readMissing() {
    if (this.last === null) {
      const past = await this.read({ order: 'newest', limit: PAST_MAX });
      this.last = past.length > 0 ? past[0].sequence - past.length : 0;
      past.reverse().forEach((message) => this.keep(message, true));
      return;
    }
    let page;
    do {
      page = await this.read({ after: this.last, limit: PAGE_MAX });
      page.forEach((message) => this.keep(message, false));
    } while (page.length === PAGE_MAX && !this.isClosed);
  }

  /**
   * @param {ChatMessage} message
   * @param {boolean} isPast  It was said before we came.
   */
  keep(message, isPast) {
    if (this.isClosed || (this.last !== null && message.sequence <= this.last)) {
      return;
    }
    this.last = message.sequence;
    this.kept.push(message);
    if (this.kept.length > KEPT_MAX) {
      this.kept.shift();
    }
    this.dispatchEvent(new CustomEvent('message', { detail: { message, isPast } }));
  }
}
