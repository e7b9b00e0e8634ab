package dev.parley.media.mix;

import java.util.Arrays;

/**
 * Keeps one output's mix below full scale without distortion that one hears and without delay.
 * Owned by one thread (a mix agent); one per encoder, since it remembers its gain.
 *
 * <p>A frame is seen as short blocks. At each border between two blocks the gain is low enough for
 * the peaks of both, and moves linearly from border to border, so it has no steps ("zipper noise").
 * Only in a frame's first block can a peak come sooner than the gain; a smooth curve near full
 * scale catches it. The gain comes back slowly.
 */
public final class Limiter {
  /** Loudest sample after the gain: -1 dB below full scale. */
  static final float CEILING = 0.891f;

  /** Samples per channel of a block, 2.5 ms. */
  static final int BLOCK_SAMPLES = 120;

  /** The gain comes back by this factor a block: 6 dB in about 170 ms. */
  private static final float RELEASE_PER_BLOCK = 1.0103f;

  /** No honest mix comes near; a decoder that was fed rubbish might. */
  private static final float PEAK_MAX = 1_000f;

  private static final float KNEE = 1f - CEILING;

  private final int channels;
  private final float[] blockGains;
  private float gain = 1f;

  /** A limiter for interleaved frames of {@code frameSamples} (a multiple of 120) per channel. */
  public Limiter(int channels, int frameSamples) {
    if (frameSamples % BLOCK_SAMPLES != 0) {
      throw new IllegalArgumentException("frameSamples must be a multiple of 120: " + frameSamples);
    }
    this.channels = channels;
    blockGains = new float[frameSamples / BLOCK_SAMPLES];
  }

  /** Limits a frame in place. */
  public void apply(float[] frame) {
    int blockLength = BLOCK_SAMPLES * channels;
    float peak = 0f;
    for (int block = 0; block < blockGains.length; block++) {
      float blockPeak = FrameKernels.peak(frame, block * blockLength, (block + 1) * blockLength);
      blockGains[block] = blockPeak > CEILING ? CEILING / blockPeak : 1f;
      peak = Math.max(peak, blockPeak);
    }
    if (!(peak <= PEAK_MAX)) {
      Arrays.fill(frame, 0, blockGains.length * blockLength, 0f);
      return;
    }
    if (peak > CEILING || gain < 1f) {
      reduce(frame, blockLength);
    }
  }

  private void reduce(float[] frame, int blockLength) {
    for (int block = 0; block < blockGains.length; block++) {
      float here = blockGains[block];
      float next = block + 1 < blockGains.length ? blockGains[block + 1] : 1f;
      float end = Math.min(Math.min(here, next), Math.min(1f, gain * RELEASE_PER_BLOCK));
      rampBlock(frame, block * blockLength, gain, end);
      if (gain > here) {
        bend(frame, block * blockLength, (block + 1) * blockLength);
      }
      gain = end;
    }
  }

  private void rampBlock(float[] frame, int from, float startGain, float endGain) {
    float step = (endGain - startGain) / BLOCK_SAMPLES;
    for (int sample = 0; sample < BLOCK_SAMPLES; sample++) {
      float sampleGain = startGain + step * (sample + 1);
      for (int channel = 0; channel < channels; channel++) {
        frame[from + sample * channels + channel] *= sampleGain;
      }
    }
  }

  /**
   * Bends what is above the ceiling so that it nears full scale but never reaches it; smooth at the
   * ceiling.
   */
  private static void bend(float[] frame, int from, int to) {
    for (int i = from; i < to; i++) {
      float magnitude = Math.abs(frame[i]);
      if (magnitude > CEILING) {
        float over = (magnitude - CEILING) / KNEE;
        frame[i] = Math.copySign(CEILING + KNEE * over / (1f + over), frame[i]);
      }
    }
  }

  /**
   * Takes over from another output's limiter, so that a listener handed over hears no step of
   * loudness.
   */
  public void continueFrom(Limiter other) {
    gain = other.gain;
  }

  /** The gain at the end of the last frame, 0..1. */
  public float gain() {
    return gain;
  }

  /** Forgets the frames so far. */
  public void reset() {
    gain = 1f;
  }
}
