import { Backoff } from './backoff.js';

/** The node says something every 15 s. */
const SILENCE_MS = 25000;

const CLOSE_ENDED = 1000;
const CLOSE_NO_CONFERENCE = 4404;

/**
 * The events of one conference over a WebSocket that comes back by itself.
 *
 * After a break it resumes behind the last event seen, or gets a snapshot of the whole roster; so nothing is lost. See
 * docs/protocol.md. Events: `frame` (a message in `detail`), `open`, `closed`, `refused` (no ticket; the error in
 * `detail`), `over` (the conference is no more).
 */
export class EventSocket extends EventTarget {
  /**
   * @param {string} baseUrl
   * @param {() => Promise<{ticket: string, eventsUrl: string}>} renewTicket Asked before every connection but the
   *     first, for a ticket is good for one.
   * @param {{WebSocketClass?: typeof WebSocket, backoff?: Backoff}} [options]
   */
  constructor(baseUrl, renewTicket, { WebSocketClass = globalThis.WebSocket, backoff = new Backoff() } = {}) {
    super();
    this.baseUrl = baseUrl;
    this.renewTicket = renewTicket;
    this.WebSocketClass = WebSocketClass;
    this.backoff = backoff;
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.isClosed = false;
    this.isWelcome = false;
    /** @type {number | null} The `seq` of the last event seen. */
    this.lastSequence = null;
  }

  /** @param {{ticket: string, eventsUrl: string}} ticket */
  open({ ticket, eventsUrl }) {
    if (this.isClosed) {
      return;
    }
    const url = new URL(eventsUrl, this.baseUrl);
    url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:';
    url.searchParams.set('ticket', ticket);
    const socket = new this.WebSocketClass(url.href);
    this.socket = socket;
    this.isWelcome = false;
    socket.onopen = () => socket.send(JSON.stringify(this.hello()));
    socket.onmessage = (message) => this.onMessage(socket, message.data);
    socket.onclose = (event) => this.onClose(socket, event.code);
    this.expectFrame(socket);
  }

  hello() {
    return this.lastSequence === null ? { type: 'hello' } : { type: 'hello', resumeSeq: this.lastSequence };
  }

  /**
   * Sends a frame, once the service has welcomed us.
   *
   * @param {object} frame
   * @returns {boolean} False if no connection is open.
   */
  send(frame) {
    if (!this.socket || !this.isWelcome) {
      return false;
    }
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Closes for good. */
  close() {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.socket?.close(1000);
    this.socket = null;
  }

  /** Connects at once instead of after the present waiting time; for when the network is back. */
  hurry() {
    if (!this.isClosed && !this.socket) {
      this.backoff.reset();
      clearTimeout(this.timer);
      this.reopen();
    }
  }

  /**
   * @param {WebSocket} socket
   * @param {any} text
   */
  onMessage(socket, text) {
    if (socket !== this.socket) {
      return;
    }
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      return; // A frame we cannot read is from a newer service; the next one may be for us.
    }
    this.expectFrame(socket);
    if (frame.type === 'welcome') {
      this.backoff.reset();
      this.isWelcome = true;
      this.dispatchEvent(new CustomEvent('open'));
    }
    if (Number.isInteger(frame.seq)) {
      this.lastSequence = frame.seq;
    }
    this.dispatchEvent(new CustomEvent('frame', { detail: frame }));
  }

  /**
   * A socket whose other end vanished says nothing: after a long silence it is taken for dead.
   *
   * @param {WebSocket} socket
   */
  expectFrame(socket) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      socket.close(4000, 'silent for too long');
      this.onClose(socket, 4000);
    }, SILENCE_MS);
  }

  /**
   * @param {WebSocket} socket
   * @param {number} code
   */
  onClose(socket, code) {
    if (socket !== this.socket) {
      return;
    }
    this.socket = null;
    clearTimeout(this.timer);
    this.dispatchEvent(new CustomEvent('closed'));
    if (code === CLOSE_ENDED || code === CLOSE_NO_CONFERENCE) {
      this.isClosed = true;
      this.dispatchEvent(new CustomEvent('over'));
      return;
    }
    this.retry();
  }

  retry() {
    if (!this.isClosed) {
      this.timer = setTimeout(() => this.reopen(), this.backoff.nextMs());
    }
  }

  async reopen() {
    try {
      this.open(await this.renewTicket());
    } catch (error) {
      this.dispatchEvent(new CustomEvent('refused', { detail: error }));
      this.retry();
    }
  }
}
