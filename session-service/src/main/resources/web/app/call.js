import { announce } from './announcer.js';
import { linkTo } from './address.js';
import { ChatView } from './chat.js';
import { button, byId, element, say } from './dom.js';
import { FilesView } from './files.js';
import { LockView } from './lock.js';
import { Moderation } from './moderation.js';
import { preferences } from './preferences.js';
import { RecordingView } from './recording.js';
import { RosterView, nameOf } from './roster.js';
import { WaitingList, WaitingRoom } from './waiting.js';

/** @typedef {import('../client/parley-client.js').ParleyClient} ParleyClient */
/** @typedef {import('./microphone-control.js').MicrophoneControl} MicrophoneControl */
/** @typedef {import('../client/types.js').Quality} Quality */

const MUTED_TALK_DBOV = -35;
const MUTED_TALK_EVERY_MS = 10000;

/** @type {Record<string, string>} */
const STATE_WORDS = {
  joining: 'Joining',
  connecting: 'Connecting',
  connected: 'Connected',
  reconnecting: 'Connection lost. Trying again',
};

/** The view of a running call. */
export class CallView {
  /** @param {MicrophoneControl} microphone */
  constructor(microphone) {
    this.microphone = microphone;
    this.moderation = new Moderation();
    this.roster = new RosterView((participant) => this.moderation.open(participant));
    this.chat = new ChatView(() => this.files.show(false));
    this.files = new FilesView(() => this.chat.show(false));
    this.waitingRoom = new WaitingRoom();
    this.waitingList = new WaitingList((error) => this.banner(error instanceof Error ? error.message : String(error)));
    this.lock = new LockView((words) => this.banner(words));
    this.recording = new RecordingView((words) => this.banner(words));
    /** @type {ParleyClient | null} */
    this.client = null;
    this.room = '';
    this.mutedTalkAtMs = -Infinity;
    /** @type {(() => void) | null} */
    this.bannerAction = null;
    /** Whether the banner says that the connection is. */
    this.isLost = false;
    /** Whether the banner says that we only listen. */
    this.lacksMicrophone = false;
    button('mute').addEventListener('click', () => this.toggleMute());
    button('hand').addEventListener('click', () => this.toggleHand());
    button('mute-others').addEventListener('click', () => this.muteOthers());
    button('leave').addEventListener('click', () => this.client?.leave());
    button('copy-link').addEventListener('click', () => this.copyLink());
    button('banner-action').addEventListener('click', () => this.bannerAction?.());
    document.addEventListener('keydown', (event) => this.onKey(event));
    microphone.addEventListener('level', (event) => this.onLevel(/** @type {CustomEvent} */ (event).detail));
    microphone.addEventListener('change', () => this.onMicrophone());
  }

  /**
   * @param {ParleyClient} client
   * @param {string} room
   */
  begin(client, room) {
    this.client = client;
    this.room = room;
    byId('lobby').hidden = true;
    byId('call').hidden = false;
    byId('call-title').textContent = room || 'Call';
    button('copy-link').hidden = room === '';
    byId('call-title').focus();
    document.title = `${room || 'Call'} \u00b7 Parley`;
    this.roster.clear();
    this.banner('');
    this.showMute();
    this.listen(client);
    this.chat.begin(client);
    this.files.begin(client);
    this.moderation.of(client);
    this.waitingList.of(client);
    this.lock.of(client);
    this.recording.of(client);
    if (!this.microphone.track) {
      this.offerMicrophone();
    }
  }

  end() {
    this.client = null;
    this.lacksMicrophone = false;
    this.chat.end();
    this.files.end();
    this.moderation.of(null);
    this.waitingList.of(null);
    this.waitingRoom.hide();
    this.lock.of(null);
    this.recording.of(null);
    byId('call').hidden = true;
    byId('lobby').hidden = false;
    document.title = 'Parley';
    this.roster.clear();
  }

