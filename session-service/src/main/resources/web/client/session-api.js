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

const ANSWER_TIMEOUT_MS = 15000;
/** Problems of a media server's own door that a relayed offer may not meet. */
const DOOR_CODES = ['ticket-invalid', 'ticket-used', 'allocation-stale', 'no-capacity'];

/** An error answer of the service: an RFC 9457 problem. Branch on `code`; show `message`. */
export class ProblemError extends Error {
  /**
   * @param {number} status HTTP status, or 0 when no answer came.
   * @param {Record<string, any>} problem
   * @param {number | null} [retryAfterSec]
   */
  constructor(status, problem, retryAfterSec = null) {
    super(sentenceOf(status, problem));
    this.name = 'ProblemError';
    this.status = status;
    /** @type {string} */
    this.code = typeof problem.code === 'string' ? problem.code : status === 0 ? 'unreachable' : 'unknown';
    this.problem = problem;
    this.retryAfterSec = retryAfterSec;
  }

  /** True if the same request may succeed later. */
  get mayPass() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/**
 * @param {number} status
 * @param {Record<string, any>} problem
 * @returns {string}
 */
function sentenceOf(status, problem) {
  const text = problem.detail || problem.title || `The service answered with status ${status}.`;
  const first = String(text).charAt(0).toUpperCase() + String(text).slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/** The HTTP calls that a client of the session service makes. Stateless but for the token. */
export class SessionApi {
  /**
   * @param {string} baseUrl Where the service is, such as `https://parley.example`.
   * @param {typeof fetch} [fetcher]
   */
  constructor(baseUrl, fetcher = globalThis.fetch.bind(globalThis)) {
    this.baseUrl = baseUrl;
    this.fetcher = fetcher;
    this.token = '';
  }

  /**
   * @param {string} alias
   * @param {{name: string, identity?: string}} entry
   * @returns {Promise<OpenRoom>}
   */
  enterOpenRoom(alias, entry) {
    return this.call('POST', `/v1/open-rooms/${encodeURIComponent(alias)}`, entry);
  }

  /** @returns {Promise<Regions>} */
  regions() {
    return this.call('GET', '/v1/regions');
  }

  /**
   * @param {string} conferenceId
   * @param {{name?: string, sdp?: string, listening?: string, muted?: boolean, replace?: boolean, probes?: RegionProbe[], redirect?: boolean}} body
   * @returns {Promise<Joined | Queued>}  The latter while its state is `queued`.
   */
  join(conferenceId, body) {
    return this.call('POST', `/v1/conferences/${encodeURIComponent(conferenceId)}/participants`, body);
  }

  /**
   * Replaces the media of a participant who is already in.
   *
   * @param {string} rtcUrl
   * @param {string} offer
   * @param {string} listening
   * @returns {Promise<{answer: string, sessionUrl: string}>} The SDP answer, and where the media session is.
   */
  async offer(rtcUrl, offer, listening) {
    const url = new URL(rtcUrl, this.baseUrl);
    url.searchParams.set('listening', listening);
    const response = await this.sendOrRelay(url, offer);
    const sessionUrl = response.headers.get('Location') ?? '';
    // A media server's own address counts from there, wherever the offer was sent first.
    return { answer: await response.text(), sessionUrl: new URL(sessionUrl, response.url || url).href };
  }

  /**
   * Begins ICE of a media session anew (RFC 9725 section 4.3.3). May be repeated with the same credentials.
   *
   * @param {string} sessionUrl
   * @param {string} fragment Our new credentials, as an SDP fragment (RFC 8840).
   * @returns {Promise<string>} The media server's new credentials, likewise.
   */
  async restartIce(sessionUrl, fragment) {
    const url = new URL(sessionUrl, this.baseUrl).href;
    const response = await this.send('PATCH', url, fragment, 'application/trickle-ice-sdpfrag', { 'If-Match': '*' });
    return response.text();
  }

  /**
   * Takes the offer of a join to the media server that the service named, or by way of the service.
   *
   * @param {Joined['media']} media
   * @param {string} offer
   * @param {string} listening
   * @returns {ReturnType<SessionApi['offer']>}
   */
  async carry(media, offer, listening) {
    const relay = new URL(media.rtcUrl, this.baseUrl);
    relay.searchParams.set('signalling', 'relay');
    try {
      return await this.offer(media.offerUrl ?? relay.href, offer, listening);
    } catch (error) {
      if (!media.offerUrl || !mayBeRelayed(error)) {
        throw error;
      }
      return this.offer(relay.href, offer, listening);
    }
  }

  /**
   * The service may send us on to a media server's own address, where `fetch` goes by itself and, should that fail, does
   * not say so: then the service is to relay the offer.
   *
   * @param {URL} url
   * @param {string} offer
   */
  async sendOrRelay(url, offer) {
    try {
      return await this.send('POST', url.href, offer, 'application/sdp');
    } catch (error) {
      if (!this.isOurs(url.href) || url.searchParams.has('signalling') || !mayBeRelayed(error)) {
        throw error;
      }
      url.searchParams.set('signalling', 'relay');
      return this.send('POST', url.href, offer, 'application/sdp');
    }
  }

  /**
   * Whether an address is the service's own: the token is for no other.
   *
   * @param {string} url
   */
  isOurs(url) {
    return new URL(url).origin === new URL(this.baseUrl).origin;
  }

  /**
   * @param {string} conferenceId
   * @param {string} participantId
   * @param {{muted?: boolean, handRaised?: boolean, role?: Participant['role'], position?: Participant['position']}} change
   * @returns {Promise<Participant>}
   */
  change(conferenceId, participantId, change) {
    return this.call('PATCH', participantPath(conferenceId, participantId), change);
  }

  /**
   * Reads a participant; our own has `media` from when we are let in until our first offer.
   *
   * @param {string} conferenceId
   * @param {string} participantId
   * @returns {Promise<any>}
   */
  participant(conferenceId, participantId) {
    return this.call('GET', participantPath(conferenceId, participantId));
  }

  /**
   * Lets in one who waits.
   *
   * @param {string} conferenceId
   * @param {string} participantId
   * @returns {Promise<Participant>}
   */
  admit(conferenceId, participantId) {
    return this.call('POST', `${participantPath(conferenceId, participantId)}/admit`);
  }

  /**
   * Lets in everyone who waits, as far as there are places.
   *
   * @param {string} conferenceId
   * @returns {Promise<{admitted: number, remaining: string[]}>}
   */
  admitAll(conferenceId) {
    return this.call('POST', `/v1/conferences/${encodeURIComponent(conferenceId)}/admit`);
  }

  /**
   * Changes options of the conference.
   *
   * @param {string} conferenceId
   * @param {{locked?: boolean, lobby?: boolean}} change
   * @returns {Promise<any>}
   */
  changeConference(conferenceId, change) {
    return this.call('PATCH', `/v1/conferences/${encodeURIComponent(conferenceId)}`, change);
  }

  /**
   * Mutes everyone but some.
   *
   * @param {string} conferenceId
   * @param {string[]} except
   * @returns {Promise<{muted: number, unreached: string[]}>}
   */
  muteAll(conferenceId, except) {
    return this.call('POST', `/v1/conferences/${encodeURIComponent(conferenceId)}/mute`, { except });
  }

  /**
   * @param {string} conferenceId
   * @param {string} participantId
   */
  async askToUnmute(conferenceId, participantId) {
    const path = `${participantPath(conferenceId, participantId)}/unmute-request`;
    await this.send('POST', new URL(path, this.baseUrl).href, null, null);
  }

  /**
   * Leaves, or for moderators removes another.
   *
   * @param {string} conferenceId
   * @param {string} participantId
   * @param {{lastWords?: boolean, banSeconds?: number}} [options] `lastWords` lets the request outlive the page.
   */
  async leave(conferenceId, participantId, { lastWords = false, banSeconds = 0 } = {}) {
    const url = new URL(participantPath(conferenceId, participantId), this.baseUrl);
    if (banSeconds > 0) {
      url.searchParams.set('ban', String(banSeconds));
    }
    await this.send('DELETE', url.href, null, null, {}, lastWords);
  }

  /**
   * @param {string} conferenceId
   * @returns {Promise<{data: Participant[]}>}
   */
  roster(conferenceId) {
    return this.call('GET', `/v1/conferences/${encodeURIComponent(conferenceId)}/participants`);
  }

  /**
   * @param {string} conferenceId
   * @param {{order?: 'oldest' | 'newest', after?: number, limit?: number}} [query]
   * @returns {Promise<{data: ChatMessage[]}>}
   */
  messages(conferenceId, query = {}) {
    const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
    return this.call('GET', `/v1/conferences/${encodeURIComponent(conferenceId)}/messages?${search}`);
  }

  /**
   * Says what is to be shared; the answer says where to upload it.
   *
   * @param {string} conferenceId
   * @param {object} file
   * @param {string} key  The same for a repetition of the same request.
   * @returns {Promise<RegisteredFile>}
   */
  registerFile(conferenceId, file, key) {
    return this.call('POST', filesPath(conferenceId), file, { 'Idempotency-Key': key });
  }

  /**
   * Says that a file and its thumbnail are uploaded.
   *
   * @param {string} conferenceId
   * @param {string} id
   * @returns {Promise<SharedFile>}
   */
  commitFile(conferenceId, id) {
    return this.call('POST', `${filesPath(conferenceId)}/${encodeURIComponent(id)}/commit`);
  }

  /**
   * What was shared, newest first.
   *
   * @param {string} conferenceId
   * @param {{limit?: number, cursor?: string}} [query]
   * @returns {Promise<{data: SharedFile[], next?: string}>}
   */
  files(conferenceId, query = {}) {
    const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
    return this.call('GET', `${filesPath(conferenceId)}?${search}`);
  }

  /**
   * Signs addresses to read files and thumbnails from.
   *
   * @param {string} conferenceId
   * @param {string[]} ids  200 at most.
   * @param {{ttlSec?: number, disposition?: 'attachment' | 'inline'}} [wish]
   * @returns {Promise<{data: {id: string, url?: string, expiresAt?: string, code?: string}[]}>}
   */
  linkFiles(conferenceId, ids, wish = {}) {
    return this.call('POST', `${filesPath(conferenceId)}/links`, { ids, ...wish });
  }

  /**
   * @param {string} conferenceId
   * @param {string} id
   */
  async eraseFile(conferenceId, id) {
    const path = `${filesPath(conferenceId)}/${encodeURIComponent(id)}`;
    await this.send('DELETE', new URL(path, this.baseUrl).href, null, null);
  }

  /**
   * @param {string} conferenceId
   * @param {{limit?: number, cursor?: string}} [query]
   * @returns {Promise<{data: Recording[], next?: string}>}
   */
  recordings(conferenceId, query = {}) {
    const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
    return this.call('GET', `${recordingsPath(conferenceId)}?${search}`);
  }

  /**
   * @param {string} conferenceId
   * @param {{mode?: 'mix' | 'tracks', channels?: 1 | 2, tags?: Record<string, string>}} wish
   * @param {string} key  The same for a repetition of the same request.
   * @returns {Promise<Recording>}
   */
  startRecording(conferenceId, wish, key) {
    return this.call('POST', recordingsPath(conferenceId), wish, { 'Idempotency-Key': key });
  }

  /**
   * @param {string} conferenceId
   * @param {string} id
   * @param {'recording' | 'paused' | 'stopped'} state
   * @returns {Promise<Recording>}
   */
  changeRecording(conferenceId, id, state) {
    return this.call('PATCH', `${recordingsPath(conferenceId)}/${encodeURIComponent(id)}`, { state });
  }

  /**
   * Says whether we agree to be recorded.
   *
   * @param {string} conferenceId
   * @param {boolean} given
   * @returns {Promise<Participant>}
   */
  consentToRecording(conferenceId, given) {
    return this.call('PUT', `/v1/conferences/${encodeURIComponent(conferenceId)}/recording-consent`, { given });
  }

  /**
   * Signs addresses to hear a recording from, one for each track.
   *
   * @param {string} conferenceId
   * @param {string} id
   * @param {{ttlSec?: number, disposition?: 'attachment' | 'inline'}} [wish]
   * @returns {Promise<{data: {segment: number, track: string, url?: string, code?: string, manifest?: {url?: string}}[]}>}
   */
  linkRecording(conferenceId, id, wish = {}) {
    return this.call('POST', `${recordingsPath(conferenceId)}/${encodeURIComponent(id)}/links`, wish);
  }

  /**
   * Reads what a track's manifest says, from its store.
   *
   * @param {string} url  As it was signed.
   * @returns {Promise<any>}
   */
  async manifest(url) {
    const response = await this.send('GET', url, null, null);
    return response.json();
  }

  /**
   * Calls that are over and that we took part in, newest first; with tags, those that have all of them. Any join token of
   * ours will do, whichever conference it is for.
   *
   * @param {{tags?: Record<string, string>, limit?: number, cursor?: string}} [query]  `cursor` is the `next` of the page before.
   * @returns {Promise<{data: Conversation[], next?: string}>}  A page may be short, or empty, though another follows.
   */
  conversations({ tags = {}, limit, cursor } = {}) {
    const search = new URLSearchParams(Object.entries(tags).map(([name, value]) => ['tag', `${name}:${value}`]));
    if (limit !== undefined) {
      search.set('limit', String(limit));
    }
    if (cursor !== undefined) {
      search.set('cursor', cursor);
    }
    return this.call('GET', `/v1/conversations?${search}`);
  }

  /**
   * Reads a call that is over, with what our grants let us see of it.
   *
   * @param {string} id
   * @returns {Promise<ConversationContent>}
   */
  conversation(id) {
    return this.call('GET', `/v1/conversations/${encodeURIComponent(id)}`);
  }

  /**
   * Signs addresses to read what is left of a call that is over.
   *
   * @param {string} id
   * @param {string[]} objectIds  Of files and of recordings' tracks, 200 at most.
   * @param {{ttlSec?: number, disposition?: 'attachment' | 'inline'}} [wish]
   * @returns {Promise<{data: {id: string, url?: string, expiresAt?: string, code?: string}[]}>}
   */
  linkConversation(id, objectIds, wish = {}) {
    return this.call('POST', `/v1/conversations/${encodeURIComponent(id)}/links`, { ids: objectIds, ...wish });
  }

  /**
   * @param {string} conferenceId
   * @returns {Promise<{ticket: string, eventsUrl: string}>}
   */
  eventTicket(conferenceId) {
    return this.call('POST', `/v1/conferences/${encodeURIComponent(conferenceId)}/event-tickets`);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @param {Record<string, string>} [more] Further header fields.
   * @returns {Promise<any>}
   */
  async call(method, path, body, more) {
    const text = body === undefined ? null : JSON.stringify(body);
    const response = await this.send(method, new URL(path, this.baseUrl).href, text, text && 'application/json', more);
    return response.json();
  }

  /**
   * @param {string} method
   * @param {string} url
   * @param {string | null} body
   * @param {string | null} contentType
   * @param {Record<string, string>} [more] Further header fields.
   * @param {boolean} [keepalive]
   * @returns {Promise<Response>} Only answers with a status of success; anything else throws {@link ProblemError}.
   */
  async send(method, url, body, contentType, more = {}, keepalive = false) {
    /** @type {Record<string, string>} */
    const headers = { Accept: 'application/json, application/problem+json, application/sdp', ...more };
    if (contentType) {
      headers['Content-Type'] = contentType;
    }
    if (this.token && this.isOurs(url)) {
      headers.Authorization = `Bearer ${this.token}`;
    }
    let response;
    try {
      response = await this.fetcher(url, {
        method,
        headers,
        body,
        keepalive,
        credentials: 'omit',
        signal: keepalive ? undefined : AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
    } catch (error) {
      const late = error instanceof DOMException && error.name === 'TimeoutError';
      throw new ProblemError(0, {
        detail: late ? 'The service did not answer in time.' : 'The service cannot be reached. Is your network working?',
      });
    }
    if (!response.ok) {
      throw await problemOf(response);
    }
    return response;
  }
}

/** @param {unknown} error */
function mayBeRelayed(error) {
  return error instanceof ProblemError && (error.status === 0 || DOOR_CODES.includes(error.code));
}

/** @param {string} conferenceId */
function filesPath(conferenceId) {
  return `/v1/conferences/${encodeURIComponent(conferenceId)}/files`;
}

/** @param {string} conferenceId */
function recordingsPath(conferenceId) {
  return `/v1/conferences/${encodeURIComponent(conferenceId)}/recordings`;
}

/**
 * @param {string} conferenceId
 * @param {string} participantId
 */
function participantPath(conferenceId, participantId) {
  return `/v1/conferences/${encodeURIComponent(conferenceId)}/participants/${encodeURIComponent(participantId)}`;
}

/**
 * @param {Response} response
 * @returns {Promise<ProblemError>}
 */
async function problemOf(response) {
  let problem = {};
  try {
    problem = await response.json();
  } catch {
    // A proxy between us and the service may answer with something else than JSON; the status says enough.
  }
  const retryAfter = Number(response.headers.get('Retry-After') ?? NaN);
  return new ProblemError(response.status, problem, Number.isFinite(retryAfter) ? retryAfter : null);
}
