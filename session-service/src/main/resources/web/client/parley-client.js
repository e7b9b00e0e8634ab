import { Backoff } from './backoff.js';
import { Chat } from './chat.js';
import { EventSocket } from './event-socket.js';
import { SharedFiles, shareFile } from './files.js';
import { restartIce } from './ice-restart.js';
import { MediaSession } from './media-session.js';
import { Newest } from './newest.js';
import { judge } from './quality.js';
import { RecordedTrack } from './recorded-track.js';
import { Recordings } from './recordings.js';
import { probeRegions } from './region-probes.js';
import { ProblemError, SessionApi } from './session-api.js';
import { Talkers } from './talkers.js';

export { LevelMeter, MicrophoneError, listDevices, openMicrophone } from './microphone.js';
export { makeThumbnail } from './files.js';
export { RecordedTrack } from './recorded-track.js';
export { ProblemError, SessionApi } from './session-api.js';

/** @typedef {import('./types.js').ChatMessage} ChatMessage */
/** @typedef {import('./types.js').ClientState} ClientState */
/** @typedef {import('./types.js').ConferenceState} ConferenceState */
/** @typedef {import('./types.js').Joined} Joined */
/** @typedef {import('./types.js').Listening} Listening */
/** @typedef {import('./types.js').Participant} Participant */
/** @typedef {import('./types.js').Position} Position */
/** @typedef {import('./types.js').Recording} Recording */
/** @typedef {import('./types.js').RecordingLink} RecordingLink */
/** @typedef {import('./types.js').RegionProbe} RegionProbe */
/** @typedef {import('./types.js').QueuePlace} QueuePlace */
/** @typedef {import('./types.js').Queued} Queued */
/** @typedef {import('./types.js').SharedFile} SharedFile */

/**
 * @typedef {object} JoinOptions
 * @property {string} conferenceId
 * @property {string} token  A join token.
 * @property {string} [name]
 * @property {Listening} [listening]
 * @property {number} [slots]  The conference's `speakerSlots`.
 * @property {MediaStreamTrack | null} [microphone]  Null or left out: listen only, until useMicrophone.
 * @property {boolean} [muted]
 * @property {boolean} [replace]  End an earlier stay of the same identity instead of being refused.
 * @property {boolean} [red]  False to send each voice packet once only (see media-session.js); otherwise losses on the
 *   way to the service are made up for, at about twice the bytes, by browsers that can.
 * @property {RTCIceServer[]} [iceServers]  Used if the service tells of none.
 * @property {boolean} [probe]  False not to measure how far regions are, where there are several; a conference that
 *   nobody is in yet begins where the first who joins is near.
 * @property {() => Promise<string>} [renewToken]  Asked for a new join token when the old one has expired.
 */

/** How long a connection may be broken before ICE is begun anew; a few lost packets heal sooner. */
const HEAL_MS = 1000;
/** How long ICE may take to begin anew; then a new connection is the better bet. */
const RESTART_MS = 8000;
const CONNECT_MS = 10000;
/** The same at a new place while the old one goes on, which it does for 15 s. */
const NEXT_MS = 5000;
/** How long after our own arrival at a new place we go over, should nobody tell us that all are there. */
const MOVED_MS = 20000;
/** How long we have to connect to a new place once everyone is there; then the old one may end at any moment. */
const FAREWELL_MS = 1500;
const TALKERS_EVERY_MS = 100;
/** The service takes four steps a second of each participant. */
const STEPS_EVERY_MS = 260;
const QUALITY_EVERY_MS = 2000;
/** How often the service hears that our media flows: if it has lost sight of the media server, that keeps it. */
const MEDIA_WORD_EVERY_MS = 5000;
/** So long what was measured of regions is good. */
const PROBES_MS = 10 * 60 * 1000;
/** Nobody waits longer for it: the service can guess. */
const PROBING_MS = 3000;
/** How often one who waits asks how it stands, in case an event did not come. */
const WAITING_ASK_MS = 15000;
/** What is read of what was shared before we came. */
const FILES_MAX = 200;
/** What is read of what was recorded before. */
const RECORDINGS_MAX = 50;
/** So long a recording can be heard by one address. */
const RECORDING_LINK_SEC = 3600;
/** Breaks that a new ICE session of the same media may mend. */
const NETWORK_REASONS = ['media-lost', 'network'];
/** Reasons for which a stay is over for good; after any other the client comes back. */
const FINAL_REASONS = ['client', 'kicked', 'banned', 'ended', 'replaced'];

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
export class ParleyClient extends EventTarget {
  /**
   * @param {{baseUrl?: string, api?: SessionApi, leaveOnPageHide?: boolean}} [options]
   */
  constructor({ baseUrl = globalThis.location?.origin ?? '', api, leaveOnPageHide = true } = {}) {
    super();
    this.baseUrl = baseUrl;
    this.api = api ?? new SessionApi(baseUrl);
    this.leaveOnPageHide = leaveOnPageHide;
    /** @type {ClientState} */
    this.state = 'idle';
    /** @type {JoinOptions | null} */
    this.options = null;
    /** @type {Joined | null} */
    this.stay = null;
    /** @type {MediaSession | null} */
    this.media = null;
    /** @type {MediaSession | null} At the place that we are moving to. */
    this.next = null;
    /** @type {MediaSession | null} At the place that the conference is moving from, once we were told. */
    this.leaving = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.moveTimer = undefined;
    /** @type {EventSocket | null} */
    this.events = null;
    /** @type {Chat | null} */
    this.chat = null;
    /** @type {SharedFiles | null} */
    this.shared = null;
    /** @type {Recordings | null} */
    this.recorded = null;
    /** What we said of being recorded, if we did. */
    this.recordingConsent = false;
    /** @type {ConferenceState | null} The conference's options, once they are known. */
    this.conference = null;
    /** @type {Map<string, Participant>} */
    this.roster = new Map();
    /** @type {Map<string, Participant>} Who waits to be let in, if we are a moderator. */
    this.waiting = new Map();
    /** @type {string | null} Our id while we wait. */
    this.waitingId = null;
    /** @type {QueuePlace | null} */
    this.queue = null;
    this.isEntering = false;
    this.talkers = new Talkers();
    this.muted = false;
    /** @type {Listening} */
    this.listening = 'auto';
    this.outputDeviceId = '';
    /** @type {MediaStreamTrack | null} */
    this.microphone = null;
    /** @type {import('./quality.js').Snapshot | null} */
    this.lastSnapshot = null;
    /** @type {string | null} */
    this.dominant = null;
    /** @type {{complexity: number, complexityMax: number} | undefined} */
    this.effort = undefined;
    /** @type {ReturnType<typeof setInterval>[]} */
    this.timers = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.healTimer = undefined;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.waitTimer = undefined;
    this.isRecovering = false;
    /** @type {AbortController | null} While ICE of the present media begins anew. */
    this.restarting = null;
    this.networkType = connectionType();
    /** The conference's place, counted; see `media.move` in docs/protocol.md. */
    this.epoch = 0;
    this.steps = new Newest((position) => this.step(position), { everyMs: STEPS_EVERY_MS });
    this.joinStartedMs = 0;
    /** @type {{atMs: number, probes: RegionProbe[]} | null} What was measured last. */
    this.measured = null;
    this.onOnline = () => this.onNetworkChange();
    this.onConnectionChange = () => {
      const former = this.networkType;
      this.networkType = connectionType();
      if (this.networkType !== former && this.networkType !== 'none') {
        this.onNetworkChange();
      }
    };
    this.onPageHide = () => this.leaveWithPage();
  }

