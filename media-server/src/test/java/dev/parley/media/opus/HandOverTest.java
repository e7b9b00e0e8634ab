package dev.parley.media.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A listener's decoder passes from one encoder to another in the middle of speech: from the shared
 * mix to its own when it begins to talk, and back. Judged in the first frame after it, against the
 * same decoder fed by one encoder throughout. Two encoders never make the same sound: at these bit
 * rates they differ by -14 dB even when both have run for long.
 */
final class HandOverTest {
  private static final int FRAME = 960;
  private static final int FRAMES = 300;
  private static final int HISTORY_FRAMES = 40;
  private static final int HAND_OVER_EVERY = 19;

  private final float[] speech = SyntheticSpeech.of(FRAMES * FRAME, 1);
  private final byte[] packet = new byte[OpusEncoder.PACKET_LENGTH_MAX];
  private final float[] steadyFrame = new float[FRAME];
  private final float[] handedFrame = new float[FRAME];

  @BeforeEach
  void libopusIsPresent() {
    assumeThat(OpusCodec.libopus()).isNotNull();
  }

  /** What was heard of the hand-overs of one run, in dB. */
  private record Heard(double firstFrameErrorDb, double worstClickDb) {}

  /** To an own encoder, which has just been fed the last two frames of the shared mix. */
  @ParameterizedTest
  @CsvSource({"24000, VOIP", "32000, VOIP", "32000, AUDIO"})
  void warmEncoderWhoseFirstFrameStandsAloneTakesOverUnheard(
      int bitrateBps, OpusEncoderSettings.Application application) {
    OpusEncoderSettings settings =
        OpusEncoderSettings.voice(1).withBitrateBps(bitrateBps).withApplication(application);

    Heard warm = handOver(settings, 2, true);
    Heard cold = handOver(settings, 0, false);

    assertThat(warm.firstFrameErrorDb()).isLessThan(-10);
    assertThat(warm.worstClickDb()).isLessThan(6);
    // Were this not so, the test could not hear a bad hand-over.
    assertThat(cold.firstFrameErrorDb()).isGreaterThan(warm.firstFrameErrorDb() + 5);
    assertThat(cold.worstClickDb()).isGreaterThan(9);
  }

  /** Back to the shared encoder, which has been running all the time. */
  @ParameterizedTest
  @CsvSource({"24000, VOIP", "32000, VOIP", "32000, AUDIO"})
  void runningEncoderTakesOverUnheard(int bitrateBps, OpusEncoderSettings.Application application) {
    OpusEncoderSettings settings =
        OpusEncoderSettings.voice(1).withBitrateBps(bitrateBps).withApplication(application);

    Heard heard = handOver(settings, HISTORY_FRAMES, true);

    assertThat(heard.firstFrameErrorDb()).isLessThan(-10);
    assertThat(heard.worstClickDb()).isLessThan(6);
  }

  private Heard handOver(OpusEncoderSettings settings, int warmFrames, boolean firstStandsAlone) {
    double error = 0;
    double signal = 0;
    double worstClick = 0;
    for (int at = HISTORY_FRAMES; at < FRAMES; at += HAND_OVER_EVERY) {
      try (OpusEncoder outgoing = OpusCodec.best().newEncoder(settings);
          OpusEncoder incoming = OpusCodec.best().newEncoder(settings);
          OpusDecoder steady = OpusCodec.best().newDecoder(1);
          OpusDecoder handed = OpusCodec.best().newDecoder(1)) {
        for (int frame = at - HISTORY_FRAMES; frame < at; frame++) {
          int length = encode(outgoing, frame);
          steady.decode(packet, 0, length, steadyFrame, 0);
          handed.decode(packet, 0, length, handedFrame, 0);
        }
        for (int frame = at - warmFrames; frame < at; frame++) {
          encode(incoming, frame);
        }
        incoming.predictionDisabled(firstStandsAlone);
        float[] lastFrame = handedFrame.clone();
        steady.decode(packet, 0, encode(outgoing, at), steadyFrame, 0);
        handed.decode(packet, 0, encode(incoming, at), handedFrame, 0);

        for (int i = 0; i < FRAME; i++) {
          double difference = handedFrame[i] - steadyFrame[i];
          error += difference * difference;
          signal += steadyFrame[i] * steadyFrame[i];
        }
        worstClick =
            Math.max(
                worstClick, roughness(lastFrame, handedFrame) / roughness(lastFrame, steadyFrame));
      }
    }
    return new Heard(decibel(error / signal), 2 * decibel(worstClick));
  }

  private int encode(OpusEncoder encoder, int frame) {
    return encoder.encode(speech, frame * FRAME, packet, 0, packet.length);
  }

  /**
   * Largest second difference in a frame and over the seam to the one before: a click is a corner
   * in the waveform.
   */
  private static float roughness(float[] before, float[] frame) {
    float twoBack = before[FRAME - 2];
    float oneBack = before[FRAME - 1];
    float largest = 1e-3f;
    for (float sample : frame) {
      largest = Math.max(largest, Math.abs(sample - 2 * oneBack + twoBack));
      twoBack = oneBack;
      oneBack = sample;
    }
    return largest;
  }

  private static double decibel(double ratio) {
    return 10 * Math.log10(ratio);
  }
}
