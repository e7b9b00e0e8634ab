import { ParleyClient, ProblemError, SessionApi } from '../client/parley-client.js';
import { invitationOf, linkTo, roomOf, roomTrouble } from './address.js';
import { announce } from './announcer.js';
import { CallView } from './call.js';
import { button, byId, element, input, say } from './dom.js';
import { tabIdentity } from './identity.js';
import { MicrophoneControl } from './microphone-control.js';
import { PastView } from './past.js';
import { prefer, preferences } from './preferences.js';
import { Settings } from './settings.js';

/** A device may take long to open, and a person to allow it: meanwhile one may as well listen. */
const MICROPHONE_PATIENCE_MS = 5000;

/** @type {Record<string, string>} */
const LEFT_WORDS = {
  client: 'You have left the room.',
  kicked: 'Somebody who leads the call has removed you from the room.',
  banned: 'Somebody who leads the call has removed you, and you may not come back for a while.',
  refused: 'The host has not let you in.',
  'wait-expired': 'You waited, and your connection was lost.',
  'no-place': 'When it was your turn, the call was full or locked.',
  replaced: 'You have joined from somewhere else; this page has left.',
  ended: 'The call has ended.',
  failed: '',
};

const settings = new Settings();
const microphone = new MicrophoneControl();
const call = new CallView(microphone);
/** @type {ParleyClient | null} */
let client = null;
/** Has the token by which we are known, or were last. @type {SessionApi | null} */
let known = null;
const past = new PastView(() => client?.api ?? known);

showInvitation();
input('room').value = roomOf(location) || preferences.room;
window.addEventListener('hashchange', () => {
  showInvitation();
  const room = roomOf(location);
  if (room && !client) {
    input('room').value = room;
  }
});

button('check-microphone').addEventListener('click', () => microphone.open());
button('trouble-retry').addEventListener('click', () => microphone.open());
settings.addEventListener('microphone', () => {
  if (microphone.track || microphone.trouble) {
    microphone.reopen();
  }
});
settings.addEventListener('output', () => client?.useOutput(preferences.outputDeviceId));
settings.addEventListener('listening', () => client?.setListening(preferences.listening));
microphone.addEventListener('change', () => client?.useMicrophone(microphone.track));
showMeterIfAllowed();

element('join-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  if (!client && isComplete()) {
    join(input('name').value.trim(), input('room').value.trim());
  }
});

/** Says what is missing, at the field, and moves the focus to the first such field. */
function isComplete() {
  const nameTrouble = input('name').value.trim() === '' ? 'Say who you are, so that the others know.' : '';
  const needed = invitationOf(location) ? '' : roomTrouble(input('room').value.trim()) ?? '';
  const troubles = [
    { field: input('name'), note: byId('name-error'), text: nameTrouble },
    { field: input('room'), note: byId('room-error'), text: needed },
  ];
  for (const { field, note, text } of troubles) {
    say(note, text);
    field.setAttribute('aria-invalid', String(text !== ''));
  }
  const first = troubles.find(({ text }) => text !== '');
  first?.field.focus();
  return first === undefined;
}

/**
 * @param {string} name
 * @param {string} room
 */
async function join(name, room) {
  const invitation = invitationOf(location);
  prefer(invitation ? { name } : { name, room });
  say(byId('join-error'), '');
  say(byId('notice'), '');
  setBusy(true);
  const api = new SessionApi(location.origin);
  const joining = new ParleyClient({ api });
  client = joining;
  try {
    const enter = invitation ? async () => invited(invitation) : await opener(api, name, room);
    const [opened] = await Promise.all([enter(), microphone.openWithin(MICROPHONE_PATIENCE_MS)]);
    if (!invitation) {
      history.replaceState(null, '', linkTo('', room));
    }
    call.begin(joining, invitation ? '' : room);
    joining.addEventListener('state', (event) => onState(joining, /** @type {CustomEvent} */ (event).detail));
    joining.outputDeviceId = preferences.outputDeviceId;
    await joining.join({
      name,
      conferenceId: opened.conferenceId,
      token: opened.token,
      iceServers: opened.iceServers,
      slots: opened.slots,
      listening: preferences.listening,
      microphone: microphone.track,
      replace: true,
      ...(invitation ? {} : { renewToken: async () => (await enter()).token }),
    });
    known = api;
    past.offer();
  } catch (error) {
    onJoinFailed(joining, error);
  } finally {
    setBusy(false);
  }
}

/**
 * @typedef {object} Opened
 * @property {string} conferenceId
 * @property {string} token
 * @property {RTCIceServer[]} [iceServers]
 * @property {number} [slots]
 */

/**
 * Opens the room by its name, each time that a token is wanted.
 *
 * @param {SessionApi} api
 * @param {string} name
 * @param {string} room
 * @returns {Promise<() => Promise<Opened>>}
 */
async function opener(api, name, room) {
  const identity = await tabIdentity();
  return async () => {
    const { conference, token, iceServers } = await api.enterOpenRoom(room, { name, identity });
    return { conferenceId: conference.id, token, iceServers, slots: conference.speakerSlots };
  };
}

/**
 * @param {{token: string, conferenceId: string}} invitation
 * @returns {Opened}
 */
function invited({ token, conferenceId }) {
  return { conferenceId, token };
}

/** Who is invited has no room to choose. */
function showInvitation() {
  const invitation = invitationOf(location);
  if (invitation) {
    known = new SessionApi(location.origin);
    known.token = invitation.token;
  }
  past.offer();
  byId('room-field').hidden = invitation !== null;
  input('name').value = invitation?.name || preferences.name;
}

/**
 * @param {ParleyClient} joining
 * @param {unknown} error
 */
function onJoinFailed(joining, error) {
  if (client === joining) {
    client = null;
    call.end();
  }
  const roomsClosed = error instanceof ProblemError && error.status === 404 && !invitationOf(location);
  const words = roomsClosed ? 'This service has no open rooms: you need an invitation from the one who runs it.'
    : error instanceof ProblemError ? error.message
    : `Something in this page went wrong: ${error instanceof Error ? error.message : error}.`;
  say(byId('join-error'), words);
  button('join').focus();
}

/**
 * @param {ParleyClient} from
 * @param {{state: string, reason: string}} detail
 */
function onState(from, { state, reason }) {
  if (state !== 'left' || from !== client) {
    return;
  }
  client = null;
  call.end();
  microphone.close();
  const words = LEFT_WORDS[reason] ?? 'The call was lost.';
  say(byId('notice'), words);
  announce(words);
  button('join').focus();
}

/** @param {boolean} busy */
function setBusy(busy) {
  const submit = button('join');
  submit.disabled = busy;
  submit.textContent = busy ? 'Joining\u2026' : microphone.trouble ? 'Join and listen' : 'Join';
}

/** Whoever allowed the microphone before sees at once that it works; nobody is asked without having clicked. */
async function showMeterIfAllowed() {
  try {
    const permission = await navigator.permissions.query({ name: /** @type {any} */ ('microphone') });
    if (permission.state === 'granted') {
      await microphone.open();
    }
  } catch {
    // This browser does not tell; the button is there.
  }
}
