/**
 * One RTCPeerConnection with a media server: one audio line that sends and receives, and one more that only receives
 * for each further speaker slot. Every remote track plays on an audio element of its own.
 *
 * A session is made for one offer and thrown away with it; the next one is a new session. Events: `state` (the
 * connection's state changed), `playing` (first audio arrived), `playbackblocked` (the browser wants a gesture first).
 */
export declare class MediaSession extends EventTarget {
    outputDeviceId: string;
    isSilent: boolean;
    connection: RTCPeerConnection;
    ownLine: RTCRtpTransceiver;
    /** Our offer, not applied yet. */
    offered: string;
    /** Where the service has this session, once it does. */
    sessionUrl: string;
    /** @type {HTMLAudioElement[]} */
    players: HTMLAudioElement[];
    /**
     * @param {object} options
     * @param {RTCIceServer[]} options.iceServers
     * @param {number} options.slots How many speakers can be heard at once, 1 or more.
     * @param {MediaStreamTrack | null} options.microphone
     * @param {string} options.outputDeviceId Where to play; empty for the default.
     * @param {boolean} [options.red] Send each packet with the one before once more, where the browser can.
     */
    constructor({ iceServers, slots, microphone, outputDeviceId, red }: {
        iceServers: RTCIceServer[];
        slots: number;
        microphone: MediaStreamTrack | null;
        outputDeviceId: string;
        red?: boolean;
    });
    get state(): RTCPeerConnectionState;
    /**
     * The offer goes out without candidates: a media server has an address of its own and learns ours from our checks.
     * It is applied together with its answer, for only then is it known which TURN servers there are.
     *
     * @returns {Promise<string>}
     */
    offer(): Promise<string>;
    /**
     * @param {string} sdp
     * @param {RTCIceServer[]} iceServers Those that came with the answer; if none did, the ones from before stay.
     * @param {string} [sessionUrl] Where the service has this session.
     */
    accept(sdp: string, iceServers: RTCIceServer[], sessionUrl?: string): Promise<void>;
    /**
     * Looks for addresses anew, and makes the credentials of another ICE session of the same connection: keys and streams
     * stay as they are. To be followed by {@link acceptRestart}.
     *
     * @returns {Promise<string>} The credentials, as an SDP fragment.
     */
    restart(): Promise<string>;
    /** @param {string} fragment The media server's credentials. */
    acceptRestart(fragment: string): Promise<void>;
    /** @param {MediaStreamTrack | null} microphone */
    useMicrophone(microphone: MediaStreamTrack | null): Promise<void>;
    /** @param {string} deviceId */
    useOutput(deviceId: string): Promise<void>;
    /**
     * Plays nothing, or plays again.
     *
     * @param {boolean} isSilent
     */
    setSilent(isSilent: boolean): void;
    /** Tries again to play, from within a gesture of the user. */
    resumePlayback(): Promise<void[]>;
    /** Tracks that play now, one a receiving line. */
    get remoteTracks(): MediaStreamTrack[];
    /**
     * Who is in the packets that were played last.
     *
     * @param {number} nowMs performance.now()
     * @returns {import('./talkers.js').Heard[]}
     */
    heard(nowMs: number): import('./talkers.js').Heard[];
    stats(): Promise<import("./quality.js").Snapshot>;
    /**
     * How long ago the last packet came, be it of sound or a reply to a check; null where the browser does not tell.
     *
     * @returns {Promise<number | null>}
     */
    lastPacketAgeMs(): Promise<number | null>;
    close(): void;
    /** @param {MediaStreamTrack} track */
    play(track: MediaStreamTrack): void;
}
