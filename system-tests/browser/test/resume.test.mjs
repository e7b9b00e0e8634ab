// How parley-client.js comes back after a break, without a browser: peer connections and the service are stand-ins.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

const client = new URL('../../../session-service/src/main/resources/web/client/', import.meta.url);
const load = (name) => import(new URL(name, client));
const { Backoff } = await load('backoff.js');
const { restartIce } = await load('ice-restart.js');
const { ParleyClient, ProblemError } = await load('parley-client.js');
const { fragmentOf, withCredentials } = await load('sdp.js');

const OFFER = 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n'
  + 'a=ice-ufrag:mine\r\na=ice-pwd:secret\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=ice-ufrag:mine\r\na=ice-pwd:secret\r\n';

test('credentials go out with the line they belong to, and come into every line', () => {
  assert.equal(fragmentOf(OFFER),
    'a=ice-ufrag:mine\r\na=ice-pwd:secret\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n');
  const changed = withCredentials(OFFER, 'a=ice-lite\r\na=ice-ufrag:$&\r\na=ice-pwd:other\r\n');
  assert.equal(changed, OFFER.replaceAll('ufrag:mine', () => 'ufrag:$&').replaceAll('secret', 'other'));
  assert.equal(withCredentials(OFFER, ''), OFFER);
});

class FakeMedia extends EventTarget {
  state = 'disconnected';
  accepted = [];
  restarts = 0;
  async restart() {
    this.restarts += 1;
    return 'ours';
  }
  async acceptRestart(fragment) {
    this.accepted.push(fragment);
    queueMicrotask(() => this.become('connected'));
  }
  become(state) {
    this.state = state;
    this.dispatchEvent(new Event('state'));
  }
}

const quick = () => new Backoff({ firstMs: 1, mostMs: 1 });
const unreachable = () => new ProblemError(0, {});

test('a restart is asked for again while there is no network, with the same credentials', async () => {
  const media = new FakeMedia();
  const sent = [];
  const send = async (fragment) => {
    sent.push(fragment);
    if (sent.length < 3) {
      throw unreachable();
    }
    return 'theirs';
  };

  assert.equal(await restartIce(media, send, new AbortController().signal, quick()), true);

  assert.deepEqual(sent, ['ours', 'ours', 'ours']);
  assert.deepEqual([media.restarts, media.accepted], [1, ['theirs']]);
});

test('a restart that the service refuses is not tried again', async () => {
  let asked = 0;
  const send = async () => {
    asked += 1;
    throw new ProblemError(404, { code: 'not-found' });
  };

  assert.equal(await restartIce(new FakeMedia(), send, new AbortController().signal, quick()), false);
  assert.equal(asked, 1);
});

test('a restart is given up in whatever it waits for', async () => {
  for (const send of [async () => { throw unreachable(); }, () => new Promise(() => {}), async () => 'theirs']) {
    const media = new FakeMedia();
    media.acceptRestart = async () => {}; // No check is answered.
    const over = new AbortController();
    const outcome = restartIce(media, send, over.signal, quick());
    setImmediate(() => over.abort());
    assert.equal(await outcome, false);
  }
});

// The whole client

class FakeConnection {
  static made = [];
  /** How many of the next never connect. */
  static deaf = 0;
  connectionState = 'new';
  closed = false;
  restarts = 0;
  constructor() {
    FakeConnection.made.push(this);
  }
  addTransceiver() {
    return { sender: { replaceTrack: async () => {} } };
  }
  getConfiguration() {
    return {};
  }
  setConfiguration() {}
  getReceivers() {
    return [];
  }
  async getStats() {
    return new Map();
  }
  async createOffer({ iceRestart = false } = {}) {
    this.restarts += iceRestart ? 1 : 0;
    return { sdp: OFFER };
  }
  async setLocalDescription() {}
  async setRemoteDescription(description) {
    this.remoteDescription = description;
    if (FakeConnection.deaf > 0) {
      FakeConnection.deaf -= 1;
      return;
    }
    setImmediate(() => this.become('connected'));
  }
  become(state) {
    if (!this.closed) {
      this.connectionState = state;
      this.onconnectionstatechange?.();
    }
  }
  close() {
    this.closed = true;
    this.connectionState = 'closed';
  }
}

class FakeSocket {
  static made = [];
  constructor() {
    FakeSocket.made.push(this);
  }
  send() {}
  close() {}
  say(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }
}

