package dev.parley.media.conference;

import dev.parley.media.opus.OpusCodec;

/**
 * What is heard when a recording begins: two short notes, the second a fifth higher, at a level
 * that is noticed and covers nobody's words. Made anew for each; owned by one mix agent.
 */
final class AnnouncementTone {
  private static final int NOTE_TICKS = 12;
  private static final int TICKS = 2 * NOTE_TICKS;
  private static final double SAMPLES_PER_SEC = 48_000;
  private static final double FIRST_HZ = 660;
  private static final double SECOND_HZ = 990;

  /** Of the sound's peak, about -20 dB. */
  private static final double AMPLITUDE = 0.1;

  /** So long a note comes in, and dies away: 10 ms, so that it does not click. */
  private static final int RAMP_SAMPLES = 480;

  private final float[] frame = new float[TalkerSound.BUS_FRAME_LENGTH];
  private int tick;

  /** Returns the next frame of the bus, valid until the next call. */
  float[] next() {
    double hertz = tick < NOTE_TICKS ? FIRST_HZ : SECOND_HZ;
    int start = tick % NOTE_TICKS * OpusCodec.FRAME_SAMPLES;
    int length = NOTE_TICKS * OpusCodec.FRAME_SAMPLES;
    for (int i = 0; i < OpusCodec.FRAME_SAMPLES; i++) {
      int at = start + i;
      double ramp = Math.min(1, Math.min(at, length - at) / (double) RAMP_SAMPLES);
      double sample = AMPLITUDE * ramp * Math.sin(2 * Math.PI * hertz * at / SAMPLES_PER_SEC);
      for (int channel = 0; channel < TalkerSound.BUS_CHANNELS; channel++) {
        frame[i * TalkerSound.BUS_CHANNELS + channel] = (float) sample;
      }
    }
    tick++;
    return frame;
  }

  boolean isOver() {
    return tick == TICKS;
  }
}
