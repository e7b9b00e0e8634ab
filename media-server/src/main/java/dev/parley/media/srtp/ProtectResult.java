package dev.parley.media.srtp;

/**
 * What became of a packet to be sent. Only {@link #OK} may leave: anything else may still be clear
 * text.
 */
public enum ProtectResult {
  /** Encrypted and tagged in place. */
  OK,
  /**
   * This index was protected before, or is too old to tell: sending it again with other bytes would
   * give the key stream away.
   */
  REPLAYED,
  /** Not the packet that was protected under this index before; see {@link #REPLAYED}. */
  ALTERED,
  /** Too short, its header runs past its end, or protected it would not fit a datagram. */
  MALFORMED,
  /** No room for the tag behind the packet. */
  BUFFER_TOO_SMALL,
  /** {@link SrtpSender#SSRCS_MAX} SSRCs are in use. */
  TOO_MANY_SSRCS,
  /** The cipher library failed. */
  CIPHER_FAILED,
  /** The sender was closed. */
  CLOSED
}
