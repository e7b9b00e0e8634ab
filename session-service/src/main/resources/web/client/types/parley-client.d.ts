import { Chat } from './chat.js';
import { EventSocket } from './event-socket.js';
import { SharedFiles } from './files.js';
import { MediaSession } from './media-session.js';
import { Newest } from './newest.js';
import { RecordedTrack } from './recorded-track.js';
import { Recordings } from './recordings.js';
import { SessionApi } from './session-api.js';
import { Talkers } from './talkers.js';
export { LevelMeter, MicrophoneError, listDevices, openMicrophone } from './microphone.js';
export { makeThumbnail } from './files.js';
export { RecordedTrack } from './recorded-track.js';
export { ProblemError, SessionApi } from './session-api.js';
export type ChatMessage = import('./types.js').ChatMessage;
export type ClientState = import('./types.js').ClientState;
export type ConferenceState = import('./types.js').ConferenceState;
export type Joined = import('./types.js').Joined;
export type Listening = import('./types.js').Listening;
export type Participant = import('./types.js').Participant;
export type Position = import('./types.js').Position;
export type Recording = import('./types.js').Recording;
export type RecordingLink = import('./types.js').RecordingLink;
export type RegionProbe = import('./types.js').RegionProbe;
export type QueuePlace = import('./types.js').QueuePlace;
export type Queued = import('./types.js').Queued;
export type SharedFile = import('./types.js').SharedFile;
export type JoinOptions = {
    conferenceId: string;
    /**
     * A join token.
     */
    token: string;
    name?: string;
    listening?: Listening;
    /**
     * The conference's `speakerSlots`.
     */
    slots?: number;
    /**
     * Null or left out: listen only, until useMicrophone.
     */
    microphone?: MediaStreamTrack | null;
    muted?: boolean;
    /**
     * End an earlier stay of the same identity instead of being refused.
     */
    replace?: boolean;
    /**
     * False to send each voice packet once only (see media-session.js); otherwise losses on the
     * way to the service are made up for, at about twice the bytes, by browsers that can.
     */
    red?: boolean;
    /**
     * Used if the service tells of none.
     */
    iceServers?: RTCIceServer[];
    /**
     * False not to measure how far regions are, where there are several; a conference that
     * nobody is in yet begins where the first who joins is near.
     */
    probe?: boolean;
    /**
     * Asked for a new join token when the old one has expired.
     */
    renewToken?: () => Promise<string>;
};
/**
 * One stay in one conference: signalling, media and events, kept up by itself over breaks of the network.
 *
 * Events, each a CustomEvent with `detail`:
 * `state` {state, reason}; `roster` {participants}; `joined`, `updated`, `left` {participant, reason};
 * `talkers` {talkers, dominant} ten times a second; `quality` (see types.js) every two seconds;
 * `callquality` {participants}, each five seconds as the service measures it: everybody's for moderators, else our own;
 * `conferenceupdated` {conference, changed}, when options of the conference were changed, or become known;
 * `encoders` {complexity, complexityMax}, when the server's effort for mixes changes;
 * `queued` {queue}, when a join has to wait; `position` {queue}, when that changes; `admitted`, when it is over;
 * `refused` {reason}, when it was in vain; `waiting` {participants}, for moderators: who waits to be let in;
 * `files` {files, added}, when files are shared or erased, or become known;
 * `recordings` {recordings, changed}, when the call is recorded or no longer, or what was recorded can be heard: show it;
 * `message` {message, isPast}; `unmuterequest`, when a moderator asks us to unmute; `mute` {muted, byOther}; `playbackblocked`; `firstaudio` {afterMs}; `problem` {error}.
 *
 *     const client = new ParleyClient({ baseUrl: 'https://parley.example' });
 *     client.addEventListener('roster', (event) => show(event.detail.participants));
 *     await client.join({ conferenceId, token, microphone: await openMicrophone() });
 */
