package dev.parley.media.record;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/**
 * Writes a sealed file, chunk by chunk; when {@link #append} returns, the chunk outlives a crash of
 * the machine. One thread at a time, which waits for the disk.
 */
final class SealedFileWriter implements Closeable {
  private final FileChannel channel;
  private final SpoolKeys.DataKey key;
  private final Cipher cipher = SealedFormat.cipher();
  private final byte[] header;
  private long index;
  private long length;

  /**
   * Begins a section.
   *
   * @param channel each of whose writes is on the disk when it returns
   */
  private SealedFileWriter(FileChannel channel, SpoolKeys.DataKey key, long firstIndex)
      throws IOException {
    this.channel = channel;
    this.key = key;
    header = SealedFormat.header(key.wrapped());
    index = firstIndex;
    length = channel.position();
    write(ByteBuffer.wrap(header));
  }

  /**
   * Begins a file that must not be there yet.
   *
   * @param context what the file is; nobody can pass one off as another
   */
  static SealedFileWriter create(Path path, SpoolKeys keys, String context)
      throws IOException, GeneralSecurityException {
    SpoolKeys.DataKey key = keys.create(context);
    FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.DSYNC);
    return begin(channel, key, 0, path);
  }

  /**
   * Goes on with a file that was broken off, after what is whole of it.
   *
   * @param wholeLength bytes that are whole; the rest is cut off
   * @param nextIndex how many chunks are whole
   */
  static SealedFileWriter resume(
      Path path, SpoolKeys keys, String context, long wholeLength, long nextIndex)
      throws IOException, GeneralSecurityException {
    // A new key: the torn end may show a chunk of the same number under the old one.
    SpoolKeys.DataKey key = keys.create(context);
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
    channel.truncate(wholeLength).position(wholeLength);
    return begin(channel, key, nextIndex, path);
  }

  private static SealedFileWriter begin(
      FileChannel channel, SpoolKeys.DataKey key, long firstIndex, Path path) throws IOException {
    try {
      SealedFileWriter writer = new SealedFileWriter(channel, key, firstIndex);
      DurableFiles.syncDirectory(DurableFiles.directoryOf(path));
      return writer;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Seals and writes a chunk, and waits until the disk has it. */
  void append(byte[] plain, boolean isLast) throws IOException, GeneralSecurityException {
    if (plain.length > SealedFormat.CHUNK_LENGTH_MAX - SealedFormat.TAG_LENGTH) {
      throw new IllegalArgumentException("a chunk is at most 4 MiB: " + plain.length);
    }
    SealedFormat.begin(cipher, Cipher.ENCRYPT_MODE, key.key(), header, index, isLast);
    ByteBuffer chunk =
        ByteBuffer.allocate(SealedFormat.LENGTH_LENGTH + plain.length + SealedFormat.TAG_LENGTH);
    int sealedLength = plain.length + SealedFormat.TAG_LENGTH;
    chunk.putInt(isLast ? sealedLength | SealedFormat.LAST_FLAG : sealedLength);
    cipher.doFinal(ByteBuffer.wrap(plain), chunk);
    index++;
    write(chunk.flip());
  }

  private void write(ByteBuffer bytes) throws IOException {
    length += bytes.remaining();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Bytes of the file so far. */
  long length() {
    return length;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
