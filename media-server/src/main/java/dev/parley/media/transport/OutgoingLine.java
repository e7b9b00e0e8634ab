package dev.parley.media.transport;

/**
 * One stream towards a peer as negotiated. Immutable.
 *
 * @param ssrc of the stream, announced in the answer
 * @param payloadType of Opus, 0..127
 * @param mid the line's {@code a=mid}; empty if it has none
 * @param midExtensionId under which the mid is sent (RFC 8843 section 15), or 0 for not at all
 * @param audioLevelExtensionId RFC 6464, or 0
 * @param mixerToClientExtensionId RFC 6465, or 0
 * @param nack whether the peer may ask for lost packets (RFC 4585 section 4.2)
 * @param redPayloadType of RED of Opus (RFC 2198), 0..127, or {@link #NO_RED}
 */
public record OutgoingLine(
    int ssrc,
    int payloadType,
    String mid,
    int midExtensionId,
    int audioLevelExtensionId,
    int mixerToClientExtensionId,
    boolean nack,
    int redPayloadType) {
  /** The peer takes no RED on this line. */
  public static final int NO_RED = -1;

  private static final int MID_LENGTH_MAX = 32;

  /** Checks ranges. */
  public OutgoingLine {
    if (payloadType < 0 || payloadType > 127) {
      throw new IllegalArgumentException("payloadType must be 0 to 127: " + payloadType);
    }
    if (redPayloadType < NO_RED || redPayloadType > 127) {
      throw new IllegalArgumentException("redPayloadType must be -1 to 127: " + redPayloadType);
    }
    if (mid.length() > MID_LENGTH_MAX) {
      throw new IllegalArgumentException("mid must have at most 32 characters: " + mid.length());
    }
    requireExtensionId(midExtensionId);
    requireExtensionId(audioLevelExtensionId);
    requireExtensionId(mixerToClientExtensionId);
  }

  /** Without RED. */
  public OutgoingLine(
      int ssrc,
      int payloadType,
      String mid,
      int midExtensionId,
      int audioLevelExtensionId,
      int mixerToClientExtensionId,
      boolean nack) {
    this(
        ssrc,
        payloadType,
        mid,
        midExtensionId,
        audioLevelExtensionId,
        mixerToClientExtensionId,
        nack,
        NO_RED);
  }

  static void requireExtensionId(int id) {
    if (id < 0 || id > 255) {
      throw new IllegalArgumentException("extension id must be 0 (none) to 255: " + id);
    }
  }
}
