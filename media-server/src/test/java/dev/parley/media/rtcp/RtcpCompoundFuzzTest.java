package dev.parley.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;

class RtcpCompoundFuzzTest {
  private final RtcpCompound compound = new RtcpCompound();

  /** What was read goes somewhere, so that reading cannot be optimised away. */
  long read;

  @FuzzTest
  void anyBytesAreReadOrRefused(byte[] bytes) {
    read(bytes);
  }

  @Property(tries = 3000)
  void anyPacketOfAnyTypeIsReadOrRefused(
      @ForAll @Size(max = 120) byte[] bytes,
      @ForAll @IntRange(min = 200, max = 207) int type,
      @ForAll boolean fits) {
    if (bytes.length >= 8) {
      bytes[0] = (byte) (0x80 | (bytes[0] & 0x3F));
      bytes[1] = (byte) type;
      bytes[2] = 0;
      bytes[3] = (byte) (fits ? bytes.length / 4 - 1 : bytes[3] & 0x1F);
    }

    read(fits ? Arrays.copyOf(bytes, bytes.length & ~3) : bytes);
  }

  private void read(byte[] bytes) {
    if (compound.wrap(new UnsafeBuffer(bytes), 0, bytes.length) != RtcpParseResult.VALID) {
      assertThat(compound.next()).isFalse();
      return;
    }
    while (compound.next()) {
      readPacket();
    }
  }

  private void readPacket() {
    int count = compound.count();
    switch (compound.type()) {
      case RtcpType.SENDER_REPORT, RtcpType.RECEIVER_REPORT -> {
        for (int i = 0; i < count; i++) {
          read += compound.reportSsrc(i) + compound.delaySinceLastSenderReport(i);
          assertThat(compound.cumulativeLost(i)).isBetween(-0x800000, 0x7FFFFF);
        }
      }
      case RtcpType.BYE -> {
        for (int i = 0; i < count; i++) {
          read += compound.byeSsrc(i);
        }
      }
      case RtcpType.SOURCE_DESCRIPTION -> {
        if (compound.cnameOffset() != RtcpCompound.ABSENT) {
          read += compound.cnameLength();
        }
      }
      default -> {
        for (int i = 0; i < compound.nackCount(); i++) {
          read += compound.nackSequenceNumber(i) + compound.nackBitmask(i);
        }
      }
    }
  }
}
