import { announce } from './announcer.js';
import { button, byId, inMinutes } from './dom.js';
import { Player } from './player.js';
import { playTone } from './tone.js';

/** @typedef {import('../client/parley-client.js').ParleyClient} ParleyClient */
/** @typedef {import('../client/types.js').Recording} Recording */
/** @typedef {import('../client/parley-client.js').RecordedTrack} RecordedTrack */
/**
 * @typedef {object} Entry  A recording in the list.
 * @property {HTMLElement} item
 * @property {HTMLElement} name
 * @property {HTMLElement} about
 * @property {HTMLButtonElement} play  Gives way to what it asks for.
 * @property {boolean} isOffered
 */

/** @type {Record<string, string>} */
const STATE_WORDS = {
  starting: 'Starting',
  recording: 'Recording',
  paused: 'Paused',
  stopping: 'Being written',
  uploading: 'On its way to the store',
  available: 'There to be heard',
  failed: 'Nothing of it is left',
};

/** Whether the call is recorded: told to everyone, begun and ended by those who lead it; and what came of it. */
export class RecordingView {
  /** @param {(words: string) => void} onTrouble */
  constructor(onTrouble) {
    this.onTrouble = onTrouble;
    /** @type {ParleyClient | null} */
    this.client = null;
    this.told = '';
    /** Recordings that are known to have begun. */
    this.begun = new Set();
    /** @type {Map<string, Entry>} */
    this.entries = new Map();
    this.list = byId('recording-list');
    button('record').addEventListener('click', () => this.toggle());
    button('pause-recording').addEventListener('click', () => this.togglePause());
    button('recording-consent').addEventListener('click', () => this.toggleConsent());
  }

  /** @param {ParleyClient | null} client */
  of(client) {
    this.client = client;
    this.told = '';
    this.begun.clear();
    // What is taken out of a page would play on.
    this.list.querySelectorAll('audio').forEach((audio) => audio.pause());
    this.entries.clear();
    this.list.replaceChildren();
    client?.addEventListener('recordings', (event) => {
      if (client === this.client) {
        this.announceBeginning(/** @type {CustomEvent} */ (event).detail.changed);
        this.show();
      }
    });
    for (const type of ['roster', 'conferenceupdated']) {
      client?.addEventListener(type, () => {
        if (client === this.client) {
          this.showConsent();
        }
      });
    }
    this.show();
  }

  /** The recording that the buttons are about: a mix, as they begin one. */
  get running() {
    return this.client?.runningRecordings[0] ?? null;
  }

  show() {
    const state = this.running?.state ?? '';
    const isPaused = state === 'paused';
    byId('recorded').hidden = state === '';
    byId('recorded').classList.toggle('is-paused', isPaused);
    byId('recorded-words').textContent = isPaused ? 'Recording paused' : 'Recorded';
    const leads = this.client?.self?.role === 'host';
    button('record').hidden = !leads;
    button('record').setAttribute('aria-pressed', String(state !== ''));
    button('record').textContent = state === '' ? 'Record' : 'Stop recording';
    button('pause-recording').hidden = !leads || (state !== 'recording' && !isPaused);
    button('pause-recording').textContent = isPaused ? 'Resume recording' : 'Pause recording';
    this.showConsent();
    this.tell(state);
    this.showList(leads);
  }

  /**
   * Plays a tone if a recording begins that is to be announced so; who hears a mix has it in there.
   *
   * @param {Recording | null} changed
   */
  announceBeginning(changed) {
    const { client } = this;
    const hasBegun = changed?.state === 'recording' && !this.begun.has(changed.id);
    for (const { id, state } of client?.runningRecordings ?? []) {
      if (state !== 'starting') {
        this.begun.add(id);
      }
    }
    if (hasBegun && client?.conference?.recording?.announce === 'tone' && client.self?.listening === 'forward') {
      playTone();
    }
  }

  /** Where nobody is recorded who does not agree, everybody says it for themselves. */
  showConsent() {
    const isAsked = this.running !== null && this.client?.needsRecordingConsent === true;
    const isGiven = this.client?.self?.recordingConsent === true;
    button('recording-consent').hidden = !isAsked;
    button('recording-consent').setAttribute('aria-pressed', String(isGiven));
    button('recording-consent').textContent = isGiven ? 'Do not record me' : 'Record me, too';
  }

  async toggleConsent() {
    const { client } = this;
    try {
      const isGiven = client?.self?.recordingConsent !== true;
      await client?.setRecordingConsent(isGiven);
      announce(isGiven ? 'You are recorded.' : 'You are not recorded any more.');
    } catch (error) {
      this.trouble(error);
    }
  }

  /** @param {string} state */
  tell(state) {
    const isAsked = this.client?.needsRecordingConsent && !this.client.self?.recordingConsent;
    const words = state === 'paused' ? 'The recording is paused.'
      : state === 'recording' && isAsked ? 'This call is being recorded. You are not, unless you agree.'
      : state === 'recording' ? 'This call is being recorded.'
      : state === '' && this.told !== '' ? 'The call is not recorded any more.'
      : '';
    if (words !== '' && state !== this.told && this.client) {
      announce(words);
    }
    if (state !== 'starting') {
      this.told = state;
    }
  }

