import { announce } from './announcer.js';
import { button, byId, element, say } from './dom.js';

/** @typedef {import('../client/parley-client.js').ParleyClient} ParleyClient */
/** @typedef {import('../client/types.js').ChatMessage} ChatMessage */

/** What the service takes of a message. */
const BYTES_MAX = 4096;

/** The messages of a call beside it, in a panel that opens and closes. */
export class ChatView {
  /** @param {() => void} onShow  Another panel gives way. */
  constructor(onShow) {
    this.onShow = onShow;
    /** @type {ParleyClient | null} */
    this.client = null;
    this.unread = 0;
    this.panel = byId('chat');
    this.log = byId('chat-log');
    this.text = element('chat-text', HTMLTextAreaElement);
    button('open-chat').addEventListener('click', () => this.show(this.panel.hidden !== false));
    button('close-chat').addEventListener('click', () => this.show(false));
    element('chat-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      this.send();
    });
    this.text.addEventListener('keydown', (event) => this.onKey(event));
    this.text.addEventListener('input', () => say(byId('chat-error'), ''));
  }

  /** @param {ParleyClient} client */
  begin(client) {
    this.client = client;
    this.log.replaceChildren();
    this.text.value = '';
    this.countUnread(0);
    this.show(false);
    client.addEventListener('message', (event) => {
      if (client === this.client) {
        const { message, isPast } = /** @type {CustomEvent} */ (event).detail;
        this.onMessage(message, isPast);
      }
    });
  }

  end() {
    this.client = null;
    this.show(false);
  }

  /** @param {boolean} isShown */
  show(isShown) {
    const wasShown = !this.panel.hidden;
    const hadFocus = this.panel.contains(document.activeElement);
    this.panel.hidden = !isShown;
    button('open-chat').setAttribute('aria-expanded', String(isShown));
    if (isShown) {
      this.onShow();
      byId('call').classList.add('with-chat');
      this.countUnread(0);
      this.log.scrollTop = this.log.scrollHeight;
      this.text.focus();
    } else if (wasShown) {
      byId('call').classList.remove('with-chat');
      if (hadFocus) {
        button('open-chat').focus();
      }
    }
  }

  /**
   * @param {ChatMessage} message
   * @param {boolean} isPast
   */
  onMessage(message, isPast) {
    const self = this.client?.roster.get(this.client.participantId ?? '');
    const isOwn = self !== undefined && message.sender?.identity === self.identity;
    const isAtEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 40;
    this.log.append(entryOf(message, isOwn));
    if (isAtEnd || isOwn) {
      this.log.scrollTop = this.log.scrollHeight;
    }
    if (!isPast && !isOwn) {
      announce(`${senderOf(message)} writes: ${message.text}`);
      if (this.panel.hidden) {
        this.countUnread(this.unread + 1);
      }
    }
  }

  async send() {
    const text = this.text.value.trim();
    if (!this.client || text === '') {
      return;
    }
    if (new TextEncoder().encode(text).length > BYTES_MAX) {
      say(byId('chat-error'), 'This is too long for one message. Send it in parts.');
      return;
    }
    this.text.value = '';
    const waiting = this.log.appendChild(entryOf({ sequence: 0, text, sentAt: '' }, true));
    waiting.classList.add('is-waiting');
    this.log.scrollTop = this.log.scrollHeight;
    try {
      await this.client.sendMessage(text);
    } catch (error) {
      say(byId('chat-error'), error instanceof Error ? error.message : String(error));
      this.text.value ||= text;
    } finally {
      waiting.remove();
    }
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === 'Escape') {
      this.show(false);
    }
  }

  /** @param {number} count */
  countUnread(count) {
    this.unread = count;
    const badge = byId('chat-unread');
    badge.hidden = count === 0;
    badge.textContent = count > 99 ? '99+' : String(count);
    button('open-chat').setAttribute('aria-label', count === 0 ? 'Chat' : `Chat, ${count} unread`);
  }
}

/** @param {ChatMessage} message */
function senderOf(message) {
  return message.sender ? message.sender.name || message.sender.identity : 'The host of this service';
}

/**
 * @param {ChatMessage} message
 * @param {boolean} isOwn
 */
function entryOf(message, isOwn) {
  const entry = document.createElement('li');
  entry.className = isOwn ? 'said is-own' : 'said';
  const by = document.createElement('p');
  by.className = 'said-by';
  const time = document.createElement('time');
  if (message.sentAt) {
    time.dateTime = message.sentAt;
    time.textContent = new Date(message.sentAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  }
  by.append(isOwn ? 'You' : senderOf(message), ' ', time);
  const text = document.createElement('p');
  text.className = 'said-text';
  text.textContent = message.text;
  entry.append(by, text);
  return entry;
}
