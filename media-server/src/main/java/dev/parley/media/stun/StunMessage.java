package dev.parley.media.stun;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Flyweight over a STUN message (RFC 8489 section 5). Wrapping reads every attribute once, within
 * bounds; of several of one type only the first counts, and after MESSAGE-INTEGRITY only
 * FINGERPRINT does (section 14.5). Wrap it, read it, never keep it. One thread.
 */
public final class StunMessage {
  /** Longest message read: what fits an Ethernet frame. ICE messages have about 100 bytes. */
  public static final int LENGTH_MAX = 1500;

  /** Attributes looked at in one message; browsers send about ten. */
  public static final int ATTRIBUTES_MAX = 32;

  /** Unknown attributes remembered, to be named in a 420 answer. */
  public static final int UNKNOWN_ATTRIBUTES_MAX = 8;

  static final int HEADER_LENGTH = 20;
  static final int MAGIC_COOKIE = 0x2112A442;
  static final int TRANSACTION_ID_OFFSET = 8;
  static final int TRANSACTION_ID_LENGTH = 12;
  static final int FAMILY_IPV4 = 1;
  static final int FAMILY_IPV6 = 2;

  private static final int NONE = -1;
  private static final int LENGTH_OFFSET = 2;
  private static final int COOKIE_OFFSET = 4;

  private final int[] unknownAttributes = new int[UNKNOWN_ATTRIBUTES_MAX];
  private DirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int offset;
  private int username;
  private int messageIntegrity;
  private int fingerprint;
  private int priority;
  private int useCandidate;
  private int iceControlled;
  private int iceControlling;
  private int xorMappedAddress;
  private int errorCode;
  private int unknownAttributeCount;

  /** Reads the datagram. Nothing else may be asked unless the answer is VALID. */
  public StunParseResult wrap(DirectBuffer buffer, int offset, int length) {
    this.buffer = buffer;
    this.offset = offset;
    clear();
    if (length < HEADER_LENGTH || length > LENGTH_MAX) {
      return StunParseResult.BAD_LENGTH;
    }
    if ((buffer.getByte(offset) & 0xC0) != 0
        || buffer.getInt(offset + COOKIE_OFFSET, BIG_ENDIAN) != MAGIC_COOKIE) {
      return StunParseResult.BAD_HEADER;
    }
    int attributesLength = unsignedShort(offset + LENGTH_OFFSET);
    if (attributesLength != length - HEADER_LENGTH || (attributesLength & 3) != 0) {
      return StunParseResult.BAD_LENGTH;
    }
    StunParseResult result = readAttributes(offset + length);
    if (result == StunParseResult.VALID && fingerprint != NONE && !fingerprintMatches()) {
      return StunParseResult.BAD_FINGERPRINT;
    }
    return result;
  }

  private void clear() {
    username = NONE;
    messageIntegrity = NONE;
    fingerprint = NONE;
    priority = NONE;
    useCandidate = NONE;
    iceControlled = NONE;
    iceControlling = NONE;
    xorMappedAddress = NONE;
    errorCode = NONE;
    unknownAttributeCount = 0;
  }

  private StunParseResult readAttributes(int end) {
    int position = offset + HEADER_LENGTH;
    for (int count = 0; position < end; count++) {
      if (count == ATTRIBUTES_MAX) {
        return StunParseResult.TOO_MANY_ATTRIBUTES;
      }
      int type = unsignedShort(position);
      int valueLength = unsignedShort(position + 2);
      int next = position + StunAttribute.HEADER_LENGTH + ((valueLength + 3) & ~3);
      if (next > end || (type == StunAttribute.FINGERPRINT && next != end)) {
        return StunParseResult.BAD_ATTRIBUTE;
      }
      if ((messageIntegrity == NONE || type == StunAttribute.FINGERPRINT)
          && !note(type, position, valueLength)) {
        return StunParseResult.BAD_ATTRIBUTE;
      }
      position = next;
    }
    return StunParseResult.VALID;
  }

  /** Remembers where an attribute is. False if its length is impossible. */
  private boolean note(int type, int position, int valueLength) {
    switch (type) {
      case StunAttribute.USERNAME -> username = first(username, position);
      case StunAttribute.MESSAGE_INTEGRITY -> messageIntegrity = position;
      case StunAttribute.FINGERPRINT -> fingerprint = position;
      case StunAttribute.PRIORITY -> priority = first(priority, position);
      case StunAttribute.USE_CANDIDATE -> useCandidate = first(useCandidate, position);
      case StunAttribute.ICE_CONTROLLED -> iceControlled = first(iceControlled, position);
      case StunAttribute.ICE_CONTROLLING -> iceControlling = first(iceControlling, position);
      case StunAttribute.XOR_MAPPED_ADDRESS -> xorMappedAddress = first(xorMappedAddress, position);
      case StunAttribute.ERROR_CODE -> errorCode = first(errorCode, position);
      default -> noteUnknown(type);
    }
    return lengthIsPossible(type, position, valueLength);
  }

  private static int first(int before, int position) {
    return before == NONE ? position : before;
  }

  private void noteUnknown(int type) {
    boolean known =
        type == StunAttribute.UNKNOWN_ATTRIBUTES
            || type == StunAttribute.REALM
            || type == StunAttribute.NONCE
            || type == StunAttribute.MESSAGE_INTEGRITY_SHA256;
    if (!known
        && StunAttribute.mustBeUnderstood(type)
        && unknownAttributeCount < UNKNOWN_ATTRIBUTES_MAX) {
      unknownAttributes[unknownAttributeCount++] = type;
    }
  }