  /** @param {ParleyClient} client */
  listen(client) {
    /** @type {(type: string, then: (detail: any) => void) => void} */
    const on = (type, then) => client.addEventListener(type, (event) => {
      if (client === this.client) {
        then(/** @type {CustomEvent} */ (event).detail);
      }
    });
    on('state', ({ state, reason }) => this.onState(state, reason));
    on('roster', ({ participants }) => {
      this.roster.show(participants, client.participantId);
      this.showSelf();
    });
    on('conferenceupdated', () => this.lock.show());
    on('updated', ({ participant, before }) => {
      if (participant.handRaisedAt && !before?.handRaisedAt && participant.id !== client.participantId) {
        announce(`${nameOf(participant)} raises a hand.`);
      }
    });
    on('queued', ({ queue }) => {
      byId('call').hidden = true;
      this.waitingRoom.show(client, queue);
    });
    on('position', ({ queue }) => this.waitingRoom.show(client, queue));
    on('admitted', () => {
      this.waitingRoom.hide();
      byId('call').hidden = false;
      byId('call-title').focus();
      announce('You are let in.');
    });
    on('waiting', ({ participants }) => this.waitingList.show(participants));
    on('conferenceupdated', () => this.waitingList.showToggle());
    on('unmuterequest', () => {
      const words = 'Somebody who leads this call asks you to unmute.';
      announce(words);
      this.banner(words, 'Unmute', () => {
        this.banner('');
        client.unmute();
      });
    });
    on('joined', ({ participant }) => {
      if (participant.id !== client.participantId) {
        announce(`${nameOf(participant)} is here.`);
      }
    });
    on('left', ({ participant }) => {
      if (participant.id !== client.participantId) {
        announce(`${nameOf(participant)} has left.`);
      }
    });
    on('talkers', ({ talkers }) => this.roster.showTalkers(talkers));
    on('quality', (quality) => this.showQuality(quality));
    on('callquality', ({ participants }) => this.roster.showQuality(participants));
    on('mute', ({ muted, byOther }) => this.onMute(muted, byOther));
    on('problem', ({ error }) => {
      this.banner(error.message);
      announce(error.message);
    });
    on('playbackblocked', () => this.banner('The browser waits for you before it plays sound.', 'Play', () => {
      client.resumePlayback().then(() => this.banner(''), () => {});
    }));
  }

  /**
   * @param {string} state
   * @param {string} reason
   */
  onState(state, reason) {
    if (state === 'left' || state === 'idle' || state === 'waiting') {
      return;
    }
    const words = state === 'reconnecting' && reason === 'listening' ? 'Changing how you listen' : STATE_WORDS[state];
    byId('quality').dataset.rating = 'unknown';
    byId('quality-words').textContent = words;
    announce(`${words}.`);
    if (state === 'reconnecting' && reason !== 'listening') {
      this.banner(`${words} \u2026`);
      this.isLost = true;
    } else if (state === 'connected' && this.isLost) {
      this.banner('');
    }
  }

  /** @param {Quality} quality */
  showQuality(quality) {
    if (this.client?.state !== 'connected') {
      return;
    }
    const box = element('quality', HTMLDetailsElement);
    if (quality.rating !== box.dataset.rating && (quality.rating === 'poor' || box.dataset.rating === 'poor')) {
      announce(quality.words);
    }
    box.dataset.rating = quality.rating;
    byId('quality-words').textContent = { good: 'Good', fair: 'Fair', poor: 'Poor', unknown: 'Connected' }[quality.rating];
    box.title = quality.words;
    byId('quality-round-trip').textContent = inMs(quality.roundTripMs);
    byId('quality-jitter').textContent = inMs(quality.jitterMs);
    byId('quality-playout').textContent = inMs(quality.playoutDelayMs);
    byId('quality-loss-in').textContent = inPercent(quality.lossIn);
    byId('quality-loss-out').textContent = inPercent(quality.lossOut);
  }

  toggleMute() {
    if (this.client && this.microphone.track) {
      this.client.setMuted(!this.client.muted);
    }
  }

