package dev.parley.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

class SrtpPropertiesTest {
  private static final int SSRC = 0xCAFEBABE;

  @Property(tries = 200)
  void rtpIsProtectedAsTheRfcsSay(
      @ForAll SrtpProfile profile,
      @ForAll long seed,
      @ForAll @IntRange(max = 65_535) int sequenceNumber,
      @ForAll @IntRange(max = 15) int csrcCount,
      @ForAll @IntRange(max = 8) int extensionWords,
      @ForAll @IntRange(max = 1_100) int payloadLength)
      throws Exception {
    Random random = new Random(seed);
    int headerLength = 12 + 4 * csrcCount + (extensionWords == 0 ? 0 : 4 + 4 * extensionWords);
    byte[] clear = new byte[headerLength + payloadLength];
    random.nextBytes(clear);
    ByteBuffer header = ByteBuffer.wrap(clear);
    header.put((byte) (0x80 | (extensionWords == 0 ? 0 : 0x10) | csrcCount)).put((byte) 111);
    header.putShort((short) sequenceNumber);
    if (extensionWords > 0) {
      header
          .putShort(12 + 4 * csrcCount, (short) 0xBEDE)
          .putShort(14 + 4 * csrcCount, (short) extensionWords);
    }
    SrtpKeys keys = Packets.keys(profile, seed);
    int offset = random.nextInt(20);

    byte[] sent = protectRtp(new SrtpSender(profile, keys.serverWrite()), clear, offset);

    assertThat(sent)
        .isEqualTo(ReferenceSrtp.protectRtp(profile, keys.serverWrite(), clear, headerLength, 0));
    SrtpReceiver receiver = new SrtpReceiver(profile, keys.serverWrite());
    byte[] received = new byte[offset + sent.length];
    System.arraycopy(sent, 0, received, offset, sent.length);
    assertThat(receiver.unprotectRtp(received, offset, sent.length)).isEqualTo(UnprotectResult.OK);
    assertThat(Arrays.copyOfRange(received, offset, offset + receiver.length())).isEqualTo(clear);
  }

  @Property(tries = 100)
  void rtcpIsProtectedAsTheRfcsSay(
      @ForAll SrtpProfile profile, @ForAll long seed, @ForAll @IntRange(max = 300) int fillerWords)
      throws Exception {
    SrtpKeys keys = Packets.keys(profile, seed);
    SrtpSender sender = new SrtpSender(profile, keys.clientWrite());
    SrtpReceiver receiver = new SrtpReceiver(profile, keys.clientWrite());
    byte[] clear = Packets.rtcp(SSRC, fillerWords);

    for (int index = 0; index < 3; index++) {
      byte[] sent = protectRtcp(sender, clear);
      assertThat(sent)
          .isEqualTo(ReferenceSrtp.protectRtcp(profile, keys.clientWrite(), clear, index));
      assertThat(receiver.unprotectRtcp(sent, 0, sent.length)).isEqualTo(UnprotectResult.OK);
      assertThat(Arrays.copyOf(sent, receiver.length())).isEqualTo(clear);
    }
  }

  @Property(tries = 300)
  void anyFlippedBitIsRefusedAndForgotten(
      @ForAll SrtpProfile profile, @ForAll boolean rtcp, @ForAll @IntRange(max = 10_000) int bit) {
    SrtpKeys keys = Packets.keys(profile, bit);
    SrtpSender sender = new SrtpSender(profile, keys.clientWrite());
    SrtpReceiver receiver = new SrtpReceiver(profile, keys.clientWrite());
    byte[] sent =
        rtcp
            ? protectRtcp(sender, Packets.rtcp(SSRC, 10))
            : protectRtp(sender, Packets.rtp(SSRC, 1, 40), 0);
    byte[] damaged = sent.clone();
    damaged[bit / 8 % sent.length] ^= (byte) (1 << bit % 8);

    assertThat(unprotect(receiver, rtcp, damaged)).isNotEqualTo(UnprotectResult.OK);

    assertThat(receiver.length()).isZero();
    assertThat(receiver.ssrcCount()).isZero();
    assertThat(unprotect(receiver, rtcp, sent.clone())).isEqualTo(UnprotectResult.OK);
  }

