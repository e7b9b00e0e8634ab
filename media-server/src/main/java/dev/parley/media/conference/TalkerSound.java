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
  /** Channels of the mix bus. A mono talker costs a copy, and nothing clicks when stereo joins. */
  static final int BUS_CHANNELS = 2;

  /** Floats of one frame on the mix bus. */
  static final int BUS_FRAME_LENGTH = OpusCodec.FRAME_SAMPLES * BUS_CHANNELS;

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
    decoder = new OpusFrameDecoder(codec.newDecoder(BUS_CHANNELS));
    playout = new TalkerPlayout(buffer, decoder);
  }

  InsertResult insert(ArrivedPacket packet) {
    return buffer.insert(packet);
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
  void skip(long nowNs, boolean hasSound) {
    int held = buffer.heldPackets();
    if (held == 0) {
      heldBackFrames = 0;
    } else if (hasSound && held < PreRoll.PACKETS_MAX && heldBackFrames < PreRoll.PACKETS_MAX) {
      heldBackFrames++;
      return;
    }
    playout.skipFrame(nowNs, hasSound);
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
