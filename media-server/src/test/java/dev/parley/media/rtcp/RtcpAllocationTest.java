package dev.parley.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class RtcpAllocationTest {
  private static final int WARM_UP_ROUNDS = 20_000;
  private static final int MEASURED_ROUNDS = 50_000;

  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final RtcpWriter writer = new RtcpWriter();
  private final RtcpCompound compound = new RtcpCompound();
  private final ReceptionStatistics statistics = new ReceptionStatistics();
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1500]);
  private final byte[] cname = new byte[16];

  @Test
  void countingWritingAndReadingAllocatesNothing() {
    assertThat(run(WARM_UP_ROUNDS)).isEqualTo(WARM_UP_ROUNDS);
    long beforeBytes = thread.getCurrentThreadAllocatedBytes();
    int blocks = run(MEASURED_ROUNDS);
    long allocatedBytes = thread.getCurrentThreadAllocatedBytes() - beforeBytes;

    assertThat(blocks).isEqualTo(MEASURED_ROUNDS);
    assertThat(allocatedBytes).isLessThan(MEASURED_ROUNDS);
  }

  private int run(int rounds) {
    int blocks = 0;
    for (int i = 0; i < rounds; i++) {
      statistics.onPacket(i & 0xFFFF, 960 * i, 20_000_000L * i);
      writer.begin(buffer, 0).senderReport(1).senderInfo(i, i, i, i);
      writer.reportBlock(statistics, 20_000_000L * i).cname(1, cname);
      if (compound.wrap(buffer, 0, writer.length()) == RtcpParseResult.VALID && compound.next()) {
        blocks += compound.count();
      }
    }
    return blocks;
  }
}