  /** Duplicates, loss, disorder and several roll-overs against a plain set of what was seen. */
  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void theReplayWindowAgreesWithASet(
      @ForAll SrtpProfile profile,
      @ForAll long seed,
      @ForAll @IntRange(max = 32_767) int firstSequenceNumber) {
    SrtpKeys keys = Packets.keys(profile, seed);
    SrtpSender sender = new SrtpSender(profile, keys.clientWrite());
    SrtpReceiver receiver = new SrtpReceiver(profile, keys.clientWrite());
    Random random = new Random(seed);
    byte[][] recent = new byte[128][];
    Set<Long> seen = new HashSet<>();
    long highest = -1;
    // Steps of up to 2 000 cross 65 535 some three times.
    long index = firstSequenceNumber;
    for (int i = 0; i < 200; i++) {
      index += 1 + (random.nextInt(4) == 0 ? random.nextInt(2_000) : 0);
      recent[i % 128] = protectRtp(sender, Packets.rtp(SSRC, (int) index & 0xFFFF, 10), 0);
      indexes[i % 128] = index;
      int pick = Math.max(0, i - random.nextInt(80));
      long picked = indexes[pick % 128];
      byte[] packet = recent[pick % 128].clone();

      boolean accepted = receiver.unprotectRtp(packet, 0, packet.length) == UnprotectResult.OK;

      // Before anything newer than the first index arrived, an index below the first roll-over
      // cannot be told.
      boolean mayAccept = highest < 0 || (picked > highest - 64 && !seen.contains(picked));
      assertThat(accepted).as("index %s, highest %s", picked, highest).isEqualTo(mayAccept);
      if (accepted) {
        seen.add(picked);
        highest = Math.max(highest, picked);
      }
    }
  }

  private final long[] indexes = new long[128];

  @Property(tries = 200)
  void randomBytesAreRefusedAndForgotten(
      @ForAll SrtpProfile profile, @ForAll boolean rtcp, @ForAll byte[] bytes) {
    SrtpReceiver receiver = new SrtpReceiver(profile, Packets.keys(profile, 9).clientWrite());

    assertThat(unprotect(receiver, rtcp, bytes.clone()))
        .isIn(UnprotectResult.NOT_AUTHENTIC, UnprotectResult.MALFORMED, UnprotectResult.REPLAYED);
    assertThat(receiver.ssrcCount()).isZero();
    receiver.close();
  }

  @Property(tries = 20)
  void rollOverCounterReachesTheCipher(@ForAll SrtpProfile profile, @ForAll long seed)
      throws Exception {
    SrtpKeys keys = Packets.keys(profile, seed);
    SrtpSender sender = new SrtpSender(profile, keys.clientWrite());
    protectRtp(sender, Packets.rtp(SSRC, 65_535, 20), 0);

    byte[] clear = Packets.rtp(SSRC, 0, 20);
    byte[] sent = protectRtp(sender, clear, 0);

    assertThat(sent).isEqualTo(ReferenceSrtp.protectRtp(profile, keys.clientWrite(), clear, 12, 1));
  }

  private static UnprotectResult unprotect(SrtpReceiver receiver, boolean rtcp, byte[] packet) {
    return rtcp
        ? receiver.unprotectRtcp(packet, 0, packet.length)
        : receiver.unprotectRtp(packet, 0, packet.length);
  }

  private static byte[] protectRtp(SrtpSender sender, byte[] clear, int offset) {
    byte[] buffer = new byte[offset + clear.length + SrtpSender.OVERHEAD_LENGTH_MAX];
    System.arraycopy(clear, 0, buffer, offset, clear.length);
    assertThat(sender.protectRtp(buffer, offset, clear.length)).isEqualTo(ProtectResult.OK);
    return Arrays.copyOfRange(buffer, offset, offset + sender.length());
  }

  private static byte[] protectRtcp(SrtpSender sender, byte[] clear) {
    byte[] buffer = Arrays.copyOf(clear, clear.length + SrtpSender.OVERHEAD_LENGTH_MAX);
    assertThat(sender.protectRtcp(buffer, 0, clear.length)).isEqualTo(ProtectResult.OK);
    return Arrays.copyOf(buffer, sender.length());
  }
}
