package dev.parley.media.transport;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Native memory for the datagrams of one call of {@link Mmsg}, laid out once: a message header, a
 * vector, an address, control data if wanted, and the bytes for each, all of which point to each
 * other. Offsets are those within {@link #memory}. Owned by one event loop.
 */
final class MmsgSlots {
  /** Bytes of each datagram: more than a packet may have, so that a longer one is noticed. */
  static final int BYTES_LENGTH = 1600;

  private static final int ALIGNMENT = 64;

  private final int controlLength;
  private final int vectors;
  private final int addresses;
  private final int controls;
  private final int bytes;
  private final UnsafeBuffer memory;

  /**
   * Lays the memory out.
   *
   * @param count datagrams of a call at the most
   * @param controlLength bytes of control data with each; 0 for none
   */
  MmsgSlots(int count, int controlLength) {
    this.controlLength = controlLength;
    vectors = count * Mmsg.HEADER_LENGTH;
    addresses = vectors + count * Mmsg.VECTOR_LENGTH;
    controls = addresses + count * Mmsg.ADDRESS_LENGTH;
    bytes = controls + count * controlLength;
    int length = bytes + count * BYTES_LENGTH;
    memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, ALIGNMENT));
    for (int slot = 0; slot < count; slot++) {
      int header = header(slot);
      memory.putLong(header + Mmsg.HEADER_NAME, pointer(address(slot)));
      memory.putLong(header + Mmsg.HEADER_VECTORS, pointer(vector(slot)));
      memory.putLong(header + Mmsg.HEADER_VECTOR_COUNT, 1);
      if (controlLength > 0) {
        memory.putLong(header + Mmsg.HEADER_CONTROL, pointer(control(slot)));
      }
      memory.putLong(vector(slot) + Mmsg.VECTOR_BASE, pointer(bytes(slot)));
      memory.putLong(vector(slot) + Mmsg.VECTOR_BYTES, BYTES_LENGTH);
    }
  }

  /** All of it. */
  UnsafeBuffer memory() {
    return memory;
  }

  /** The address of the headers from one on, as the kernel takes it. */
  long headers(int firstSlot) {
    return pointer(header(firstSlot));
  }

  int header(int slot) {
    return slot * Mmsg.HEADER_LENGTH;
  }

  int vector(int slot) {
    return vectors + slot * Mmsg.VECTOR_LENGTH;
  }

  int address(int slot) {
    return addresses + slot * Mmsg.ADDRESS_LENGTH;
  }

  int control(int slot) {
    return controls + slot * controlLength;
  }

  int bytes(int slot) {
    return bytes + slot * BYTES_LENGTH;
  }

  private long pointer(int offset) {
    return memory.addressOffset() + offset;
  }
}