  /** Our own id in the roster, once joined, or while we wait. */
  get participantId() {
    return this.stay?.id ?? this.waitingId;
  }

  /**
   * Joins. Resolves when the answer is applied; `state` says when media flows. Where people have to wait it resolves, too,
   * with the state `waiting`, and goes on by itself. Throws {@link ProblemError}.
   *
   * @param {JoinOptions} options
   */
  async join(options) {
    if (this.state !== 'idle' && this.state !== 'left') {
      throw new Error(`join called while ${this.state}`);
    }
    this.joinStartedMs = performance.now();
    this.options = options;
    this.api.token = options.token;
    this.listening = options.listening ?? 'auto';
    this.microphone = options.microphone ?? null;
    this.muted = options.muted ?? false;
    this.applyMute();
    this.roster.clear();
    this.waiting.clear();
    this.conference = null;
    this.talkers.clear();
    this.openChat(options.conferenceId);
    this.openFiles(options.conferenceId);
    this.openRecordings(options.conferenceId);
    this.setState('joining');
    try {
      await this.enter(options.replace ?? false);
    } catch (error) {
      this.end('failed');
      throw error;
    }
    this.keepUp();
    this.watchFirst();
  }

  /** The first media flows in time, or is made anew. */
  async watchFirst() {
    if (!(await connectedInTime(this.media, CONNECT_MS)) && this.state === 'connecting') {
      this.recover('connect-timeout');
    }
  }

  /**
   * Measures how far the service's regions are, as joining does by itself; what was measured in the last ten minutes is
   * taken again. Before joining, set `api.token`. Never throws: where nothing can be measured the service guesses.
   *
   * @returns {Promise<RegionProbe[]>}  Empty if there is nothing to choose.
   */
  async probeRegions() {
    const ageMs = this.measured ? performance.now() - this.measured.atMs : Infinity;
    if (this.measured && ageMs < PROBES_MS) {
      const ageSec = Math.floor(ageMs / 1000);
      return this.measured.probes.map((probe) => ({ ...probe, ageSec }));
    }
    try {
      const { regions } = await this.api.regions();
      const probes = await probeRegions(regions);
      this.measured = { atMs: performance.now(), probes };
      return probes;
    } catch {
      return []; // An older service, or a browser without WebRTC by UDP.
    }
  }

  /** Leaves. Never throws: whoever wants to go, goes. */
  async leave() {
    const { participantId, options } = this;
    this.end('client');
    if (participantId && options) {
      await this.api.leave(options.conferenceId, participantId).catch(() => {
        // Without an answer the service notices the silence by itself.
      });
    }
  }

  /**
   * Mutes at once, here and at the service; opens the microphone only after the service has agreed.
   *
   * @param {boolean} muted
   */
  async setMuted(muted) {
    const { stay, options } = this;
    if (!stay || !options) {
      return;
    }
    if (muted) {
      this.onMuted(true, false);
    }
    try {
      await this.api.change(options.conferenceId, stay.id, { muted });
      this.onMuted(muted, false);
    } catch (error) {
      this.emit('problem', { error });
    }
  }

  mute() {
    return this.setMuted(true);
  }

  unmute() {
    return this.setMuted(false);
  }

  /** We, as the roster has us, once it has. */
  get self() {
    return this.roster.get(this.participantId ?? '') ?? null;
  }

  /**
   * Raises or lowers our hand, or lowers another's, for moderators.
   *
   * @param {boolean} raised
   * @param {string} [participantId]
   */
  async setHand(raised, participantId) {
    const { conferenceId, id } = this.inCall(participantId);
    await this.api.change(conferenceId, id, { handRaised: raised });
  }

