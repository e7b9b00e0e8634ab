package dev.parley.media.opus;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

final class OpusDecoderFuzzTest {
  @FuzzTest
  void decoderSurvives(byte[] bytes) {
    try (OpusDecoder decoder = OpusCodec.best().newDecoder(2)) {
      float[] samples = new float[2 * 5_760];
      assertThat(decoder.decode(bytes, 0, bytes.length, samples, 0)).isBetween(-7, 5_760);
      assertThat(decoder.decodeFec(bytes, 0, bytes.length, samples, 0, 960)).isBetween(-7, 5_760);
      assertThat(decoder.conceal(samples, 0, 960)).isEqualTo(960);
    }
  }
}
