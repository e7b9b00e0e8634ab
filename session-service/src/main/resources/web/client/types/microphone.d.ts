export type MicrophoneTrouble = {
    code: 'refused' | 'absent' | 'busy' | 'insecure' | 'failed';
    title: string;
    advice: string;
};
/**
 * What is wrong with the microphone and what to do about it, for people.
 *
 * @typedef {object} MicrophoneTrouble
 * @property {'refused' | 'absent' | 'busy' | 'insecure' | 'failed'} code
 * @property {string} title
 * @property {string} advice
 */
/** Thrown when no microphone could be opened. */
export declare class MicrophoneError extends Error {
    trouble: MicrophoneTrouble;
    /** @param {MicrophoneTrouble} trouble */
    constructor(trouble: MicrophoneTrouble);
}
/**
 * Opens a microphone.
 *
 * @param {{deviceId?: string, original?: boolean}} [wish] `original` asks for the sound as it is: two channels, no
 *     echo cancellation, no noise suppression, no automatic gain. For music, with headphones.
 * @returns {Promise<MediaStreamTrack>}
 */
export declare function openMicrophone({ deviceId, original }?: {
    deviceId?: string;
    original?: boolean;
}): Promise<MediaStreamTrack>;
/**
 * @param {any} error What getUserMedia threw.
 * @returns {MicrophoneTrouble}
 */
export declare function explain(error: any): MicrophoneTrouble;
/**
 * Names are known only once a microphone has been allowed.
 *
 * @returns {Promise<{inputs: MediaDeviceInfo[], outputs: MediaDeviceInfo[]}>}
 */
export declare function listDevices(): Promise<{
    inputs: MediaDeviceInfo[];
    outputs: MediaDeviceInfo[];
}>;
/** Measures how loud a track is, before anything is encoded. */
export declare class LevelMeter {
    context: AudioContext;
    analyser: AnalyserNode;
    track: MediaStreamTrack;
    source: MediaStreamAudioSourceNode;
    samples: Float32Array<ArrayBuffer>;
    /** @param {MediaStreamTrack} track */
    constructor(track: MediaStreamTrack);
    /** Root mean square of the last 1024 samples, -127 to 0 dBov. */
    levelDbov(): number;
    close(): void;
}