const stay = () => ({
  id: 'pt_1', identity: 'ana', answer: OFFER,
  media: { rtcUrl: '/rtc', eventsUrl: '/events', ticket: 't', iceServers: [], rtcSessionUrl: '/v1/rtc-sessions/s1' },
});

/** A service that writes down what it is asked. */
function service(restart) {
  const asked = [];
  return {
    asked,
    join: async () => { asked.push('join'); return stay(); },
    offer: async () => { asked.push('offer'); return { answer: OFFER, sessionUrl: '/v1/rtc-sessions/s2' }; },
    restartIce: async (url) => { asked.push(`restart ${url}`); return restart(); },
    leave: async () => {},
    changeConference: async (id, change) => { asked.push([id, change]); },
    messages: async () => ({ data: [] }),
    recordings: async () => ({ data: [] }),
  };
}

const globals = { RTCPeerConnection: FakeConnection, RTCRtpReceiver: class {}, WebSocket: FakeSocket };
const before = Object.fromEntries(Object.keys(globals).map((name) => [name, globalThis[name]]));
/** @type {InstanceType<typeof ParleyClient>[]} */
const open = [];

async function joined(api) {
  Object.assign(globalThis, globals);
  FakeConnection.made = [];
  FakeSocket.made = [];
  const client = new ParleyClient({ baseUrl: 'http://here', api, leaveOnPageHide: false });
  open.push(client);
  client.told = [];
  client.addEventListener('state', ({ detail }) => client.told.push(detail.state));
  for (const type of ['left', 'problem']) {
    client.addEventListener(type, () => client.told.push(type));
  }
  await client.join({ conferenceId: 'cf_1', token: 't' });
  await until(client, 'connected');
  client.told = [];
  return client;
}

async function until(client, state) {
  await new Promise((resolve) => {
    const look = () => client.state === state && resolve();
    client.addEventListener('state', look);
    look();
  });
  await turn(); // What the client awaits, too, is done.
}

function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.leave()));
  Object.assign(globalThis, before);
});

test('first media that never flows is made anew after ten seconds', async (t) => {
  const api = service(() => OFFER);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  FakeConnection.deaf = 1;

  const joining = joined(api);
  while (!FakeConnection.made[0]?.remoteDescription) {
    await turn();
  }
  await turn();
  t.mock.timers.tick(9_999);
  await turn();
  assert.deepEqual(api.asked, ['join']);
  t.mock.timers.tick(1);
  const client = await joining;

  assert.deepEqual(api.asked, ['join', 'offer']);
  assert.deepEqual(FakeConnection.made.map((one) => one.closed), [true, false]);
  assert.equal(client.participantId, 'pt_1');
});

test('media that is lost comes back by ICE alone: same connection, nobody is told to have left', async () => {
  const api = service(() => 'a=ice-ufrag:theirs\r\na=ice-pwd:new\r\n');
  const client = await joined(api);
  const [connection] = FakeConnection.made;

  connection.become('failed');
  await until(client, 'reconnecting');
  await until(client, 'connected');

  assert.deepEqual(api.asked, ['join', 'restart /v1/rtc-sessions/s1']);
  assert.deepEqual(client.told, ['reconnecting', 'connected']);
  assert.equal(FakeConnection.made.length, 1);
  assert.equal(connection.restarts, 1);
  assert.match(connection.remoteDescription.sdp, /ufrag:theirs[^]*ufrag:theirs/);
  assert.equal(client.participantId, 'pt_1');
});

test('where ICE cannot begin anew there is new media of the same participant', async () => {
  const api = service(() => { throw new ProblemError(404, { code: 'not-found' }); });
  const client = await joined(api);

  FakeConnection.made[0].become('failed');
  await until(client, 'reconnecting');
  await until(client, 'connected');
  FakeConnection.made[1].become('failed');
  await until(client, 'reconnecting');
  await until(client, 'connected');

  assert.deepEqual(api.asked,
    ['join', 'restart /v1/rtc-sessions/s1', 'offer', 'restart /v1/rtc-sessions/s2', 'offer']);
  assert.equal(FakeConnection.made.length, 3);
});

test('the move to another media server ends the wait for the one that is gone', { timeout: 4000 }, async () => {
  const api = service(() => new Promise(() => {}));
  const client = await joined(api);

  FakeConnection.made[0].become('failed');
  await until(client, 'reconnecting');
  FakeSocket.made[0].say({ seq: 7, type: 'media.move', data: { epoch: 1, reason: 'server-lost' } });
  await until(client, 'connected');

  assert.deepEqual(api.asked, ['join', 'restart /v1/rtc-sessions/s1', 'offer']);
});

