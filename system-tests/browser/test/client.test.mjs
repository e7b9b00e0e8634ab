// The parts of parley-client.js that need no browser, run by Node.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const web = new URL('../../../session-service/src/main/resources/web/', import.meta.url);
const load = (path) => import(new URL(path, web));
const { withNack, withStereo } = await load('client/sdp.js');
const { Backoff } = await load('client/backoff.js');
const { judge, snapshotOf } = await load('client/quality.js');
const { Chat } = await load('client/chat.js');
const { Newest } = await load('client/newest.js');
const { RecordedTrack } = await load('client/recorded-track.js');
const { Recordings } = await load('client/recordings.js');
const { Talkers, toDbov } = await load('client/talkers.js');
const { ProblemError, SessionApi } = await load('client/session-api.js');
const { probeRegions } = await load('client/region-probes.js');
const { EventSocket } = await load('client/event-socket.js');
const { explain, openMicrophone } = await load('client/microphone.js');
const { invitationOf, linkTo, roomOf, roomTrouble } = await load('app/address.js');
const { hueOf, initialsOf } = await load('app/roster.js');

const sdp = (name) => readFileSync(
  new URL(`../../../media-server/src/test/resources/dev/parley/media/sdp/offers/${name}.sdp`, import.meta.url), 'utf8');
const stereoLines = (text) => text.match(/^a=fmtp:\d+ .*\bstereo=1/gm)?.length ?? 0;

test('stereo is added once to the Opus parameters of every audio line', () => {
  const offer = sdp('chromium-forward');
  const stereo = withStereo(offer);
  assert.equal(stereoLines(offer), 0);
  assert.equal(stereoLines(stereo), 3);
  assert.equal(withStereo(stereo), stereo);
  assert.equal(stereo.split('\r\n').length, offer.split('\r\n').length);
  assert.match(stereo, /^a=fmtp:63 111\/111\r$/m, 'RED is left as it was');
});

test('an offer that says stereo already, as Firefox does, stays as it is', () => {
  const offer = sdp('firefox-forward');
  assert.equal(withStereo(offer), offer);
});

test('stereo is added where Opus has no parameters, and nowhere without Opus', () => {
  const bare = 'v=0\r\nm=audio 9 X 96\r\na=rtpmap:96 opus/48000/2\r\na=mid:0\r\n';
  assert.match(withStereo(bare), /opus\/48000\/2\r\na=fmtp:96 stereo=1\r\na=mid:0/);
  const video = 'v=0\r\nm=video 9 X 96\r\na=rtpmap:96 VP8/90000\r\n';
  assert.equal(withStereo(video), video);
});

test('NACK is added once for Opus to every audio line, and to nothing else', () => {
  const nackLines = (text) => text.match(/^a=rtcp-fb:\S+ nack\r$/gm) ?? [];
  for (const [name, line, count] of [
    ['chromium-forward', 'a=rtcp-fb:111 nack\r', 3],
    ['firefox-forward', 'a=rtcp-fb:109 nack\r', 3],
    ['safari-mix', 'a=rtcp-fb:111 nack\r', 1],
  ]) {
    const offer = sdp(name);
    const nack = withNack(offer);
    assert.deepEqual(nackLines(nack), Array(count).fill(line), name);
    assert.equal(withNack(nack), nack);
    assert.equal(nack.split('\r\n').filter((one) => !/ nack$/.test(one)).join('\r\n'), offer, 'the rest is as it was');
  }
  const video = sdp('chromium-audio-video-data');
  const videoOf = (text) => text.slice(text.indexOf('m=video'));
  assert.equal(videoOf(withNack(video)), videoOf(video));
  const everything = 'v=0\r\nm=audio 9 X 96\r\na=rtpmap:96 opus/48000/2\r\na=rtcp-fb:* nack\r\n';
  assert.equal(withNack(everything), everything);
});

test('pauses grow, stay within bounds and start over', () => {
  const most = new Backoff({ firstMs: 100, mostMs: 1000, random: () => 1 });
  assert.deepEqual([1, 2, 3, 4, 5, 6].map(() => most.nextMs()), [100, 200, 400, 800, 1000, 1000]);
  most.reset();
  assert.equal(most.nextMs(), 100);
  const least = new Backoff({ firstMs: 100, mostMs: 1000, random: () => 0 });
  assert.deepEqual([1, 2, 3].map(() => least.nextMs()), [50, 50, 50]);
});

