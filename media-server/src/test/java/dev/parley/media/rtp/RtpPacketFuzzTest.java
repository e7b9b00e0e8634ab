package dev.parley.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;

class RtpPacketFuzzTest {
  private final RtpPacket packet = new RtpPacket();

  @FuzzTest
  void anyBytesAreReadOrRefused(byte[] bytes) {
    read(bytes);
  }

  @Property(tries = 3000)
  void anyExtensionIsReadOrRefused(@ForAll @Size(max = 64) byte[] bytes, @ForAll boolean twoByte) {
    if (bytes.length > 16) {
      bytes[0] = (byte) (0x90 | (bytes[0] & 0x20));
      bytes[12] = (byte) (twoByte ? 0x10 : 0xBE);
      bytes[13] = (byte) (twoByte ? bytes[13] & 0xF : 0xDE);
      bytes[14] = 0;
      bytes[15] = (byte) (bytes[15] & 0xF);
    }

    read(bytes);
  }

  private void read(byte[] bytes) {
    if (packet.wrap(new UnsafeBuffer(bytes), 0, bytes.length) != RtpParseResult.VALID) {
      return;
    }
    assertThat(packet.payloadOffset()).isBetween(12, bytes.length);
    assertThat(packet.payloadLength()).isBetween(0, bytes.length - packet.payloadOffset());
    for (int i = 0; i < packet.csrcCount(); i++) {
      assertThat(packet.csrc(i)).isEqualTo(packet.csrc(i));
    }
    for (int id = 1; id <= 255; id++) {
      int position = packet.findExtension(id);
      if (position != RtpPacket.ABSENT) {
        assertThat(position + packet.foundLength()).isLessThanOrEqualTo(packet.payloadOffset());
      }
    }
  }
}
