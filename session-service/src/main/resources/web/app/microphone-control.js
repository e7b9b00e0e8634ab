import { LevelMeter, MicrophoneError, openMicrophone } from '../client/parley-client.js';
import { byId, showLevel } from './dom.js';
import { preferences } from './preferences.js';

const METER_EVERY_MS = 60;

/**
 * The page's one microphone: opened when wanted, shown on a meter, explained when it does not open.
 * Events: `change` (another track, or none), `level` (in `detail`, dBov).
 */
export class MicrophoneControl extends EventTarget {
  constructor() {
    super();
    /** @type {MediaStreamTrack | null} */
    this.track = null;
    /** @type {LevelMeter | null} */
    this.meter = null;
    /** @type {import('../client/microphone.js').MicrophoneTrouble | null} */
    this.trouble = null;
    /** @type {Promise<MediaStreamTrack | null> | null} */
    this.opening = null;
    setInterval(() => this.measure(), METER_EVERY_MS);
  }

  /**
   * Opens the chosen microphone, or keeps the open one. Never throws: `trouble` says what is wrong.
   *
   * @returns {Promise<MediaStreamTrack | null>}
   */
  open() {
    if (this.track?.readyState === 'live') {
      return Promise.resolve(this.track);
    }
    this.opening ??= this.reopen().finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  /**
   * The same, but waits no longer than this; what opens later is told by `change`.
   *
   * @param {number} patienceMs
   * @returns {Promise<MediaStreamTrack | null>}
   */
  openWithin(patienceMs) {
    const patience = new Promise((resolve) => setTimeout(() => resolve(null), patienceMs));
    return Promise.race([this.open(), patience]);
  }

  /** Opens what is chosen now, in place of what was open. */
  async reopen() {
    try {
      const track = await openMicrophone({
        deviceId: preferences.inputDeviceId,
        original: preferences.processing === 'original',
      });
      this.trouble = null;
      this.use(track);
    } catch (error) {
      if (!(error instanceof MicrophoneError)) {
        throw error;
      }
      this.trouble = error.trouble;
      this.use(null);
    }
    this.showTrouble();
    return this.track;
  }

  /** @param {MediaStreamTrack | null} track */
  use(track) {
    const before = this.track;
    this.meter?.close();
    this.track = track;
    this.meter = track ? new LevelMeter(track) : null;
    track?.addEventListener('ended', () => this.onEnded(track));
    this.dispatchEvent(new CustomEvent('change'));
    before?.stop();
    byId('lobby-meter').hidden = track === null;
    byId('check-microphone').hidden = track !== null || this.trouble !== null;
  }

  /**
   * Unplugged, or taken back by the user: another one may be there.
   *
   * @param {MediaStreamTrack} track
   */
  onEnded(track) {
    if (track === this.track) {
      this.reopen();
    }
  }

  close() {
    this.use(null);
    byId('check-microphone').hidden = false;
  }

  showTrouble() {
    const box = byId('trouble');
    box.hidden = this.trouble === null;
    byId('trouble-title').textContent = this.trouble?.title ?? '';
    byId('trouble-advice').textContent = this.trouble?.advice ?? '';
    byId('join').textContent = this.trouble ? 'Join and listen' : 'Join';
  }

  measure() {
    if (this.meter) {
      const levelDbov = this.meter.levelDbov();
      showLevel(byId('lobby-meter'), levelDbov);
      showLevel(byId('own-meter'), levelDbov);
      this.dispatchEvent(new CustomEvent('level', { detail: levelDbov }));
    } else {
      showLevel(byId('own-meter'), -127);
    }
  }
}
