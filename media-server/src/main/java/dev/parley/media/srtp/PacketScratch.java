package dev.parley.media.srtp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.parley.media.packet.Limits;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Native memory in which libcrypto works on one packet at a time: the packet, its nonce, and where
 * its tag is. One for each thread and all of its peers, so that it stays in the processor's cache.
 * The packet is copied in and out, some 10 ns, rather than worked on where it lies in the heap: the
 * objects by which Java hands an array to native code cost no memory only as long as the JIT sees
 * through them; and what is not authentic never gets out of here.
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

  private PacketScratch() {
    memory.set(JAVA_LONG, PARAMETERS, LibcryptoFunctions.TAG_NAME);
    memory.set(JAVA_INT, PARAMETER_TYPE, LibcryptoFunctions.OCTET_STRING);
    memory.set(JAVA_LONG, PARAMETER_LENGTH, GcmCipher.TAG_LENGTH);
  }

  static PacketScratch ofThread() {
    return OF_THREAD.get();
  }

  /** Takes a packet in; its length is at most {@link #PACKET_LENGTH_MAX}. */
  void load(byte[] buffer, int offset, int length) {
    MemorySegment.copy(buffer, offset, memory, JAVA_BYTE, PACKET, length);
  }

  /** Gives part of the packet back. */
  void store(int packetOffset, byte[] buffer, int offset, int length) {
    MemorySegment.copy(memory, JAVA_BYTE, PACKET + packetOffset, buffer, offset, length);
  }

  int readInt(int packetOffset) {
    return memory.get(BIG_INT, PACKET + packetOffset);
  }

  void writeInt(int packetOffset, int value) {
    memory.set(BIG_INT, PACKET + packetOffset, value);
  }

  /** The twelve bytes of a nonce, high and low. */
  void writeNonce(int high, long low) {
    memory.set(BIG_INT, 0, high);
    memory.set(BIG_LONG, Integer.BYTES, low);
  }

  long nonce() {
    return address;
  }

  /** Parameters that tell libcrypto which tag the packet should have. */
  long parametersOfTag(int packetOffset) {
    memory.set(JAVA_LONG, PARAMETER_VALUE, at(packetOffset));
    return address + PARAMETERS;
  }

  /** Where a byte of the packet is. */
  long at(int packetOffset) {
    return address + PACKET + packetOffset;
  }
}
