package dev.parley.media.mix;

/**
 * Loops over samples in the plain form that C2 turns into vector code: one induction variable, no
 * branch, no call. Stateless.
 */
public final class FrameKernels {
  private FrameKernels() {}

  /** {@code sum[i] += frame[i]}. */
  public static void add(float[] sum, float[] frame, int length) {
    for (int i = 0; i < length; i++) {
      sum[i] += frame[i];
    }
  }

  /** {@code out[i] = sum[i] - own[i]}. */
  public static void subtract(float[] sum, float[] own, float[] out, int length) {
    for (int i = 0; i < length; i++) {
      out[i] = sum[i] - own[i];
    }
  }

  /** Multiplies a stretch by one gain. */
  public static void scale(float[] frame, int from, int to, float gain) {
    for (int i = from; i < to; i++) {
      frame[i] *= gain;
    }
  }

  /** One channel to both sides; {@code samples} counts the mono side. */
  public static void monoToStereo(float[] mono, float[] stereo, int samples) {
    for (int i = 0; i < samples; i++) {
      float sample = mono[i];
      stereo[2 * i] = sample;
      stereo[2 * i + 1] = sample;
    }
  }

  /** The mean of both sides; {@code samples} counts the mono side. */
  public static void stereoToMono(float[] stereo, float[] mono, int samples) {
    for (int i = 0; i < samples; i++) {
      mono[i] = 0.5f * (stereo[2 * i] + stereo[2 * i + 1]);
    }
  }

  /** Largest magnitude in a stretch; not a number if any sample is not. */
  public static float peak(float[] frame, int from, int to) {
    float peak = 0f;
    for (int i = from; i < to; i++) {
      peak = Math.max(peak, Math.abs(frame[i]));
    }
    return peak;
  }

  /**
   * Mean square of a stretch, in four partial sums since C2 keeps the order of a float reduction.
   */
  public static float meanSquare(float[] frame, int from, int to) {
    float s0 = 0f;
    float s1 = 0f;
    float s2 = 0f;
    float s3 = 0f;
    int i = from;
    for (; i + 3 < to; i += 4) {
      s0 += frame[i] * frame[i];
      s1 += frame[i + 1] * frame[i + 1];
      s2 += frame[i + 2] * frame[i + 2];
      s3 += frame[i + 3] * frame[i + 3];
    }
    for (; i < to; i++) {
      s0 += frame[i] * frame[i];
    }
    return to > from ? (s0 + s1 + (s2 + s3)) / (to - from) : 0f;
  }
}
