package dev.parley.media.jitter;

import java.util.Arrays;

/**
 * One talker's sound in frames of exactly 20 ms, whatever packet lengths the sender chose (2.5 to
 * 120 ms): asks the jitter buffer for the next step, the decoder for its sound, and slices. Owned
 * by one thread (a mix agent).
 *
 * <p>Here too the delay is brought to what is needed, by {@link TimeStretch}: sound is shortened
 * while more of it is held than the network asks for (bursts that are over, a sender's fast clock),
 * and lengthened when it has become too little. The decoder sees every packet.
 */
public final class TalkerPlayout {
  /** Samples per channel of the frames handed out: 20 ms at 48 kHz. */
  public static final int FRAME_SAMPLES = 960;

  private static final int PACKET_SAMPLES_MAX = 5_760;

  /** Steps taken at most for one frame: eight 2.5 ms packets, and some left out. */
  private static final int STEPS_PER_FRAME_MAX = 16;

  /**
   * The target must be exceeded by this, 2 ms, without what is taken away; else a tick that is a
   * little late one time and not the next would have it put in again.
   */
  private static final int SHORTEN_RESERVE_TICKS = 96;

  /** What may lack of the target, 5 ms, but at most half of it, before sound is put in. */
  private static final int LACK_MAX_TICKS = 240;

  /** Sound is shortened from this excess on, 10 ms, until no lag is as short as what is left. */
  private static final int SHORTEN_FROM_TICKS = 480;

  /** Only an excess that has lasted is one: 100 ms. */
  private static final int EXCESS_FRAMES = 5;

  /** Excess from which there is haste: 80 ms. */
  private static final int HASTE_TICKS = 80 * 48;

  /** Audible sound is stretched once in so many frames: at most by a quarter, or a third. */
  private static final int FRAMES_BETWEEN = 3;

  private static final int FRAMES_BETWEEN_IN_HASTE = 2;

  /** How alike joined sounds are to be at first, and after so many frames in which none were. */
  private static final float LIKENESS_FIRST = 0.9f;

  private static final float LIKENESS_LAST = 0.5f;
  private static final int REFUSED_MAX = 40;

  /** Mean square below which any change goes unheard: -50 dBov... */
  private static final float QUIET_MEAN_SQUARE = 1e-5f;

  /** ...or 25 dB below the loudest of late, which fades by 2 dB a second. */
  private static final float QUIET_SHARE = 0.003f;

  private static final float LOUDEST_KEPT = 0.99f;

  /** One sample in so many tells how loud a frame is; an odd number meets both channels. */
  private static final int LEVEL_STRIDE = 7;

  /** Ramp at the edge of silence, 2.5 ms. */
  private static final int EDGE_SAMPLES = 120;

  private final JitterBuffer buffer;
  private final FrameDecoder decoder;
  private final int channels;
  private final float[] pending;
  private final TimeStretch stretch;
  private int pendingSamples;
  private int readSample;
  private boolean isSilent = true;
  private boolean hasVoice;
  private boolean hasSound;

  /** How far the delay is beyond what is needed, and how far short of it; 0 if not. */
  private int excessTicks;

  private int lackTicks;
  private int excessFrames;
  private boolean isShortening;
  private int framesSinceStretch;
  private int refused;
  private float loudestMeanSquare;
  private long leftOutTicks;
  private long putInTicks;
  private long undecodable;

  /** Plays {@code buffer} through {@code decoder}; both are then this object's alone. */
  public TalkerPlayout(JitterBuffer buffer, FrameDecoder decoder) {
    this.buffer = buffer;
    this.decoder = decoder;
    this.channels = decoder.channels();
    pending = new float[(FRAME_SAMPLES + PACKET_SAMPLES_MAX + TimeStretch.LAG_MAX) * channels];
    stretch = new TimeStretch(channels);
  }

