package dev.parley.media.opus;

/** The negative answers of encoders and decoders, the same numbers as libopus uses. */
public final class OpusError {
  /** A length or offset that cannot be. */
  public static final int BAD_ARGUMENT = -1;

  /**
   * The packet holds more sound than there is room for, or the room for the packet is too small.
   */
  public static final int BUFFER_TOO_SMALL = -2;

  /** The codec failed in itself. */
  public static final int INTERNAL_ERROR = -3;

  /** The packet is not Opus. */
  public static final int INVALID_PACKET = -4;

  private OpusError() {}
}
