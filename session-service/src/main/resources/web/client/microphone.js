import { toDbov } from './talkers.js';

/**
 * What is wrong with the microphone and what to do about it, for people.
 *
 * @typedef {object} MicrophoneTrouble
 * @property {'refused' | 'absent' | 'busy' | 'insecure' | 'failed'} code
 * @property {string} title
 * @property {string} advice
 */

/** Thrown when no microphone could be opened. */
export class MicrophoneError extends Error {
  /** @param {MicrophoneTrouble} trouble */
  constructor(trouble) {
    super(`${trouble.title} ${trouble.advice}`);
    this.name = 'MicrophoneError';
    this.trouble = trouble;
  }
}

/**
 * Opens a microphone.
 *
 * @param {{deviceId?: string, original?: boolean}} [wish] `original` asks for the sound as it is: two channels, no
 *     echo cancellation, no noise suppression, no automatic gain. For music, with headphones.
 * @returns {Promise<MediaStreamTrack>}
 */
export async function openMicrophone({ deviceId = '', original = false } = {}) {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new MicrophoneError(explain({ name: 'Insecure' }));
  }
  const audio = {
    ...(deviceId ? { deviceId: { exact: deviceId } } : {}),
    echoCancellation: !original,
    noiseSuppression: !original,
    autoGainControl: !original,
    channelCount: original ? 2 : 1,
  };
  try {
    return await openTrack(audio);
  } catch (error) {
    if (deviceId && error instanceof Error && ['OverconstrainedError', 'NotFoundError'].includes(error.name)) {
      return openMicrophone({ original }); // The device chosen earlier is not plugged in now.
    }
    throw error instanceof MicrophoneError ? error : new MicrophoneError(explain(error));
  }
}

/** How long a device that did not answer is left alone before it is asked once more, in ms. */
const SECOND_TRY_MS = 500;

/**
 * A device that is just being given back by another program, or a browser too busy to start it in time, answers the
 * second time: nobody needs to be told.
 *
 * @param {MediaTrackConstraints} audio
 */
async function openTrack(audio) {
  const asked = { audio };
  const stream = await navigator.mediaDevices.getUserMedia(asked).catch(async (error) => {
    if (explain(error).code !== 'busy') {
      throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, SECOND_TRY_MS));
    return navigator.mediaDevices.getUserMedia(asked);
  });
  return stream.getAudioTracks()[0];
}

/**
 * @param {any} error What getUserMedia threw.
 * @returns {MicrophoneTrouble}
 */
export function explain(error) {
  switch (error?.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return {
        code: 'refused',
        title: 'This page may not use your microphone.',
        advice: 'Click the icon left of the address, allow the microphone, and try again. Until then you can listen.',
      };
    case 'NotFoundError':
    case 'OverconstrainedError':
      return {
        code: 'absent',
        title: 'No microphone was found.',
        advice: 'Plug one in, or turn it on, and try again. Until then you can listen.',
      };
    case 'NotReadableError':
    case 'AbortError':
      return {
        code: 'busy',
        title: 'The microphone does not answer.',
        advice: 'Another program may be using it: close that, or choose another microphone. Until then you can listen.',
      };
    case 'Insecure':
      return {
        code: 'insecure',
        title: 'The browser gives the microphone only to secure pages.',
        advice: 'Open this page with https, or as localhost. Until then you can listen.',
      };
    default:
      return {
        code: 'failed',
        title: 'The microphone could not be opened.',
        advice: `The browser says: ${error?.message || error?.name || 'nothing'}. Until it works you can listen.`,
      };
  }
}

/**
 * Names are known only once a microphone has been allowed.
 *
 * @returns {Promise<{inputs: MediaDeviceInfo[], outputs: MediaDeviceInfo[]}>}
 */
export async function listDevices() {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return {
    inputs: devices.filter((device) => device.kind === 'audioinput' && device.deviceId),
    outputs: devices.filter((device) => device.kind === 'audiooutput' && device.deviceId),
  };
}

/** Measures how loud a track is, before anything is encoded. */
export class LevelMeter {
  /** @param {MediaStreamTrack} track */
  constructor(track) {
    this.context = new AudioContext();
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 1024;
    // A clone stays loud while the sent track is muted: so the page can tell "you are muted" to somebody who talks.
    this.track = track.clone();
    this.track.enabled = true;
    this.source = this.context.createMediaStreamSource(new MediaStream([this.track]));
    this.source.connect(this.analyser);
    this.samples = new Float32Array(this.analyser.fftSize);
  }

  /** Root mean square of the last 1024 samples, -127 to 0 dBov. */
  levelDbov() {
    this.analyser.getFloatTimeDomainData(this.samples);
    let sum = 0;
    for (const sample of this.samples) {
      sum += sample * sample;
    }
    return toDbov(Math.sqrt(sum / this.samples.length));
  }

  close() {
    this.source.disconnect();
    this.track.stop();
    this.context.close();
  }
}
