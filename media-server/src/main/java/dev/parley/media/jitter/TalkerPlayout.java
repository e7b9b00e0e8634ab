package dev.parley.media.jitter;

import java.util.Arrays;

/**
 * One talker's sound in frames of exactly 20 ms, whatever packet lengths the sender chose (2.5 to
 * 120 ms): asks the jitter buffer for the next step, the decoder for its sound, and slices. Owned
 * by one thread (a mix agent).
 *
 * <p>Here too the delay is brought back to the target: in quiet moments a decoded packet is left
 * out when the delay has grown (bursts, a sender's fast clock), and a little silence is put in when
 * it is too short. Each packet is decoded even then, so the decoder never misses one.
 */
public final class TalkerPlayout {
  /** Samples per channel of the frames handed out: 20 ms at 48 kHz. */
  public static final int FRAME_SAMPLES = 960;

  private static final int PACKET_SAMPLES_MAX = 5_760;

  /** Steps taken at most for one frame: eight 2.5 ms packets, and some left out. */
  private static final int STEPS_PER_FRAME_MAX = 16;

  /**
   * What must remain beyond the target, 10 ms, once a packet is left out: else the next might come
   * too late.
   */
  private static final int KEPT_EXCESS_TICKS = 480;

  private static final int PUT_IN_TICKS = -720;

  /**
   * Delay beyond the target, 80 ms, that is shortened even in mid-word, cross-faded, one packet in
   * so many.
   */
  private static final int CUT_TICKS = 80 * 48;

  private static final int PACKETS_BETWEEN_CUTS = 10;

  /** Mean square below which leaving out or putting in goes unheard: -50 dBov. */
  private static final float QUIET_MEAN_SQUARE = 1e-5f;

  /** Ramp at the edge of silence, 2.5 ms. */
  private static final int EDGE_SAMPLES = 120;

  private final JitterBuffer buffer;
  private final FrameDecoder decoder;
  private final int channels;
  private final float[] pending;
  private final float[] tail;
  private int pendingSamples;
  private int readSample;
  private boolean isSilent = true;
  private boolean hasTail;
  private int packetsSinceCut;
  private boolean hasVoice;
  private boolean hasSound;
  private long leftOutTicks;
  private long putInTicks;
  private long undecodable;

  /** Plays {@code buffer} through {@code decoder}; both are then this object's alone. */
  public TalkerPlayout(JitterBuffer buffer, FrameDecoder decoder) {
    this.buffer = buffer;
    this.decoder = decoder;
    this.channels = decoder.channels();
    pending = new float[(FRAME_SAMPLES + PACKET_SAMPLES_MAX) * channels];
    tail = new float[EDGE_SAMPLES * channels];
  }

  /** Writes the frame due at {@code nowNs}, interleaved, into the start of {@code frame}. */
  public PlayedFrame readFrame(float[] frame, long nowNs) {
    compact();
    hasVoice = hasVoice && pendingSamples > 0;
    hasSound = hasSound && pendingSamples > 0;
    int steps = 0;
    while (pendingSamples < FRAME_SAMPLES && steps < STEPS_PER_FRAME_MAX) {
      step(nowNs);
      steps++;
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

  /**
   * Lets the frame due at {@code nowNs} pass unheard and undecoded, for a talker who is not among
   * those mixed. The decoder resumes with whatever comes then, as after a loss.
   */
  public void skipFrame(long nowNs) {
    compact();
    int skipped = pendingSamples;
    pendingSamples = 0;
    readSample = 0;
    int steps = 0;
    while (skipped < FRAME_SAMPLES && steps < STEPS_PER_FRAME_MAX) {
      buffer.next(nowNs);
      skipped += buffer.stepTicks();
      steps++;
    }
    appendZeros(Math.max(0, skipped - FRAME_SAMPLES));
    readSample = 0;
    hasVoice = false;
    hasSound = false;
    isSilent = true;
    hasTail = false;
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
    int delayExcessTicks = buffer.excessTicks() + pendingSamples;
    packetsSinceCut++;
    if (mayLeaveOut(delayExcessTicks, at, samples)) {
      leaveOut(at, samples);
      return;
    }
    hasVoice = true;
    append(samples);
    if (delayExcessTicks <= PUT_IN_TICKS && samples <= FRAME_SAMPLES && isQuiet(at, samples)) {
      System.arraycopy(pending, at, pending, pendingSamples * channels, samples * channels);
      pendingSamples += samples;
      putInTicks += samples;
    }
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
    if (isSilent) {
      appendZeros(buffer.stepTicks());
      return;
    }
    int from = pendingSamples;
    playConcealment();
    ramp(from, pendingSamples - from, 1f, 0f);
    isSilent = true;
  }

  private boolean mayLeaveOut(int delayExcessTicks, int at, int samples) {
    if (buffer.heldPackets() == 0 || isSilent) {
      return false;
    }
    if (delayExcessTicks < samples + KEPT_EXCESS_TICKS) {
      return false;
    }
    boolean mayCut = delayExcessTicks >= CUT_TICKS && packetsSinceCut >= PACKETS_BETWEEN_CUTS;
    return mayCut || isQuiet(at, samples);
  }

  /** Keeps the start of what is left out, to fade from it into what follows. */
  private void leaveOut(int at, int samples) {
    packetsSinceCut = 0;
    leftOutTicks += samples;
    if (samples >= EDGE_SAMPLES && !hasTail) {
      System.arraycopy(pending, at, tail, 0, tail.length);
      hasTail = true;
    }
  }

  private boolean isQuiet(int at, int samples) {
    float energy = 0f;
    for (int i = at; i < at + samples * channels; i++) {
      energy += pending[i] * pending[i];
    }
    return energy < QUIET_MEAN_SQUARE * samples * channels;
  }

  private void append(int samples) {
    int from = pendingSamples;
    pendingSamples += samples;
    hasSound = true;
    if (isSilent) {
      ramp(from, Math.min(samples, EDGE_SAMPLES), 0f, 1f);
    } else if (hasTail && samples >= EDGE_SAMPLES) {
      ramp(from, EDGE_SAMPLES, 0f, 1f);
      for (int i = 0; i < tail.length; i++) {
        int sample = i / channels;
        pending[from * channels + i] += tail[i] * (EDGE_SAMPLES - 1 - sample) / EDGE_SAMPLES;
      }
    }
    hasTail = false;
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
