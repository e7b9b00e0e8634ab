package dev.parley.media.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.parley.media.mix.ToneDetector;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class OpusCodecTest {
  private static final int FRAMES = 25;
  private static final int WARM_UP_FRAMES = 5;
  private static final double TONE_HERTZ = 1_000;

  private final byte[] packet = new byte[4_000];
  private final OpusPacket opusPacket = new OpusPacket();

  static List<OpusCodec> codecs() {
    return Stream.of(OpusCodec.libopus(), OpusCodec.concentus()).filter(Objects::nonNull).toList();
  }

  @Test
  void bestIsLibopusWhereItIsPresent() {
    assumeThat(OpusCodec.libopus()).isNotNull();

    OpusCodec codec = OpusCodec.best();

    assertThat(codec.name()).isEqualTo("libopus");
    assertThat(codec.isNative()).isTrue();
    assertThat(codec.version()).matches("[0-9]+\\.[0-9].*");
  }

  @Test
  void concentusIsAlwaysThere() {
    assertThat(OpusCodec.concentus().name()).isEqualTo("concentus");
    assertThat(OpusCodec.concentus().isNative()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void toneComesOutAsItWentIn(OpusCodec codec) {
    for (int channels = 1; channels <= 2; channels++) {
      float[] heard = throughCodec(codec, OpusEncoderSettings.voice(channels), channels);

      assertThat(ToneDetector.amplitude(mono(heard, channels), TONE_HERTZ))
          .isCloseTo(0.3, within(0.06));
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void monoPacketFillsBothSidesOfAStereoDecoder(OpusCodec codec) {
    float[] heard = throughCodec(codec, OpusEncoderSettings.voice(1), 2);

    for (int i = 0; i < heard.length; i += 2) {
      assertThat(heard[i]).isEqualTo(heard[i + 1]);
    }
    assertThat(ToneDetector.amplitude(mono(heard, 2), TONE_HERTZ)).isCloseTo(0.3, within(0.06));
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void everyFrameLengthDecodesToItsDuration(OpusCodec codec) {
    for (int frameSamples : new int[] {120, 240, 480, 960, 1_920, 2_880}) {
      OpusEncoderSettings settings = OpusEncoderSettings.voice(1).withFrameSamples(frameSamples);
      try (OpusEncoder encoder = codec.newEncoder(settings);
          OpusDecoder decoder = codec.newDecoder(1)) {
        float[] samples = new float[OpusCodec.PACKET_SAMPLES_MAX];
        int length =
            encoder.encode(ToneDetector.tone(440, 0.3, frameSamples), 0, packet, 0, packet.length);

        assertThat(opusPacket.wrap(packet, 0, length)).isTrue();
        assertThat(opusPacket.durationSamples()).isEqualTo(frameSamples);
        assertThat(decoder.decode(packet, 0, length, samples, 0)).isEqualTo(frameSamples);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void lostFrameComesBackFromTheNextPacketsFec(OpusCodec codec) {
    OpusEncoderSettings settings =
        OpusEncoderSettings.voice(1).withBitrateBps(40_000).withInBandFec(true, 20);
    double withFec = amplitudeAfterLoss(codec, settings, true);
    double withConcealment = amplitudeAfterLoss(codec, settings, false);

    assertThat(withFec).isGreaterThan(0.15).isGreaterThan(2 * withConcealment);
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void recoveredSpeechIsNearerToTheOriginalThanConcealment(OpusCodec codec) {
    double recovered = errorOfEveryTenthFrameDb(codec, true);
    double concealed = errorOfEveryTenthFrameDb(codec, false);

    assertThat(recovered).isLessThan(-7).isLessThan(concealed - 3);
  }

  private double errorOfEveryTenthFrameDb(OpusCodec codec, boolean useFec) {
    float[] speech = SyntheticSpeech.of(100 * 960, 1);
    float[] undisturbed = new float[960];
    float[] expected = new float[960];
    float[] heard = new float[960];
    double error = 0;
    double signal = 0;
    try (OpusEncoder encoder =
            codec.newEncoder(OpusEncoderSettings.voice(1).withInBandFec(true, 10));
        OpusDecoder witness = codec.newDecoder(1);
        OpusDecoder decoder = codec.newDecoder(1)) {
      for (int i = 0; i < 100; i++) {
        int length = encoder.encode(speech, i * 960, packet, 0, 1_276);
        System.arraycopy(undisturbed, 0, expected, 0, 960);
        witness.decode(packet, 0, length, undisturbed, 0);
        if (i % 10 == 5) {
          continue;
        }
        if (i % 10 == 6) {
          int samples =
              useFec
                  ? decoder.decodeFec(packet, 0, length, heard, 0, 960)
                  : decoder.conceal(heard, 0, 960);
          assertThat(samples).isEqualTo(960);
          for (int sample = 0; sample < 960; sample++) {
            error += Math.pow(heard[sample] - expected[sample], 2);
            signal += Math.pow(expected[sample], 2);
          }
        }
        decoder.decode(packet, 0, length, heard, 0);
      }
    }
    return 10 * Math.log10(error / signal);
  }

  /** The tone starts in the very frame that gets lost, so that concealment cannot know of it. */
  private double amplitudeAfterLoss(OpusCodec codec, OpusEncoderSettings settings, boolean useFec) {
    try (OpusEncoder encoder = codec.newEncoder(settings);
        OpusDecoder decoder = codec.newDecoder(1)) {
      float[] frame = new float[960];
      float[] heard = new float[960];
      int lostFrame = 20;
      for (int i = 0; i < lostFrame; i++) {
        java.util.Arrays.fill(frame, 0f);
        ToneDetector.addTone(frame, 1, 200, 0.05, i * 960L);
        decoder.decode(packet, 0, encoder.encode(frame, 0, packet, 0, 1_276), heard, 0);
      }
      java.util.Arrays.fill(frame, 0f);
      ToneDetector.addTone(frame, 1, TONE_HERTZ, 0.4, lostFrame * 960L);
      assertThat(encoder.encode(frame, 0, packet, 0, 1_276)).isPositive();
      java.util.Arrays.fill(frame, 0f);
      ToneDetector.addTone(frame, 1, TONE_HERTZ, 0.4, (lostFrame + 1) * 960L);
      int length = encoder.encode(frame, 0, packet, 0, 1_276);
      int samples =
          useFec
              ? decoder.decodeFec(packet, 0, length, heard, 0, 960)
              : decoder.conceal(heard, 0, 960);
      assertThat(samples).isEqualTo(960);
      return ToneDetector.amplitude(heard, 480, 960, TONE_HERTZ);
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void concealmentGoesOnAndFades(OpusCodec codec) {
    try (OpusEncoder encoder = codec.newEncoder(OpusEncoderSettings.voice(1));
        OpusDecoder decoder = codec.newDecoder(1)) {
      float[] heard = new float[960];
      for (int i = 0; i < FRAMES; i++) {
        float[] frame = new float[960];
        ToneDetector.addTone(frame, 1, TONE_HERTZ, 0.3, i * 960L);
        decoder.decode(packet, 0, encoder.encode(frame, 0, packet, 0, 1_276), heard, 0);
      }
      assertThat(decoder.conceal(heard, 0, 960)).isEqualTo(960);
      double first = ToneDetector.amplitude(heard, TONE_HERTZ);
      for (int i = 0; i < 20; i++) {
        assertThat(decoder.conceal(heard, 0, 960)).isEqualTo(960);
      }

      assertThat(first).isGreaterThan(0.1);
      assertThat(ToneDetector.amplitude(heard, TONE_HERTZ)).isLessThan(0.02);
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void silenceShrinksToPacketsThatNeedNotBeSent(OpusCodec codec) {
    try (OpusEncoder encoder = codec.newEncoder(OpusEncoderSettings.voice(1).withDtx(true))) {
      float[] silence = new float[960];
      int unsent = 0;
      for (int i = 0; i < 100; i++) {
        if (encoder.encode(silence, 0, packet, 0, 1_276) <= OpusEncoder.DTX_LENGTH_MAX) {
          unsent++;
        }
      }

      assertThat(unsent).isGreaterThan(50);
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void packetGoesIntoABufferAtItsOffset(OpusCodec codec) {
    try (OpusEncoder encoder = codec.newEncoder(OpusEncoderSettings.voice(1));
        OpusEncoder twin = codec.newEncoder(OpusEncoderSettings.voice(1))) {
      UnsafeBuffer buffer = new UnsafeBuffer(java.nio.ByteBuffer.allocateDirect(2_000));
      float[] frame = ToneDetector.tone(TONE_HERTZ, 0.3, 960);

      int length = encoder.encode(frame, 0, buffer, 100, 1_276);
      int twinLength = twin.encode(frame, 0, packet, 7, 1_276);

      assertThat(length).isEqualTo(twinLength).isPositive();
      for (int i = 0; i < length; i++) {
        assertThat(buffer.getByte(100 + i)).isEqualTo(packet[7 + i]);
      }
      assertThat(buffer.getByte(99)).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void packetKeepsToTheRoomGiven(OpusCodec codec) {
    try (OpusEncoder encoder =
        codec.newEncoder(OpusEncoderSettings.voice(2).withBitrateBps(510_000))) {
      float[] frame = new float[1_920];
      ToneDetector.addTone(frame, 2, TONE_HERTZ, 0.9, 0);

      assertThat(encoder.encode(frame, 0, packet, 0, 50)).isBetween(1, 50);
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void roomTooSmallForThePacketsSoundIsAnAnswer(OpusCodec codec) {
    try (OpusEncoder encoder = codec.newEncoder(OpusEncoderSettings.voice(1));
        OpusDecoder decoder = codec.newDecoder(1)) {
      int length = encoder.encode(new float[960], 0, packet, 0, 1_276);

      assertThat(decoder.decode(packet, 0, length, new float[480], 0))
          .isEqualTo(OpusError.BUFFER_TOO_SMALL);
      assertThat(decoder.decode(packet, 0, length, new float[960], 1))
          .isEqualTo(OpusError.BUFFER_TOO_SMALL);
      assertThat(decoder.decode(packet, 0, 0, new float[960], 0))
          .isEqualTo(OpusError.INVALID_PACKET);
      assertThat(decoder.conceal(new float[960], 0, 961)).isEqualTo(OpusError.BAD_ARGUMENT);
      assertThat(decoder.conceal(new float[960], 0, 0)).isEqualTo(OpusError.BAD_ARGUMENT);
      assertThat(decoder.decode(packet, 0, length, new float[960], 0)).isEqualTo(960);
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void resetStreamDecodesAsAFreshOne(OpusCodec codec) {
    try (OpusEncoder encoder = codec.newEncoder(OpusEncoderSettings.voice(1));
        OpusEncoder fresh = codec.newEncoder(OpusEncoderSettings.voice(1))) {
      float[] frame = ToneDetector.tone(TONE_HERTZ, 0.3, 960);
      for (int i = 0; i < 5; i++) {
        encoder.encode(frame, 0, packet, 0, 1_276);
      }
      encoder.reset();
      byte[] freshPacket = new byte[1_276];

      int length = encoder.encode(frame, 0, packet, 0, 1_276);
      int freshLength = fresh.encode(frame, 0, freshPacket, 0, 1_276);

      assertThat(java.util.Arrays.copyOf(packet, length))
          .isEqualTo(java.util.Arrays.copyOf(freshPacket, freshLength));
    }
  }

  @Test
  void settingsOutOfRangeAreRefusedWithNameValueAndRange() {
    assertThatThrownBy(() -> OpusEncoderSettings.voice(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("channels")
        .hasMessageContaining("3");
    assertThatThrownBy(() -> OpusEncoderSettings.voice(1).withComplexity(11))
        .hasMessageContaining("0..10");
    assertThatThrownBy(() -> OpusEncoderSettings.voice(1).withFrameSamples(961))
        .hasMessageContaining("961");
  }

  private float[] throughCodec(OpusCodec codec, OpusEncoderSettings settings, int decoderChannels) {
    int frameLength = 960 * decoderChannels;
    float[] heard = new float[(FRAMES - WARM_UP_FRAMES) * frameLength];
    try (OpusEncoder encoder = codec.newEncoder(settings);
        OpusDecoder decoder = codec.newDecoder(decoderChannels)) {
      float[] decoded = new float[frameLength];
      for (int i = 0; i < FRAMES; i++) {
        float[] frame = new float[960 * settings.channels()];
        ToneDetector.addTone(frame, settings.channels(), TONE_HERTZ, 0.3, i * 960L);
        int length = encoder.encode(frame, 0, packet, 0, 1_276);
        assertThat(length).isPositive();
        assertThat(decoder.decode(packet, 0, length, decoded, 0)).isEqualTo(960);
        if (i >= WARM_UP_FRAMES) {
          System.arraycopy(decoded, 0, heard, (i - WARM_UP_FRAMES) * frameLength, frameLength);
        }
      }
    }
    return heard;
  }

  private static float[] mono(float[] samples, int channels) {
    float[] mono = new float[samples.length / channels];
    for (int i = 0; i < mono.length; i++) {
      mono[i] = samples[i * channels];
    }
    return mono;
  }
}
