package dev.parley.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeProperty;

/**
 * Ours and jitsi-srtp's under the same keys: senders write the same bytes, and receivers say the
 * same of each packet that loss, disorder, repetition and damage let through.
 */
class GcmInteropTest {
  private static final int SSRCS = 3;
  private static final int RECENT = 128;
  private static final SrtpProfile GCM = SrtpProfile.AEAD_AES_128_GCM;

  @BeforeProperty
  void needsLibcrypto() {
    assumeTrue(SrtpCiphers.hasLibcrypto());
  }

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void bothSendAndReceiveTheSame(
      @ForAll long seed, @ForAll @IntRange(max = 65_535) int firstSequenceNumber) {
    SrtpMasterKey key = Packets.keys(GCM, seed).clientWrite();
    SrtpSender ours = new SrtpSender(new GcmTransform(true, key));
    SrtpSender theirs = new SrtpSender(new JitsiTransform(true, GCM, key));
    SrtpReceiver ourReceiver = new SrtpReceiver(new GcmTransform(false, key));
    SrtpReceiver theirReceiver = new SrtpReceiver(new JitsiTransform(false, GCM, key));
    Random random = new Random(seed);
    byte[][] recent = new byte[RECENT][];
    boolean[] isRtcp = new boolean[RECENT];
    int[] sequenceNumbers = new int[SSRCS];
    Arrays.fill(sequenceNumbers, firstSequenceNumber);
    int accepted = 0;
    for (int i = 0; i < 300; i++) {
      int ssrc = random.nextInt(SSRCS);
      isRtcp[i % RECENT] = random.nextInt(4) == 0;
      // Steps of up to 5 000 roll over several times.
      sequenceNumbers[ssrc] += 1 + (random.nextInt(4) == 0 ? random.nextInt(5_000) : 0);
      byte[] clear =
          isRtcp[i % RECENT]
              ? Packets.rtcp(ssrc, random.nextInt(40))
              : rtp(random, ssrc, sequenceNumbers[ssrc] & 0xFFFF);
      byte[] sent = protect(ours, isRtcp[i % RECENT], clear);
      assertThat(sent).isEqualTo(protect(theirs, isRtcp[i % RECENT], clear));
      recent[i % RECENT] = sent;

      int pick = Math.max(0, i - (random.nextInt(3) == 0 ? random.nextInt(RECENT) : 0)) % RECENT;
      byte[] arriving = recent[pick].clone();
      if (random.nextInt(5) == 0) {
        arriving[random.nextInt(arriving.length)] ^= (byte) (1 << random.nextInt(8));
      }
      if (random.nextInt(20) == 0) {
        arriving = Arrays.copyOf(arriving, random.nextInt(arriving.length));
      }
      accepted += receive(ourReceiver, theirReceiver, isRtcp[pick], arriving);
    }
    assertThat(accepted).isPositive();
    assertThat(ourReceiver.ssrcCount()).isEqualTo(theirReceiver.ssrcCount());
    ours.close();
    theirs.close();
    ourReceiver.close();
    theirReceiver.close();
  }

  /** Whatever fits a datagram: where a header ends, and what has none. */
  @Property(tries = 1_000)
  void bothSayTheSameOfAnyBytes(@ForAll boolean rtcp, @ForAll byte[] bytes, @ForAll int firstWord) {
    byte[] packet = Arrays.copyOf(bytes, Math.max(4, bytes.length));
    ByteBuffer.wrap(packet).putInt(0, firstWord);
    SrtpMasterKey key = Packets.keys(GCM, 1).clientWrite();
    SrtpReceiver ours = new SrtpReceiver(new GcmTransform(false, key));
    SrtpReceiver theirs = new SrtpReceiver(new JitsiTransform(false, GCM, key));

    assertThat(receive(ours, theirs, rtcp, packet)).isZero();

    ours.close();
    theirs.close();
  }

  /** 1 if both accepted it. */
  private static int receive(
      SrtpReceiver ours, SrtpReceiver theirs, boolean rtcp, byte[] arriving) {
    byte[] copy = arriving.clone();
    UnprotectResult result = unprotect(ours, rtcp, arriving);
    assertThat(result).isEqualTo(unprotect(theirs, rtcp, copy));
    assertThat(ours.length()).isEqualTo(theirs.length());
    if (result != UnprotectResult.OK) {
      return 0;
    }
    assertThat(Arrays.copyOf(arriving, ours.length()))
        .isEqualTo(Arrays.copyOf(copy, theirs.length()));
    return 1;
  }

  private static UnprotectResult unprotect(SrtpReceiver receiver, boolean rtcp, byte[] packet) {
    return rtcp
        ? receiver.unprotectRtcp(packet, 0, packet.length)
        : receiver.unprotectRtp(packet, 0, packet.length);
  }

  private static byte[] protect(SrtpSender sender, boolean rtcp, byte[] clear) {
    byte[] buffer = Arrays.copyOf(clear, clear.length + SrtpSender.OVERHEAD_LENGTH_MAX);
    ProtectResult result =
        rtcp
            ? sender.protectRtcp(buffer, 0, clear.length)
            : sender.protectRtp(buffer, 0, clear.length);
    assertThat(result).isEqualTo(ProtectResult.OK);
    return Arrays.copyOf(buffer, sender.length());
  }

  /** With CSRCs, an extension, both or neither; the payload may be empty. */
  private static byte[] rtp(Random random, int ssrc, int sequenceNumber) {
    int csrcCount = random.nextInt(3) == 0 ? random.nextInt(16) : 0;
    int extensionWords = random.nextInt(2) == 0 ? random.nextInt(5) : -1;
    int headerLength = 12 + 4 * csrcCount + (extensionWords < 0 ? 0 : 4 + 4 * extensionWords);
    byte[] packet = new byte[headerLength + random.nextInt(200)];
    random.nextBytes(packet);
    ByteBuffer header = ByteBuffer.wrap(packet);
    header.put((byte) (0x80 | (extensionWords < 0 ? 0 : 0x10) | csrcCount)).put((byte) 111);
    header.putShort((short) sequenceNumber).putInt(8, ssrc);
    if (extensionWords >= 0) {
      header
          .putShort(12 + 4 * csrcCount, (short) 0xBEDE)
          .putShort(14 + 4 * csrcCount, (short) extensionWords);
    }
    return packet;
  }
}
