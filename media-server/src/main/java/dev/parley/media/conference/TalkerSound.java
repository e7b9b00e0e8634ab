package dev.parley.media.conference;

import dev.parley.media.jitter.ArrivedPacket;
import dev.parley.media.jitter.InsertResult;
import dev.parley.media.jitter.JitterBuffer;
import dev.parley.media.jitter.PlayedFrame;
import dev.parley.media.jitter.TalkerPlayout;
import dev.parley.media.mix.GainRamp;
import dev.parley.media.mix.LevelMeter;
import dev.parley.media.opus.OpusCodec;

/**
 * One talker's packets turned into frames for the mix: jitter buffer, decoder, gain. Frames have
 * two channels whatever was sent. Owned by one mix agent.
 */
final class TalkerSound {
  /** Channels of the mix bus. A mono talker costs a copy. */
  static final int BUS_CHANNELS = 2;

  /** Floats of one frame on the mix bus. */
  static final int BUS_FRAME_LENGTH = OpusCodec.FRAME_SAMPLES * BUS_CHANNELS;

  /** At rest, one packet in so many tells how late packets come. */
  private static final int OBSERVED_EACH = 8;

  private final JitterBuffer buffer;
  private final OpusFrameDecoder decoder;
  private final TalkerPlayout playout;
  private final GainRamp gain = new GainRamp(BUS_CHANNELS, 0f);
  private final float[] frame = new float[BUS_FRAME_LENGTH];

  /** Frames that were due and are not past, since nobody has heard them yet. */
  private int heldBackFrames;

  /** Sound whose jitter buffer aims at no less than {@code jitterMinMs}. */
  TalkerSound(OpusCodec codec, int jitterMinMs) {
    buffer = new JitterBuffer(jitterMinMs);
    decoder = new OpusFrameDecoder(codec);
    playout = new TalkerPlayout(buffer, decoder);
  }

  InsertResult insert(ArrivedPacket packet) {
    return buffer.insert(packet);
  }

  /** Drops what is held: the talker has been silent for so long that nobody will miss it. */
  void rest() {
    heldBackFrames = 0;
    playout.rest();
  }

  /** True if {@link #observe} wants this packet of a talker at rest. */
  static boolean isObserved(int sequenceNumber) {
    return sequenceNumber % OBSERVED_EACH == 0;
  }

  /** Learns how late packets come while the talker rests. */
  void observe(ArrivedPacket packet) {
    buffer.observe(packet);
  }

  /** Starts to fade in or out. */
  void audible(boolean isAudible) {
    gain.moveTo(isAudible ? 1f : 0f);
  }

  /** True when neither this frame nor the following will be heard. */
  boolean isInaudible() {
    return gain.isSilent();
  }

  /** Reads the frame that is due, at full gain. */
  PlayedFrame read(long nowNs) {
    heldBackFrames = 0;
    return playout.readFrame(frame, nowNs);
  }

  /**
   * Lets the frame that is due pass undecoded, or holds it back: who has a sound may come into the
   * mix at any time, and is then heard from his latest packets on, his first syllable among them.
   * The playout takes the delay back while he speaks.
   */
  void skip(long nowNs) {
    int held = buffer.heldPackets();
    if (held == 0) {
      heldBackFrames = 0;
    } else if (held < PreRoll.PACKETS_MAX && heldBackFrames < PreRoll.PACKETS_MAX) {
      heldBackFrames++;
      return;
    }
    playout.skipFrame(nowNs);
  }

  /** Level of the frame just read, -127..0 dBov. */
  int levelDbov() {
    return LevelMeter.levelDbov(frame, frame.length);
  }

  /** Fades the frame just read. */
  void applyGain() {
    gain.apply(frame, OpusCodec.FRAME_SAMPLES);
  }

  float[] frame() {
    return frame;
  }

  void close() {
    decoder.close();
  }
}