  /**
   * Says where we are in the room; may be called as often as we move. Resolves when this place, or one said after it, is known.
   *
   * @param {Position} position
   */
  setPosition(position) {
    return this.steps.say(position);
  }

  /**
   * Puts another somewhere else, for moderators.
   *
   * @param {string} participantId
   * @param {Position} position
   */
  async placeOther(participantId, position) {
    const { conferenceId, id } = this.inCall(participantId);
    await this.api.change(conferenceId, id, { position });
  }

  /** @param {Position} position */
  async step(position) {
    const { conferenceId, id } = this.inCall();
    await this.api.change(conferenceId, id, { position });
  }

  /**
   * Mutes another, for moderators. Nobody can be unmuted by others: {@link askToUnmute}.
   *
   * @param {string} participantId
   */
  async muteOther(participantId) {
    const { conferenceId, id } = this.inCall(participantId);
    await this.api.change(conferenceId, id, { muted: true });
  }

  /**
   * Mutes everyone else, for moderators.
   *
   * @returns {Promise<{muted: number, unreached: string[]}>}
   */
  muteOthers() {
    const { conferenceId, id } = this.inCall();
    return this.api.muteAll(conferenceId, [id]);
  }

  /**
   * Asks another to open the microphone, for moderators.
   *
   * @param {string} participantId
   */
  async askToUnmute(participantId) {
    const { conferenceId, id } = this.inCall(participantId);
    await this.api.askToUnmute(conferenceId, id);
  }

  /**
   * Gives another role, for moderators.
   *
   * @param {string} participantId
   * @param {Participant['role']} role
   */
  async setRole(participantId, role) {
    const { conferenceId, id } = this.inCall(participantId);
    await this.api.change(conferenceId, id, { role });
  }

  /**
   * Removes another, for moderators.
   *
   * @param {string} participantId
   * @param {{banSeconds?: number}} [options]  How long the identity may not come back.
   */
  async remove(participantId, { banSeconds = 0 } = {}) {
    const { conferenceId, id } = this.inCall(participantId);
    await this.api.leave(conferenceId, id, { banSeconds });
  }

  /**
   * Lets in one who waits, for moderators; {@link remove} refuses.
   *
   * @param {string} participantId
   */
  async admit(participantId) {
    const { conferenceId, id } = this.inCall(participantId);
    await this.api.admit(conferenceId, id);
  }

  /**
   * Lets in everyone who waits, for moderators.
   *
   * @returns {Promise<{admitted: number, remaining: string[]}>}
   */
  admitAll() {
    return this.api.admitAll(this.inCall().conferenceId);
  }

  /**
   * Has those who come wait until a moderator lets them in, or lets in everyone who waits; for moderators.
   *
   * @param {boolean} lobby
   */
  async setLobby(lobby) {
    await this.api.changeConference(this.inCall().conferenceId, { lobby });
  }

  /**
   * Locks the conference, so that nobody new comes in, or unlocks it; for moderators.
   *
   * @param {boolean} locked
   */
  async setLocked(locked) {
    const { conferenceId } = this.inCall();
    await this.api.changeConference(conferenceId, { locked });
  }

  /** What has been said by text, the latest messages, oldest first. */
  get messages() {
    return this.chat?.list ?? [];
  }

  /**
   * Sends a message to everyone; resolves when it is stored. While the connection is broken that takes until it is
   * back, and the message is sent once all the same. Throws {@link ProblemError}.
   *
   * @param {string} text  1 to 4096 bytes of UTF-8.
   * @returns {Promise<{sequence: number}>}
   */
  sendMessage(text) {
    return this.chat?.send(text) ?? Promise.reject(new ProblemError(410, { code: 'left', detail: 'You have left.' }));
  }

  /** What has been shared, oldest first. */
  get files() {
    return this.shared?.list ?? [];
  }

  /** False if we may not share files, nor read those of others. */
  get mayShareFiles() {
    return this.shared?.isAllowed ?? false;
  }

  /**
   * Shares a file or photo with everyone; its bytes go straight to the file store. Resolves when the others can read it.
   * Throws {@link ProblemError}.
   *
   * @param {Blob} content
   * @param {import('./files.js').ShareOptions} [options]
   * @returns {Promise<SharedFile>}
   */
  async shareFile(content, options) {
    const file = await shareFile(this.api, this.inCall().conferenceId, content, options);
    this.shared?.onShared(file); // The event may be late.
    return file;
  }

  /**
   * Addresses to read files and thumbnails from, good for ten minutes; what is not there any more has none.
   *
   * @param {string[]} ids
   * @param {{inline?: boolean}} [options]  Whether a browser is to show or to save it.
   * @returns {Promise<Map<string, string>>}
   */
  async fileLinks(ids, { inline = false } = {}) {
    const disposition = inline ? 'inline' : 'attachment';
    const { data } = await this.api.linkFiles(this.inCall().conferenceId, ids, { disposition });
    return new Map(data.flatMap(({ id, url }) => (url ? [[id, url]] : [])));
  }

  /**
   * Erases what we shared, or as a moderator what others did, for everyone and for good.
   *
   * @param {string} id
   */
  async eraseFile(id) {
    await this.api.eraseFile(this.inCall().conferenceId, id);
    this.shared?.onErased(id);
  }

  /** The recordings of the conference, newest first. */
  get recordings() {
    return this.recorded?.list ?? [];
  }

  /** Those of them by which we are recorded now, or are not only because they are paused. */
  get runningRecordings() {
    return this.recorded?.running ?? [];
  }

