package dev.parley.media.srtp;

import org.jitsi.utils.ByteArrayBuffer;

/**
 * A packet inside a larger array, as jitsi-srtp wants to see it. It never grows the array: senders
 * check the room first, because the native cipher writes its tag without a bounds check. Owned with
 * its receiver or sender.
 */
final class PacketView implements ByteArrayBuffer {
  private static final byte[] NONE = {};

  private byte[] buffer = NONE;
  private int offset;
  private int length;

  PacketView wrap(byte[] buffer, int offset, int length) {
    assert offset >= 0 && length >= 0 && length <= buffer.length - offset : offset + "+" + length;
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
    return this;
  }

  /** Lets go of the array, so that a closed peer does not keep it alive. */
  void release() {
    wrap(NONE, 0, 0);
  }

  @Override
  public byte[] getBuffer() {
    return buffer;
  }

  @Override
  public int getOffset() {
    return offset;
  }

  @Override
  public int getLength() {
    return length;
  }

  @Override
  public void setLength(int length) {
    this.length = length;
  }

  @Override
  public void setOffset(int offset) {
    this.offset = offset;
  }

  @Override
  public boolean isInvalid() {
    return false;
  }

  @Override
  public void readRegionToBuff(int regionOffset, int regionLength, byte[] target) {
    System.arraycopy(buffer, offset + regionOffset, target, 0, regionLength);
  }

  @Override
  public void grow(int count) {
    assert offset + length + count <= buffer.length : "the sender checks the room first";
  }

  @Override
  public void append(byte[] source, int count) {
    System.arraycopy(source, 0, buffer, offset + length, count);
    length += count;
  }

  @Override
  public void shrink(int count) {
    length -= count;
  }
}
