package dev.parley.media.conference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parley.media.mix.ToneDetector;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusDecoder;
import dev.parley.media.opus.OpusEncoder;
import dev.parley.media.opus.OpusEncoderSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpusFrameDecoderTest {
  private static final int FRAME = 960;
  private static final int OFFSET = 240;
  private static final int PACKETS = 20;

  private final OpusCodec codec = OpusCodec.best();
  private final OpusFrameDecoder decoder = new OpusFrameDecoder(codec);
  private final byte[] packet = new byte[1_500];
  private final float[] samples = new float[OFFSET + 2 * OpusCodec.PACKET_SAMPLES_MAX];

  @AfterEach
  void close() {
    decoder.close();
  }

  @Test
  void oneChannelIsHeardOnBothAsAStereoDecoderWouldPlayIt() {
    OpusEncoder mono = codec.newEncoder(OpusEncoderSettings.voice(1));
    OpusDecoder stereo = codec.newDecoder(2);
    float[] wanted = new float[2 * OpusCodec.PACKET_SAMPLES_MAX];
    for (int i = 0; i < PACKETS; i++) {
      int length = encode(mono, 1, i);
      assertThat(decoder.decode(packet, 0, length, samples, OFFSET)).isEqualTo(FRAME);
      stereo.decode(packet, 0, length, wanted, 0);

      for (int sample = 0; sample < 2 * FRAME; sample++) {
        assertThat(samples[OFFSET + sample]).isCloseTo(wanted[sample], within(1e-5f));
      }
    }
    assertThat(decoder.conceal(samples, OFFSET, FRAME)).isEqualTo(FRAME);
    for (int sample = 0; sample < FRAME; sample++) {
      assertThat(samples[OFFSET + 2 * sample + 1]).isEqualTo(samples[OFFSET + 2 * sample]);
    }
    mono.close();
    stereo.close();
  }

  @Test
  void twoChannelsAreKeptApartFromTheFirstPacketThatHasThemOn() {
    OpusEncoder mono = codec.newEncoder(OpusEncoderSettings.voice(1));
    for (int i = 0; i < PACKETS; i++) {
      decoder.decode(packet, 0, encode(mono, 1, i), samples, OFFSET);
    }
    OpusEncoder stereo = codec.newEncoder(OpusEncoderSettings.voice(2));
    for (int i = 0; i < PACKETS; i++) {
      int length = encode(stereo, 2, i);
      assertThat(decoder.decode(packet, 0, length, samples, OFFSET)).isEqualTo(FRAME);
    }

    assertThat(energy(0)).isGreaterThan(100 * energy(1));
    mono.close();
    stereo.close();
  }

  /**
   * Both encoders have had the tone from the start, so their packets differ by the channels alone.
   */
  @Test
  void soundGoesOnWhenTheSecondChannelJoins() {
    OpusEncoder mono = codec.newEncoder(OpusEncoderSettings.voice(1));
    OpusEncoder stereo = codec.newEncoder(OpusEncoderSettings.voice(2));
    for (int i = 0; i < PACKETS; i++) {
      encode(stereo, 2, i);
      decoder.decode(packet, 0, encode(mono, 1, i), samples, OFFSET);
    }
    float last = samples[OFFSET + 2 * FRAME - 2];
    decoder.decode(packet, 0, encode(stereo, 2, PACKETS), samples, OFFSET);

    double steepest = 2 * Math.PI * 440 / OpusCodec.SAMPLES_PER_SECOND * 0.3;
    for (int i = 0; i < FRAME; i++) {
      float next = samples[OFFSET + 2 * i];
      assertThat(Math.abs(next - last)).as("sample " + i).isLessThan((float) (2 * steepest));
      last = next;
    }
    mono.close();
    stereo.close();
  }

  @Test
  void packetThatOnlyClaimsTwoChannelsChangesNothing() {
    OpusEncoder mono = codec.newEncoder(OpusEncoderSettings.voice(1));
    decoder.decode(packet, 0, encode(mono, 1, 0), samples, OFFSET);
    assertThat(decoder.decode(new byte[] {7}, 0, 1, samples, OFFSET)).isNegative();

    assertThat(decoder.decode(packet, 0, encode(mono, 1, 1), samples, OFFSET)).isEqualTo(FRAME);
    assertThat(energy(1)).isEqualTo(energy(0));
    mono.close();
  }

  @Test
  void brokenPacketIsRefused() {
    assertThat(decoder.decode(new byte[] {3}, 0, 1, samples, OFFSET)).isNegative();
  }

  /** A tone, on the left alone if there are two channels. */
  private int encode(OpusEncoder encoder, int channels, int index) {
    float[] frame = new float[FRAME * channels];
    float[] tone = new float[FRAME];
    ToneDetector.addTone(tone, 1, 440, 0.3, (long) index * FRAME);
    for (int i = 0; i < FRAME; i++) {
      frame[channels * i] = tone[i];
    }
    return encoder.encode(frame, 0, packet, 0, packet.length);
  }

  private double energy(int channel) {
    double sum = 0;
    for (int i = 0; i < FRAME; i++) {
      double sample = samples[OFFSET + 2 * i + channel];
      sum += sample * sample;
    }
    return sum;
  }
}
