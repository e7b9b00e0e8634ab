package dev.parley.media.record;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Reads a sealed file as far as it is whole: up to its last chunk, or to where it was broken off.
 * One thread at a time, which waits for the disk.
 */
final class SealedFileReader implements Closeable {
  private final FileChannel channel;
  private final SpoolKeys keys;
  private final String context;
  private final Cipher cipher = SealedFormat.cipher();
  private @Nullable SecretKey key;
  private byte[] header = {};
  private long index;
  private long wholeLength;
  private boolean isComplete;

  private SealedFileReader(FileChannel channel, SpoolKeys keys, String context) {
    this.channel = channel;
    this.keys = keys;
    this.context = context;
  }

  static SealedFileReader open(Path path, SpoolKeys keys, String context) throws IOException {
    return new SealedFileReader(FileChannel.open(path, StandardOpenOption.READ), keys, context);
  }

  /**
   * The next chunk, or null where the file ends or is no longer whole.
   *
   * @throws GeneralSecurityException if a whole section's key cannot be opened: nothing can be said
   *     of what follows
   */
  byte @Nullable [] next() throws IOException, GeneralSecurityException {
    return next(false);
  }

  /**
   * The next chunk of a file that is still written, if a crash of the machine could not take it
   * away: if another one was begun after it. Null if there is none yet.
   */
  byte @Nullable [] nextDurable() throws IOException, GeneralSecurityException {
    return next(true);
  }

  private byte @Nullable [] next(boolean mustBeDurable)
      throws IOException, GeneralSecurityException {
    channel.position(wholeLength);
    try {
      while (!isComplete) {
        int length = read(SealedFormat.LENGTH_LENGTH).getInt();
        if (length == (int) (SealedFormat.MAGIC >>> 32)) {
          readHeader();
          continue;
        }
        return readChunk(length, mustBeDurable);
      }
    } catch (EOFException _) {
      // Torn off here.
    }
    return null;
  }

  private void readHeader() throws IOException, GeneralSecurityException {
    ByteBuffer rest = read(SealedFormat.HEADER_FIXED_LENGTH - SealedFormat.LENGTH_LENGTH);
    int magicEnd = rest.getInt();
    byte version = rest.get();
    int wrappedLength = rest.getShort() & 0xFFFF;
    if (magicEnd != (int) SealedFormat.MAGIC
        || version != SealedFormat.VERSION
        || wrappedLength > SpoolKeys.WRAPPED_LENGTH_MAX) {
      throw new EOFException();
    }
    byte[] wrapped = new byte[wrappedLength];
    read(wrappedLength).get(wrapped);
    try {
      key = keys.open(wrapped, context);
    } catch (GeneralSecurityException e) {
      if (channel.position() == channel.size()) {
        // Nothing was sealed with it: its writer ended before it was on the disk as a whole.
        throw (EOFException) new EOFException().initCause(e);
      }
      throw e;
    }
    header = SealedFormat.header(wrapped);
    wholeLength = channel.position();
  }

  private byte @Nullable [] readChunk(int lengthAndFlag, boolean mustBeDurable)
      throws IOException, GeneralSecurityException {
    boolean isLast = (lengthAndFlag & SealedFormat.LAST_FLAG) != 0;
    int length = lengthAndFlag & ~SealedFormat.LAST_FLAG;
    SecretKey sectionKey = key;
    if (sectionKey == null
        || length < SealedFormat.TAG_LENGTH
        || length > SealedFormat.CHUNK_LENGTH_MAX) {
      return null;
    }
    byte[] sealed = new byte[length];
    read(length).get(sealed);
    if (mustBeDurable && channel.position() == channel.size()) {
      return null;
    }
    try {
      SealedFormat.begin(cipher, Cipher.DECRYPT_MODE, sectionKey, header, index, isLast);
      byte[] plain = cipher.doFinal(sealed);
      index++;
      wholeLength = channel.position();
      isComplete = isLast;
      return plain;
    } catch (AEADBadTagException _) {
      // Torn, or tampered with: what follows is nobody's.
      return null;
    }
  }

  private ByteBuffer read(int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException();
      }
    }
    return bytes.flip();
  }

  /** True once the chunk was read that says it is the last. */
  boolean isComplete() {
    return isComplete;
  }

  /** Bytes of the file that are whole, as far as it was read. */
  long wholeLength() {
    return wholeLength;
  }

  /** Chunks read. */
  long chunks() {
    return index;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
