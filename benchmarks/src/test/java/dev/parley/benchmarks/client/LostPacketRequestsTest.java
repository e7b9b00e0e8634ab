package dev.parley.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.rtcp.RtcpCompound;
import dev.parley.media.rtcp.RtcpParseResult;
import dev.parley.media.rtcp.RtcpType;
import dev.parley.media.rtcp.RtcpWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class LostPacketRequestsTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

  private final LostPacketRequests requests = new LostPacketRequests();

  @Test
  void nothingIsAskedForWithoutAGap() {
    for (int i = 0; i < 100; i++) {
      requests.onPacket(65_500 + i & 0xFFFF, i * (20 * MS));
      assertThat(requests.isDue(i * (20 * MS))).isFalse();
    }
  }

  @Test
  void aGapIsAskedForAtOnceAndAgainWhileItLasts() {
    requests.onPacket(65_534, 0);
    requests.onPacket(2, 20 * MS);

    assertThat(asked(20 * MS)).containsExactly(65_535, 0, 1);
    assertThat(requests.isDue(60 * MS)).isFalse();
    requests.onPacket(0, 65 * MS);
    assertThat(asked(70 * MS)).containsExactly(65_535, 1);
  }

  @Test
  void longGapsTakeSeveralEntriesAndOnlyTheLatestAreAskedFor() {
    requests.onPacket(0, 0);
    requests.onPacket(101, 20 * MS);

    List<Integer> asked = asked(20 * MS);

    assertThat(asked).hasSize(LostPacketRequests.WINDOW - 1).doesNotHaveDuplicates();
    assertThat(asked).startsWith(38).endsWith(100);
    assertThat(requests.figures().missed()).isEqualTo(100);
  }

  @Test
  void itGivesUp() {
    requests.onPacket(1, 0);
    requests.onPacket(3, 20 * MS);
    int times = 0;
    for (long at = 20; at < 2_000; at += 10) {
      times += requests.isDue(at * MS) && !asked(at * MS).isEmpty() ? 1 : 0;
    }

    assertThat(times).isEqualTo(5);
    assertThat(requests.figures()).isEqualTo(new RepairFigures(1, 1, 0, 1));
  }

  @Test
  void whatCameIsToldFromWhatDidNot() {
    requests.onPacket(1, 0);
    requests.onPacket(5, 20 * MS);
    requests.onPacket(2, 20 * MS);
    asked(20 * MS);
    requests.onPacket(3, 40 * MS);
    requests.onPacket(3, 41 * MS);

    // 2 was only late, 3 came because it was asked for, 4 has not come.
    assertThat(requests.figures()).isEqualTo(new RepairFigures(3, 2, 1, 1));
  }

  @Test
  void anotherStreamBeginsWithoutAGap() {
    requests.onPacket(1, 0);
    requests.onPacket(20_000, 20 * MS);

    assertThat(requests.isDue(20 * MS)).isFalse();
    assertThat(requests.figures()).isEqualTo(RepairFigures.NONE);
  }

  private List<Integer> asked(long nowNs) {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[1_500]);
    RtcpWriter writer = new RtcpWriter().begin(buffer, 0).receiverReport(7).cname(7, new byte[4]);
    boolean isWritten = requests.write(writer, 7, 8, nowNs);
    RtcpCompound compound = new RtcpCompound();
    assertThat(compound.wrap(buffer, 0, writer.length())).isEqualTo(RtcpParseResult.VALID);
    List<Integer> asked = new ArrayList<>();
    while (compound.next()) {
      if (compound.type() == RtcpType.TRANSPORT_FEEDBACK) {
        assertThat(compound.mediaSsrc()).isEqualTo(8);
        for (int i = 0; i < compound.nackCount(); i++) {
          for (int wanted = compound.nackBitmask(i) << 1 | 1, place = 0; wanted != 0; place++) {
            if ((wanted & 1) != 0) {
              asked.add(compound.nackSequenceNumber(i) + place & 0xFFFF);
            }
            wanted >>>= 1;
          }
        }
      }
    }
    assertThat(isWritten).isEqualTo(!asked.isEmpty());
    return asked;
  }
}
