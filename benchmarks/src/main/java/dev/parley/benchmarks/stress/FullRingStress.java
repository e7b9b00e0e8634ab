package dev.parley.benchmarks.stress;

import dev.parley.media.packet.MediaRing;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.packet.ReceivedPacketWriter;
import java.util.Arrays;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A full ring refuses a message or takes it, depending on whether the reader has made room; either
 * way it never writes over what is still unread.
 *
 * <p>First whether the message was taken, then how many that were taken did not come out, then how
 * many came out otherwise than whole and in order.
 */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "Refused: there was no room yet.")
@Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "Taken, into the room just made.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Overwritten, lost or out of order.")
@State
public class FullRingStress {
  private static final int CAPACITY = 1 << 10;
  private static final int PAYLOAD_LENGTH = 80;

  private final RingBuffer ring = MediaRing.ofCapacity(CAPACITY);
  private final ReceivedPacketWriter writer = new ReceivedPacketWriter();
  private final ReceivedPacket packet = new ReceivedPacket();
  private final byte[] payload = new byte[PAYLOAD_LENGTH];
  private final byte[] received = new byte[PAYLOAD_LENGTH];
  private int written;
  private int read;
  private int broken;

  /** A ring that takes no more. */
  public FullRingStress() {
    boolean isTaken = true;
    while (isTaken) {
      isTaken = write();
    }
  }

  /** The event loop: one message more. */
  @Actor
  public void loop(III_Result result) {
    result.r1 = write() ? 1 : 0;
  }

  /** The agent: takes two out. */
  @Actor
  public void agent() {
    read();
    read();
  }

  /** The agent takes out what is left. */
  @Arbiter
  public void rest(III_Result result) {
    while (ring.size() > 0) {
      read();
    }
    result.r2 = written - read;
    result.r3 = broken;
  }

  private boolean write() {
    if (!writer.tryClaim(ring, PAYLOAD_LENGTH)) {
      return false;
    }
    Arrays.fill(payload, (byte) written);
    writer.peerId(written).arrivalNs(written).ssrc(written).timestampTicks(written);
    writer.sequenceNumber(written).payloadType(111).payload(payload, 0).commit();
    written++;
    return true;
  }

  private void read() {
    ring.read((type, buffer, index, length) -> check(packet.wrap(buffer, index)), 1);
  }

  private void check(ReceivedPacket message) {
    boolean isWhole = message.peerId() == read && message.arrivalNs() == read;
    isWhole &= message.ssrc() == read && message.getPayload(received, 0) == PAYLOAD_LENGTH;
    for (byte octet : received) {
      isWhole &= octet == read;
    }
    broken += isWhole ? 0 : 1;
    read++;
  }
}
