package dev.parley.media.srtp;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
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
  void samePacketComesOutTheSameAgainAcrossARollOver(SrtpProfile profile) {
    SrtpSender sender = sender(profile);
    SrtpReceiver receiver = new SrtpReceiver(profile, Packets.keys(profile, 4).serverWrite());
    byte[][] first = new byte[10][];
    for (int i = 0; i < first.length; i++) {
      first[i] = protectAgain(sender, Packets.rtp(1, 65_531 + i & 0xFFFF, 20));
    }

    for (int i = 0; i < first.length; i++) {
      byte[] again = protectAgain(sender, Packets.rtp(1, 65_531 + i & 0xFFFF, 20));
      assertThat(again).isEqualTo(first[i]);
      assertThat(receiver.unprotectRtp(again, 0, again.length)).isEqualTo(UnprotectResult.OK);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherPacketUnderTheSameIndexIsNotSent(SrtpProfile profile) {
    SrtpSender sender = sender(profile);
    byte[] original = Packets.rtp(1, 5, 20);
    assertThat(protect(sender, original, 100)).isEqualTo(ProtectResult.OK);

    for (int changed : new int[] {1, 4, 31}) {
      byte[] altered = original.clone();
      altered[changed] ^= 1;
      assertThat(protectAgain(sender, Arrays.copyOf(altered, 100), altered.length))
          .as("byte %s", changed)
          .isEqualTo(ProtectResult.ALTERED);
    }
    byte[] shorter = Packets.rtp(1, 5, 19);
    assertThat(protectAgain(sender, Arrays.copyOf(shorter, 100), shorter.length))
        .isEqualTo(ProtectResult.ALTERED);
    assertThat(protectAgain(sender, original)).hasSize(32 + profile.tagLength());
  }

  @ParameterizedTest
  @EnumSource
  void packetTooOldToBeKnownIsNotSentAgain(SrtpProfile profile) {
    SrtpSender sender = sender(profile);
    for (int i = 0; i <= SentTags.COUNT; i++) {
      protectAgain(sender, Packets.rtp(1, i, 20));
    }
    byte[] oldest = Packets.rtp(1, 0, 20);

    assertThat(protectAgain(sender, Arrays.copyOf(oldest, 100), oldest.length))
        .isEqualTo(ProtectResult.REPLAYED);
    assertThat(protectAgain(sender, Packets.rtp(1, 1, 20))).isNotEmpty();
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
      assertThat(sender.of(ssrc)).isNotNull();
    }

    assertThat(sender.of(-1)).isNull();
    assertThat(protect(sender, Packets.rtp(-1, 5, 20), 100))
        .isEqualTo(ProtectResult.TOO_MANY_SSRCS);
    sender.close();
    assertThat(protect(sender, Packets.rtp(1, 5, 20), 100)).isEqualTo(ProtectResult.CLOSED);
  }

  @ParameterizedTest
  @EnumSource
  void nativeMemoryGetsWhatAnArrayGets(SrtpProfile profile) {
    byte[] rtp = Packets.rtp(1, 5, 20);
    byte[] rtcp = Packets.rtcp(1, 2);
    byte[] array = Arrays.copyOf(rtp, 100);
    byte[] reportArray = Arrays.copyOf(rtcp, 100);
    UnsafeBuffer outside = new UnsafeBuffer(ByteBuffer.allocateDirect(100));
    UnsafeBuffer reportOutside = new UnsafeBuffer(ByteBuffer.allocateDirect(100));
    outside.putBytes(0, rtp);
    reportOutside.putBytes(0, rtcp);
    SrtpSender inArrays = sender(profile);
    SrtpSender inMemory = sender(profile);

    assertThat(inArrays.protectRtp(array, 0, rtp.length)).isEqualTo(ProtectResult.OK);
    assertThat(inMemory.protectRtp(outside, 0, rtp.length)).isEqualTo(ProtectResult.OK);
    assertThat(inArrays.protectRtcp(reportArray, 0, rtcp.length)).isEqualTo(ProtectResult.OK);
    assertThat(inMemory.protectRtcp(reportOutside, 0, rtcp.length)).isEqualTo(ProtectResult.OK);

    assertThat(bytes(outside)).isEqualTo(array);
    assertThat(bytes(reportOutside)).isEqualTo(reportArray);
    UnsafeBuffer small = new UnsafeBuffer(outside, 0, rtp.length + profile.tagLength() - 1);
    small.putBytes(0, Packets.rtp(1, 6, 20));
    assertThat(inMemory.protectRtp(small, 0, rtp.length)).isEqualTo(ProtectResult.BUFFER_TOO_SMALL);
  }

  private static byte[] bytes(UnsafeBuffer buffer) {
    byte[] bytes = new byte[buffer.capacity()];
    buffer.getBytes(0, bytes);
    return bytes;
  }

  private static SrtpSender sender(SrtpProfile profile) {
    return new SrtpSender(profile, Packets.keys(profile, 4).serverWrite());
  }

  private static byte[] protectAgain(SrtpSender sender, byte[] packet) {
    byte[] buffer = Arrays.copyOf(packet, 100);
    assertThat(protectAgain(sender, buffer, packet.length)).isEqualTo(ProtectResult.OK);
    return Arrays.copyOf(buffer, requireNonNull(sender.of(1)).rtpLength(packet.length));
  }

  private static ProtectResult protectAgain(SrtpSender sender, byte[] buffer, int length) {
    return requireNonNull(sender.of(1)).protectRtp(new UnsafeBuffer(buffer), 0, length, true);
  }

  private static ProtectResult protect(SrtpSender sender, byte[] packet, int capacity) {
    return sender.protectRtp(Arrays.copyOf(packet, capacity), 0, packet.length);
  }
}
