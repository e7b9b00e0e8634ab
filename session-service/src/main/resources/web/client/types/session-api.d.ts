/** @typedef {import('./types.js').ChatMessage} ChatMessage */
/** @typedef {import('./types.js').Conference} Conference */
/** @typedef {import('./types.js').Conversation} Conversation */
/** @typedef {import('./types.js').ConversationContent} ConversationContent */
/** @typedef {import('./types.js').Joined} Joined */
/** @typedef {import('./types.js').OpenRoom} OpenRoom */
/** @typedef {import('./types.js').Participant} Participant */
/** @typedef {import('./types.js').Recording} Recording */
/** @typedef {import('./types.js').RegionProbe} RegionProbe */
/** @typedef {import('./types.js').Regions} Regions */
/** @typedef {import('./types.js').Queued} Queued */
/** @typedef {import('./types.js').RegisteredFile} RegisteredFile */
/** @typedef {import('./types.js').SharedFile} SharedFile */
export type ChatMessage = import('./types.js').ChatMessage;
export type Conference = import('./types.js').Conference;
export type Conversation = import('./types.js').Conversation;
export type ConversationContent = import('./types.js').ConversationContent;
export type Joined = import('./types.js').Joined;
export type OpenRoom = import('./types.js').OpenRoom;
export type Participant = import('./types.js').Participant;
export type Recording = import('./types.js').Recording;
export type RegionProbe = import('./types.js').RegionProbe;
export type Regions = import('./types.js').Regions;
export type Queued = import('./types.js').Queued;
export type RegisteredFile = import('./types.js').RegisteredFile;
export type SharedFile = import('./types.js').SharedFile;
/** An error answer of the service: an RFC 9457 problem. Branch on `code`; show `message`. */
export declare class ProblemError extends Error {
    status: number;
    /** @type {string} */
    code: string;
    problem: Record<string, any>;
    retryAfterSec: number | null;
    /**
     * @param {number} status HTTP status, or 0 when no answer came.
     * @param {Record<string, any>} problem
     * @param {number | null} [retryAfterSec]
     */
    constructor(status: number, problem: Record<string, any>, retryAfterSec?: number | null);
    /** True if the same request may succeed later. */
    get mayPass(): boolean;
}
/** The HTTP calls that a client of the session service makes. Stateless but for the token. */
export declare class SessionApi {
    baseUrl: string;
    fetcher: typeof fetch;
    token: string;
    /**
     * @param {string} baseUrl Where the service is, such as `https://parley.example`.
     * @param {typeof fetch} [fetcher]
     */
    constructor(baseUrl: string, fetcher?: typeof fetch);
    /**
     * @param {string} alias
     * @param {{name: string, identity?: string}} entry
     * @returns {Promise<OpenRoom>}
     */
    enterOpenRoom(alias: string, entry: {
        name: string;
        identity?: string;
    }): Promise<OpenRoom>;
    /** @returns {Promise<Regions>} */
    regions(): Promise<Regions>;
    /**
     * @param {string} conferenceId
     * @param {{name?: string, sdp?: string, listening?: string, muted?: boolean, replace?: boolean, probes?: RegionProbe[], redirect?: boolean}} body
     * @returns {Promise<Joined | Queued>}  The latter while its state is `queued`.
     */
    join(conferenceId: string, body: {
        name?: string;
        sdp?: string;
        listening?: string;
        muted?: boolean;
        replace?: boolean;
        probes?: RegionProbe[];
        redirect?: boolean;
    }): Promise<Joined | Queued>;
    /**
     * Replaces the media of a participant who is already in.
     *
     * @param {string} rtcUrl
     * @param {string} offer
     * @param {string} listening
     * @returns {Promise<{answer: string, sessionUrl: string}>} The SDP answer, and where the media session is.
     */
    offer(rtcUrl: string, offer: string, listening: string): Promise<{
        answer: string;
        sessionUrl: string;
    }>;
    /**
     * Begins ICE of a media session anew (RFC 9725 section 4.3.3). May be repeated with the same credentials.
     *
     * @param {string} sessionUrl
     * @param {string} fragment Our new credentials, as an SDP fragment (RFC 8840).
     * @returns {Promise<string>} The media server's new credentials, likewise.
     */
    restartIce(sessionUrl: string, fragment: string): Promise<string>;
    /**
     * Takes the offer of a join to the media server that the service named, or by way of the service.
     *
     * @param {Joined['media']} media
     * @param {string} offer
     * @param {string} listening
     * @returns {ReturnType<SessionApi['offer']>}
     */
    carry(media: Joined['media'], offer: string, listening: string): ReturnType<SessionApi['offer']>;
    /**
     * The service may send us on to a media server's own address, where `fetch` goes by itself and, should that fail, does
     * not say so: then the service is to relay the offer.
     *
     * @param {URL} url
     * @param {string} offer
     */
    sendOrRelay(url: URL, offer: string): Promise<Response>;
    /**
     * Whether an address is the service's own: the token is for no other.
     *
     * @param {string} url
     */
    isOurs(url: string): boolean;
    /**
     * @param {string} conferenceId
     * @param {string} participantId
     * @param {{muted?: boolean, handRaised?: boolean, role?: Participant['role'], position?: Participant['position']}} change
     * @returns {Promise<Participant>}
     */
    change(conferenceId: string, participantId: string, change: {
        muted?: boolean;
        handRaised?: boolean;
        role?: Participant['role'];
        position?: Participant['position'];
    }): Promise<Participant>;
    /**
     * Reads a participant; our own has `media` from when we are let in until our first offer.
     *
     * @param {string} conferenceId
     * @param {string} participantId
     * @returns {Promise<any>}
     */
    participant(conferenceId: string, participantId: string): Promise<any>;
    /**
     * Lets in one who waits.
     *
     * @param {string} conferenceId
     * @param {string} participantId
     * @returns {Promise<Participant>}
     */
    admit(conferenceId: string, participantId: string): Promise<Participant>;
    /**
     * Lets in everyone who waits, as far as there are places.
     *
     * @param {string} conferenceId
     * @returns {Promise<{admitted: number, remaining: string[]}>}
     */
    admitAll(conferenceId: string): Promise<{
        admitted: number;
        remaining: string[];
    }>;
    /**
     * Changes options of the conference.
     *
     * @param {string} conferenceId
     * @param {{locked?: boolean, lobby?: boolean}} change
     * @returns {Promise<any>}
     */
    changeConference(conferenceId: string, change: {
        locked?: boolean;
        lobby?: boolean;
    }): Promise<any>;
    /**
     * Mutes everyone but some.
     *
     * @param {string} conferenceId
     * @param {string[]} except
     * @returns {Promise<{muted: number, unreached: string[]}>}
     */
    muteAll(conferenceId: string, except: string[]): Promise<{
        muted: number;
        unreached: string[];
    }>;
    /**
     * @param {string} conferenceId
     * @param {string} participantId
     */
    askToUnmute(conferenceId: string, participantId: string): Promise<void>;
    /**
     * Leaves, or for moderators removes another.
     *
     * @param {string} conferenceId
     * @param {string} participantId
     * @param {{lastWords?: boolean, banSeconds?: number}} [options] `lastWords` lets the request outlive the page.
     */
    leave(conferenceId: string, participantId: string, { lastWords, banSeconds }?: {
        lastWords?: boolean;
        banSeconds?: number;
    }): Promise<void>;
    /**
     * @param {string} conferenceId
     * @returns {Promise<{data: Participant[]}>}
     */
    roster(conferenceId: string): Promise<{
        data: Participant[];
    }>;
    /**
     * @param {string} conferenceId
     * @param {{order?: 'oldest' | 'newest', after?: number, limit?: number}} [query]
     * @returns {Promise<{data: ChatMessage[]}>}
     */
    messages(conferenceId: string, query?: {
        order?: 'oldest' | 'newest';
        after?: number;
        limit?: number;
    }): Promise<{
        data: ChatMessage[];
    }>;
    /**
     * Says what is to be shared; the answer says where to upload it.
     *
     * @param {string} conferenceId
     * @param {object} file
     * @param {string} key  The same for a repetition of the same request.
     * @returns {Promise<RegisteredFile>}
     */
    registerFile(conferenceId: string, file: object, key: string): Promise<RegisteredFile>;
    /**
     * Says that a file and its thumbnail are uploaded.
     *
     * @param {string} conferenceId
     * @param {string} id
     * @returns {Promise<SharedFile>}
     */
    commitFile(conferenceId: string, id: string): Promise<SharedFile>;
    /**
     * What was shared, newest first.
     *
     * @param {string} conferenceId
     * @param {{limit?: number, cursor?: string}} [query]
     * @returns {Promise<{data: SharedFile[], next?: string}>}
     */
    files(conferenceId: string, query?: {
        limit?: number;
        cursor?: string;
    }): Promise<{
        data: SharedFile[];
        next?: string;
    }>;
    /**
     * Signs addresses to read files and thumbnails from.
     *
     * @param {string} conferenceId
     * @param {string[]} ids  200 at most.
     * @param {{ttlSec?: number, disposition?: 'attachment' | 'inline'}} [wish]
     * @returns {Promise<{data: {id: string, url?: string, expiresAt?: string, code?: string}[]}>}
     */
    linkFiles(conferenceId: string, ids: string[], wish?: {
        ttlSec?: number;
        disposition?: 'attachment' | 'inline';
    }): Promise<{
        data: {
            id: string;
            url?: string;
            expiresAt?: string;
            code?: string;
        }[];
    }>;
    /**
     * @param {string} conferenceId
     * @param {string} id
     */
    eraseFile(conferenceId: string, id: string): Promise<void>;
    /**
     * @param {string} conferenceId
     * @param {{limit?: number, cursor?: string}} [query]
     * @returns {Promise<{data: Recording[], next?: string}>}
     */
    recordings(conferenceId: string, query?: {
        limit?: number;
        cursor?: string;
    }): Promise<{
        data: Recording[];
        next?: string;
    }>;
    /**
     * @param {string} conferenceId
     * @param {{mode?: 'mix' | 'tracks', channels?: 1 | 2, tags?: Record<string, string>}} wish
     * @param {string} key  The same for a repetition of the same request.
     * @returns {Promise<Recording>}
     */
    startRecording(conferenceId: string, wish: {
        mode?: 'mix' | 'tracks';
        channels?: 1 | 2;
        tags?: Record<string, string>;
    }, key: string): Promise<Recording>;
    /**
     * @param {string} conferenceId
     * @param {string} id
     * @param {'recording' | 'paused' | 'stopped'} state
     * @returns {Promise<Recording>}
     */
    changeRecording(conferenceId: string, id: string, state: 'recording' | 'paused' | 'stopped'): Promise<Recording>;
    /**
     * Says whether we agree to be recorded.
     *
     * @param {string} conferenceId
     * @param {boolean} given
     * @returns {Promise<Participant>}
     */
    consentToRecording(conferenceId: string, given: boolean): Promise<Participant>;
    /**
     * Signs addresses to hear a recording from, one for each track.
     *
     * @param {string} conferenceId
     * @param {string} id
     * @param {{ttlSec?: number, disposition?: 'attachment' | 'inline'}} [wish]
     * @returns {Promise<{data: {segment: number, track: string, url?: string, code?: string, manifest?: {url?: string}}[]}>}
     */
    linkRecording(conferenceId: string, id: string, wish?: {
        ttlSec?: number;
        disposition?: 'attachment' | 'inline';
    }): Promise<{
        data: {
            segment: number;
            track: string;
            url?: string;
            code?: string;
            manifest?: {
                url?: string;
            };
        }[];
    }>;
    /**
     * Reads what a track's manifest says, from its store.
     *
     * @param {string} url  As it was signed.
     * @returns {Promise<any>}
     */
    manifest(url: string): Promise<any>;
    /**
     * Calls that are over and that we took part in, newest first; with tags, those that have all of them. Any join token of
     * ours will do, whichever conference it is for.
     *
     * @param {{tags?: Record<string, string>, limit?: number, cursor?: string}} [query]  `cursor` is the `next` of the page before.
     * @returns {Promise<{data: Conversation[], next?: string}>}  A page may be short, or empty, though another follows.
     */
    conversations({ tags, limit, cursor }?: {
        tags?: Record<string, string>;
        limit?: number;
        cursor?: string;
    }): Promise<{
        data: Conversation[];
        next?: string;
    }>;
    /**
     * Reads a call that is over, with what our grants let us see of it.
     *
     * @param {string} id
     * @returns {Promise<ConversationContent>}
     */
    conversation(id: string): Promise<ConversationContent>;
    /**
     * Signs addresses to read what is left of a call that is over.
     *
     * @param {string} id
     * @param {string[]} objectIds  Of files and of recordings' tracks, 200 at most.
     * @param {{ttlSec?: number, disposition?: 'attachment' | 'inline'}} [wish]
     * @returns {Promise<{data: {id: string, url?: string, expiresAt?: string, code?: string}[]}>}
     */
    linkConversation(id: string, objectIds: string[], wish?: {
        ttlSec?: number;
        disposition?: 'attachment' | 'inline';
    }): Promise<{
        data: {
            id: string;
            url?: string;
            expiresAt?: string;
            code?: string;
        }[];
    }>;
    /**
     * @param {string} conferenceId
     * @returns {Promise<{ticket: string, eventsUrl: string}>}
     */
    eventTicket(conferenceId: string): Promise<{
        ticket: string;
        eventsUrl: string;
    }>;
    /**
     * @param {string} method
     * @param {string} path
     * @param {object} [body]
     * @param {Record<string, string>} [more] Further header fields.
     * @returns {Promise<any>}
     */
    call(method: string, path: string, body?: object, more?: Record<string, string>): Promise<any>;
    /**
     * @param {string} method
     * @param {string} url
     * @param {string | null} body
     * @param {string | null} contentType
     * @param {Record<string, string>} [more] Further header fields.
     * @param {boolean} [keepalive]
     * @returns {Promise<Response>} Only answers with a status of success; anything else throws {@link ProblemError}.
     */
    send(method: string, url: string, body: string | null, contentType: string | null, more?: Record<string, string>, keepalive?: boolean): Promise<Response>;
}
