import { fragmentOf, withCredentials, withNack, withStereo } from './sdp.js';
import { snapshotOf } from './quality.js';
import { toDbov } from './talkers.js';

/**
 * One RTCPeerConnection with a media server: one audio line that sends and receives, and one more that only receives
 * for each further speaker slot. Every remote track plays on an audio element of its own.
 *
 * A session is made for one offer and thrown away with it; the next one is a new session. Events: `state` (the
 * connection's state changed), `playing` (first audio arrived), `playbackblocked` (the browser wants a gesture first).
 */
export class MediaSession extends EventTarget {
  /**
   * @param {object} options
   * @param {RTCIceServer[]} options.iceServers
   * @param {number} options.slots How many speakers can be heard at once, 1 or more.
   * @param {MediaStreamTrack | null} options.microphone
   * @param {string} options.outputDeviceId Where to play; empty for the default.
   * @param {boolean} [options.red] Send each packet with the one before once more, where the browser can.
   */
  constructor({ iceServers, slots, microphone, outputDeviceId, red = true }) {
    super();
    this.outputDeviceId = outputDeviceId;
    this.isSilent = false;
    this.connection = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' });
    // The line sends and receives even without a microphone, so that one can be put in later without a new offer.
    this.ownLine = this.connection.addTransceiver(microphone ?? 'audio', { direction: 'sendrecv' });
    if (red) {
      preferRed(this.ownLine);
    }
    for (let slot = 1; slot < slots; slot++) {
      this.connection.addTransceiver('audio', { direction: 'recvonly' });
    }
    /** Our offer, not applied yet. */
    this.offered = '';
    /** Where the service has this session, once it does. */
    this.sessionUrl = '';
    /** @type {HTMLAudioElement[]} */
    this.players = [];
    this.connection.ontrack = (event) => this.play(event.track);
    this.connection.onconnectionstatechange = () => this.dispatchEvent(new CustomEvent('state'));
  }

  get state() {
    return this.connection.connectionState;
  }

  /**
   * The offer goes out without candidates: a media server has an address of its own and learns ours from our checks.
   * It is applied together with its answer, for only then is it known which TURN servers there are.
   *
   * @returns {Promise<string>}
   */
  async offer() {
    const offer = await this.connection.createOffer();
    this.offered = withNack(withStereo(offer.sdp ?? ''));
    return this.offered;
  }

  /**
   * @param {string} sdp
   * @param {RTCIceServer[]} iceServers Those that came with the answer; if none did, the ones from before stay.
   * @param {string} [sessionUrl] Where the service has this session.
   */
  async accept(sdp, iceServers, sessionUrl = '') {
    this.sessionUrl = sessionUrl;
    if (iceServers.length > 0) {
      this.connection.setConfiguration({ ...this.connection.getConfiguration(), iceServers });
    }
    await this.connection.setLocalDescription({ type: 'offer', sdp: this.offered });
    await this.connection.setRemoteDescription({ type: 'answer', sdp });
  }

  /**
   * Looks for addresses anew, and makes the credentials of another ICE session of the same connection: keys and streams
   * stay as they are. To be followed by {@link acceptRestart}.
   *
   * @returns {Promise<string>} The credentials, as an SDP fragment.
   */
  async restart() {
    const offer = await this.connection.createOffer({ iceRestart: true });
    const sdp = withNack(withStereo(offer.sdp ?? ''));
    await this.connection.setLocalDescription({ type: 'offer', sdp });
    return fragmentOf(sdp);
  }

  /** @param {string} fragment The media server's credentials. */
  async acceptRestart(fragment) {
    const sdp = withCredentials(this.connection.remoteDescription?.sdp ?? '', fragment);
    await this.connection.setRemoteDescription({ type: 'answer', sdp });
  }

  /** @param {MediaStreamTrack | null} microphone */
  async useMicrophone(microphone) {
    await this.ownLine.sender.replaceTrack(microphone);
  }

  /** @param {string} deviceId */
  async useOutput(deviceId) {
    this.outputDeviceId = deviceId;
    await Promise.all(this.players.map((player) => setOutput(player, deviceId)));
  }

