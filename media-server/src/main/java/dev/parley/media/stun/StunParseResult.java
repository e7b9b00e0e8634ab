package dev.parley.media.stun;

/** Whether a datagram is a STUN message one can read, or else the first thing wrong with it. */
public enum StunParseResult {
  VALID,
  /** Shorter than the header, or the length field does not match the datagram. */
  BAD_LENGTH,
  /** The two first bits are not zero, or the magic cookie is not there (RFC 8489 section 5). */
  BAD_HEADER,
  /** An attribute runs over the end or has an impossible length. */
  BAD_ATTRIBUTE,
  /** More attributes than anybody sends. */
  TOO_MANY_ATTRIBUTES,
  /** The CRC does not match (RFC 8489 section 14.7). */
  BAD_FINGERPRINT
}
