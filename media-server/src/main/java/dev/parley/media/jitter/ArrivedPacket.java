package dev.parley.media.jitter;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One RTP packet on its way into a {@link JitterBuffer}: a mutable argument, filled anew for each
 * packet and kept by its owner (a mix agent). The payload is only referred to; the jitter buffer
 * copies it.
 */
public final class ArrivedPacket {
  private final UnsafeBuffer payload = new UnsafeBuffer(0, 0);
  private int ssrc;
  private int sequenceNumber;
  private int timestampTicks;
  private int durationTicks;
  private long arrivalNs;

  /** Sets what the RTP header says, and when it arrived. */
  public ArrivedPacket header(int streamSsrc, int sequence, int timestamp, long arrivedNs) {
    ssrc = streamSsrc;
    sequenceNumber = sequence & 0xFFFF;
    timestampTicks = timestamp;
    arrivalNs = arrivedNs;
    return this;
  }

  /** Sets the payload and how long its sound lasts, in ticks of the 48 kHz clock, 120..5760. */
  public ArrivedPacket payload(DirectBuffer buffer, int offset, int length, int lastsTicks) {
    payload.wrap(buffer, offset, length);
    durationTicks = lastsTicks;
    return this;
  }

  int ssrc() {
    return ssrc;
  }

  int sequenceNumber() {
    return sequenceNumber;
  }

  int timestampTicks() {
    return timestampTicks;
  }

  int durationTicks() {
    return durationTicks;
  }

  long arrivalNs() {
    return arrivalNs;
  }

  int payloadLength() {
    return payload.capacity();
  }

  void copyPayloadTo(byte[] target, int targetOffset) {
    payload.getBytes(0, target, targetOffset, payload.capacity());
  }
}