const report = (inbound, rest = []) => [['in', { type: 'inbound-rtp', kind: 'audio', ...inbound }], ...rest];

test('quality is judged by what changed, and says what is wrong', () => {
  const pair = ['pair', { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.02 }];
  const first = snapshotOf(report({ packetsReceived: 100, packetsLost: 50, jitter: 0.002 }, [pair]));
  const second = snapshotOf(report({ packetsReceived: 200, packetsLost: 50, jitter: 0.002 }, [pair]));
  const third = snapshotOf(report({ packetsReceived: 290, packetsLost: 60, jitter: 0.002 }, [pair]));
  assert.equal(judge(first, second).rating, 'good');
  const lossy = judge(second, third);
  assert.equal(lossy.rating, 'poor');
  assert.equal(lossy.lossIn, 0.1);
  assert.match(lossy.words, /10 % of what others say is lost/);
});

test('a long round trip is fair, a very long one poor, nothing at all unknown', () => {
  const at = (seconds) => snapshotOf([['pair', { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: seconds }]]);
  assert.equal(judge(null, at(0.2)).rating, 'fair');
  assert.equal(judge(null, at(0.4)).rating, 'poor');
  assert.equal(judge(null, snapshotOf([])).rating, 'unknown');
});

const people = [{ id: 'a', csrc: 1, muted: false }, { id: 'b', csrc: 2, muted: false }, { id: 'c', csrc: 3, muted: true }];
const speaking = (talkers, nowMs) => talkers.list(people, nowMs).filter((one) => one.speaking).map((one) => one.participantId);

test('who speaks is told by the service and heard in the packets; the muted never speak', () => {
  const talkers = new Talkers();
  talkers.onSpeakers([['a', -20], ['c', -20]]);
  assert.deepEqual(speaking(talkers, 0), ['a']);
  talkers.onHeard([{ csrc: 2, levelDbov: -25, atMs: 1000 }]);
  assert.deepEqual(speaking(talkers, 1100), ['a', 'b']);
  assert.deepEqual(speaking(talkers, 1500), ['a'], 'what was heard gets old');
  talkers.onSpeakers([]);
  assert.deepEqual(speaking(talkers, 1500), []);
});

test('without the service, whoever is in the packets counts as speaking', () => {
  const talkers = new Talkers();
  talkers.onHeard([{ csrc: 2, levelDbov: null, atMs: 0 }]);
  assert.deepEqual(speaking(talkers, 10), ['b']);
  talkers.onSpeakers([]);
  assert.deepEqual(speaking(talkers, 10), [], 'the service says that nobody does');
  talkers.onSilentService();
  assert.deepEqual(speaking(talkers, 10), ['b']);
});

test('levels are dBov', () => {
  assert.equal(toDbov(1), 0);
  assert.equal(Math.round(toDbov(0.1)), -20);
  assert.equal(toDbov(0), -127);
});

const answering = (status, body, headers = {}) => async () => new Response(
  body === null ? null : JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json', ...headers } });

test('a problem of the service becomes an error with a sentence', async () => {
  const problem = { type: 'x', title: 'Full', status: 409, code: 'conference-full', detail: 'the conference is full', requestId: 'r' };
  const api = new SessionApi('http://here', answering(409, problem));
  await assert.rejects(api.join('cf_1', {}), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.equal(error.message, 'The conference is full.');
    assert.equal(error.code, 'conference-full');
    assert.equal(error.mayPass, false);
    return true;
  });
});

test('an answer that is no problem document, and no answer at all, are said too', async () => {
  const broken = new SessionApi('http://here', async () => new Response('<html>', { status: 503, headers: { 'Retry-After': '7' } }));
  await assert.rejects(broken.roster('cf_1'), (error) => error.mayPass && error.retryAfterSec === 7 && /503/.test(error.message));
  const unreachable = new SessionApi('http://here', async () => { throw new TypeError('failed'); });
  await assert.rejects(unreachable.roster('cf_1'), (error) => error.code === 'unreachable' && error.mayPass);
});

