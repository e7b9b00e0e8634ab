package dev.parley.media.mix;

import java.util.Arrays;

/**
 * One tick's sum of the talkers of a bus, mono or stereo, and what each of them hears: the sum
 * without the own voice. Owned by one thread (a mix agent); cleared and filled anew each tick.
 *
 * <p>The own voice is taken out by subtraction. In float that leaves an error below 2^-22 of the
 * loudest sum, about -130 dB: under the noise of any codec, and one pass instead of N.
 */
public final class Mixer {
  private final float[] sum;
  private int talkers;

  /** A mixer of frames that are {@code frameLength} floats long (samples times channels). */
  public Mixer(int frameLength) {
    sum = new float[frameLength];
  }

  /** Begins a tick. */
  public void clear() {
    Arrays.fill(sum, 0f);
    talkers = 0;
  }

  /**
   * Adds a talker's frame. What is taken out again later must be this very content: apply gains
   * before.
   */
  public void add(float[] frame) {
    if (talkers == 0) {
      System.arraycopy(frame, 0, sum, 0, sum.length);
    } else {
      FrameKernels.add(sum, frame, sum.length);
    }
    talkers++;
  }

  /** Writes the sum of all talkers: what silent listeners hear. */
  public void mixTo(float[] out) {
    System.arraycopy(sum, 0, out, 0, sum.length);
  }

  /** Writes the sum of all others: what the talker whose frame is {@code own} hears. */
  public void mixWithoutTo(float[] own, float[] out) {
    if (talkers == 1) {
      Arrays.fill(out, 0, sum.length, 0f);
      return;
    }
    FrameKernels.subtract(sum, own, out, sum.length);
  }

  /** How many frames were added this tick. */
  public int talkers() {
    return talkers;
  }

  /** Floats per frame. */
  public int frameLength() {
    return sum.length;
  }
}