  /**
   * Has what is said recorded, for those with the grant `record`; everybody sees it. Throws {@link ProblemError}.
   *
   * @param {{mode?: 'mix' | 'tracks', channels?: 1 | 2, tags?: Record<string, string>}} [wish]
   * @returns {Promise<Recording>}
   */
  async startRecording(wish = {}) {
    return this.api.startRecording(this.inCall().conferenceId, wish, crypto.randomUUID());
  }

  /**
   * Has what is said left out, until {@link resumeRecording}.
   *
   * @param {string} id
   */
  pauseRecording(id) {
    return this.api.changeRecording(this.inCall().conferenceId, id, 'paused');
  }

  /** @param {string} id */
  resumeRecording(id) {
    return this.api.changeRecording(this.inCall().conferenceId, id, 'recording');
  }

  /** @param {string} id */
  stopRecording(id) {
    return this.api.changeRecording(this.inCall().conferenceId, id, 'stopped');
  }

  /** Whether nobody is recorded here who does not agree. */
  get needsRecordingConsent() {
    return this.conference?.recording?.consent === 'required';
  }

  /**
   * Agrees to be recorded, or no longer; also of a later stay, should we be let in anew.
   *
   * @param {boolean} given
   */
  async setRecordingConsent(given) {
    const { conferenceId } = this.inCall();
    this.recordingConsent = given;
    await this.api.consentToRecording(conferenceId, given);
  }

  /**
   * Addresses to hear a recording from, one for each track that is there, good for an hour; for those with the grant `record`.
   *
   * @param {string} id
   * @param {{inline?: boolean}} [options]  Whether a browser is to play or to save it.
   * @returns {Promise<RecordingLink[]>}
   */
  async recordingLinks(id, { inline = true } = {}) {
    const disposition = inline ? 'inline' : 'attachment';
    const { data } = await this.api.linkRecording(this.inCall().conferenceId, id, { disposition, ttlSec: RECORDING_LINK_SEC });
    return data.flatMap(({ segment, track, url, manifest }) => (
      url ? [{ segment, track, url, manifestUrl: manifest?.url }] : []));
  }

  /**
   * The tracks of a recording, each with what its manifest says: how loud it is when, for a waveform, who is heard when,
   * where sound is missing. Of one whose manifest cannot be read only the address is known.
   *
   * @param {string} id
   * @returns {Promise<RecordedTrack[]>}
   */
  async recordingTracks(id) {
    const links = await this.recordingLinks(id);
    return Promise.all(links.map(async (link) => {
      const manifest = link.manifestUrl ? await this.api.manifest(link.manifestUrl).catch(() => null) : null;
      return new RecordedTrack(link, manifest);
    }));
  }

  /**
   * What people are called who are in the call, or were; who is not known any more is left out.
   *
   * @param {string[]} participantIds
   * @returns {Promise<Map<string, string>>}  Names by participant.
   */
  async namesOf(participantIds) {
    const { conferenceId } = this.inCall();
    const named = await Promise.all(participantIds.map(async (id) => {
      const known = this.roster.get(id) ?? (await this.api.participant(conferenceId, id).catch(() => null));
      return /** @type {[string, string]} */ ([id, known ? known.name || known.identity : '']);
    }));
    return new Map(named.filter(([, name]) => name !== ''));
  }

  /**
   * Changes the microphone in the middle of the call, without a new offer. Null listens only.
   *
   * @param {MediaStreamTrack | null} track
   */
  async useMicrophone(track) {
    this.microphone = track;
    this.applyMute();
    await Promise.all([this.media?.useMicrophone(track), this.next?.useMicrophone(track)]);
  }

  /** @param {string} deviceId */
  async useOutput(deviceId) {
    this.outputDeviceId = deviceId;
    await Promise.all([this.media?.useOutput(deviceId), this.next?.useOutput(deviceId)]);
  }

  /**
   * Changes how the others are heard, with a new media session and a short gap.
   *
   * @param {Listening} listening
   */
  async setListening(listening) {
    this.listening = listening;
    this.restarting?.abort(); // The media that it would bring back is of no use any more.
    await this.recover('listening');
  }

  /** To be called from a click after `playbackblocked`. */
  async resumePlayback() {
    await this.media?.resumePlayback();
  }

  /** @returns {Promise<RTCStatsReport | null>} */
  async stats() {
    return (await this.media?.connection.getStats()) ?? null;
  }

  // Joining and coming back

  /**
   * Joins with an offer and applies the answer: one round trip.
   *
   * @param {boolean} replace
   */
  async enter(replace) {
    const options = this.present();
    const media = this.newMedia();
    const [sdp, probes] = await Promise.all([media.offer(), this.probesForJoin()]);
    const answer = await this.api.join(options.conferenceId, {
      ...(options.name ? { name: options.name } : {}),
      ...(probes.length > 0 ? { probes } : {}),
      sdp,
      listening: this.listening,
      muted: this.muted,
      replace,
      redirect: true,
    });
    if (this.media !== media) {
      await this.api.leave(options.conferenceId, answer.id).catch(() => {}); // We left while the answer was under way.
      return;
    }
    if (answer.state === 'queued') {
      this.wait(/** @type {Queued} */ (answer));
      return;
    }
    const stay = /** @type {Joined} */ (answer);
    this.stay = stay;
    this.epoch = stay.media.epoch ?? 0;
    this.watch(stay.media);
    this.setState(this.state === 'reconnecting' ? 'reconnecting' : 'connecting');
    const answered = stay.answer
      ? { answer: stay.answer, sessionUrl: stay.media.rtcSessionUrl }
      : await this.api.carry(stay.media, sdp, this.listening);
    if (this.media === media) {
      await media.accept(answered.answer, stay.media.iceServers, answered.sessionUrl);
    }
  }