test('the token goes in a header, names are encoded in paths', async () => {
  const calls = [];
  const api = new SessionApi('http://here', async (url, options) => {
    calls.push([url, options.method, options.headers.Authorization]);
    return new Response('{}', { status: 200 });
  });
  api.token = 'secret';
  await api.enterOpenRoom('café au lait', { name: 'Ana' });
  assert.deepEqual(calls, [['http://here/v1/open-rooms/caf%C3%A9%20au%20lait', 'POST', 'Bearer secret']]);
});

test('conversations are asked for by all of their tags, page by page', async () => {
  const asked = [];
  const api = new SessionApi('https://parley.example', async (url) => {
    asked.push(decodeURIComponent(String(url)));
    return Response.json({ data: [], next: 'more' });
  });
  const { next } = await api.conversations({ tags: { project: 'x', 'a b': 'c:d' }, limit: 20 });
  await api.conversations({ cursor: next });
  await api.linkConversation('cf_1', ['ob_1'], { disposition: 'inline' });
  assert.deepEqual(asked, [
    'https://parley.example/v1/conversations?tag=project:x&tag=a+b:c:d&limit=20',
    'https://parley.example/v1/conversations?cursor=more',
    'https://parley.example/v1/conversations/cf_1/links',
  ]);
});

test('of many steps the newest is sent, not too often, and a refusal reaches whoever stepped', async () => {
  const sent = [];
  const rests = [];
  const newest = new Newest(async (value) => {
    sent.push(value);
    if (value === 'refused') {
      throw new Error('no');
    }
  }, { everyMs: 250, later: (work) => rests.push(work) });
  const first = newest.say('a');
  const second = newest.say('b');
  const third = newest.say('c');
  await first;
  assert.deepEqual(sent, ['a']);
  rests.shift()();
  await Promise.all([second, third]);
  assert.deepEqual(sent, ['a', 'c'], 'b was overtaken');
  rests.shift()();
  await settled();
  await assert.rejects(newest.say('refused'), /no/);
  rests.shift()();
  await settled();
  await newest.say('d');
  assert.deepEqual(sent, ['a', 'c', 'refused', 'd']);
});

class FakeSocket {
  static made = [];
  constructor(url) {
    this.url = url;
    this.sent = [];
    FakeSocket.made.push(this);
  }
  send(text) { this.sent.push(JSON.parse(text)); }
  close() {}
  say(frame) { this.onmessage({ data: JSON.stringify(frame) }); }
}

test('events resume behind the last one seen, with a new ticket', async () => {
  FakeSocket.made = [];
  const tickets = ['t2'];
  const events = new EventSocket('https://here', async () => ({ ticket: tickets.shift(), eventsUrl: '/v1/conferences/c/events' }),
    { WebSocketClass: FakeSocket, backoff: new Backoff({ firstMs: 1, random: () => 0 }) });
  const seen = [];
  events.addEventListener('frame', (event) => seen.push(event.detail.type));
  events.open({ ticket: 't1', eventsUrl: '/v1/conferences/c/events' });
  const [first] = FakeSocket.made;
  first.onopen();
  first.say({ type: 'welcome', seq: 4, resumed: false, snapshot: { participants: [] } });
  first.say({ seq: 5, type: 'participant.joined', data: {} });
  first.say({ type: 'speakers', data: [] });
  first.onmessage({ data: 'not JSON' });
  first.onclose({ code: 1006 });
  while (FakeSocket.made.length < 2) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const [, second] = FakeSocket.made;
  second.onopen();
  assert.equal(first.url, 'wss://here/v1/conferences/c/events?ticket=t1');
  assert.equal(second.url, 'wss://here/v1/conferences/c/events?ticket=t2');
  assert.deepEqual(first.sent, [{ type: 'hello' }]);
  assert.deepEqual(second.sent, [{ type: 'hello', resumeSeq: 5 }]);
  assert.deepEqual(seen, ['welcome', 'participant.joined', 'speakers']);
  events.close();
});