  private boolean lengthIsPossible(int type, int position, int valueLength) {
    return switch (type) {
      case StunAttribute.USERNAME -> valueLength <= 513;
      case StunAttribute.MESSAGE_INTEGRITY -> valueLength == MessageIntegrity.LENGTH;
      case StunAttribute.FINGERPRINT, StunAttribute.PRIORITY -> valueLength == 4;
      case StunAttribute.USE_CANDIDATE -> valueLength == 0;
      case StunAttribute.ICE_CONTROLLED, StunAttribute.ICE_CONTROLLING -> valueLength == 8;
      case StunAttribute.XOR_MAPPED_ADDRESS -> addressLengthIsPossible(position, valueLength);
      case StunAttribute.ERROR_CODE -> valueLength >= 4;
      default -> true;
    };
  }

  private boolean addressLengthIsPossible(int position, int valueLength) {
    if (valueLength != 8 && valueLength != 20) {
      return false;
    }
    int family = buffer.getByte(value(position) + 1);
    return valueLength == (family == FAMILY_IPV4 ? 8 : 20)
        && (family == FAMILY_IPV4 || family == FAMILY_IPV6);
  }

  private boolean fingerprintMatches() {
    return Fingerprint.of(buffer, offset, fingerprint - offset)
        == buffer.getInt(value(fingerprint), BIG_ENDIAN);
  }

  /** Method and class as one number: see {@link StunType}. */
  public int type() {
    return unsignedShort(offset);
  }

  /** First four bytes of the transaction id. */
  public int transactionIdHigh() {
    return buffer.getInt(offset + TRANSACTION_ID_OFFSET, BIG_ENDIAN);
  }

  /** Last eight bytes of the transaction id. */
  public long transactionIdLow() {
    return buffer.getLong(offset + TRANSACTION_ID_OFFSET + 4, BIG_ENDIAN);
  }

  public boolean hasUsername() {
    return username != NONE;
  }

  /** Bytes of the user name, 0 if there is none. */
  public int usernameLength() {
    return username == NONE ? 0 : unsignedShort(username + 2);
  }

  /** Byte of the user name at the index, unsigned. */
  public int usernameByte(int index) {
    assert index >= 0 && index < usernameLength() : index;
    return buffer.getByte(value(username) + index) & 0xFF;
  }

  /** Eight bytes of the user name from its start, as a number. At least so many must be there. */
  public long usernamePrefix() {
    assert usernameLength() >= Long.BYTES : usernameLength();
    return buffer.getLong(value(username), BIG_ENDIAN);
  }

  public boolean hasFingerprint() {
    return fingerprint != NONE;
  }

  public boolean hasMessageIntegrity() {
    return messageIntegrity != NONE;
  }

  /** True if there is a MESSAGE-INTEGRITY and it was made with the key. */
  public boolean isAuthentic(MessageIntegrity integrity, StunKey key) {
    return messageIntegrity != NONE && integrity.matches(buffer, offset, messageIntegrity, key);
  }

  public boolean hasPriority() {
    return priority != NONE;
  }

  /** Priority a peer-reflexive candidate gets (RFC 8445 section 7.1.1), 0..2^32-1. */
  public long priority() {
    return buffer.getInt(value(priority), BIG_ENDIAN) & 0xFFFFFFFFL;
  }

  /** The controlling agent nominates this pair (RFC 8445 section 7.1.2). */
  public boolean hasUseCandidate() {
    return useCandidate != NONE;
  }

  public boolean hasIceControlled() {
    return iceControlled != NONE;
  }

  public boolean hasIceControlling() {
    return iceControlling != NONE;
  }

  /** The tie-breaker of whichever role the sender claims; one of the two must be there. */
  public long tieBreaker() {
    return buffer.getLong(
        value(iceControlling != NONE ? iceControlling : iceControlled), BIG_ENDIAN);
  }

  public boolean hasXorMappedAddress() {
    return xorMappedAddress != NONE;
  }

  /** Port the answering side saw, 0..65535. */
  public int mappedPort() {
    return unsignedShort(value(xorMappedAddress) + 2) ^ (MAGIC_COOKIE >>> 16);
  }

  /** Copies the address the answering side saw; returns its length, 4 or 16. */
  public int getMappedAddress(byte[] destination) {
    int addressOffset = value(xorMappedAddress) + 4;
    int length = buffer.getByte(value(xorMappedAddress) + 1) == FAMILY_IPV4 ? 4 : 16;
    for (int i = 0; i < length; i++) {
      // The mask is the cookie followed by the transaction id, as they stand in the header.
      destination[i] =
          (byte) (buffer.getByte(addressOffset + i) ^ buffer.getByte(offset + COOKIE_OFFSET + i));
    }
    return length;
  }

  /** The error's number, 300..699, or 0 if there is none. */
  public int errorCode() {
    if (errorCode == NONE) {
      return 0;
    }
    int numberOffset = value(errorCode) + 2;
    return (buffer.getByte(numberOffset) & 7) * 100 + (buffer.getByte(numberOffset + 1) & 0xFF);
  }

  /** Attributes not understood that had to be; at most {@link #UNKNOWN_ATTRIBUTES_MAX} are told. */
  public int unknownAttributeCount() {
    return unknownAttributeCount;
  }

  public int unknownAttribute(int index) {
    assert index >= 0 && index < unknownAttributeCount : index;
    return unknownAttributes[index];
  }

  private static int value(int position) {
    assert position != NONE : "attribute absent";
    return position + StunAttribute.HEADER_LENGTH;
  }

  private int unsignedShort(int position) {
    return buffer.getShort(position, BIG_ENDIAN) & 0xFFFF;
  }
}
