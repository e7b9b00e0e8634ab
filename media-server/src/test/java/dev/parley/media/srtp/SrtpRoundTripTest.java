package dev.parley.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SrtpRoundTripTest {
  @ParameterizedTest
  @EnumSource
  void whatOneSideProtectsTheOtherUnprotects(SrtpProfile profile) {
    SrtpKeys keys = Packets.keys(profile, 7);
    SrtpSender sender = new SrtpSender(profile, keys.clientWrite());
    SrtpReceiver receiver = new SrtpReceiver(profile, keys.clientWrite());
    byte[] clear = Packets.rtp(0xDEADBEEF, 65_000, 80);
    byte[] buffer = Arrays.copyOfRange(clear, 0, 200);

    assertThat(sender.protectRtp(buffer, 0, clear.length)).isEqualTo(ProtectResult.OK);
    assertThat(sender.length()).isEqualTo(clear.length + profile.rtpOverheadLength());
    assertThat(receiver.unprotectRtp(buffer, 0, sender.length())).isEqualTo(UnprotectResult.OK);

    assertThat(Arrays.copyOf(buffer, receiver.length())).isEqualTo(clear);
    assertThat(receiver.ssrcCount()).isOne();
  }
}