test('events of an ended conference do not come back', () => {
  FakeSocket.made = [];
  let over = 0;
  const events = new EventSocket('http://here', () => assert.fail('no ticket is wanted'), { WebSocketClass: FakeSocket });
  events.addEventListener('over', () => { over += 1; });
  events.open({ ticket: 't', eventsUrl: '/e' });
  FakeSocket.made[0].onclose({ code: 1000 });
  assert.equal(over, 1);
  assert.equal(events.isClosed, true);
});

test('every way in which a microphone fails has an advice', () => {
  const codes = ['NotAllowedError', 'NotFoundError', 'NotReadableError', 'Insecure', 'Whatever']
    .map((name) => explain({ name }))
    .map(({ code, title, advice }) => (title && advice ? code : assert.fail(code)));
  assert.deepEqual(codes, ['refused', 'absent', 'busy', 'insecure', 'failed']);
});

/** What a browser's microphones answer, one after the other. */
function microphones(t, answers) {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  const asked = [];
  const getUserMedia = async (wish) => {
    asked.push(wish);
    const answer = answers[asked.length - 1];
    if (answer instanceof Error) {
      throw answer;
    }
    return { getAudioTracks: () => [answer] };
  };
  Object.defineProperty(globalThis, 'navigator', { value: { mediaDevices: { getUserMedia } }, configurable: true });
  t.after(() => {
    delete globalThis.navigator;
    if (before) { // Node has one since version 21.
      Object.defineProperty(globalThis, 'navigator', before);
    }
  });
  t.mock.timers.enable({ apis: ['setTimeout'] });
  return asked;
}

test('a microphone that does not answer is asked once more', async (t) => {
  const asked = microphones(t, [new DOMException('', 'NotReadableError'), 'track']);
  const opened = openMicrophone();
  await new Promise(setImmediate);
  assert.equal(asked.length, 1, 'not at once');
  t.mock.timers.tick(500);
  assert.equal(await opened, 'track');
  assert.deepEqual(asked[1], asked[0]);
});

test('a microphone that does not answer twice, or is refused, is told of', async (t) => {
  const asked = microphones(t, [
    new DOMException('', 'AbortError'), new DOMException('', 'NotReadableError'), new DOMException('', 'NotAllowedError')]);
  const busy = assert.rejects(openMicrophone(), (error) => error.trouble.code === 'busy');
  await new Promise(setImmediate);
  t.mock.timers.tick(500);
  await busy;
  await assert.rejects(openMicrophone(), (error) => error.trouble.code === 'refused');
  assert.equal(asked.length, 3);
});

test('a room is named by the fragment or the path', () => {
  assert.equal(roomOf(new URL('http://here/#room=caf%C3%A9+au+lait')), 'café au lait');
  assert.equal(roomOf(new URL('http://here/')), '');
  assert.equal(roomOf(new URL(linkTo('http://here', 'a&b=c #1'))), 'a&b=c #1');
  assert.notEqual(roomTrouble('a/b'), null);
  assert.equal(roomTrouble('team one'), null);
});

test('people keep their colour and have initials', () => {
  assert.equal(initialsOf('Ana Maria Lindqvist'), 'AL');
  assert.equal(initialsOf('  émile '), 'É');
  assert.equal(hueOf('ana'), hueOf('ana'));
});

