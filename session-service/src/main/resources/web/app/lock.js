import { announce } from './announcer.js';
import { button, byId } from './dom.js';

/** @typedef {import('../client/parley-client.js').ParleyClient} ParleyClient */

/** Whether anybody new may come: told to everyone, changed by those who lead the call. */
export class LockView {
  /** @param {(words: string) => void} onTrouble */
  constructor(onTrouble) {
    this.onTrouble = onTrouble;
    /** @type {ParleyClient | null} */
    this.client = null;
    this.wasLocked = false;
    button('lock').addEventListener('click', () => this.toggle());
  }

  /** @param {ParleyClient | null} client */
  of(client) {
    this.client = client;
    this.wasLocked = false;
    this.show();
  }

  show() {
    const isLocked = this.client?.conference?.locked ?? false;
    byId('locked').hidden = !isLocked;
    button('lock').hidden = this.client?.self?.role !== 'host';
    button('lock').setAttribute('aria-pressed', String(isLocked));
    button('lock').textContent = isLocked ? 'Unlock' : 'Lock';
    button('lock').title = isLocked ? 'Let people in again' : 'Let nobody new in';
    if (isLocked !== this.wasLocked && this.client) {
      this.wasLocked = isLocked;
      announce(isLocked ? 'The call is locked: nobody new can come.' : 'The call is open again.');
    }
  }

  async toggle() {
    const { client } = this;
    try {
      await client?.setLocked(!client.conference?.locked);
    } catch (error) {
      this.onTrouble(error instanceof Error ? error.message : String(error));
    }
  }
}
