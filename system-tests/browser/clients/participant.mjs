// What the clients have in common: one participant with one or more media sessions, told by its first argument, which is
// JSON: {"token", "voice": file, "sessions": [{"url", "sends", "lines"}]}. Each line on standard output is JSON:
// {"connected": url}, {"heard": Opus packet in base64, "stream"}, {"trickled": status}, {"restarted": url},
// {"ended": [statuses]}, {"error"}. The line `restart` on standard input begins ICE of all sessions anew; the end of
// standard input ends them, and the program.
import { createInterface } from 'node:readline';
import { MediaResource } from './media-resource.mjs';
import { Voice, heardIn } from './voice.mjs';

/**
 * @typedef {object} Peer  One peer connection of a library.
 * @property {() => Promise<string>} offer
 * @property {(answer: string) => Promise<void>} accept
 * @property {Promise<void>} connected
 * @property {(packet: Buffer) => void} send
 * @property {() => Promise<string[]>} [candidates]  Found after the offer.
 * @property {() => Promise<string>} [restart]  An offer with new ICE credentials.
 * @property {() => Promise<unknown>} [restarted]  Until they are in use.
 * @property {() => Promise<void>} close
 */

/** @param {(wish: {sends: boolean, lines: number, ssrc: number, hear: (packet: Buffer) => void}) => Peer} open */
export async function takePart(open) {
  const { token, voice: file, sessions } = JSON.parse(process.argv[2]);
  const voice = new Voice(file);
  const begun = [];
  try {
    for (const session of sessions) {
      begun.push(await begin(open, session, token, voice));
    }
    for await (const line of createInterface({ input: process.stdin })) {
      if (line === 'restart') {
        await Promise.all(begun.map(restart));
      }
    }
    voice.stop();
    const statuses = [];
    for (const { peer, resource } of begun) {
      statuses.push(await resource.end());
      await peer.close();
    }
    tell({ ended: statuses });
    process.exit(0);
  } catch (error) {
    tell({ error: String(error?.stack ?? error) });
    process.exit(1);
  }
}

async function begin(open, { url, sends = false, lines = 0 }, token, voice) {
  const streams = new URL(url).pathname;
  const hear = (packet) => {
    const heard = heardIn(packet);
    if (heard) {
      tell({ heard: heard.payload.toString('base64'), stream: `${streams} ${heard.ssrc}` });
    }
  };
  const peer = open({ sends, lines, ssrc: voice.ssrc, hear });
  const offer = await peer.offer();
  const resource = await MediaResource.create(url, token, offer);
  await peer.accept(resource.answer);
  if (peer.candidates) {
    tell({ trickled: await resource.trickle(await peer.candidates()) });
  }
  await peer.connected;
  if (sends) {
    voice.start(opusIn(resource.answer), (packet) => peer.send(packet));
  }
  tell({ connected: url });
  return { url, peer, resource };
}

async function restart({ url, peer, resource }) {
  await peer.accept(await resource.restart(await peer.restart()));
  await peer.restarted();
  tell({ restarted: url });
}

function opusIn(answer) {
  return Number(/^a=rtpmap:(\d+) opus\/48000\/2/im.exec(answer)[1]);
}

function tell(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
