package dev.parley.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SrtpSenderTest {
  @ParameterizedTest
  @EnumSource
  void anIndexIsNeverProtectedTwice(SrtpProfile profile) {
    SrtpSender sender = sender(profile);
    assertThat(protect(sender, Packets.rtp(1, 5, 20), 100)).isEqualTo(ProtectResult.OK);

    assertThat(protect(sender, Packets.rtp(1, 5, 21), 100)).isEqualTo(ProtectResult.REPLAYED);
    assertThat(sender.length()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void packetWithoutRoomForItsTagIsNotSent(SrtpProfile profile) {
    SrtpSender sender = sender(profile);

    assertThat(protect(sender, Packets.rtp(1, 5, 20), 32 + profile.tagLength() - 1))
        .isEqualTo(ProtectResult.BUFFER_TOO_SMALL);
    assertThat(protect(sender, Packets.rtp(1, 5, 20), 32 + profile.tagLength()))
        .isEqualTo(ProtectResult.OK);
  }

  @ParameterizedTest
  @EnumSource
  void packetWhoseHeaderRunsPastItsEndIsNotSent(SrtpProfile profile) {
    byte[] packet = Packets.rtp(1, 5, 20);
    packet[0] = (byte) 0x8F;

    assertThat(protect(sender(profile), packet, 100)).isEqualTo(ProtectResult.MALFORMED);
    assertThat(protect(sender(profile), new byte[11], 100)).isEqualTo(ProtectResult.MALFORMED);
  }

  @ParameterizedTest
  @EnumSource
  void ssrcsAreBounded(SrtpProfile profile) {
    SrtpSender sender = sender(profile);
    for (int ssrc = 0; ssrc < SrtpSender.SSRCS_MAX; ssrc++) {
      assertThat(sender.prepare(ssrc)).isTrue();
    }

    assertThat(sender.prepare(-1)).isFalse();
    assertThat(protect(sender, Packets.rtp(-1, 5, 20), 100))
        .isEqualTo(ProtectResult.TOO_MANY_SSRCS);
    sender.close();
    assertThat(protect(sender, Packets.rtp(1, 5, 20), 100)).isEqualTo(ProtectResult.CLOSED);
  }

  private static SrtpSender sender(SrtpProfile profile) {
    return new SrtpSender(profile, Packets.keys(profile, 4).serverWrite());
  }

  private static ProtectResult protect(SrtpSender sender, byte[] packet, int capacity) {
    return sender.protectRtp(Arrays.copyOf(packet, capacity), 0, packet.length);
  }
}
