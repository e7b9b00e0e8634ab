package dev.parley.media.stun;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes one STUN message: begin, add attributes, finish. The caller's buffer must hold {@link
 * StunMessage#LENGTH_MAX} bytes from the offset. Owned by one thread.
 */
public final class StunMessageWriter {
  private final MessageIntegrity integrity;
  private MutableDirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int offset;
  private int position;

  public StunMessageWriter(MessageIntegrity integrity) {
    this.integrity = integrity;
  }

  /** Starts a message with a transaction id of the caller's, which must be hard to guess. */
  public StunMessageWriter begin(
      MutableDirectBuffer buffer,
      int offset,
      int type,
      int transactionIdHigh,
      long transactionIdLow) {
    this.buffer = buffer;
    this.offset = offset;
    position = offset + StunMessage.HEADER_LENGTH;
    buffer.putShort(offset, (short) type, BIG_ENDIAN);
    buffer.putInt(offset + 4, StunMessage.MAGIC_COOKIE, BIG_ENDIAN);
    buffer.putInt(offset + StunMessage.TRANSACTION_ID_OFFSET, transactionIdHigh, BIG_ENDIAN);
    buffer.putLong(offset + StunMessage.TRANSACTION_ID_OFFSET + 4, transactionIdLow, BIG_ENDIAN);
    return this;
  }

  /** Starts the answer to a request. */
  public StunMessageWriter beginAnswer(
      MutableDirectBuffer buffer, int offset, int type, StunMessage request) {
    return begin(buffer, offset, type, request.transactionIdHigh(), request.transactionIdLow());
  }

  public StunMessageWriter username(byte[] username) {
    attribute(StunAttribute.USERNAME, username.length);
    buffer.putBytes(position, username);
    skip(username.length);
    return this;
  }

  /** Priority, of which the low 32 bits are written. */
  public StunMessageWriter priority(long priority) {
    attribute(StunAttribute.PRIORITY, 4);
    buffer.putInt(position, (int) priority, BIG_ENDIAN);
    skip(4);
    return this;
  }

  public StunMessageWriter useCandidate() {
    attribute(StunAttribute.USE_CANDIDATE, 0);
    return this;
  }

  public StunMessageWriter iceControlling(long tieBreaker) {
    return tieBreaker(StunAttribute.ICE_CONTROLLING, tieBreaker);
  }

  public StunMessageWriter iceControlled(long tieBreaker) {
    return tieBreaker(StunAttribute.ICE_CONTROLLED, tieBreaker);
  }

  private StunMessageWriter tieBreaker(int type, long tieBreaker) {
    attribute(type, 8);
    buffer.putLong(position, tieBreaker, BIG_ENDIAN);
    skip(8);
    return this;
  }

  /** The transport address seen, of which the address has 4 or 16 bytes. */
  public StunMessageWriter xorMappedAddress(byte[] address, int port) {
    assert address.length == 4 || address.length == 16 : address.length;
    attribute(StunAttribute.XOR_MAPPED_ADDRESS, 4 + address.length);
    buffer.putByte(position, (byte) 0);
    buffer.putByte(
        position + 1,
        (byte) (address.length == 4 ? StunMessage.FAMILY_IPV4 : StunMessage.FAMILY_IPV6));
    buffer.putShort(position + 2, (short) (port ^ (StunMessage.MAGIC_COOKIE >>> 16)), BIG_ENDIAN);
    for (int i = 0; i < address.length; i++) {
      buffer.putByte(position + 4 + i, (byte) (address[i] ^ buffer.getByte(offset + 4 + i)));
    }
    skip(4 + address.length);
    return this;
  }

  /** Says what was wrong with the request. */
  public StunMessageWriter errorCode(StunError error) {
    String reason = error.reason();
    attribute(StunAttribute.ERROR_CODE, 4 + reason.length());
    buffer.putShort(position, (short) 0, BIG_ENDIAN);
    buffer.putByte(position + 2, (byte) (error.code() / 100));
    buffer.putByte(position + 3, (byte) (error.code() % 100));
    buffer.putStringWithoutLengthAscii(position + 4, reason);
    skip(4 + reason.length());
    return this;
  }

  /** Names what the request had and nobody here understands (RFC 8489 section 14.9). */
  public StunMessageWriter unknownAttributes(StunMessage request) {
    int count = request.unknownAttributeCount();
    attribute(StunAttribute.UNKNOWN_ATTRIBUTES, 2 * count);
    for (int i = 0; i < count; i++) {
      buffer.putShort(position + 2 * i, (short) request.unknownAttribute(i), BIG_ENDIAN);
    }
    skip(2 * count);
    return this;
  }

  /** Signs, adds the fingerprint and returns the message's length. */
  public int finish(StunKey key) {
    int attributeOffset = position;
    attribute(StunAttribute.MESSAGE_INTEGRITY, MessageIntegrity.LENGTH);
    buffer.putBytes(position, integrity.compute(buffer, offset, attributeOffset, key));
    skip(MessageIntegrity.LENGTH);
    return finish();
  }

  /** Adds the fingerprint without a signature and returns the message's length. */
  public int finish() {
    int attributeOffset = position;
    attribute(StunAttribute.FINGERPRINT, 4);
    // The length field must count the fingerprint before the CRC is taken over it.
    int length = position + 4 - offset;
    buffer.putShort(offset + 2, (short) (length - StunMessage.HEADER_LENGTH), BIG_ENDIAN);
    buffer.putInt(position, Fingerprint.of(buffer, offset, attributeOffset - offset), BIG_ENDIAN);
    return length;
  }

  /** Returns the message's length, with neither signature nor fingerprint. */
  public int finishPlain() {
    int length = position - offset;
    buffer.putShort(offset + 2, (short) (length - StunMessage.HEADER_LENGTH), BIG_ENDIAN);
    return length;
  }

  private void attribute(int type, int valueLength) {
    buffer.putShort(position, (short) type, BIG_ENDIAN);
    buffer.putShort(position + 2, (short) valueLength, BIG_ENDIAN);
    position += StunAttribute.HEADER_LENGTH;
  }

  private void skip(int valueLength) {
    int end = position + valueLength;
    for (position = end; ((position - offset) & 3) != 0; position++) {
      buffer.putByte(position, (byte) 0);
    }
  }
}
