package dev.parley.benchmarks.audio;

import dev.parley.media.opus.OpusCodec;

/**
 * Sound that costs a codec what speech does: a buzz with moving overtones, in syllables. Stateless.
 */
public final class Voice {
  private static final int OVERTONES = 20;
  private static final double SYLLABLES_PER_SECOND = 3;

  private Voice() {}

  /** So many 20 ms frames in a row, interleaved, all channels alike, peak below 0.5. */
  public static float[] frames(int count, int channels) {
    int samples = count * OpusCodec.FRAME_SAMPLES;
    float[] voice = new float[samples * channels];
    for (int i = 0; i < samples; i++) {
      double seconds = (double) i / OpusCodec.SAMPLES_PER_SECOND;
      double pitch = 2 * Math.PI * (120 * seconds + 3 * Math.sin(seconds * 4));
      double sample = 0;
      for (int overtone = 1; overtone <= OVERTONES; overtone++) {
        double emphasis = 1 + Math.cos(overtone * 0.9 + 5 * seconds);
        sample += Math.sin(overtone * pitch) * emphasis / (overtone + 1);
      }
      double syllable = Math.max(0, Math.sin(2 * Math.PI * SYLLABLES_PER_SECOND * seconds));
      for (int channel = 0; channel < channels; channel++) {
        voice[i * channels + channel] = (float) (0.1 * sample * (0.1 + syllable));
      }
    }
    return voice;
  }
}
