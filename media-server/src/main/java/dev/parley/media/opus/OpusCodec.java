package dev.parley.media.opus;

import org.jspecify.annotations.Nullable;

/**
 * An implementation of Opus that makes encoders and decoders. Immutable; any thread may ask, the
 * encoder or decoder then belongs to the thread that uses it.
 */
public sealed interface OpusCodec permits LibopusCodec, ConcentusCodec {
  /**
   * Samples per second and channel at which all encoders and decoders here work; also the RTP clock
   * (RFC 7587 §4.1).
   */
  int SAMPLES_PER_SECOND = 48_000;

  /** Samples per channel of the 20 ms frame that the server itself sends. */
  int FRAME_SAMPLES = 960;

  /** Samples per channel of the longest packet, 120 ms (RFC 6716 §3.2.5). */
  int PACKET_SAMPLES_MAX = 5_760;

  /** Samples per channel of the shortest frame, 2.5 ms; every duration is a multiple of it. */
  int SAMPLES_QUANTUM = 120;

  /** Makes an encoder; it holds memory outside the heap until it is closed. */
  OpusEncoder newEncoder(OpusEncoderSettings settings);

  /** Makes a decoder that answers 1 or 2 channels, whatever the packets carry. */
  OpusDecoder newDecoder(int channels);

  /** The implementation's name, {@code libopus} or {@code concentus}. */
  String name();

  /** The implementation's version, as the implementation tells it. */
  String version();

  /** Whether sound is computed in native code: fast, and without garbage. */
  boolean isNative();

  /** libopus if this machine has it, else Concentus. */
  static OpusCodec best() {
    OpusCodec libopus = libopus();
    return libopus != null ? libopus : concentus();
  }

  /** The system's libopus, or null if it is absent or lacks a function that is needed. */
  static @Nullable OpusCodec libopus() {
    return LibopusLibrary.isPresent() ? LibopusCodec.INSTANCE : null;
  }

  /** Concentus, in plain Java: 2 to 3 times slower, and it makes garbage for each frame. */
  static OpusCodec concentus() {
    return ConcentusCodec.INSTANCE;
  }
}
