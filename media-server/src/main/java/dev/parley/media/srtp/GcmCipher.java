package dev.parley.media.srtp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * AES-128-GCM under one session key in one direction, by OpenSSL in native memory that is freed
 * when it is closed. A packet in native memory goes through it in steps: {@link #startSealing} or
 * {@link #startOpening}, {@link #header}, {@link #payload}, and {@link #writeTag} or {@link
 * #isAuthentic}. All but the last may fail, which no packet should be able to cause. OpenSSL
 * forgets the nonce at the end of a packet, so that none is used twice by mistake. Owned with its
 * sender or receiver.
 */
final class GcmCipher {
  static final int TAG_LENGTH = 16;
  static final int SALT_LENGTH = 12;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
          .withInvokeExactBehavior();
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
          .withInvokeExactBehavior();

  private static final long INDEX_MASK = 0xFFFF_FFFF_FFFFL;

  private final int saltHigh;
  private final long saltLow;
  private long context;

  /**
   * Any thread; the next to use it owns it.
   *
   * @param key 16 bytes
   * @param salt {@value #SALT_LENGTH} bytes
   */
  GcmCipher(boolean encrypts, byte[] key, byte[] salt) {
    saltHigh = (int) INTS.get(salt, 0);
    saltLow = (long) LONGS.get(salt, Integer.BYTES);
    context = LibcryptoFunctions.newContext(encrypts, key);
  }

  /**
   * Begins to encrypt a packet.
   *
   * @param index the 48-bit index of RTP or the 31-bit one of RTCP; never twice with one SSRC,
   *     unless the packet is the same
   */
  boolean startSealing(PacketScratch scratch, int ssrc, long index) {
    writeNonce(scratch, ssrc, index);
    return LibcryptoFunctions.setNonce(context, scratch.nonce(), LibcryptoFunctions.NULL);
  }

  /** Begins to decrypt a packet whose tag is at an address. */
  boolean startOpening(PacketScratch scratch, int ssrc, long index, long tag) {
    writeNonce(scratch, ssrc, index);
    return LibcryptoFunctions.setNonce(context, scratch.nonce(), scratch.parametersOf(tag));
  }

  /** Bytes that stay clear; may be called again for more of them, before the payload. */
  boolean header(long address, int length) {
    return LibcryptoFunctions.cipher(context, LibcryptoFunctions.NULL, address, length) == length;
  }

  /** Encrypts or decrypts in place; may be empty. */
  boolean payload(long address, int length) {
    return length == 0 || LibcryptoFunctions.cipher(context, address, address, length) == length;
  }

  /** Ends a packet that was encrypted: its tag. */
  boolean writeTag(long address) {
    return isAuthentic() && LibcryptoFunctions.readTag(context, address, TAG_LENGTH);
  }

  /** Ends a packet that was decrypted: whether it may be believed. */
  boolean isAuthentic() {
    return LibcryptoFunctions.cipher(context, LibcryptoFunctions.NULL, LibcryptoFunctions.NULL, 0)
        != LibcryptoFunctions.FAILED;
  }

  /** See {@link SsrcSender#touch}: the context's address first, then what is there. */
  long touch(int stage) {
    return stage == 0 || isClosed() ? context : LibcryptoFunctions.touch(context);
  }

  boolean isClosed() {
    return context == LibcryptoFunctions.NULL;
  }

  /** Frees the native memory, the key wiped. May be called twice, and nothing else after it. */
  void close() {
    LibcryptoFunctions.freeContext(context);
    context = LibcryptoFunctions.NULL;
  }

  /** RFC 7714 sections 8.1 and 9.1, which differ in the length of the index only. */
  private void writeNonce(PacketScratch scratch, int ssrc, long index) {
    assert !isClosed() : "closed";
    scratch.writeNonce(
        saltHigh ^ ssrc >>> Short.SIZE,
        saltLow ^ ((long) ssrc << Long.SIZE - Short.SIZE | index & INDEX_MASK));
  }
}
