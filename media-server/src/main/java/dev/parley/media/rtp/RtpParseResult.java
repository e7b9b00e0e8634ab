package dev.parley.media.rtp;

/** Whether bytes are an RTP packet, or else the first thing wrong with them. */
public enum RtpParseResult {
  VALID,
  /** Shorter than the fixed header with its CSRCs. */
  TOO_SHORT,
  /** Not version 2. */
  BAD_VERSION,
  /** The header extension runs over the end. */
  BAD_EXTENSION,
  /** More padding than payload, or a padding count of zero (RFC 3550 section 5.1). */
  BAD_PADDING
}