  /**
   * Plays nothing, or plays again.
   *
   * @param {boolean} isSilent
   */
  setSilent(isSilent) {
    this.isSilent = isSilent;
    for (const player of this.players) {
      player.muted = isSilent;
    }
  }

  /** Tries again to play, from within a gesture of the user. */
  resumePlayback() {
    return Promise.all(this.players.map((player) => player.play()));
  }

  /** Tracks that play now, one a receiving line. */
  get remoteTracks() {
    return this.connection.getReceivers().map((receiver) => receiver.track);
  }

  /**
   * Who is in the packets that were played last.
   *
   * @param {number} nowMs performance.now()
   * @returns {import('./talkers.js').Heard[]}
   */
  heard(nowMs) {
    const heard = [];
    for (const receiver of this.connection.getReceivers()) {
      const sources = receiver.getContributingSources?.() ?? [];
      const whole = receiver.getSynchronizationSources?.()[0]?.audioLevel;
      const fresh = sources.filter((source) => nowMs - playedAtMs(source.timestamp, nowMs) < 400);
      for (const { source, audioLevel, timestamp } of fresh) {
        // The level of the whole stream is a talker's own only if nobody else is in it.
        const level = audioLevel ?? (fresh.length === 1 ? whole : undefined);
        heard.push({
          csrc: source,
          levelDbov: level === undefined ? null : toDbov(level),
          atMs: playedAtMs(timestamp, nowMs),
        });
      }
    }
    return heard;
  }

  async stats() {
    return snapshotOf(/** @type {any} */ (await this.connection.getStats()));
  }

  /**
   * How long ago the last packet came, be it of sound or a reply to a check; null where the browser does not tell.
   *
   * @returns {Promise<number | null>}
   */
  async lastPacketAgeMs() {
    let newest = null;
    for (const report of (await this.connection.getStats()).values()) {
      const receivedMs = report.type === 'candidate-pair' ? report.lastPacketReceivedTimestamp : undefined;
      if (receivedMs !== undefined && (newest === null || report.timestamp - receivedMs < newest)) {
        newest = Math.max(0, Math.round(report.timestamp - receivedMs));
      }
    }
    return newest;
  }

  close() {
    this.connection.onconnectionstatechange = null;
    this.connection.ontrack = null;
    this.connection.close();
    for (const player of this.players) {
      player.srcObject = null;
    }
    this.players = [];
  }

  /** @param {MediaStreamTrack} track */
  play(track) {
    const player = new Audio();
    player.muted = this.isSilent;
    player.autoplay = true;
    player.srcObject = new MediaStream([track]);
    this.players.push(player);
    track.addEventListener('unmute', () => this.dispatchEvent(new CustomEvent('playing')), { once: true });
    if (this.outputDeviceId) {
      setOutput(player, this.outputDeviceId).catch(() => {
        // The chosen loudspeaker is gone; the default one plays.
      });
    }
    player.play().catch((error) => {
      if (error.name === 'NotAllowedError') {
        this.dispatchEvent(new CustomEvent('playbackblocked'));
      }
    });
  }
}

/**
 * Puts RED (RFC 2198) first: a browser that can send it, does so only if offer and answer name it before Opus. All lines
 * receive it in any case.
 *
 * @param {RTCRtpTransceiver} line
 */
function preferRed(line) {
  const codecs = RTCRtpReceiver.getCapabilities?.('audio')?.codecs ?? [];
  const isRed = (/** @type {{mimeType: string}} */ codec) => codec.mimeType.toLowerCase() === 'audio/red';
  if (codecs.some(isRed)) {
    line.setCodecPreferences?.([...codecs.filter(isRed), ...codecs.filter((codec) => !isRed(codec))]);
  }
}

/**
 * @param {HTMLAudioElement} player
 * @param {string} deviceId
 */
async function setOutput(player, deviceId) {
  await /** @type {any} */ (player).setSinkId?.(deviceId);
}

/**
 * Browsers disagree on the zero of a source's timestamp: Firefox and Safari count from 1970, Chromium from the page's
 * start.
 *
 * @param {number} timestamp
 * @param {number} nowMs performance.now()
 */
function playedAtMs(timestamp, nowMs) {
  return timestamp > 1e11 ? timestamp - Date.now() + nowMs : timestamp;
}