  /** @returns {Promise<RegionProbe[]>} */
  async probesForJoin() {
    if (this.present().probe === false) {
      return [];
    }
    return (await Promise.race([this.probeRegions(), pause(PROBING_MS)])) ?? [];
  }

  /**
   * Waits to be let in. The events tell when that is, and listening to them keeps our place.
   *
   * @param {Queued} queued
   */
  wait(queued) {
    this.media?.close();
    this.media = null;
    this.stay = null;
    this.waitingId = queued.id;
    this.queue = queued.queue;
    this.watch(queued);
    this.setState('waiting', queued.queue.reason);
    this.emit('queued', { queue: queued.queue });
    this.waitTimer = setInterval(() => this.askAgain(), WAITING_ASK_MS);
    globalThis.addEventListener?.('online', this.onOnline);
    if (this.leaveOnPageHide) {
      globalThis.addEventListener?.('pagehide', this.onPageHide);
    }
  }

  /** Asks how we stand; goes in if we may. */
  async askAgain() {
    const { waitingId: id } = this;
    if (!id || this.isEntering) {
      return;
    }
    this.isEntering = true;
    try {
      const own = await this.api.participant(this.present().conferenceId, id);
      if (id === this.waitingId) {
        await this.onAsked(own);
      }
    } catch (error) {
      await this.onNotAsked(error);
    } finally {
      this.isEntering = false;
    }
  }

  /** @param {any} own  We, as the service has us now. */
  async onAsked(own) {
    if (own.state === 'queued') {
      this.onPlace(own.queue);
    } else if (own.media) {
      await this.goIn(own);
    } else {
      this.onNotAdmitted(own.leaveReason ?? 'failed');
    }
  }

  /** @param {unknown} error */
  async onNotAsked(error) {
    const isLasting = error instanceof ProblemError && !error.mayPass && this.state === 'waiting';
    if (!isLasting || (error.status === 401 && error.code !== 'token-revoked' && (await this.renewToken()))) {
      return; // It is asked again soon.
    }
    if (error.code === 'token-revoked' || error.code === 'banned') {
      this.onNotAdmitted(error.code === 'banned' ? 'banned' : 'kicked');
    } else {
      this.emit('problem', { error });
      this.end(error.code === 'ended' ? 'ended' : 'failed');
    }
  }

  /**
   * We are let in: from here it goes on as with a join that did not have to wait.
   *
   * @param {Joined} stay
   */
  async goIn(stay) {
    this.stopWaiting();
    this.stay = stay;
    this.epoch = 0;
    this.emit('admitted', {});
    this.setState('connecting');
    this.keepUp();
    try {
      await this.renewMedia();
      this.watchFirst();
    } catch {
      this.recover('media-lost');
    }
  }

  /** @param {QueuePlace | undefined} place */
  onPlace(place) {
    if (place && (place.position !== this.queue?.position || place.reason !== this.queue?.reason)) {
      this.queue = place;
      this.emit('position', { queue: place });
    }
  }

  /** @param {string} reason */
  onNotAdmitted(reason) {
    this.stopWaiting();
    this.emit('refused', { reason });
    this.end(reason === 'kicked' ? 'refused' : reason);
  }

  stopWaiting() {
    clearInterval(this.waitTimer);
    this.waitingId = null;
    this.queue = null;
  }

  /** Gives the participant that we still are new media. */
  async renewMedia() {
    const stay = this.stay;
    if (!stay) {
      throw new ProblemError(410, { code: 'left', detail: 'You have left.' });
    }
    const media = this.newMedia();
    const { answer, sessionUrl } = await this.api.offer(stay.media.rtcUrl, await media.offer(), this.listening);
    if (this.media === media) {
      await media.accept(answer, stay.media.iceServers, sessionUrl);
    }
  }

  newMedia() {
    this.media?.close();
    this.lastSnapshot = null;
    this.media = this.makeMedia();
    return this.media;
  }

  makeMedia() {
    const { iceServers = [], slots = 3, red = true } = this.present();
    const media = new MediaSession({
      iceServers,
      slots: this.listening === 'mix' ? 1 : slots,
      microphone: this.microphone,
      outputDeviceId: this.outputDeviceId,
      red,
    });
    media.addEventListener('state', () => this.onMediaState(media));
    media.addEventListener('playbackblocked', () => this.emit('playbackblocked', {}));
    return media;
  }

  /** @param {MediaSession} media */
  onMediaState(media) {
    if (media !== this.media) {
      return;
    }
    clearTimeout(this.healTimer);
    this.reportMedia();
    if (media.state === 'connected') {
      this.setState('connected');
    } else if (media.state === 'disconnected') {
      this.healTimer = setTimeout(() => this.recover('media-lost'), HEAL_MS);
    } else if (media.state === 'failed' || media.state === 'closed') {
      this.recover('media-lost');
    }
  }

  /**
   * Gets media to flow again. If the network broke, by a new ICE session of the media we have, for some seconds. Then by
   * new media until it flows, with growing pauses: first for the participant we are; if the service does not know it any
   * more, as a new one of the same identity.
   *
   * @param {string} reason
   */
  async recover(reason) {
    if (this.isRecovering || !this.isIn) {
      return;
    }
    if (this.next?.state === 'connected') {
      this.completeMove(reason); // The old place is gone, and the new one is ready.
      return;
    }
    this.isRecovering = true;
    this.dropNext();
    this.setState('reconnecting', reason);
    const backoff = new Backoff();
    try {
      if (NETWORK_REASONS.includes(reason) && (await this.restartIce())) {
        return;
      }
      while (this.isIn && !(await this.tryAgain())) {
        await pause(backoff.nextMs());
      }
    } finally {
      this.isRecovering = false;
    }
  }