  /**
   * @param {boolean} muted
   * @param {boolean} byOther
   */
  onMute(muted, byOther) {
    this.showMute();
    const words = byOther ? 'Somebody who leads this call has muted you.' : muted ? 'You are muted.' : 'You are heard.';
    announce(words);
    this.banner(byOther ? words : '');
  }

  /** What of us others can change. */
  showSelf() {
    const self = this.client?.self;
    const isRaised = self?.handRaisedAt !== undefined;
    button('hand').setAttribute('aria-pressed', String(isRaised));
    byId('hand-label').textContent = isRaised ? 'Lower hand' : 'Raise hand';
    button('mute-others').hidden = self?.role !== 'host';
    this.waitingList.showToggle();
    this.lock.show();
    this.recording.show();
  }

  async toggleHand() {
    const { client } = this;
    try {
      await client?.setHand(client.self?.handRaisedAt === undefined);
    } catch (error) {
      this.banner(error instanceof Error ? error.message : String(error));
    }
  }

  async muteOthers() {
    try {
      const result = await this.client?.muteOthers();
      announce(result?.muted === 1 ? 'One person is muted.' : `${result?.muted ?? 0} people are muted.`);
    } catch (error) {
      this.banner(error instanceof Error ? error.message : String(error));
    }
  }

  showMute() {
    const muted = this.client?.muted ?? false;
    const mute = button('mute');
    mute.disabled = this.microphone.track === null;
    mute.classList.toggle('is-muted', muted);
    byId('mute-label').textContent = mute.disabled ? 'No microphone' : muted ? 'Unmute' : 'Mute';
    byId('own-meter').classList.toggle('is-muted', muted);
  }

  /** @param {number} levelDbov */
  onLevel(levelDbov) {
    const nowMs = performance.now();
    if (this.client?.muted && levelDbov > MUTED_TALK_DBOV && nowMs - this.mutedTalkAtMs > MUTED_TALK_EVERY_MS) {
      this.mutedTalkAtMs = nowMs;
      const words = 'You are talking, but you are muted.';
      announce(words);
      this.banner(words, 'Unmute', () => this.toggleMute());
    }
  }

  offerMicrophone() {
    const { trouble } = this.microphone;
    this.banner(trouble ? `${trouble.title} You are listening only.` : 'You are listening only.', 'Try again', async () => {
      if (!(await this.microphone.open())) {
        this.offerMicrophone();
      }
    });
    this.lacksMicrophone = true;
  }

  /** Another microphone, or none; perhaps the one that was waited for. */
  onMicrophone() {
    this.showMute();
    if (this.lacksMicrophone && this.microphone.track) {
      this.lacksMicrophone = false;
      this.banner('');
      announce('Your microphone works now.');
    }
  }

  /**
   * @param {string} text Empty hides it.
   * @param {string} [action]
   * @param {() => void} [then]
   */
  banner(text, action = '', then) {
    this.isLost = false;
    this.lacksMicrophone = false;
    byId('banner').hidden = text === '';
    byId('banner-text').textContent = text;
    say(button('banner-action'), action);
    this.bannerAction = then ?? null;
  }

  async copyLink() {
    const link = linkTo(location.origin, this.room);
    try {
      await navigator.clipboard.writeText(link);
      announce('The link is copied.');
      const label = /** @type {HTMLElement} */ (button('copy-link').lastElementChild);
      label.textContent = 'Copied';
      setTimeout(() => {
        label.textContent = 'Copy link';
      }, 2000);
    } catch {
      this.banner(`Send this address: ${link}`);
    }
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const target = event.target;
    const inField = target instanceof HTMLElement && target.closest('input, select, textarea, dialog') !== null;
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.repeat;
    if (this.client && preferences.shortcut && plain && !inField && event.key.toLowerCase() === 'm') {
      event.preventDefault();
      this.toggleMute();
    }
  }
}

/** @param {number | null} value */
function inMs(value) {
  return value === null ? '\u2013' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

/** @param {number | null} share */
function inPercent(share) {
  return share === null ? '\u2013' : `${(share * 100).toFixed(1)} %`;
}
