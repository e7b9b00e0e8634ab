package dev.parley.media.opus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.mix.ToneDetector;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Packets that an attacker made, through the decoders and against {@link OpusPacket}'s opinion of
 * them.
 */
final class HostilePacketTest {
  private static final int PACKETS = 6_000;

  private final OpusPacket opusPacket = new OpusPacket();
  private final float[] samples = new float[2 * 5_760];

  static List<OpusCodec> codecs() {
    return OpusCodecTest.codecs();
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void randomBytesAreDecodedOrRefusedAsTheirFramingSays(OpusCodec codec) {
    long seed = 0x0b5e55edL;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] packet = new byte[1_500];
    int packets = codec.isNative() ? PACKETS : PACKETS / 10;
    try (OpusDecoder decoder = codec.newDecoder(2)) {
      for (int i = 0; i < packets; i++) {
        random.nextBytes(packet);
        int length = random.nextInt(4) == 0 ? random.nextInt(1_500) : random.nextInt(60);

        int decoded = decoder.decode(packet, 0, length, samples, 0);

        if (opusPacket.wrap(packet, 0, length)) {
          // Sound frames may still be refused within.
          assertThat(decoded)
              .satisfiesAnyOf(
                  d -> assertThat(d).isEqualTo(opusPacket.durationSamples()),
                  d -> assertThat(d).isNegative());
        } else {
          assertThat(decoded)
              .as("packet %d of length %d", i, length)
              .isEqualTo(OpusError.INVALID_PACKET);
        }
        assertInRange(decoded);
        if (i % 7 == 0) {
          assertInRange(decoder.decodeFec(packet, 0, length, samples, 0, 960));
        }
        if (i % 11 == 0) {
          assertThat(decoder.conceal(samples, 0, 960)).isEqualTo(960);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void damagedPacketsLeaveTheDecoderUsable(OpusCodec codec) {
    Random random = new Random(7);
    byte[] packet = new byte[1_276];
    int packets = codec.isNative() ? PACKETS / 3 : PACKETS / 40;
    try (OpusEncoder encoder = codec.newEncoder(OpusEncoderSettings.voice(1));
        OpusDecoder decoder = codec.newDecoder(1)) {
      float[] frame = new float[960];
      for (int i = 0; i < packets; i++) {
        java.util.Arrays.fill(frame, 0f);
        ToneDetector.addTone(frame, 1, 700, 0.3, i * 960L);
        int length = encoder.encode(frame, 0, packet, 0, packet.length);
        for (int flips = random.nextInt(8); flips > 0; flips--) {
          packet[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
        }
        assertInRange(decoder.decode(packet, 0, length - random.nextInt(3), samples, 0));
      }
      for (int i = 0; i < 20; i++) {
        java.util.Arrays.fill(frame, 0f);
        ToneDetector.addTone(frame, 1, 700, 0.3, i * 960L);
        assertThat(
                decoder.decode(
                    packet, 0, encoder.encode(frame, 0, packet, 0, packet.length), samples, 0))
            .isEqualTo(960);
      }
      assertThat(ToneDetector.amplitude(samples, 0, 960, 700)).isBetween(0.2, 0.4);
    }
  }

  private void assertInRange(int decoded) {
    for (int i = 0; i < 2 * decoded; i++) {
      if (!(Math.abs(samples[i]) <= 1f)) {
        assertThat(samples[i]).as("sample %d", i).isBetween(-1f, 1f);
      }
    }
  }
}