  /** @returns {Promise<boolean>} True when the media we have flows again. */
  async restartIce() {
    const { media, stay } = this;
    if (!stay || !media?.sessionUrl) {
      return false;
    }
    const restarting = new AbortController();
    this.restarting?.abort();
    this.restarting = restarting;
    const send = (/** @type {string} */ fragment) => this.api.restartIce(media.sessionUrl, fragment);
    const timer = setTimeout(() => restarting.abort(), RESTART_MS);
    const flows = await restartIce(media, send, restarting.signal);
    clearTimeout(timer);
    if (this.restarting === restarting) {
      this.restarting = null;
    }
    return flows && media === this.media;
  }

  /** @returns {Promise<boolean>} True when media flows, or when it never will. */
  async tryAgain() {
    try {
      await (this.stay ? this.renewMedia() : this.enter(true));
      return await connectedInTime(this.media, CONNECT_MS);
    } catch (error) {
      return this.onRefused(error);
    }
  }

  /**
   * @param {unknown} error
   * @returns {Promise<boolean>}
   */
  async onRefused(error) {
    if (!(error instanceof ProblemError) || error.mayPass) {
      return false;
    }
    if (error.code === 'left' || error.code === 'not-found' || error.code === 'identity-already-joined') {
      if (this.stay) {
        this.stay = null; // The service has given us up; the next try joins anew.
        return false;
      }
    }
    if (error.status === 401 && (await this.renewToken())) {
      return false;
    }
    this.emit('problem', { error });
    this.end(error.code === 'ended' ? 'ended' : 'failed');
    return true;
  }

  async renewToken() {
    const renew = this.options?.renewToken;
    if (!renew) {
      return false;
    }
    try {
      this.api.token = await renew();
      return true;
    } catch {
      return false;
    }
  }

  /** Another network, or one again: what we send by the former goes nowhere, whatever ICE knows of it yet. */
  onNetworkChange() {
    this.events?.hurry();
    if (!this.media || this.isRecovering) {
      return;
    }
    if (this.media.state === 'connected') {
      this.restartIce(); // The sound goes on meanwhile, if it does; if not, ICE is going to say so.
    } else {
      this.recover('network');
    }
  }

  // Events of the conference

  /** @param {{ticket: string, eventsUrl: string}} ticket */
  watch(ticket) {
    this.events?.close();
    const { conferenceId } = this.present();
    const events = new EventSocket(this.baseUrl, () => this.api.eventTicket(conferenceId));
    this.events = events;
    events.addEventListener('frame', (event) => this.onFrame(/** @type {CustomEvent} */ (event).detail));
    events.addEventListener('open', () => this.chat?.onOpen());
    events.addEventListener('closed', () => this.talkers.onSilentService());
    events.addEventListener('over', () => this.end('ended'));
    events.addEventListener('refused', (event) => {
      const error = /** @type {CustomEvent} */ (event).detail;
      if (error.status === 401) {
        this.renewToken();
      }
    });
    events.open(ticket);
  }

  /** @param {string} conferenceId */
  openChat(conferenceId) {
    const chat = new Chat({
      read: async (query) => (await this.api.messages(conferenceId, query)).data,
      send: (frame) => this.events?.send(frame) ?? false,
    });
    this.chat = chat;
    chat.addEventListener('message', (event) => this.emit('message', /** @type {CustomEvent} */ (event).detail));
  }

  /** @param {string} conferenceId */
  openFiles(conferenceId) {
    const shared = new SharedFiles(() => this.api.files(conferenceId, { limit: FILES_MAX }));
    this.shared = shared;
    shared.addEventListener('change', (event) => {
      if (shared === this.shared) {
        this.emit('files', /** @type {CustomEvent} */ (event).detail);
      }
    });
  }

  /** @param {string} conferenceId */
  openRecordings(conferenceId) {
    const recorded = new Recordings(() => this.api.recordings(conferenceId, { limit: RECORDINGS_MAX }));
    this.recorded = recorded;
    recorded.addEventListener('change', (event) => {
      if (recorded === this.recorded) {
        this.emit('recordings', /** @type {CustomEvent} */ (event).detail);
      }
    });
  }

  /**
   * Tells of the server's effort for mixes if it is another than was told last; none means the full one.
   *
   * @param {{complexity: number, complexityMax: number} | undefined} told
   */
  onEffort(told) {
    const effort = told ?? (this.effort && { ...this.effort, complexity: this.effort.complexityMax });
    if (effort && effort.complexity !== this.effort?.complexity) {
      this.effort = effort;
      this.emit('encoders', effort);
    }
  }

  /**
   * @param {ConferenceState | undefined} told
   * @param {string[]} [changed]  The names of what changed; unknown after a snapshot.
   */
  onConference(told, changed = []) {
    if (told && told.version > (this.conference?.version ?? -1)) {
      this.conference = told;
      this.emit('conferenceupdated', { conference: told, changed });
    }
  }