/** A service that keeps messages, and a connection to it that can break. */
function chatRoom(count = 0) {
  const room = {
    stored: Array.from({ length: count }, (_, i) => ({ sequence: i + 1, text: `past ${i + 1}`, sentAt: '' })),
    isOpen: true,
    sent: [],
    read: async ({ order = 'oldest', after = 0, limit }) => {
      const found = room.stored.filter(({ sequence }) => sequence > after);
      return (order === 'newest' ? found.reverse() : found).slice(0, limit);
    },
    send: (frame) => room.isOpen && room.sent.push(frame) > 0,
    newName: () => `c${room.names++}`,
    names: 1,
    say: (text) => {
      const message = { sequence: room.stored.length + 1, text, sentAt: '' };
      room.stored.push(message);
      return message;
    },
  };
  const chat = new Chat(room);
  const heard = [];
  chat.addEventListener('message', ({ detail }) => heard.push((detail.isPast ? 'past: ' : '') + detail.message.text));
  return { room, chat, heard };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('who comes in reads the latest of what was said, then hears each message once', async () => {
  const { room, chat, heard } = chatRoom(60);
  chat.onOpen();
  await settled();
  assert.equal(heard.length, 50);
  assert.equal(heard[0], 'past: past 11');
  const next = room.say('new');
  chat.onMessage(next);
  chat.onMessage(next);
  assert.deepEqual(heard.slice(50), ['new']);
  assert.equal(chat.list.at(-1).text, 'new');
});

test('what a break swallowed is read in order, also while it is being read', async () => {
  const { room, chat, heard } = chatRoom();
  chat.onOpen();
  await settled();
  room.say('swallowed');
  chat.onMessage(room.say('second'));
  chat.onMessage(room.say('third'));
  await settled();
  await settled();
  assert.deepEqual(heard, ['swallowed', 'second', 'third']);
});

test('a page of messages that is full is followed by the next', async () => {
  const { room, chat, heard } = chatRoom();
  chat.onOpen();
  await settled();
  for (let i = 0; i < 450; i++) {
    room.say(`m${i}`);
  }
  chat.onOpen();
  await settled();
  await settled();
  assert.equal(heard.length, 450);
  assert.equal(heard.at(-1), 'm449');
});

test('a message without an answer goes again over the next connection, under the same name', async () => {
  const { room, chat } = chatRoom();
  room.isOpen = false;
  const sending = chat.send('hello');
  assert.deepEqual(room.sent, []);
  room.isOpen = true;
  chat.onOpen();
  chat.onOpen();
  const frame = { type: 'message.send', cid: 'c1', data: { text: 'hello' } };
  assert.deepEqual(room.sent, [frame, frame]);
  chat.onAnswer({ type: 'ack', cid: 'c1', data: { sequence: 7 } });
  assert.deepEqual(await sending, { sequence: 7 });
  chat.onOpen();
  assert.equal(room.sent.length, 2);
});

test('a refusal that passes is waited out, any other is told', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { room, chat } = chatRoom();
  const sending = chat.send('hello');
  chat.onAnswer({ type: 'refused', cid: 'c1', data: { code: 'quota-exceeded', detail: 'Wait.', retryAfterSec: 2 } });
  assert.equal(room.sent.length, 1);
  context.mock.timers.tick(2000);
  assert.equal(room.sent.length, 2);
  chat.onAnswer({ type: 'refused', cid: 'c1', data: { code: 'grant-missing', detail: 'You may not chat.' } });
  await assert.rejects(sending, (error) => error.code === 'grant-missing' && error.message === 'You may not chat.');
});

test('who leaves is told of the messages that had no answer', async () => {
  const { chat } = chatRoom();
  const sending = chat.send('hello');
  chat.close();
  await assert.rejects(sending, { code: 'left' });
  await assert.rejects(chat.send('too late'), { code: 'left' });
});

test('an invitation says what it is for, and anything else is none', () => {
  const claims = Buffer.from(JSON.stringify({ conf: 'cf_1', name: 'Zo\u00eb' })).toString('base64url');
  const token = `e30.${claims}.sig`;
  assert.deepEqual(invitationOf({ hash: `#invitation=${token}` }), { token, conferenceId: 'cf_1', name: 'Zo\u00eb' });
  for (const hash of ['', '#room=a', '#invitation=', '#invitation=a.b.c', '#invitation=e30.e30.e30']) {
    assert.equal(invitationOf({ hash }), null);
  }
});

const regionAt = (id, address, state = 'ok') => ({ id, state, probe: address ? [address] : [] });

/** Measures with the given times, in turn, and notes what was asked. */
async function measure(regions, timesMs) {
  const asked = [];
  const probes = await probeRegions(regions, async (url) => {
    asked.push(url);
    return timesMs[url].shift() ?? null;
  });
  return { asked, probes };
}

