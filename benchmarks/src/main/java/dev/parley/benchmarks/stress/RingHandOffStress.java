package dev.parley.benchmarks.stress;

import dev.parley.media.packet.MediaRing;
import dev.parley.media.packet.OutgoingPacket;
import dev.parley.media.packet.OutgoingPacketWriter;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Messages between an event loop and a mix agent arrive whole, in order, each once, and without
 * those whose claim was given back, while the ring wraps around: only the first message fits before
 * its end, which is then filled with padding.
 *
 * <p>Each message is a digit: what was read while both ran, then what was left. A message with
 * anything but its own bytes counts as 9.
 */
@JCStressTest
@Outcome(id = "0, 13", expect = Expect.ACCEPTABLE, desc = "Read before anything was there.")
@Outcome(id = "1, 3", expect = Expect.ACCEPTABLE, desc = "Read after the first.")
@Outcome(id = "13, 0", expect = Expect.ACCEPTABLE, desc = "Read after both.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Torn, out of order, doubled, lost or given back.")
@State
public class RingHandOffStress {
  private static final int CAPACITY = 1 << 10;
  private static final int LOOKS = 200;
  private static final int PAYLOAD_LENGTH = 48;

  /** With the ring's own header of 8 bytes. */
  private static final int RECORD_LENGTH = OutgoingPacket.encodedLength(PAYLOAD_LENGTH, 0, 1) + 8;

  private static final int BROKEN = 9;

  private final RingBuffer ring = MediaRing.ofCapacity(CAPACITY);
  private final OutgoingPacketWriter writer = new OutgoingPacketWriter();
  private final OutgoingPacket packet = new OutgoingPacket();
  private final byte[] payload = new byte[PAYLOAD_LENGTH];
  private int digits;

  /** A ring with room for one message before its end, but not for two. */
  public RingHandOffStress() {
    while (CAPACITY - ring.producerPosition() % CAPACITY >= 2L * RECORD_LENGTH) {
      write(5);
      read();
    }
    digits = 0;
  }

  /** The writer: two messages, and between them one that is given back. */
  @Actor
  public void writer() {
    write(1);
    if (writer.tryClaim(ring, PAYLOAD_LENGTH, 0, 1)) {
      writer.abort();
    }
    write(3);
  }

  /** The reader, at first. */
  @Actor
  public void reader(II_Result result) {
    for (int look = 0; look < LOOKS && digits < 10; look++) {
      read();
    }
    result.r1 = digits;
    digits = 0;
  }

  /** The reader, when all has been written. */
  @Arbiter
  public void rest(II_Result result) {
    while (ring.size() > 0) {
      read();
    }
    result.r2 = digits;
  }

  private void write(int digit) {
    Arrays.fill(payload, (byte) digit);
    if (writer.tryClaim(ring, PAYLOAD_LENGTH, 0, 1)) {
      writer.payload(payload, 0).addTarget(digit, 0, digit, digit, false).commit();
    }
  }

  private void read() {
    ring.read((type, buffer, index, length) -> digits = 10 * digits + digit(buffer, index), 1);
  }

  private int digit(DirectBuffer buffer, int index) {
    packet.wrap(buffer, index);
    if (packet.payloadLength() != PAYLOAD_LENGTH || packet.targetCount() != 1) {
      return BROKEN;
    }
    int digit = packet.targetPeerId(0);
    boolean isWhole =
        packet.targetTimestampTicks(0) == digit && packet.targetSequenceNumber(0) == digit;
    for (int i = 0; i < PAYLOAD_LENGTH; i++) {
      isWhole &= buffer.getByte(packet.payloadOffset() + i) == digit;
    }
    return isWhole ? digit : BROKEN;
  }
}
