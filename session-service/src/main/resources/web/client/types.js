/**
 * The shapes that the service's API answers with (see /v1/openapi.yaml), and those that ParleyClient hands out.
 * This module holds types only.
 *
 * @typedef {'forward' | 'mix' | 'auto' | 'none'} Listening
 *   How the others are heard: their own packets, one speaker a slot; one mix made for us; or what fits.
 *
 * @typedef {{x: number, y: number, z: number}} Position
 *   Where somebody is in the room, in metres: x to the right, y up, z towards the reader, as in Web Audio.
 *
 * @typedef {object} Participant
 * @property {string} id
 * @property {string} identity
 * @property {string} [name]
 * @property {'host' | 'speaker' | 'listener'} role
 * @property {'queued' | 'connecting' | 'connected' | 'reconnecting' | 'left'} state
 * @property {boolean} muted
 * @property {string} [handRaisedAt]  Absent while the hand is down.
 * @property {Position} [position]  Absent as long as nobody said.
 * @property {true} [recordingConsent]  It agrees to be recorded.
 * @property {'lobby' | 'region-full'} [waitsFor]  Only while it waits to be let in.
 * @property {number} csrc  The number by which RTP packets name this talker (RFC 3550 section 3).
 * @property {Listening} listening
 * @property {string} joinedAt
 * @property {string} [leaveReason]
 * @property {number} version
 *
 * @typedef {object} Media
 * @property {string} [region]  Where the conference is.
 * @property {string} rtcUrl
 * @property {string} [offerUrl]  Where to POST the offer of the join, once, within 60 seconds.
 * @property {string} eventsUrl
 * @property {string} ticket
 * @property {RTCIceServer[]} iceServers
 * @property {string} [rtcSessionUrl]
 * @property {number} [epoch]  How often the conference has changed its media server, or begun anew there.
 *
 * @typedef {Participant & {answer?: string, media: Media}} Joined
 *
 * @typedef {object} QueuePlace
 * @property {'lobby' | 'region-full'} reason  A moderator lets people in, or no media server has room.
 * @property {string} [region]
 * @property {number} position  1 is next.
 *
 * @typedef {Participant & {queue: QueuePlace, eventsUrl: string, ticket: string}} Queued
 *
 * @typedef {object} Conference
 * @property {string} id
 * @property {string} [alias]
 * @property {boolean} [lobby]  Whoever may not moderate waits until a moderator lets them in.
 * @property {number} speakerSlots
 *
 * @typedef {object} ConferenceState  A conference's options, as those who are in it are told.
 * @property {number} version  Grows with each change.
 * @property {boolean} locked  Nobody new may come.
 * @property {boolean} lobby
 * @property {number} maxParticipants
 * @property {number} emptyTimeoutSec
 * @property {string} endWhen
 * @property {number} departureTimeoutSec
 * @property {number} [maxDurationSec]
 * @property {{announce: 'none' | 'tone', consent: 'none' | 'required'}} [recording]  What holds for its recordings.
 *
 * @typedef {object} OpenRoom
 * @property {Conference} conference
 * @property {string} identity
 * @property {string} token
 * @property {RTCIceServer[]} iceServers
 *
 * @typedef {object} Region
 * @property {string} id
 * @property {string} [city]
 * @property {'ok' | 'isolated' | 'draining' | 'full'} state
 * @property {string[]} probe  Where its media servers answer STUN Binding requests, such as `203.0.113.7:3478`.
 *
 * @typedef {object} Regions
 * @property {string} [suggested]
 * @property {'probes' | 'geoip' | 'configured'} [via]
 * @property {Region[]} regions  The best for our address first.
 *
 * @typedef {object} RegionProbe
 * @property {string} region
 * @property {number[]} rttMs  Empty if no answer came.
 * @property {number} [ageSec]
 *
 * @typedef {object} ChatMessage
 * @property {number} sequence  Counts the conference's messages from 1, without a gap.
 * @property {{id?: string, identity: string, name?: string}} [sender]  None if the service's own back end sent it.
 * @property {string} text
 * @property {string} sentAt
 *
 * @typedef {object} SharedFile
 * @property {string} id
 * @property {'file' | 'photo'} kind
 * @property {string} name
 * @property {number} size  In bytes.
 * @property {string} contentType
 * @property {string} [thumbnail]  The id of what shows it small.
 * @property {{id?: string, identity: string, name?: string}} [sender]  None if the service's own back end shared it.
 * @property {string} sharedAt
 *
 * @typedef {object} Recording
 * @property {string} id
 * @property {'mix' | 'tracks'} mode
 * @property {'starting' | 'recording' | 'paused' | 'stopping' | 'uploading' | 'available' | 'failed'} state
 * @property {string} [startedAt]
 * @property {string} [createdAt]
 * @property {number} [durationMs]  How long it plays, once it has ended.
 * @property {string} [endReason]
 *
 * @typedef {object} Conversation  A call that is over.
 * @property {string} id  Its conference's.
 * @property {string} [title]
 * @property {Record<string, string>} tags
 * @property {string} [channel]
 * @property {string[]} categories
 * @property {string} createdAt
 * @property {string} [startedAt]
 * @property {string} [endedAt]
 *
 * @typedef {object} RecordedSegment
 * @property {number} number
 * @property {{name: string, objectId?: string, durationMs?: number}[]} tracks  `mix`, or participants; without an object if nothing is left.
 *
 * @typedef {object} ConversationContents
 * @property {number} [messageCount]  With the grant `chat`.
 * @property {(Recording & {segments: RecordedSegment[]})[]} [recordings]  With the grant `record`.
 * @property {SharedFile[]} [files]  With the grant `files`.
 *
 * @typedef {Conversation & ConversationContents} ConversationContent
 *
 * @typedef {object} RecordingLink
 * @property {number} segment  Counts from 1; there are several if the call has changed its media server.
 * @property {string} track  `mix`, or the participant.
 * @property {string} url
 * @property {string} [manifestUrl]  What says what is in it.
 *
 * @typedef {object} Turn  A time for which somebody is heard in a recording.
 * @property {string} participantId
 * @property {number} atMs
 * @property {number} durationMs
 *
 * @typedef {object} Upload
 * @property {string} method
 * @property {string} url
 * @property {Record<string, string>} headers  To be sent exactly so.
 * @property {string} expiresAt
 *
 * @typedef {object} RegisteredFile
 * @property {string} id
 * @property {string} state
 * @property {Upload} [upload]  Absent once it is uploaded.
 * @property {{id: string, state: string, upload?: Upload}} [thumbnail]
 *
 * @typedef {'idle' | 'joining' | 'waiting' | 'connecting' | 'connected' | 'reconnecting' | 'left'} ClientState
 *
 * @typedef {object} Talker
 * @property {string} participantId
 * @property {number} csrc
 * @property {number} levelDbov  -127 (silence) to 0 (full scale).
 * @property {boolean} speaking
 *
 * @typedef {object} Quality
 * @property {'good' | 'fair' | 'poor' | 'unknown'} rating
 * @property {string} words  One sentence for people.
 * @property {number | null} roundTripMs
 * @property {number | null} jitterMs  Of what we receive.
 * @property {number | null} lossIn  Share of packets lost on the way to us in the last interval, 0 to 1.
 * @property {number | null} lossOut  Share of packets lost on the way from us, as the server reports it.
 * @property {number | null} playoutDelayMs  Time that received audio waits before it is played.
 */
export {};
