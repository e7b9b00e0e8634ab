import { announce } from './announcer.js';
import { button, byId, element, say } from './dom.js';
import { nameOf } from './roster.js';

/** @typedef {import('../client/parley-client.js').ParleyClient} ParleyClient */
/** @typedef {import('../client/types.js').Participant} Participant */

const BAN_SECONDS = 3600;

/** What a moderator can do about somebody: a dialog that the roster opens. */
export class Moderation {
  constructor() {
    /** @type {ParleyClient | null} */
    this.client = null;
    /** @type {Participant | null} */
    this.person = null;
    this.dialog = element('person', HTMLDialogElement);
    this.dialog.addEventListener('click', (event) => {
      if (event.target === this.dialog) {
        this.dialog.close();
      }
    });
    this.on('person-mute', 'is muted', (client, { id }) => client.muteOther(id));
    this.on('person-ask', 'is asked to unmute', (client, { id }) => client.askToUnmute(id));
    this.on('person-hand', 'has the hand lowered', (client, { id }) => client.setHand(false, id));
    this.on('person-role', 'has another role', (client, { id, role }) =>
      client.setRole(id, role === 'listener' ? 'speaker' : 'listener'));
    this.on('person-remove', 'is removed', (client, { id }) => client.remove(id));
    this.on('person-ban', 'is removed for an hour', (client, { id }) => client.remove(id, { banSeconds: BAN_SECONDS }));
  }

  /** @param {ParleyClient | null} client */
  of(client) {
    this.client = client;
    this.dialog.close();
  }

  /** @param {Participant} person */
  open(person) {
    this.person = person;
    byId('person-title').textContent = nameOf(person);
    say(byId('person-error'), '');
    button('person-mute').hidden = person.muted || person.role === 'listener';
    button('person-ask').hidden = !person.muted || person.role === 'listener';
    button('person-hand').hidden = person.handRaisedAt === undefined;
    button('person-role').hidden = person.role === 'host';
    button('person-role').textContent = person.role === 'listener' ? 'Let them speak' : 'Let them listen only';
    this.dialog.showModal();
  }

  /**
   * @param {string} id
   * @param {string} done
   * @param {(client: ParleyClient, person: Participant) => Promise<void>} act
   */
  on(id, done, act) {
    button(id).addEventListener('click', async () => {
      const { client, person } = this;
      if (!client || !person) {
        return;
      }
      try {
        await act(client, person);
        this.dialog.close();
        announce(`${nameOf(person)} ${done}.`);
      } catch (error) {
        say(byId('person-error'), error instanceof Error ? error.message : String(error));
      }
    });
  }
}