  /** Writes the frame due at {@code nowNs}, interleaved, into the start of {@code frame}. */
  public PlayedFrame readFrame(float[] frame, long nowNs) {
    compact();
    hasVoice = hasVoice && pendingSamples > 0;
    hasSound = hasSound && pendingSamples > 0;
    int steps = fill(nowNs, 0);
    if (!isSilent && pendingSamples >= FRAME_SAMPLES) {
      bringDelayIn();
      fill(nowNs, steps);
    }
    if (pendingSamples < FRAME_SAMPLES) {
      appendZeros(FRAME_SAMPLES - pendingSamples);
    }
    System.arraycopy(pending, 0, frame, 0, FRAME_SAMPLES * channels);
    readSample = FRAME_SAMPLES;
    if (hasVoice) {
      return PlayedFrame.VOICE;
    }
    return hasSound ? PlayedFrame.CONCEALED : PlayedFrame.SILENCE;
  }

  private int fill(long nowNs, int stepsBefore) {
    int steps = stepsBefore;
    while (pendingSamples < FRAME_SAMPLES && steps < STEPS_PER_FRAME_MAX) {
      step(nowNs);
      steps++;
    }
    return steps;
  }

  /**
   * Lets the frame due at {@code nowNs} pass unheard and undecoded, for a talker who is not among
   * those mixed but may be at any time. The decoder resumes with whatever comes then, as after a
   * loss.
   */
  public void skipFrame(long nowNs) {
    compact();
    int skipped = pendingSamples;
    forgetPending();
    for (int steps = 0; skipped < FRAME_SAMPLES && steps < STEPS_PER_FRAME_MAX; steps++) {
      buffer.next(nowNs);
      skipped += buffer.stepTicks();
    }
    appendZeros(Math.max(0, skipped - FRAME_SAMPLES));
  }

  /** Drops all that is held, since nobody is going to hear it for a while. */
  public void rest() {
    buffer.rest();
    forgetPending();
  }

  private void forgetPending() {
    pendingSamples = 0;
    readSample = 0;
    hasVoice = false;
    hasSound = false;
    isSilent = true;
    excessTicks = 0;
    lackTicks = 0;
  }

  private void compact() {
    int left = pendingSamples - readSample;
    System.arraycopy(pending, readSample * channels, pending, 0, left * channels);
    pendingSamples = left;
    readSample = 0;
  }

  private void step(long nowNs) {
    PlayoutStep step = buffer.next(nowNs);
    switch (step) {
      case PACKET -> playPacket();
      case FEC_OF_NEXT -> playFec();
      case LOST, STARVED -> playConcealment();
      case SILENCE -> playSilence();
    }
  }

  private void playPacket() {
    int at = pendingSamples * channels;
    int samples =
        decoder.decode(
            buffer.payloadArray(), buffer.payloadOffset(), buffer.payloadLength(), pending, at);
    if (samples <= 0) {
      undecodable++;
      playConcealment();
      return;
    }
    weighDelay(pendingSamples);
    hasVoice = true;
    append(samples);
  }

  /** To be told of each PACKET where in the frame its sound begins. */
  private void weighDelay(int startSample) {
    int delayTicks = buffer.delayTicks() + startSample;
    excessTicks = Math.max(0, delayTicks - buffer.neededTicks(SHORTEN_RESERVE_TICKS));
    int lackMax = Math.min(LACK_MAX_TICKS, buffer.targetTicks() / 2);
    lackTicks = delayTicks < buffer.neededTicks(-lackMax) ? buffer.neededTicks(0) - delayTicks : 0;
  }

  private void playFec() {
    int samples =
        decoder.decodeFec(
            buffer.payloadArray(),
            buffer.payloadOffset(),
            buffer.payloadLength(),
            pending,
            pendingSamples * channels,
            buffer.stepTicks());
    if (samples <= 0) {
      playConcealment();
    } else {
      append(samples);
    }
  }

  private void playConcealment() {
    int samples = decoder.conceal(pending, pendingSamples * channels, buffer.stepTicks());
    if (samples <= 0) {
      appendZeros(buffer.stepTicks());
    } else {
      append(samples);
    }
  }