  /** @param {any} frame */
  onFrame(frame) {
    switch (frame.type) {
      case 'welcome':
        if (frame.snapshot) {
          this.roster = new Map(frame.snapshot.participants.map((/** @type {Participant} */ p) => [p.id, p]));
          this.onRoster();
          this.onWaiting(frame.snapshot.waiting ?? []);
          this.onConference(frame.snapshot.conference);
          this.onEffort(frame.snapshot.encoders);
          if (this.stay) {
            this.shared?.onSnapshot();
            this.recorded?.onSnapshot(frame.snapshot.recordings ?? []);
            if (this.recordingConsent && this.self && !this.self.recordingConsent) {
              this.setRecordingConsent(true).catch(() => {}); // Not recorded until the next snapshot.
            }
          }
          if (this.waitingId && this.roster.has(this.waitingId)) {
            this.askAgain();
          }
        }
        break;
      case 'queue.position':
        this.onPlace(frame.data);
        break;
      case 'participant.waiting':
        this.onWaiting([...this.waiting.values()].filter(({ id }) => id !== frame.data.id).concat(frame.data));
        break;
      case 'participant.admitted':
        if (frame.data.id === this.waitingId) {
          this.askAgain();
        }
        this.onWaiting([...this.waiting.values()].filter(({ id }) => id !== frame.data.id));
        break;
      case 'participant.not-admitted':
        if (frame.data.id === this.waitingId) {
          this.onNotAdmitted(frame.data.reason);
        }
        this.onWaiting([...this.waiting.values()].filter(({ id }) => id !== frame.data.id));
        break;
      case 'participant.joined':
      case 'participant.updated':
        this.onParticipant(frame.data);
        break;
      case 'participant.left':
        this.onGone(frame.data.id, frame.data.reason);
        break;
      case 'speakers':
        this.dominant = frame.dominant ?? null;
        this.talkers.onSpeakers(frame.data);
        break;
      case 'quality':
        this.emit('callquality', { participants: frame.data });
        break;
      case 'unmute.request':
        if (frame.data.id === this.participantId) {
          this.emit('unmuterequest', {});
        }
        break;
      case 'conference.updated': {
        const { changed, ...conference } = frame.data;
        this.onConference(conference, changed);
        break;
      }
      case 'conference.encoders':
        this.onEffort(frame.data);
        break;
      case 'media.move':
        this.onMove(frame.data);
        break;
      case 'media.moved':
        this.onMoved();
        break;
      case 'message':
        this.chat?.onMessage(frame.data);
        break;
      case 'ack':
      case 'refused':
        this.chat?.onAnswer(frame);
        break;
      case 'file.shared':
        this.shared?.onShared(frame.data);
        break;
      case 'file.erased':
        this.shared?.onErased(frame.data.id);
        break;
      case 'recording.state':
        this.recorded?.onState(frame.data);
        break;
      case 'conference.ended':
        this.end('ended');
        break;
      default: // From a newer service.
    }
  }

  /** @param {Participant[]} participants */
  onWaiting(participants) {
    if (participants.length > 0 || this.waiting.size > 0) {
      this.waiting = new Map(participants.map((one) => [one.id, one]));
      this.emit('waiting', { participants });
    }
  }

  /**
   * The conference is on another media server now: there we stay who we are, with new media.
   *
   * @param {{epoch: number, reason: string}} move
   */
  onMove({ epoch, reason }) {
    if (epoch <= this.epoch) {
      return;
    }
    this.epoch = epoch;
    if (reason !== 'drain') {
      this.restarting?.abort(); // Nobody is there to answer it.
      this.recover(reason);
      return;
    }
    this.leaving = this.media;
    if (this.media?.state === 'connected' && !this.isRecovering) {
      this.prepareMove();
    } else {
      this.recover(reason);
    }
  }

  /** Makes media at the new place, silent as yet, while the old one goes on; tries until it is connected. */
  async prepareMove() {
    const { epoch, leaving } = this;
    const isWanted = () => this.epoch === epoch && this.media === leaving && this.leaving === leaving;
    const backoff = new Backoff();
    while (isWanted() && !(await this.connectNext())) {
      await pause(backoff.nextMs());
    }
    if (isWanted() && this.next) {
      this.moveTimer = setTimeout(() => this.completeMove('drain'), MOVED_MS);
    }
  }

  /** @returns {Promise<boolean>} True when media at the new place is connected. */
  async connectNext() {
    this.dropNext();
    const { stay } = this;
    const next = this.makeMedia();
    this.next = next;
    next.setSilent(true);
    try {
      const { answer, sessionUrl } = await this.api.offer(stay?.media.rtcUrl ?? '', await next.offer(), this.listening);
      if (this.next === next) {
        await next.accept(answer, stay?.media.iceServers ?? [], sessionUrl);
      }
    } catch {
      return false; // The old place goes on meanwhile.
    }
    return connectedInTime(next, NEXT_MS);
  }

  /** Everyone else is at the new place, and so is our media there, or it is in a moment, or we make new one. */
  async onMoved() {
    const { leaving, next } = this;
    if (next) {
      await connectedInTime(next, FAREWELL_MS);
    }
    if (this.next === next && leaving && this.media === leaving) {
      this.completeMove('drain');
    }
  }

  /**
   * Goes over to the new place at one moment: everyone is there by now.
   *
   * @param {string} reason
   */
  completeMove(reason) {
    clearTimeout(this.moveTimer);
    const { next, media: former } = this;
    this.leaving = null;
    if (next?.state !== 'connected') {
      this.dropNext();
      this.recover(reason);
      return;
    }
    this.next = null;
    this.media = next;
    this.lastSnapshot = null;
    next.setSilent(false);
    former?.close();
    this.onMediaState(next);
  }

  dropNext() {
    clearTimeout(this.moveTimer);
    this.next?.close();
    this.next = null;
  }

  /** @param {Participant} participant */
  onParticipant(participant) {
    const before = this.roster.get(participant.id);
    this.roster.set(participant.id, participant);
    if (participant.id === this.participantId && participant.muted && !this.muted) {
      this.onMuted(true, true);
    }
    this.emit(before ? 'updated' : 'joined', { participant, before });
    this.onRoster();
  }