test('a call is led to another media server without a break, whichever is first there', async () => {
  const api = service(() => OFFER);
  const client = await joined(api);
  const [socket] = FakeSocket.made;

  for (const epoch of [1, 2]) {
    const isSlow = epoch === 2;
    FakeConnection.deaf = isSlow ? 1 : 0;
    socket.say({ seq: 2 * epoch, type: 'media.move', data: { epoch, reason: 'drain' } });
    while (!FakeConnection.made[epoch]?.remoteDescription) {
      await turn();
    }
    await turn();
    socket.say({ seq: 2 * epoch + 1, type: 'media.moved', data: { epoch } });
    if (isSlow) {
      await turn();
      assert.deepEqual(FakeConnection.made.map((one) => one.closed), [true, false, false]);
      FakeConnection.made[epoch].become('connected');
    }
    await turn();
  }

  assert.deepEqual(FakeConnection.made.map((one) => one.closed), [true, true, false]);
  assert.equal(client.media.connection, FakeConnection.made[2]);
  assert.deepEqual(client.told, []); // Nobody sees it.
});

test('who is not answered at the new place asks again while the old one goes on', async () => {
  const api = service(() => OFFER);
  const client = await joined(api);
  const [socket] = FakeSocket.made;
  const { offer } = api;
  api.offer = async () => {
    api.offer = offer;
    throw unreachable();
  };

  socket.say({ seq: 2, type: 'media.move', data: { epoch: 1, reason: 'drain' } });
  while (FakeConnection.made[2]?.connectionState !== 'connected') {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.deepEqual(FakeConnection.made.map((one) => one.closed), [false, true, false]);
  socket.say({ seq: 3, type: 'media.moved', data: { epoch: 1 } });
  await turn();

  assert.deepEqual(FakeConnection.made.map((one) => one.closed), [true, true, false]);
  assert.deepEqual(client.told, []);
});

test('who cannot connect to the new place in time makes new media there', async (t) => {
  const api = service(() => OFFER);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const client = await joined(api);
  const [socket] = FakeSocket.made;
  FakeConnection.deaf = 1;

  socket.say({ seq: 2, type: 'media.move', data: { epoch: 1, reason: 'drain' } });
  while (!FakeConnection.made[1]?.remoteDescription) {
    await turn();
  }
  socket.say({ seq: 3, type: 'media.moved', data: { epoch: 1 } });
  await turn();
  assert.deepEqual(client.told, []);
  t.mock.timers.tick(1_500);
  await until(client, 'reconnecting');
  await until(client, 'connected');

  assert.deepEqual(FakeConnection.made.map((one) => one.closed), [true, true, false]);
  assert.deepEqual(client.told, ['reconnecting', 'connected']);
});

test('another way of listening needs new media, also while ICE begins anew', { timeout: 4000 }, async () => {
  const api = service(() => new Promise(() => {}));
  const client = await joined(api);

  FakeConnection.made[0].become('failed');
  await until(client, 'reconnecting');
  client.setListening('mix');
  await until(client, 'connected');

  assert.equal(api.asked.at(-1), 'offer');
});

test('a network that is back begins ICE anew before anything is lost, and nobody sees it', async () => {
  const api = service(() => OFFER);
  const client = await joined(api);

  client.onNetworkChange();
  await turn();

  assert.deepEqual(api.asked, ['join', 'restart /v1/rtc-sessions/s1']);
  assert.deepEqual(client.told, []);
});

test("the conference's options are kept up to date; what is older is passed over", async () => {
  const client = await joined(service(() => OFFER));
  const [socket] = FakeSocket.made;
  const changes = [];
  client.addEventListener('conferenceupdated', ({ detail }) => changes.push(detail.changed));
  const options = (version, locked) => ({ version, locked, lobby: false, maxParticipants: 10 });

  socket.say({ type: 'welcome', seq: 1, resumed: false, snapshot: { conference: options(4, false), participants: [] } });
  assert.equal(client.conference.locked, false);
  socket.say({ seq: 2, type: 'conference.updated', data: { ...options(6, true), changed: ['locked'] } });
  socket.say({ seq: 3, type: 'conference.updated', data: { ...options(5, false), changed: ['maxParticipants'] } });

  assert.deepEqual(client.conference, options(6, true));
  assert.deepEqual(changes, [[], ['locked']]);
  await client.setLocked(false);
  assert.deepEqual(client.api.asked.at(-1), ['cf_1', { locked: false }]);
});
