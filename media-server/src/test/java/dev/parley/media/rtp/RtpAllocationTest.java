package dev.parley.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class RtpAllocationTest {
  private static final int WARM_UP_ROUNDS = 20_000;
  private static final int MEASURED_ROUNDS = 50_000;

  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final RtpPacketWriter writer = new RtpPacketWriter();
  private final RtpPacket packet = new RtpPacket();
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1500]);
  private final UnsafeBuffer payload = new UnsafeBuffer(new byte[120]);
  private final byte[] mid = {'0'};

  @Test
  void writingAndReadingAllocatesNothing() {
    assertThat(run(WARM_UP_ROUNDS)).isEqualTo(120L * WARM_UP_ROUNDS);
    long beforeBytes = thread.getCurrentThreadAllocatedBytes();
    long read = run(MEASURED_ROUNDS);
    long allocatedBytes = thread.getCurrentThreadAllocatedBytes() - beforeBytes;

    assertThat(read).isEqualTo(120L * MEASURED_ROUNDS);
    assertThat(allocatedBytes).isLessThan(MEASURED_ROUNDS);
  }

  private long run(int rounds) {
    long read = 0;
    for (int i = 0; i < rounds; i++) {
      writer.begin(buffer, 0, 111, false).source(i, i, i).addCsrc(i).beginExtensions(false);
      writer.extension(1, AudioLevel.element(-i, true)).extension(4, mid).endExtensions();
      int length = writer.payload(payload, 0, 120);
      if (packet.wrap(buffer, 0, length) == RtpParseResult.VALID && packet.findExtension(4) > 0) {
        read += packet.payloadLength();
      }
    }
    return read;
  }
}