export declare class ParleyClient extends EventTarget {
    baseUrl: string;
    api: SessionApi;
    leaveOnPageHide: boolean;
    /** @type {ClientState} */
    state: ClientState;
    /** @type {JoinOptions | null} */
    options: JoinOptions | null;
    /** @type {Joined | null} */
    stay: Joined | null;
    /** @type {MediaSession | null} */
    media: MediaSession | null;
    /** @type {MediaSession | null} At the place that we are moving to. */
    next: MediaSession | null;
    /** @type {MediaSession | null} At the place that the conference is moving from, once we were told. */
    leaving: MediaSession | null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    moveTimer: ReturnType<typeof setTimeout> | undefined;
    /** @type {EventSocket | null} */
    events: EventSocket | null;
    /** @type {Chat | null} */
    chat: Chat | null;
    /** @type {SharedFiles | null} */
    shared: SharedFiles | null;
    /** @type {Recordings | null} */
    recorded: Recordings | null;
    /** What we said of being recorded, if we did. */
    recordingConsent: boolean;
    /** @type {ConferenceState | null} The conference's options, once they are known. */
    conference: ConferenceState | null;
    /** @type {Map<string, Participant>} */
    roster: Map<string, Participant>;
    /** @type {Map<string, Participant>} Who waits to be let in, if we are a moderator. */
    waiting: Map<string, Participant>;
    /** @type {string | null} Our id while we wait. */
    waitingId: string | null;
    /** @type {QueuePlace | null} */
    queue: QueuePlace | null;
    isEntering: boolean;
    talkers: Talkers;
    muted: boolean;
    /** @type {Listening} */
    listening: Listening;
    outputDeviceId: string;
    /** @type {MediaStreamTrack | null} */
    microphone: MediaStreamTrack | null;
    /** @type {import('./quality.js').Snapshot | null} */
    lastSnapshot: import('./quality.js').Snapshot | null;
    /** @type {string | null} */
    dominant: string | null;
    /** @type {{complexity: number, complexityMax: number} | undefined} */
    effort: {
        complexity: number;
        complexityMax: number;
    } | undefined;
    /** @type {ReturnType<typeof setInterval>[]} */
    timers: ReturnType<typeof setInterval>[];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    healTimer: ReturnType<typeof setTimeout> | undefined;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    waitTimer: ReturnType<typeof setInterval> | undefined;
    isRecovering: boolean;
    /** @type {AbortController | null} While ICE of the present media begins anew. */
    restarting: AbortController | null;
    networkType: string;
    /** The conference's place, counted; see `media.move` in docs/protocol.md. */
    epoch: number;
    steps: Newest;
    joinStartedMs: number;
    /** @type {{atMs: number, probes: RegionProbe[]} | null} What was measured last. */
    measured: {
        atMs: number;
        probes: RegionProbe[];
    } | null;
    onOnline: () => void;
    onConnectionChange: () => void;
    onPageHide: () => void;
    /**
     * @param {{baseUrl?: string, api?: SessionApi, leaveOnPageHide?: boolean}} [options]
     */
    constructor({ baseUrl, api, leaveOnPageHide }?: {
        baseUrl?: string;
        api?: SessionApi;
        leaveOnPageHide?: boolean;
    });
    /** Our own id in the roster, once joined, or while we wait. */
    get participantId(): string | null;
    /**
     * Joins. Resolves when the answer is applied; `state` says when media flows. Where people have to wait it resolves, too,
     * with the state `waiting`, and goes on by itself. Throws {@link ProblemError}.
     *
     * @param {JoinOptions} options
     */
    join(options: JoinOptions): Promise<void>;
    /** The first media flows in time, or is made anew. */
    watchFirst(): Promise<void>;
    /**
     * Measures how far the service's regions are, as joining does by itself; what was measured in the last ten minutes is
     * taken again. Before joining, set `api.token`. Never throws: where nothing can be measured the service guesses.
     *
     * @returns {Promise<RegionProbe[]>}  Empty if there is nothing to choose.
     */
    probeRegions(): Promise<RegionProbe[]>;
    /** Leaves. Never throws: whoever wants to go, goes. */
    leave(): Promise<void>;
    /**
     * Mutes at once, here and at the service; opens the microphone only after the service has agreed.
     *
     * @param {boolean} muted
     */
    setMuted(muted: boolean): Promise<void>;
    mute(): Promise<void>;
    unmute(): Promise<void>;
    /** We, as the roster has us, once it has. */
    get self(): import("./types.js").Participant | null;
    /**
     * Raises or lowers our hand, or lowers another's, for moderators.
     *
     * @param {boolean} raised
     * @param {string} [participantId]
     */
    setHand(raised: boolean, participantId?: string): Promise<void>;
    /**
     * Says where we are in the room; may be called as often as we move. Resolves when this place, or one said after it, is known.
     *
     * @param {Position} position
     */
    setPosition(position: Position): Promise<void>;
    /**
     * Puts another somewhere else, for moderators.
     *
     * @param {string} participantId
     * @param {Position} position
     */
    placeOther(participantId: string, position: Position): Promise<void>;
    /** @param {Position} position */
    step(position: Position): Promise<void>;
    /**
     * Mutes another, for moderators. Nobody can be unmuted by others: {@link askToUnmute}.
     *
     * @param {string} participantId
     */
    muteOther(participantId: string): Promise<void>;
    /**
     * Mutes everyone else, for moderators.
     *
     * @returns {Promise<{muted: number, unreached: string[]}>}
     */
    muteOthers(): Promise<{
        muted: number;
        unreached: string[];
    }>;
    /**
     * Asks another to open the microphone, for moderators.
     *
     * @param {string} participantId
     */
    askToUnmute(participantId: string): Promise<void>;
    /**
     * Gives another role, for moderators.
     *
     * @param {string} participantId
     * @param {Participant['role']} role
     */
    setRole(participantId: string, role: Participant['role']): Promise<void>;
    /**
     * Removes another, for moderators.
     *
     * @param {string} participantId
     * @param {{banSeconds?: number}} [options]  How long the identity may not come back.
     */
    remove(participantId: string, { banSeconds }?: {
        banSeconds?: number;
    }): Promise<void>;
    /**
     * Lets in one who waits, for moderators; {@link remove} refuses.
     *
     * @param {string} participantId
     */
    admit(participantId: string): Promise<void>;
    /**
     * Lets in everyone who waits, for moderators.
     *
     * @returns {Promise<{admitted: number, remaining: string[]}>}
     */
    admitAll(): Promise<{
        admitted: number;
        remaining: string[];
    }>;
    /**
     * Has those who come wait until a moderator lets them in, or lets in everyone who waits; for moderators.
     *
     * @param {boolean} lobby
     */
    setLobby(lobby: boolean): Promise<void>;
    /**
     * Locks the conference, so that nobody new comes in, or unlocks it; for moderators.
     *
     * @param {boolean} locked
     */
    setLocked(locked: boolean): Promise<void>;
    /** What has been said by text, the latest messages, oldest first. */
    get messages(): import("./types.js").ChatMessage[];
    /**
     * Sends a message to everyone; resolves when it is stored. While the connection is broken that takes until it is
     * back, and the message is sent once all the same. Throws {@link ProblemError}.
     *
     * @param {string} text  1 to 4096 bytes of UTF-8.
     * @returns {Promise<{sequence: number}>}
     */
    sendMessage(text: string): Promise<{
        sequence: number;
    }>;
    /** What has been shared, oldest first. */
    get files(): import("./types.js").SharedFile[];
    /** False if we may not share files, nor read those of others. */
    get mayShareFiles(): boolean;
    /**
     * Shares a file or photo with everyone; its bytes go straight to the file store. Resolves when the others can read it.
     * Throws {@link ProblemError}.
     *
     * @param {Blob} content
     * @param {import('./files.js').ShareOptions} [options]
     * @returns {Promise<SharedFile>}
     */
    shareFile(content: Blob, options?: import('./files.js').ShareOptions): Promise<SharedFile>;
    /**
     * Addresses to read files and thumbnails from, good for ten minutes; what is not there any more has none.
     *
     * @param {string[]} ids
     * @param {{inline?: boolean}} [options]  Whether a browser is to show or to save it.
     * @returns {Promise<Map<string, string>>}
     */
    fileLinks(ids: string[], { inline }?: {
        inline?: boolean;
    }): Promise<Map<string, string>>;
    /**
     * Erases what we shared, or as a moderator what others did, for everyone and for good.
     *
     * @param {string} id
     */
    eraseFile(id: string): Promise<void>;
    /** The recordings of the conference, newest first. */
    get recordings(): import("./types.js").Recording[];
    /** Those of them by which we are recorded now, or are not only because they are paused. */
    get runningRecordings(): import("./types.js").Recording[];
    /**
     * Has what is said recorded, for those with the grant `record`; everybody sees it. Throws {@link ProblemError}.
     *
     * @param {{mode?: 'mix' | 'tracks', channels?: 1 | 2, tags?: Record<string, string>}} [wish]
     * @returns {Promise<Recording>}
     */
    startRecording(wish?: {
        mode?: 'mix' | 'tracks';
        channels?: 1 | 2;
        tags?: Record<string, string>;
    }): Promise<Recording>;
    /**
     * Has what is said left out, until {@link resumeRecording}.
     *
     * @param {string} id
     */
    pauseRecording(id: string): Promise<import("./types.js").Recording>;
    /** @param {string} id */
    resumeRecording(id: string): Promise<import("./types.js").Recording>;
    /** @param {string} id */
    stopRecording(id: string): Promise<import("./types.js").Recording>;
    /** Whether nobody is recorded here who does not agree. */
    get needsRecordingConsent(): boolean;
    /**
     * Agrees to be recorded, or no longer; also of a later stay, should we be let in anew.
     *
     * @param {boolean} given
     */
    setRecordingConsent(given: boolean): Promise<void>;
    /**
     * Addresses to hear a recording from, one for each track that is there, good for an hour; for those with the grant `record`.
     *
     * @param {string} id
     * @param {{inline?: boolean}} [options]  Whether a browser is to play or to save it.
     * @returns {Promise<RecordingLink[]>}
     */
    recordingLinks(id: string, { inline }?: {
        inline?: boolean;
    }): Promise<RecordingLink[]>;
    /**
     * The tracks of a recording, each with what its manifest says: how loud it is when, for a waveform, who is heard when,
     * where sound is missing. Of one whose manifest cannot be read only the address is known.
     *
     * @param {string} id
     * @returns {Promise<RecordedTrack[]>}
     */
    recordingTracks(id: string): Promise<RecordedTrack[]>;
    /**
     * What people are called who are in the call, or were; who is not known any more is left out.
     *
     * @param {string[]} participantIds
     * @returns {Promise<Map<string, string>>}  Names by participant.
     */
    namesOf(participantIds: string[]): Promise<Map<string, string>>;
    /**
     * Changes the microphone in the middle of the call, without a new offer. Null listens only.
     *
     * @param {MediaStreamTrack | null} track
     */
    useMicrophone(track: MediaStreamTrack | null): Promise<void>;
    /** @param {string} deviceId */
    useOutput(deviceId: string): Promise<void>;
    /**
     * Changes how the others are heard, with a new media session and a short gap.
     *
     * @param {Listening} listening
     */
    setListening(listening: Listening): Promise<void>;
    /** To be called from a click after `playbackblocked`. */
    resumePlayback(): Promise<void>;
    /** @returns {Promise<RTCStatsReport | null>} */
    stats(): Promise<RTCStatsReport | null>;
    /**
     * Joins with an offer and applies the answer: one round trip.
     *
     * @param {boolean} replace
     */
    enter(replace: boolean): Promise<void>;
    /** @returns {Promise<RegionProbe[]>} */
    probesForJoin(): Promise<RegionProbe[]>;
    /**
     * Waits to be let in. The events tell when that is, and listening to them keeps our place.
     *
     * @param {Queued} queued
     */
    wait(queued: Queued): void;
    /** Asks how we stand; goes in if we may. */
    askAgain(): Promise<void>;
    /** @param {any} own  We, as the service has us now. */
    onAsked(own: any): Promise<void>;
    /** @param {unknown} error */
    onNotAsked(error: unknown): Promise<void>;
    /**
     * We are let in: from here it goes on as with a join that did not have to wait.
     *
     * @param {Joined} stay
     */
    goIn(stay: Joined): Promise<void>;
    /** @param {QueuePlace | undefined} place */
    onPlace(place: QueuePlace | undefined): void;
    /** @param {string} reason */
    onNotAdmitted(reason: string): void;
    stopWaiting(): void;
    /** Gives the participant that we still are new media. */
    renewMedia(): Promise<void>;
    newMedia(): MediaSession;
    makeMedia(): MediaSession;
    /** @param {MediaSession} media */
    onMediaState(media: MediaSession): void;
    /**
     * Gets media to flow again. If the network broke, by a new ICE session of the media we have, for some seconds. Then by
     * new media until it flows, with growing pauses: first for the participant we are; if the service does not know it any
     * more, as a new one of the same identity.
     *
     * @param {string} reason
     */
    recover(reason: string): Promise<void>;
    /** @returns {Promise<boolean>} True when the media we have flows again. */
    restartIce(): Promise<boolean>;
    /** @returns {Promise<boolean>} True when media flows, or when it never will. */
    tryAgain(): Promise<boolean>;
    /**
     * @param {unknown} error
     * @returns {Promise<boolean>}
     */
    onRefused(error: unknown): Promise<boolean>;
    renewToken(): Promise<boolean>;
    /** Another network, or one again: what we send by the former goes nowhere, whatever ICE knows of it yet. */
    onNetworkChange(): void;
    /** @param {{ticket: string, eventsUrl: string}} ticket */
    watch(ticket: {
        ticket: string;
        eventsUrl: string;
    }): void;
    /** @param {string} conferenceId */
    openChat(conferenceId: string): void;
    /** @param {string} conferenceId */
    openFiles(conferenceId: string): void;
    /** @param {string} conferenceId */
    openRecordings(conferenceId: string): void;
    /**
     * Tells of the server's effort for mixes if it is another than was told last; none means the full one.
     *
     * @param {{complexity: number, complexityMax: number} | undefined} told
     */
    onEffort(told: {
        complexity: number;
        complexityMax: number;
    } | undefined): void;
    /**
     * @param {ConferenceState | undefined} told
     * @param {string[]} [changed]  The names of what changed; unknown after a snapshot.
     */
    onConference(told: ConferenceState | undefined, changed?: string[]): void;
    /** @param {any} frame */
    onFrame(frame: any): void;
    /** @param {Participant[]} participants */
    onWaiting(participants: Participant[]): void;
    /**
     * The conference is on another media server now: there we stay who we are, with new media.
     *
     * @param {{epoch: number, reason: string}} move
     */
    onMove({ epoch, reason }: {
        epoch: number;
        reason: string;
    }): void;
    /** Makes media at the new place, silent as yet, while the old one goes on; tries until it is connected. */
    prepareMove(): Promise<void>;
    /** @returns {Promise<boolean>} True when media at the new place is connected. */
    connectNext(): Promise<boolean>;
    /** Everyone else is at the new place, and so is our media there, or it is in a moment, or we make new one. */
    onMoved(): Promise<void>;
    /**
     * Goes over to the new place at one moment: everyone is there by now.
     *
     * @param {string} reason
     */
    completeMove(reason: string): void;
    dropNext(): void;
    /** @param {Participant} participant */
    onParticipant(participant: Participant): void;
    /**
     * @param {string} id
     * @param {string} reason
     */
    onGone(id: string, reason: string): void;
    onRoster(): void;
    /**
     * @param {boolean} muted
     * @param {boolean} byOther
     */
    onMuted(muted: boolean, byOther: boolean): void;
    applyMute(): void;
    get isIn(): boolean;
    keepUp(): void;
    reportTalkers(): void;
    /** Tells the service how our media is, so that it can tell a media server that is dead from one it cannot reach. */
    reportMedia(): Promise<void>;
    reportQuality(): Promise<void>;
    leaveWithPage(): void;
    /** @param {string} reason */
    end(reason: string): void;
    /**
     * @param {string} [participantId]  We, if left out.
     * @returns {{conferenceId: string, id: string}}
     */
    inCall(participantId?: string): {
        conferenceId: string;
        id: string;
    };
    /** @returns {JoinOptions} */
    present(): JoinOptions;
    /**
     * @param {ClientState} state
     * @param {string} [reason]
     */
    setState(state: ClientState, reason?: string): void;
    /**
     * @param {string} type
     * @param {object} detail
     */
    emit(type: string, detail: object): void;
}
