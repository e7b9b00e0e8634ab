package dev.parley.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SrtpReceiverTest {
  private static final SrtpProfile GCM = SrtpProfile.AEAD_AES_128_GCM;

  private final SrtpKeys keys = Packets.keys(GCM, 1);
  private final SrtpSender sender = new SrtpSender(GCM, keys.clientWrite());
  private final SrtpReceiver receiver = new SrtpReceiver(GCM, keys.clientWrite());

  @AfterEach
  void close() {
    sender.close();
    receiver.close();
  }

  @Test
  void opensslIsInUseWhereTheBuildRuns() {
    assertThat(SrtpCiphers.implementation())
        .isIn("OpenSSL", "OpenSSL (AES-CM: SunJCE)", "OpenSSL (jitsi-srtp)", "SunJCE");
  }

  @Test
  void duplicateIsRejected() {
    byte[] packet = sent(1, 10);

    assertThat(unprotect(packet)).isEqualTo(UnprotectResult.OK);
    assertThat(unprotect(packet)).isEqualTo(UnprotectResult.REPLAYED);
  }

  @Test
  void packetOlderThanTheWindowIsRejected() {
    byte[] old = sent(1, 1_000);
    byte[] justInside = sent(1, 1_001);
    assertThat(unprotect(sent(1, 1_064))).isEqualTo(UnprotectResult.OK);

    assertThat(unprotect(old)).isEqualTo(UnprotectResult.REPLAYED);
    assertThat(unprotect(justInside)).isEqualTo(UnprotectResult.OK);
  }

  @Test
  void ninthSsrcIsRefusedBeforeAnyCipherRuns() {
    for (int ssrc = 1; ssrc <= SrtpReceiver.SSRCS_MAX; ssrc++) {
      assertThat(unprotect(sent(ssrc, 1))).isEqualTo(UnprotectResult.OK);
    }

    assertThat(unprotect(sent(9, 1))).isEqualTo(UnprotectResult.TOO_MANY_SSRCS);
    assertThat(unprotect(sent(8, 2))).isEqualTo(UnprotectResult.OK);
    assertThat(receiver.ssrcCount()).isEqualTo(SrtpReceiver.SSRCS_MAX);
  }

  @Test
  void forgedSsrcsTakeNoPlace() {
    for (int ssrc = 100; ssrc < 1_100; ssrc++) {
      byte[] forged = Packets.rtp(ssrc, 1, 60);
      assertThat(receiver.unprotectRtp(forged, 0, forged.length))
          .isEqualTo(UnprotectResult.NOT_AUTHENTIC);
    }

    assertThat(receiver.ssrcCount()).isZero();
    assertThat(unprotect(sent(1, 1))).isEqualTo(UnprotectResult.OK);
  }

  @Test
  void rtpAndRtcpOfOneSsrcShareAPlace() {
    byte[] report = Arrays.copyOf(Packets.rtcp(1, 4), 100);
    assertThat(sender.protectRtcp(report, 0, 24)).isEqualTo(ProtectResult.OK);

    assertThat(receiver.unprotectRtcp(report, 0, sender.length())).isEqualTo(UnprotectResult.OK);
    assertThat(unprotect(sent(1, 1))).isEqualTo(UnprotectResult.OK);

    assertThat(receiver.ssrcCount()).isOne();
  }

  @ParameterizedTest
  @EnumSource
  void unencryptedRtcpIsRefused(SrtpProfile profile) {
    SrtpReceiver other = new SrtpReceiver(profile, Packets.keys(profile, 2).clientWrite());

    // The E flag, where either profile keeps it, is 0.
    assertThat(other.unprotectRtcp(new byte[60], 0, 60)).isEqualTo(UnprotectResult.MALFORMED);
    other.close();
  }

  @ParameterizedTest
  @EnumSource
  void truncatedPacketsAreMalformedOrNotAuthentic(SrtpProfile profile) {
    SrtpKeys otherKeys = Packets.keys(profile, 3);
    SrtpSender otherSender = new SrtpSender(profile, otherKeys.clientWrite());
    byte[] packet = Arrays.copyOf(Packets.rtp(1, 1, 20), 60);
    otherSender.protectRtp(packet, 0, 32);
    SrtpReceiver other = new SrtpReceiver(profile, otherKeys.clientWrite());

    for (int length = 0; length < otherSender.length(); length++) {
      assertThat(other.unprotectRtp(packet.clone(), 0, length))
          .isIn(UnprotectResult.MALFORMED, UnprotectResult.NOT_AUTHENTIC);
      assertThat(other.unprotectRtcp(packet.clone(), 0, length))
          .isIn(UnprotectResult.MALFORMED, UnprotectResult.NOT_AUTHENTIC);
    }
    other.close();
  }

  @Test
  void headerThatRunsPastTheEndIsMalformed() {
    byte[] packet = new byte[40];
    packet[0] = (byte) 0x9F;
    packet[1] = 111;

    assertThat(receiver.unprotectRtp(packet, 0, packet.length))
        .isEqualTo(UnprotectResult.MALFORMED);
  }

  @Test
  void closedReceiverAnswersClosed() {
    byte[] packet = sent(1, 1);
    receiver.close();

    assertThat(unprotect(packet)).isEqualTo(UnprotectResult.CLOSED);
    receiver.close();
  }

  private byte[] sent(int ssrc, int sequenceNumber) {
    byte[] buffer = Arrays.copyOf(Packets.rtp(ssrc, sequenceNumber, 20), 60);
    assertThat(sender.protectRtp(buffer, 0, 32)).isEqualTo(ProtectResult.OK);
    return Arrays.copyOf(buffer, sender.length());
  }

  private UnprotectResult unprotect(byte[] packet) {
    return receiver.unprotectRtp(packet.clone(), 0, packet.length);
  }
}
