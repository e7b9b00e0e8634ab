package dev.parley.benchmarks.delay;

import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusDecoder;
import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Quiet noise with a sweep of tones each half second, which can be found again in a mix to the
 * sample; and how each of the sweeps sounds to one who decodes the talker's own packets. Immutable.
 */
final class MarkedVoice {
  static final int FRAME_SAMPLES = OpusCodec.FRAME_SAMPLES;
  static final double SAMPLES_PER_MS = OpusCodec.SAMPLES_PER_SECOND / 1_000.0;

  private static final int MARKS = 8;
  private static final int SAMPLES_PER_MARK = OpusCodec.SAMPLES_PER_SECOND / 2;
  private static final int LOOP_SAMPLES = MARKS * SAMPLES_PER_MARK;

  /** Marks begin at other places of a frame each time. */
  private static final int FIRST_AT = 6_000;

  private static final int LATER_EACH = 137;
  private static final int SWEEP_SAMPLES = 1_920;

  /** A sweep, and what the codec delays and smears of it. */
  private static final int HEARD_SAMPLES = SWEEP_SAMPLES + 480;

  private static final double FROM_HERTZ = 600;
  private static final double TO_HERTZ = 3_400;
  private static final double SWEEP_AMPLITUDE = 0.25;

  /** -66 dBov: a pause of a talker, in which a jitter buffer may do what it does in pauses. */
  private static final double NOISE_AMPLITUDE = 0.0005;

  private final VoiceSource source;
  private final float[][] heard = new float[MARKS][];

  MarkedVoice(long seed) {
    source = VoiceSource.encode(samples(seed));
    float[] decoded = decoded(source);
    for (int mark = 0; mark < MARKS; mark++) {
      int start = startOf(mark);
      heard[mark] = Arrays.copyOfRange(decoded, start, start + HEARD_SAMPLES);
    }
  }

  private static float[] samples(long seed) {
    Random random = new Random(seed);
    float[] samples = new float[LOOP_SAMPLES];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (NOISE_AMPLITUDE * random.nextGaussian());
    }
    for (int mark = 0; mark < MARKS; mark++) {
      double phase = 0;
      for (int i = 0; i < SWEEP_SAMPLES; i++) {
        double part = (double) i / SWEEP_SAMPLES;
        double hertz = FROM_HERTZ + (TO_HERTZ - FROM_HERTZ) * part;
        phase += 2 * Math.PI * hertz / OpusCodec.SAMPLES_PER_SECOND;
        double envelope = Math.sqrt(Math.sin(Math.PI * part));
        samples[startOf(mark) + i] += (float) (SWEEP_AMPLITUDE * envelope * Math.sin(phase));
      }
    }
    return samples;
  }

  /** The second of two passes: then the decoder is in the state that a listener's is in. */
  private static float[] decoded(VoiceSource source) {
    int frames = LOOP_SAMPLES / FRAME_SAMPLES;
    float[] decoded = new float[LOOP_SAMPLES];
    float[] frame = new float[OpusCodec.PACKET_SAMPLES_MAX];
    try (OpusDecoder decoder = OpusCodec.best().newDecoder(1)) {
      for (int i = 0; i < 2 * frames; i++) {
        UnsafeBuffer packet = source.frame(i);
        byte[] bytes = new byte[packet.capacity()];
        packet.getBytes(0, bytes);
        if (decoder.decode(bytes, 0, bytes.length, frame, 0) != FRAME_SAMPLES) {
          throw new IllegalStateException("not a packet of one frame: " + bytes.length);
        }
        System.arraycopy(frame, 0, decoded, i % frames * FRAME_SAMPLES, FRAME_SAMPLES);
      }
    }
    return decoded;
  }

  VoiceSource source() {
    return source;
  }

  /** Sample of the loop at which a mark begins. */
  private static int startOf(int mark) {
    return mark * SAMPLES_PER_MARK + FIRST_AT + mark * LATER_EACH;
  }

  /** Sample of the talker's whole stream at which a mark begins, counted from 0 on. */
  long startOf(long mark) {
    return mark / MARKS * LOOP_SAMPLES + startOf((int) (mark % MARKS));
  }

  /** What is heard from there on. */
  float[] heard(long mark) {
    return heard[(int) (mark % MARKS)];
  }
}
