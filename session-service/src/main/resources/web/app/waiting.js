import { announce } from './announcer.js';
import { button, byId, say } from './dom.js';
import { nameOf } from './roster.js';

/** @typedef {import('../client/parley-client.js').ParleyClient} ParleyClient */
/** @typedef {import('../client/types.js').Participant} Participant */
/** @typedef {import('../client/types.js').QueuePlace} QueuePlace */

/** The screen of one who waits to be let in. */
export class WaitingRoom {
  constructor() {
    /** @type {ParleyClient | null} */
    this.client = null;
    button('stop-waiting').addEventListener('click', () => this.client?.leave());
  }

  /**
   * @param {ParleyClient} client
   * @param {QueuePlace} queue
   */
  show(client, queue) {
    this.client = client;
    const isNew = byId('waiting-room').hidden;
    const isLobby = queue.reason === 'lobby';
    const words = isLobby ? 'The host will let you in.' : 'There is no room at the moment. You come in by yourself when it is your turn.';
    byId('waiting-words').textContent = words;
    say(byId('waiting-position'), isLobby ? '' : queue.position === 1 ? 'You are next' : `Number ${queue.position} in the queue`);
    byId('waiting-room').hidden = false;
    if (isNew) {
      byId('waiting-room-title').focus();
      announce(words);
    }
  }

  hide() {
    this.client = null;
    byId('waiting-room').hidden = true;
  }
}

/** What a moderator sees of those who wait, and does about them. */
export class WaitingList {
  /** @param {(error: unknown) => void} onTrouble */
  constructor(onTrouble) {
    this.onTrouble = onTrouble;
    /** @type {ParleyClient | null} */
    this.client = null;
    /** @type {Set<string>} */
    this.known = new Set();
    button('admit-all').addEventListener('click', () => this.act((client) => client.admitAll()));
    button('lobby-toggle').addEventListener('click', () =>
      this.act((client) => client.setLobby(!client.conference?.lobby)));
  }

  /** @param {ParleyClient | null} client */
  of(client) {
    this.client = client;
    this.show([]);
    this.showToggle();
  }

  /** @param {Participant[]} participants */
  show(participants) {
    byId('waiting').hidden = participants.length === 0;
    byId('waiting-list').replaceChildren(...participants.map((one) => this.item(one)));
    for (const one of participants) {
      if (!this.known.has(one.id)) {
        announce(`${nameOf(one)} waits to be let in.`);
      }
    }
    this.known = new Set(participants.map(({ id }) => id));
  }

  /** Moderators choose whether people wait. */
  showToggle() {
    const toggle = button('lobby-toggle');
    toggle.hidden = this.client?.self?.role !== 'host';
    const isOn = this.client?.conference?.lobby === true;
    toggle.setAttribute('aria-pressed', String(isOn));
    toggle.textContent = isOn ? 'Let people come in by themselves' : 'Have people wait';
  }

  /** @param {Participant} one */
  item(one) {
    const item = document.createElement('li');
    item.dataset.id = one.id;
    const name = document.createElement('span');
    name.textContent = nameOf(one);
    item.append(name);
    if (one.waitsFor === 'lobby') {
      item.append(this.choice('admit', 'Let in', one, (client) => client.admit(one.id)));
    }
    item.append(this.choice('refuse', 'Refuse', one, (client) => client.remove(one.id)));
    return item;
  }

  /**
   * @param {string} kind
   * @param {string} words
   * @param {Participant} one
   * @param {(client: ParleyClient) => Promise<unknown>} act
   */
  choice(kind, words, one, act) {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = `quiet small ${kind}`;
    made.textContent = words;
    made.setAttribute('aria-label', `${words}: ${nameOf(one)}`);
    made.addEventListener('click', () => this.act(act));
    return made;
  }

  /** @param {(client: ParleyClient) => Promise<unknown>} act */
  async act(act) {
    try {
      if (this.client) {
        await act(this.client);
      }
    } catch (error) {
      this.onTrouble(error);
    }
  }
}