  /**
   * What has not changed stays as it is: somebody may be about to click on it, or be listening.
   *
   * @param {boolean} leads
   */
  showList(leads) {
    const recordings = this.client?.recordings ?? [];
    byId('recordings').hidden = recordings.length === 0;
    const known = new Set(recordings.map(({ id }) => id));
    for (const [id, entry] of this.entries) {
      if (!known.has(id)) {
        entry.item.remove();
        this.entries.delete(id);
      }
    }
    recordings.forEach((recording, place) => {
      const entry = this.entries.get(recording.id) ?? this.add(recording);
      if (this.list.children[place] !== entry.item) {
        this.list.insertBefore(entry.item, this.list.children[place] ?? null);
      }
      this.update(entry, recording, leads);
    });
  }

  /** @param {Recording} recording */
  add(recording) {
    const item = document.createElement('li');
    const name = document.createElement('strong');
    const about = document.createElement('span');
    about.className = 'hint';
    const play = document.createElement('button');
    play.type = 'button';
    play.className = 'quiet small';
    play.textContent = 'Play or download';
    item.append(name, about, play);
    const entry = { item, name, about, play, isOffered: false };
    play.addEventListener('click', () => this.offer(recording.id, entry));
    this.entries.set(recording.id, entry);
    return entry;
  }

  /**
   * @param {Entry} entry
   * @param {Recording} recording
   * @param {boolean} leads
   */
  update({ item, name, about, play, isOffered }, recording, leads) {
    item.dataset.state = recording.state;
    write(name, nameOf(recording));
    write(about, recording.durationMs
      ? `${STATE_WORDS[recording.state]} \u00b7 ${inMinutes(recording.durationMs)} min`
      : STATE_WORDS[recording.state]);
    play.hidden = isOffered || !leads || recording.state !== 'available';
    play.setAttribute('aria-label', `Play or download ${nameOf(recording)}`);
  }

  /**
   * @param {string} id
   * @param {Entry} entry
   */
  async offer(id, entry) {
    const { client } = this;
    entry.play.disabled = true;
    try {
      const tracks = (await client?.recordingTracks(id)) ?? [];
      const people = tracks.flatMap(({ participantId, participantIds }) => [participantId ?? [], participantIds].flat());
      const names = (await client?.namesOf([...new Set(people)])) ?? new Map();
      const recording = client?.recordings.find((one) => one.id === id);
      if (client !== this.client || !recording) {
        return;
      }
      const nameOfPerson = (/** @type {string} */ person) => names.get(person) || 'Somebody';
      const players = tracks.map((track) => offered(recording, track, nameOfPerson));
      players.forEach(({ player }) => player.addEventListener('lost', () => this.renew(id, player)));
      entry.isOffered = true;
      entry.play.hidden = true;
      entry.item.append(...players.flatMap(({ shown }) => shown));
      players[0]?.player.focus();
    } catch (error) {
      this.trouble(error);
    } finally {
      entry.play.disabled = false;
    }
  }

  /**
   * Addresses are good for a while only.
   *
   * @param {string} id
   * @param {Player} player
   */
  async renew(id, player) {
    try {
      const links = (await this.client?.recordingLinks(id)) ?? [];
      const { segment, track } = player.track;
      const link = links.find((one) => one.segment === segment && one.track === track);
      if (link) {
        player.goOn(link.url);
      }
    } catch (error) {
      this.trouble(error);
    }
  }

  async toggle() {
    const { client, running } = this;
    try {
      if (running) {
        await client?.stopRecording(running.id);
      } else {
        await client?.startRecording();
      }
    } catch (error) {
      this.trouble(error);
    }
  }

  async togglePause() {
    const { client, running } = this;
    try {
      if (running?.state === 'paused') {
        await client?.resumeRecording(running.id);
      } else if (running) {
        await client?.pauseRecording(running.id);
      }
    } catch (error) {
      this.trouble(error);
    }
  }

  /** @param {unknown} error */
  trouble(error) {
    const words = error instanceof Error ? error.message : String(error);
    this.onTrouble(words);
    announce(words);
  }
}

/**
 * @param {Recording} recording
 * @param {RecordedTrack} track
 * @param {(participantId: string) => string} nameOfPerson
 */
function offered(recording, track, nameOfPerson) {
  const whose = track.participantId === null ? 'everybody' : nameOfPerson(track.participantId);
  const name = `${nameOf(recording)}, ${whose}${track.segment > 1 ? `, part ${track.segment}` : ''}`;
  const player = new Player(track, name, nameOfPerson);
  const download = document.createElement('a');
  download.href = track.url;
  download.download = `${recording.id}-${track.segment}-${track.track}.opus`;
  download.rel = 'noopener';
  download.textContent = 'Download';
  download.setAttribute('aria-label', `Download ${name}`);
  return { player, shown: [player.element, download] };
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** @param {Recording} recording */
function nameOf(recording) {
  const at = recording.startedAt ?? recording.createdAt;
  const time = at ? new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }) : '';
  return time ? `Recording of ${time}` : 'Recording';
}
