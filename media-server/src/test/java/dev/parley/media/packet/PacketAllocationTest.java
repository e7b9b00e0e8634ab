package dev.parley.media.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.junit.jupiter.api.Test;

class PacketAllocationTest {
  private static final int WARM_UP_ROUNDS = 20_000;
  private static final int MEASURED_ROUNDS = 50_000;

  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final OneToOneRingBuffer inboundRing = MediaRing.ofCapacity(1 << 15);
  private final OneToOneRingBuffer outboundRing = MediaRing.ofCapacity(1 << 15);
  private final ReceivedPacketWriter received = new ReceivedPacketWriter();
  private final OutgoingPacketWriter outgoing = new OutgoingPacketWriter();
  private final byte[] payload = new byte[120];
  private final byte[] out = new byte[Limits.PAYLOAD_LENGTH_MAX];
  private final Reader reader = new Reader();

  @Test
  void writingAndReadingBothMessagesAllocatesNothing() {
    run(WARM_UP_ROUNDS);
    long beforeBytes = thread.getCurrentThreadAllocatedBytes();
    run(MEASURED_ROUNDS);
    long allocatedBytes = thread.getCurrentThreadAllocatedBytes() - beforeBytes;

    assertThat(allocatedBytes).isLessThan(MEASURED_ROUNDS);
    assertThat(reader.bytes).isEqualTo(240L * (WARM_UP_ROUNDS + MEASURED_ROUNDS));
  }

  private void run(int rounds) {
    for (int i = 0; i < rounds; i++) {
      if (received.tryClaim(inboundRing, payload.length)) {
        received.peerId(i).sequenceNumber(i).payload(payload, 0).commit();
      }
      if (outgoing.tryClaim(outboundRing, payload.length, 1, 2)) {
        outgoing.addCsrc(i, -1).payload(payload, 0).addTarget(i, 0, i, i, false).commit();
      }
      reader.outbound = false;
      inboundRing.read(reader);
      reader.outbound = true;
      outboundRing.read(reader);
    }
  }

  private final class Reader implements MessageHandler {
    private final ReceivedPacket receivedPacket = new ReceivedPacket();
    private final OutgoingPacket outgoingPacket = new OutgoingPacket();
    private boolean outbound;
    private long bytes;

    @Override
    public void onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
      if (outbound) {
        bytes += outgoingPacket.wrap(buffer, index).getPayload(out, 0);
      } else {
        bytes += receivedPacket.wrap(buffer, index).getPayload(out, 0);
      }
    }
  }
}
