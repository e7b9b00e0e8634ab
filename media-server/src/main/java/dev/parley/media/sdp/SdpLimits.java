package dev.parley.media.sdp;

/** Bounds of what is read from an offer. */
final class SdpLimits {
  /** Longest offer. Chromium's with audio, video and data is 6 kB. */
  static final int OFFER_LENGTH_MAX = 64 * 1024;

  /** Longest line. The longest a browser sends is a candidate of about 200 characters. */
  static final int LINE_LENGTH_MAX = 2048;

  /** Most m-lines. */
  static final int MEDIA_LINES_MAX = 64;

  /** Most formats of one m-line: RTP has 128 payload types. */
  static final int FORMATS_MAX = 128;

  /** Most header extensions of one m-line; browsers offer about fifteen for video. */
  static final int EXTENSIONS_MAX = 64;

  /** Most fingerprints of the session or of one m-line. */
  static final int FINGERPRINTS_MAX = 8;

  /** Longest mid: what fits a one-byte header extension element (RFC 8285 §4.2). */
  static final int MID_LENGTH_MAX = 16;

  private SdpLimits() {}
}
