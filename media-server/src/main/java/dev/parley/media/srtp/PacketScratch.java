package dev.parley.media.srtp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.parley.media.packet.Limits;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Native memory that libcrypto works with, one packet at a time: its nonce, where its tag is, and
 * room for the packet itself if it lies in the heap. One for each thread and all of its peers, so
 * that it stays in the processor's cache. A packet of the heap is copied in and out, some 10 ns,
 * rather than worked on where it lies: the objects by which Java hands an array to native code cost
 * no memory only as long as the JIT sees through them; and what is not authentic never gets out of
 * here.
 */
final class PacketScratch {
  /** Longest protected packet. */
  static final int PACKET_LENGTH_MAX = Limits.DATAGRAM_LENGTH_MAX;

  private static final ThreadLocal<PacketScratch> OF_THREAD =
      ThreadLocal.withInitial(PacketScratch::new);

  // Two OSSL_PARAM follow the nonce: the tag's, and one of zeros that ends their list.
  private static final int PARAMETERS = 16;
  private static final int PARAMETER_TYPE = PARAMETERS + 8;
  private static final int PARAMETER_VALUE = PARAMETERS + 16;
  private static final int PARAMETER_LENGTH = PARAMETERS + 24;
  private static final int PACKET = 128;
  private static final int ALIGNMENT = 64;

  private static final ValueLayout.OfInt BIG_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong BIG_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /** Freed when the thread has ended and the collector has seen it. */
  private final MemorySegment memory =
      Arena.ofAuto().allocate(PACKET + PACKET_LENGTH_MAX, ALIGNMENT);

  private final long address = memory.address();
  private final UnsafeBuffer packet =
      new UnsafeBuffer(memory.address() + PACKET, PACKET_LENGTH_MAX);

  private PacketScratch() {
    memory.set(JAVA_LONG, PARAMETERS, LibcryptoFunctions.TAG_NAME);
    memory.set(JAVA_INT, PARAMETER_TYPE, LibcryptoFunctions.OCTET_STRING);
    memory.set(JAVA_LONG, PARAMETER_LENGTH, GcmCipher.TAG_LENGTH);
  }

  static PacketScratch ofThread() {
    return OF_THREAD.get();
  }

  /**
   * The address of a packet: where it lies if that is native memory, else where it was copied to
   * here. Its length is at most {@link #PACKET_LENGTH_MAX}.
   */
  long enter(UnsafeBuffer buffer, int offset, int length) {
    if (buffer.byteArray() == null) {
      return buffer.addressOffset() + offset;
    }
    packet.putBytes(0, buffer, offset, length);
    return packet.addressOffset();
  }

  /** Gives part of a packet back that {@link #enter} may have copied. */
  void leave(int packetOffset, UnsafeBuffer buffer, int offset, int length) {
    if (buffer.byteArray() != null) {
      packet.getBytes(packetOffset, buffer, offset, length);
    }
  }

  /** Copies a packet of at most {@link #PACKET_LENGTH_MAX} bytes; returns where it is now. */
  UnsafeBuffer load(byte[] array, int offset, int length) {
    packet.putBytes(0, array, offset, length);
    return packet;
  }

  /** The twelve bytes of a nonce, high and low. */
  void writeNonce(int high, long low) {
    memory.set(BIG_INT, 0, high);
    memory.set(BIG_LONG, Integer.BYTES, low);
  }

  long nonce() {
    return address;
  }

  /** Parameters that tell libcrypto where the tag is that the packet should have. */
  long parametersOf(long tag) {
    memory.set(JAVA_LONG, PARAMETER_VALUE, tag);
    return address + PARAMETERS;
  }
}
