import { announce } from './announcer.js';
import { button, byId } from './dom.js';

/** @typedef {import('../client/parley-client.js').ParleyClient} ParleyClient */
/** @typedef {import('../client/types.js').Recording} Recording */
/** @typedef {import('../client/types.js').RecordingLink} RecordingLink */

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
    this.list = byId('recording-list');
    button('record').addEventListener('click', () => this.toggle());
    button('pause-recording').addEventListener('click', () => this.togglePause());
  }

  /** @param {ParleyClient | null} client */
  of(client) {
    this.client = client;
    this.told = '';
    client?.addEventListener('recordings', () => {
      if (client === this.client) {
        this.show();
      }
    });
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
    this.tell(state);
    this.showList(leads);
  }

  /** @param {string} state */
  tell(state) {
    const words = state === 'paused' ? 'The recording is paused.'
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

  /** @param {boolean} leads */
  showList(leads) {
    const recordings = this.client?.recordings ?? [];
    byId('recordings').hidden = recordings.length === 0;
    this.list.replaceChildren(...recordings.map((recording) => this.entry(recording, leads)));
  }

  /**
   * @param {Recording} recording
   * @param {boolean} leads
   */
  entry(recording, leads) {
    const entry = document.createElement('li');
    entry.dataset.state = recording.state;
    const name = document.createElement('strong');
    name.textContent = nameOf(recording);
    const about = document.createElement('span');
    about.className = 'hint';
    about.textContent = recording.durationMs
      ? `${STATE_WORDS[recording.state]} \u00b7 ${inMinutes(recording.durationMs)}`
      : STATE_WORDS[recording.state];
    entry.append(name, about);
    if (leads && recording.state === 'available') {
      const play = document.createElement('button');
      play.type = 'button';
      play.className = 'quiet small';
      play.textContent = 'Play or download';
      play.setAttribute('aria-label', `Play or download ${name.textContent}`);
      play.addEventListener('click', () => this.offer(recording, entry, play));
      entry.append(play);
    }
    return entry;
  }

  /**
   * @param {Recording} recording
   * @param {HTMLElement} entry
   * @param {HTMLElement} asked  Gives way to what it asked for.
   */
  async offer(recording, entry, asked) {
    try {
      const links = (await this.client?.recordingLinks(recording.id)) ?? [];
      asked.replaceWith(...links.flatMap((link) => players(recording, link)));
      entry.querySelector('audio')?.focus();
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
 * @param {RecordingLink} link
 */
function players(recording, link) {
  const name = `${nameOf(recording)}, ${link.track}`;
  const player = document.createElement('audio');
  player.controls = true;
  player.preload = 'none';
  player.src = link.url;
  player.setAttribute('aria-label', name);
  const download = document.createElement('a');
  download.href = link.url;
  download.download = `${recording.id}-${link.segment}-${link.track}.opus`;
  download.rel = 'noopener';
  download.textContent = 'Download';
  download.setAttribute('aria-label', `Download ${name}`);
  return [player, download];
}

/** @param {Recording} recording */
function nameOf(recording) {
  const at = recording.startedAt ?? recording.createdAt;
  const time = at ? new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }) : '';
  return time ? `Recording of ${time}` : 'Recording';
}

/** @param {number} ms */
function inMinutes(ms) {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`;
}