test('at most three regions are measured, by five probes in all, the nearest again', async () => {
  const { asked, probes } = await measure(
    [regionAt('a', '1:1'), regionAt('b', '2:2'), regionAt('full', '9:9', 'full'), regionAt('c', '3:3'), regionAt('d', '4:4')],
    { 'stun:1:1': [90, 91], 'stun:2:2': [10, 12], 'stun:3:3': [30, 20] },
  );
  assert.deepEqual(asked, ['stun:1:1', 'stun:2:2', 'stun:3:3', 'stun:2:2', 'stun:3:3']);
  assert.deepEqual(probes, [
    { region: 'a', rttMs: [90] }, { region: 'b', rttMs: [10, 12] }, { region: 'c', rttMs: [30, 20] },
  ]);
});

test('of two regions the nearer is measured three times', async () => {
  const { probes } = await measure(
    [regionAt('a', '1:1'), regionAt('b', '[2001:db8::7]:3478')],
    { 'stun:1:1': [50, 40], 'stun:[2001:db8::7]:3478': [9, 8, 7] },
  );
  assert.deepEqual(probes, [{ region: 'a', rttMs: [50, 40] }, { region: 'b', rttMs: [9, 8, 7] }]);
});

test('what does not answer is not asked again, and one region alone not at all', async () => {
  const silent = await measure([regionAt('a', '1:1'), regionAt('b', '2:2')], { 'stun:1:1': [], 'stun:2:2': [] });
  assert.equal(silent.asked.length, 2);
  assert.deepEqual(silent.probes, [{ region: 'a', rttMs: [] }, { region: 'b', rttMs: [] }]);
  const alone = await measure([regionAt('a', '1:1'), regionAt('b', '')], {});
  assert.deepEqual(alone, { asked: [], probes: [] });
});

test('an offer that was sent on to a media server in vain is relayed, once, and the token stays at home', async () => {
  const asked = [];
  const api = new SessionApi('http://here', async (url, options) => {
    asked.push([url, options.headers.Authorization]);
    if (url.startsWith('https://door')) {
      throw new TypeError('failed');
    }
    return url.includes('relay') ? new Response('v=0') : new Response('{"code":"ticket-used"}', { status: 409 });
  });
  api.token = 'secret';

  assert.equal((await api.offer('/rtc', 'v=0', 'mix')).answer, 'v=0');
  assert.deepEqual(asked, [
    ['http://here/rtc?listening=mix', 'Bearer secret'],
    ['http://here/rtc?listening=mix&signalling=relay', 'Bearer secret'],
  ]);

  asked.length = 0;
  assert.equal((await api.carry({ rtcUrl: '/rtc', offerUrl: 'https://door/rtc/t.i.c' }, 'v=0', 'auto')).answer, 'v=0');
  assert.deepEqual(asked, [
    ['https://door/rtc/t.i.c?listening=auto', undefined],
    ['http://here/rtc?signalling=relay&listening=auto', 'Bearer secret'],
  ]);
});

test('an offer that is refused for itself is not sent again', async () => {
  let count = 0;
  const api = new SessionApi('http://here', async () => {
    count++;
    return new Response('{"code":"sdp-unacceptable"}', { status: 422 });
  });

  await assert.rejects(api.offer('/rtc', 'v=0', 'mix'), { code: 'sdp-unacceptable' });
  assert.equal(count, 1);
});

test('who is recorded knows it from the snapshot on, and what became of it is read', async () => {
  /** @type {any[]} */
  let stored = [{ id: 'rc_1', mode: 'mix', state: 'available', durationMs: 5 }];
  const recordings = new Recordings(async () => ({ data: [...stored] }));
  const changes = [];
  recordings.addEventListener('change', ({ detail }) => changes.push(detail.changed?.state ?? null));
  stored = [{ id: 'rc_2', mode: 'mix', state: 'recording' }, ...stored];

  await recordings.onSnapshot([{ id: 'rc_2', mode: 'mix', state: 'recording' }]);
  assert.deepEqual(recordings.running.map(({ id }) => id), ['rc_2']);
  assert.deepEqual(recordings.list.map(({ id }) => id), ['rc_2', 'rc_1']);
  recordings.onState({ id: 'rc_2', mode: 'mix', state: 'paused' });
  assert.equal(recordings.running.length, 1, 'paused is not over');
  recordings.onState({ id: 'rc_2', mode: 'mix', state: 'uploading' });
  assert.equal(recordings.running.length, 0);
  stored[0] = { id: 'rc_2', mode: 'mix', state: 'available', durationMs: 7 };
  recordings.onState({ id: 'rc_2', mode: 'mix', state: 'available' });
  await new Promise((resolve) => setImmediate(resolve));

  assert.equal(recordings.list[0].durationMs, 7);
  assert.deepEqual(changes.filter((state) => state), ['paused', 'uploading', 'available']);
  await recordings.onSnapshot([]);
  assert.equal(recordings.running.length, 0);
});

