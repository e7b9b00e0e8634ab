package dev.parley.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.packet.Limits;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class RtcpCompoundTest {
  private final RtcpWriter writer = new RtcpWriter();
  private final RtcpCompound compound = new RtcpCompound();
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);

  @Property(tries = 300)
  void senderReportWithCnameComesOutAsItWentIn(
      @ForAll int ssrc,
      @ForAll long ntpTimestamp,
      @ForAll @IntRange(max = 31) int blocks,
      @ForAll @Size(max = 255) byte[] cname) {
    writer.begin(buffer, 3).senderReport(ssrc).senderInfo(ntpTimestamp, ~ssrc, 7, 8);
    for (int i = 0; i < blocks; i++) {
      writer.reportBlock(statistics(ssrc + i, ntpTimestamp), 500_000_000);
    }
    writer.cname(ssrc, cname).nack(ssrc, 9, 65535, 0x8001).bye(ssrc);

    assertThat(compound.wrap(buffer, 3, writer.length())).isEqualTo(RtcpParseResult.VALID);
    assertThat(compound.next()).isTrue();
    assertThat(compound.type()).isEqualTo(RtcpType.SENDER_REPORT);
    assertThat(compound.senderSsrc()).isEqualTo(ssrc);
    assertThat(compound.ntpTimestamp()).isEqualTo(ntpTimestamp);
    assertThat(compound.timestampTicks()).isEqualTo(~ssrc);
    assertThat(compound.packetCount()).isEqualTo(7);
    assertThat(compound.octetCount()).isEqualTo(8);
    assertThat(compound.count()).isEqualTo(blocks);
    for (int i = 0; i < blocks; i++) {
      assertThat(compound.reportSsrc(i)).isEqualTo(ssrc + i);
      assertThat(compound.fractionLost(i)).isEqualTo(128);
      assertThat(compound.cumulativeLost(i)).isEqualTo(2);
      assertThat(compound.extendedHighestSequenceNumber(i)).isEqualTo(0x10001);
      assertThat(compound.lastSenderReport(i)).isEqualTo(NtpTime.middle(ntpTimestamp));
    }
    assertThat(compound.next()).isTrue();
    assertThat(compound.type()).isEqualTo(RtcpType.SOURCE_DESCRIPTION);
    byte[] readCname = new byte[cname.length];
    buffer.getBytes(compound.cnameOffset(), readCname);
    assertThat(compound.cnameLength()).isEqualTo(cname.length);
    assertThat(readCname).isEqualTo(cname);
    assertThat(compound.next()).isTrue();
    assertThat(compound.mediaSsrc()).isEqualTo(9);
    assertThat(compound.nackCount()).isEqualTo(1);
    assertThat(compound.nackSequenceNumber(0)).isEqualTo(65535);
    assertThat(compound.nackBitmask(0)).isEqualTo(0x8001);
    assertThat(compound.next()).isTrue();
    assertThat(compound.byeSsrc(0)).isEqualTo(ssrc);
    assertThat(compound.next()).isFalse();
  }

  /** Sequence numbers 65534 and 65537 came: two of four are missing. */
  private static ReceptionStatistics statistics(int ssrc, long ntpTimestamp) {
    ReceptionStatistics statistics = new ReceptionStatistics();
    statistics.reset(ssrc);
    statistics.onSenderReport(ntpTimestamp, 0);
    statistics.onPacket(65534, 0, 0);
    statistics.onPacket(1, 2880, 60_000_000);
    return statistics;
  }

  @Test
  void whatIsWrongIsTold() {
    List<RtcpParseResult> results = new ArrayList<>();
    for (String hex :
        List.of(
            "",
            "80c900",
            "80c9000200000001",
            "40c9000100000001",
            "81c9000100000001",
            "80c8000100000001",
            "a0c900010000000180c9000100000001",
            "a0c9000100000003",
            "a0c9000200000001000000ff",
            "80c9000100000001".repeat(Limits.RTCP_PACKETS_PER_COMPOUND_MAX + 1))) {
      byte[] bytes = HexFormat.of().parseHex(hex);
      results.add(compound.wrap(new UnsafeBuffer(bytes), 0, bytes.length));
      assertThat(compound.next()).isFalse();
    }

    assertThat(results)
        .containsExactly(
            RtcpParseResult.TOO_SHORT,
            RtcpParseResult.TOO_SHORT,
            RtcpParseResult.TOO_SHORT,
            RtcpParseResult.BAD_VERSION,
            RtcpParseResult.BAD_LENGTH,
            RtcpParseResult.BAD_LENGTH,
            RtcpParseResult.BAD_PADDING,
            RtcpParseResult.BAD_PADDING,
            RtcpParseResult.BAD_PADDING,
            RtcpParseResult.TOO_MANY_PACKETS);
  }

  @Test
  void unknownTypesAreSteppedOver() {
    byte[] bytes = HexFormat.of().parseHex("80cf00010000000180c9000100000002");

    assertThat(compound.wrap(new UnsafeBuffer(bytes), 0, bytes.length))
        .isEqualTo(RtcpParseResult.VALID);
    assertThat(compound.next()).isTrue();
    assertThat(compound.type()).isEqualTo(207);
    assertThat(compound.nackCount()).isZero();
    assertThat(compound.next()).isTrue();
    assertThat(compound.senderSsrc()).isEqualTo(2);
  }
}