  /**
   * @param {string} id
   * @param {string} reason
   */
  onGone(id, reason) {
    const participant = this.roster.get(id);
    this.roster.delete(id);
    if (participant) {
      this.emit('left', { participant, reason });
      this.onRoster();
    }
    if (id === this.participantId) {
      if (FINAL_REASONS.includes(reason)) {
        this.end(reason);
      } else {
        this.stay = null;
        this.restarting?.abort();
        this.recover(reason);
      }
    }
  }

  onRoster() {
    this.emit('roster', { participants: [...this.roster.values()] });
  }

  /**
   * @param {boolean} muted
   * @param {boolean} byOther
   */
  onMuted(muted, byOther) {
    const changed = this.muted !== muted;
    this.muted = muted;
    this.applyMute();
    if (changed) {
      this.emit('mute', { muted, byOther });
    }
  }

  applyMute() {
    if (this.microphone) {
      this.microphone.enabled = !this.muted;
    }
  }

  // While it lasts

  get isIn() {
    return this.state === 'connecting' || this.state === 'connected' || this.state === 'reconnecting';
  }

  keepUp() {
    if (!this.isIn || this.timers.length > 0) {
      return;
    }
    this.timers.push(setInterval(() => this.reportTalkers(), TALKERS_EVERY_MS));
    this.timers.push(setInterval(() => this.reportQuality(), QUALITY_EVERY_MS));
    this.timers.push(setInterval(() => this.reportMedia(), MEDIA_WORD_EVERY_MS));
    globalThis.addEventListener?.('online', this.onOnline);
    connectionOf()?.addEventListener('change', this.onConnectionChange);
    if (this.leaveOnPageHide) {
      globalThis.addEventListener?.('pagehide', this.onPageHide);
    }
  }

  reportTalkers() {
    const nowMs = performance.now();
    this.talkers.onHeard(this.media?.heard(nowMs) ?? []);
    this.emit('talkers', { talkers: this.talkers.list(this.roster.values(), nowMs), dominant: this.dominant });
  }

  /** Tells the service how our media is, so that it can tell a media server that is dead from one it cannot reach. */
  async reportMedia() {
    const { events, media } = this;
    if (!events || !media) {
      return;
    }
    if (media.state === 'disconnected' || media.state === 'failed') {
      events.send({ type: 'media', flows: false });
    } else if (media.state === 'connected') {
      const ageMs = await media.lastPacketAgeMs();
      if (ageMs !== null && media === this.media) {
        events.send({ type: 'media', flows: true, ageMs });
      }
    }
  }

  async reportQuality() {
    const media = this.media;
    const snapshot = await media?.stats();
    if (!snapshot || media !== this.media || !this.isIn) {
      return;
    }
    this.emit('quality', judge(this.lastSnapshot, snapshot));
    this.lastSnapshot = snapshot;
  }

  leaveWithPage() {
    const { participantId, options } = this;
    if (participantId && options) {
      this.api.leave(options.conferenceId, participantId, { lastWords: true }).catch(() => {});
    }
    this.end('client');
  }

  /** @param {string} reason */
  end(reason) {
    if (this.state === 'left' || this.state === 'idle') {
      return;
    }
    this.timers.forEach(clearInterval);
    this.timers = [];
    this.stopWaiting();
    clearTimeout(this.healTimer);
    this.restarting?.abort();
    globalThis.removeEventListener?.('online', this.onOnline);
    connectionOf()?.removeEventListener('change', this.onConnectionChange);
    globalThis.removeEventListener?.('pagehide', this.onPageHide);
    this.events?.close();
    this.events = null;
    this.dropNext();
    this.chat?.close();
    this.media?.close();
    this.media = null;
    this.stay = null;
    this.setState('left', reason);
  }

  /**
   * @param {string} [participantId]  We, if left out.
   * @returns {{conferenceId: string, id: string}}
   */
  inCall(participantId) {
    const { stay, options } = this;
    if (!stay || !options) {
      throw new ProblemError(410, { code: 'left', detail: 'You are not in the call.' });
    }
    return { conferenceId: options.conferenceId, id: participantId ?? stay.id };
  }

  /** @returns {JoinOptions} */
  present() {
    if (!this.options) {
      throw new Error('not joined');
    }
    return this.options;
  }

  /**
   * @param {ClientState} state
   * @param {string} [reason]
   */
  setState(state, reason = '') {
    if (this.state !== state) {
      this.state = state;
      this.emit('state', { state, reason });
    }
  }

  /**
   * @param {string} type
   * @param {object} detail
   */
  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** @returns {(EventTarget & {type?: string}) | undefined} What browsers on mobile devices tell of their network. */
function connectionOf() {
  return /** @type {any} */ (globalThis.navigator)?.connection;
}

/** @returns {string} Such as `wifi` or `cellular`; empty where the browser does not tell. */
function connectionType() {
  return connectionOf()?.type ?? '';
}

/**
 * @param {MediaSession | null} media
 * @param {number} ms
 * @returns {Promise<boolean>} False if it is not connected by then, or never will be.
 */
function connectedInTime(media, ms) {
  return new Promise((resolve) => {
    if (!media || media.state === 'connected') {
      resolve(media !== null);
      return;
    }
    const timer = setTimeout(() => resolve(false), ms);
    media.addEventListener('state', () => {
      if (['connected', 'failed', 'closed'].includes(media.state)) {
        clearTimeout(timer);
        resolve(media.state === 'connected');
      }
    });
  });
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