  /** The talker's last sound fades out; from then on there are zeros. */
  private void playSilence() {
    excessTicks = 0;
    lackTicks = 0;
    if (isSilent) {
      // Not the whole step: what a stretch left over has no place where nothing is heard.
      appendZeros(FRAME_SAMPLES - pendingSamples);
      return;
    }
    int from = pendingSamples;
    playConcealment();
    ramp(from, pendingSamples - from, 1f, 0f);
    isSilent = true;
  }

  /** Shortens or lengthens what is to be played, if that is called for and will not be heard. */
  private void bringDelayIn() {
    float meanSquare = meanSquare();
    loudestMeanSquare = Math.max(meanSquare, loudestMeanSquare * LOUDEST_KEPT);
    framesSinceStretch++;
    excessFrames = excessTicks >= SHORTEN_FROM_TICKS ? excessFrames + 1 : 0;
    isShortening =
        excessTicks >= TimeStretch.LAG_MIN && (isShortening || excessFrames >= EXCESS_FRAMES);
    if (!isShortening && lackTicks == 0) {
      refused = 0;
      return;
    }
    boolean isQuiet = meanSquare < Math.max(QUIET_MEAN_SQUARE, loudestMeanSquare * QUIET_SHARE);
    int between = excessTicks >= HASTE_TICKS ? FRAMES_BETWEEN_IN_HASTE : FRAMES_BETWEEN;
    if (!isQuiet && framesSinceStretch < between) {
      return;
    }
    int moved = stretch(isQuiet ? TimeStretch.ANY_LIKENESS : likenessNeeded());
    refused = moved == 0 ? Math.min(REFUSED_MAX, refused + 1) : 0;
    framesSinceStretch = moved == 0 ? framesSinceStretch : 0;
  }

  private float likenessNeeded() {
    return LIKENESS_FIRST - (LIKENESS_FIRST - LIKENESS_LAST) * refused / REFUSED_MAX;
  }

  private int stretch(float likenessNeeded) {
    if (!isShortening) {
      int added =
          stretch.lengthen(
              pending, pendingSamples, Math.max(lackTicks, TimeStretch.LAG_MIN), likenessNeeded);
      pendingSamples += added;
      putInTicks += added;
      lackTicks = Math.max(0, lackTicks - added);
      return added;
    }
    int spare = buffer.hasNext() ? TimeStretch.LAG_MAX : pendingSamples - FRAME_SAMPLES;
    int gone =
        stretch.shorten(pending, pendingSamples, Math.min(spare, excessTicks), likenessNeeded);
    pendingSamples -= gone;
    leftOutTicks += gone;
    excessTicks -= gone;
    return gone;
  }

  private float meanSquare() {
    float energy = 0f;
    int taken = FRAME_SAMPLES * channels / LEVEL_STRIDE;
    for (int i = 0; i < taken; i++) {
      float sample = pending[i * LEVEL_STRIDE];
      energy += sample * sample;
    }
    return energy / taken;
  }

  private void append(int samples) {
    int from = pendingSamples;
    pendingSamples += samples;
    hasSound = true;
    if (isSilent) {
      ramp(from, Math.min(samples, EDGE_SAMPLES), 0f, 1f);
    }
    isSilent = false;
  }

  private void appendZeros(int samples) {
    Arrays.fill(pending, pendingSamples * channels, (pendingSamples + samples) * channels, 0f);
    pendingSamples += samples;
  }

  private void ramp(int from, int samples, float startGain, float endGain) {
    for (int sample = 0; sample < samples; sample++) {
      float gain = startGain + (endGain - startGain) * (sample + 1) / samples;
      for (int channel = 0; channel < channels; channel++) {
        pending[(from + sample) * channels + channel] *= gain;
      }
    }
  }

  /** The buffer it plays; packets are inserted there. */
  public JitterBuffer buffer() {
    return buffer;
  }

  /** Sound left out so far to shorten the delay, in ticks of 48 kHz. */
  public long leftOutTicks() {
    return leftOutTicks;
  }

  /** Sound put in so far to lengthen the delay, in ticks of 48 kHz. */
  public long putInTicks() {
    return putInTicks;
  }

  /** Packets that the decoder refused. */
  public long undecodable() {
    return undecodable;
  }
}
