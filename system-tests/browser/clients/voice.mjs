// A voice out of a file: Opus packets of 20 ms each, as RTP packets (RFC 3550, RFC 7587) at their times.
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';

const FRAME_MS = 20;
const FRAME_TICKS = 960;
const HEADER_LENGTH = 12;

export class Voice {
  /** @param {string} file  Opus packets, each after its length in two bytes */
  constructor(file) {
    const bytes = readFileSync(file);
    this.frames = [];
    for (let at = 0; at < bytes.length; at += 2 + bytes.readUInt16BE(at)) {
      this.frames.push(bytes.subarray(at + 2, at + 2 + bytes.readUInt16BE(at)));
    }
    this.ssrc = randomInt(1, 2 ** 32);
    this.firstSequenceNumber = randomInt(2 ** 16);
    this.firstTimestamp = randomInt(2 ** 32);
  }

  /**
   * Sends from now on, over and over.
   *
   * @param {number} payloadType
   * @param {(packet: Buffer) => void} send
   */
  start(payloadType, send) {
    const startMs = performance.now();
    let next = 0;
    // A timer that is late sends what is due, so that the pace is kept.
    this.timer = setInterval(() => {
      for (; next * FRAME_MS <= performance.now() - startMs; next++) {
        send(this.packet(next, payloadType));
      }
    }, FRAME_MS / 2);
  }

  stop() {
    clearInterval(this.timer);
  }

  packet(index, payloadType) {
    const frame = this.frames[index % this.frames.length];
    const packet = Buffer.alloc(HEADER_LENGTH + frame.length);
    packet.writeUInt8(0x80, 0);
    packet.writeUInt8((index === 0 ? 0x80 : 0) | payloadType, 1);
    packet.writeUInt16BE((this.firstSequenceNumber + index) % 2 ** 16, 2);
    packet.writeUInt32BE((this.firstTimestamp + index * FRAME_TICKS) % 2 ** 32, 4);
    packet.writeUInt32BE(this.ssrc, 8);
    frame.copy(packet, HEADER_LENGTH);
    return packet;
  }
}

/** The payload of an RTP packet, and whose it is; null for anything else. */
export function heardIn(packet) {
  if (packet.length < HEADER_LENGTH || packet[0] >> 6 !== 2 || (packet[1] >= 192 && packet[1] <= 223)) {
    return null;
  }
  let start = HEADER_LENGTH + 4 * (packet[0] & 0x0f);
  if (packet[0] & 0x10) {
    start += 4 + 4 * packet.readUInt16BE(start + 2);
  }
  const end = packet.length - (packet[0] & 0x20 ? packet[packet.length - 1] : 0);
  return { ssrc: packet.readUInt32BE(8), payload: packet.subarray(start, end) };
}
