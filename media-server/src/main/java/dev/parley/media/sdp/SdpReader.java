package dev.parley.media.sdp;

/**
 * Walks over the lines of a session description, checking what every line must be: a letter, an
 * equals sign and text without control characters. Lines end with CRLF; a bare LF is taken too (RFC
 * 8866 §5). One thread.
 */
final class SdpReader {
  private final String text;
  private int position;
  private int line;
  private char type;
  private String value = "";

  SdpReader(String text) throws OfferFault {
    if (text.length() > SdpLimits.OFFER_LENGTH_MAX) {
      throw new OfferFault(0, "Send at most " + SdpLimits.OFFER_LENGTH_MAX + " characters of SDP.");
    }
    this.text = text;
  }

  /** Moves to the next line; returns false after the last. */
  boolean next() throws OfferFault {
    if (position >= text.length()) {
      return false;
    }
    line++;
    int newline = text.indexOf('\n', position);
    int end = newline < 0 ? text.length() : newline;
    int contentEnd = end > position && text.charAt(end - 1) == '\r' ? end - 1 : end;
    int start = position;
    position = end + 1;
    if (start == contentEnd && text.substring(end).isBlank()) {
      position = text.length();
      return false;
    }
    check(start, contentEnd);
    type = text.charAt(start);
    value = text.substring(start + 2, contentEnd);
    return true;
  }

  private void check(int start, int end) throws OfferFault {
    int length = end - start;
    if (length > SdpLimits.LINE_LENGTH_MAX) {
      throw new OfferFault(
          line, "Shorten this line to " + SdpLimits.LINE_LENGTH_MAX + " characters.");
    }
    if (length < 2
        || text.charAt(start) < 'a'
        || text.charAt(start) > 'z'
        || text.charAt(start + 1) != '=') {
      throw new OfferFault(line, "Write each line as a lower-case letter, '=' and a value.");
    }
    for (int i = start; i < end; i++) {
      if (text.charAt(i) < ' ' && text.charAt(i) != '\t') {
        throw new OfferFault(line, "Remove the control character from this line.");
      }
    }
  }

  /** The line's number, from 1. */
  int line() {
    return line;
  }

  /** The letter before the equals sign. */
  char type() {
    return type;
  }

  /** What follows the equals sign. */
  String value() {
    return value;
  }
}
