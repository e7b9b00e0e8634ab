package dev.parley.media.mix;

/**
 * A gain that moves to its target over some milliseconds, so that joining, leaving and muting make
 * no click. Owned by one thread (a mix agent), one per talker.
 */
public final class GainRamp {
  /** 10 ms at 48 kHz: no click, and no syllable lost. */
  public static final int RAMP_SAMPLES = 480;

  private final int channels;
  private float gain;
  private float target;
  private float stepPerSample;

  /** A ramp for interleaved frames of 1 or 2 channels, resting at {@code gain}. */
  public GainRamp(int channels, float gain) {
    assert channels == 1 || channels == 2 : channels;
    this.channels = channels;
    this.gain = gain;
    this.target = gain;
  }

  /** Starts to move to {@code newTarget}, 0..1 or more, from wherever the gain is. */
  public void moveTo(float newTarget) {
    if (newTarget != target) {
      target = newTarget;
      stepPerSample = (newTarget - gain) / RAMP_SAMPLES;
    }
  }

  /** Whether this frame and the following stay silent: nothing need be decoded or added. */
  public boolean isSilent() {
    return gain == 0f && target == 0f;
  }

  /** Whether the gain has arrived. */
  public boolean isSteady() {
    return gain == target;
  }

  /** Applies the gain to a frame of {@code samples} per channel and moves on by as much. */
  public void apply(float[] frame, int samples) {
    int sample = 0;
    while (gain != target && sample < samples) {
      gain += stepPerSample;
      boolean arrived = stepPerSample > 0 ? gain >= target : gain <= target;
      if (arrived) {
        gain = target;
      }
      for (int channel = 0; channel < channels; channel++) {
        frame[sample * channels + channel] *= gain;
      }
      sample++;
    }
    if (gain != 1f) {
      FrameKernels.scale(frame, sample * channels, samples * channels, gain);
    }
  }
}