test('a list of recordings that was read before something happened is not believed', async () => {
  /** @type {(answer: any) => void} */
  let answer = () => {};
  const recordings = new Recordings(() => new Promise((resolve) => {
    answer = resolve;
  }));
  const reading = recordings.onSnapshot([]);
  recordings.onState({ id: 'rc_1', mode: 'mix', state: 'recording' });
  answer({ data: [] });
  await reading;

  assert.equal(recordings.running.length, 1);
});

const levels = (...db) => Buffer.from(db).toString('base64');

test('a recorded mix is as loud as its manifest says, and has who is heard when', () => {
  const track = new RecordedTrack({ segment: 1, track: 'mix', url: 'u' }, {
    version: 1,
    durationMs: 800,
    gaps: [{ atMs: 100, durationMs: 20, cause: 'lost' }],
    pauses: [],
    speakers: [
      { participant: 'pt_a', atMs: 0, durationMs: 500 },
      { participant: 'pt_b', atMs: 300, durationMs: 400 },
      { participant: 'pt_a', atMs: 700, durationMs: 100 },
    ],
    levels: { stepMs: 100, dbBelowFullScale: levels(0, 60, 127, 30, 15, 45, 127, 127) },
  });

  assert.deepEqual(track.peaks(4), [1, 0.5, 0.75, 0]);
  assert.deepEqual(track.peaks(16).slice(0, 4), [1, 1, 0, 0], 'more parts than there are levels');
  assert.deepEqual(track.participantIds, ['pt_a', 'pt_b']);
  assert.deepEqual(track.speakersAt(350), ['pt_a', 'pt_b']);
  assert.deepEqual(track.speakersAt(500), ['pt_b']);
  assert.deepEqual(track.speakersAt(699), ['pt_b']);
  assert.deepEqual(track.speakersAt(800), []);
  assert.equal(track.participantId, null);
});

test('when one is heard in a track of his own is told by how loud it is', () => {
  const quiet = Array(6).fill(70);
  const track = new RecordedTrack({ segment: 2, track: 'pt_a.2', url: 'u' }, {
    version: 1,
    durationMs: 1500,
    levels: { stepMs: 100, dbBelowFullScale: levels(127, 20, 20, 70, 49, 50, ...quiet, 30) },
  });

  assert.equal(track.participantId, 'pt_a');
  assert.deepEqual(track.turns, [
    { participantId: 'pt_a', atMs: 100, durationMs: 400 },
    { participantId: 'pt_a', atMs: 1200, durationMs: 100 },
  ]);
});

test('a track without a manifest, or with one of another kind, can still be heard', () => {
  for (const manifest of [null, {}, { version: 2, durationMs: 5 }]) {
    const track = new RecordedTrack({ segment: 1, track: 'mix', url: 'u' }, manifest);
    assert.equal(track.isDescribed, false);
    assert.equal(track.url, 'u');
    assert.deepEqual(track.peaks(2), [0, 0]);
    assert.deepEqual(track.turns, []);
  }
});

test('the manifest of a recording comes from its store, and our token does not go there', async () => {
  /** @type {any[]} */
  const asked = [];
  const api = new SessionApi('https://here', async (url, request) => {
    asked.push([url, request.headers.Authorization ?? null]);
    return new Response('{"version":1}');
  });
  api.token = 'secret';

  assert.deepEqual(await api.manifest('https://store/mix.json?signed'), { version: 1 });
  assert.deepEqual(asked, [['https://store/mix.json?signed', null]]);
});
