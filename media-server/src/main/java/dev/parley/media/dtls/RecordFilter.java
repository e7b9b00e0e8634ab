package dev.parley.media.dtls;

/**
 * Refuses handshake messages that claim to be huge. Bouncy Castle allocates what the header of the
 * first fragment claims, up to 16 MB for each of 16 messages, before anything is authenticated; so
 * the claims are read here first, in the clear at epoch 0 and behind the cipher after it. No state.
 */
final class RecordFilter {
  /** Longest handshake message taken. The largest known, a post-quantum ClientHello, has 1.7 kB. */
  static final int HANDSHAKE_LENGTH_MAX = 8_192;

  private static final int HANDSHAKE_TYPE = 22;
  private static final int FIRST_TYPE = 20;
  private static final int LAST_TYPE = 23;
  private static final int RECORD_HEADER_LENGTH = 13;
  private static final int EPOCH_OFFSET = 3;
  private static final int RECORD_LENGTH_OFFSET = 11;
  private static final int MESSAGE_HEADER_LENGTH = 12;
  private static final int MESSAGE_LENGTH_OFFSET = 1;
  private static final int FRAGMENT_LENGTH_OFFSET = 9;

  private RecordFilter() {}

  /**
   * True if the datagram is whole DTLS records (RFC 6347 §4.1) whose clear handshake messages are
   * of sane length.
   */
  static boolean accepts(byte[] buffer, int offset, int length) {
    int position = offset;
    int end = offset + length;
    if (length < RECORD_HEADER_LENGTH) {
      return false;
    }
    while (position < end) {
      if (end - position < RECORD_HEADER_LENGTH) {
        return false;
      }
      int type = buffer[position] & 0xFF;
      int recordLength = unsigned16(buffer, position + RECORD_LENGTH_OFFSET);
      int body = position + RECORD_HEADER_LENGTH;
      if (type < FIRST_TYPE || type > LAST_TYPE || recordLength > end - body) {
        return false;
      }
      boolean clear = unsigned16(buffer, position + EPOCH_OFFSET) == 0;
      if (clear && type == HANDSHAKE_TYPE && !acceptsMessages(buffer, body, recordLength)) {
        return false;
      }
      position = body + recordLength;
    }
    return true;
  }

  /**
   * True if no handshake message or fragment of one in this clear text claims too much (RFC 6347
   * §4.2.2).
   */
  static boolean acceptsMessages(byte[] buffer, int offset, int length) {
    int position = offset;
    int end = offset + length;
    while (end - position >= MESSAGE_HEADER_LENGTH) {
      if (unsigned24(buffer, position + MESSAGE_LENGTH_OFFSET) > HANDSHAKE_LENGTH_MAX) {
        return false;
      }
      int fragmentLength = unsigned24(buffer, position + FRAGMENT_LENGTH_OFFSET);
      if (fragmentLength > end - position - MESSAGE_HEADER_LENGTH) {
        return false;
      }
      position += MESSAGE_HEADER_LENGTH + fragmentLength;
    }
    return true;
  }

  private static int unsigned16(byte[] buffer, int offset) {
    return ((buffer[offset] & 0xFF) << 8) | (buffer[offset + 1] & 0xFF);
  }

  private static int unsigned24(byte[] buffer, int offset) {
    return ((buffer[offset] & 0xFF) << 16) | unsigned16(buffer, offset + 1);
  }
}
