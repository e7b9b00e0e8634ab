package dev.parley.media.record;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Reads a spooled track's Ogg file in clear, from its beginning on, also while it grows: then only
 * what a crash of the machine could not take away. One thread at a time, which waits for the disk.
 */
public final class TrackReader implements Closeable {
  private final SealedFileReader sealed;
  private final MessageDigest sha256;
  private byte[] pages = {};
  private int taken;

  private TrackReader(SealedFileReader sealed, MessageDigest sha256) {
    this.sealed = sealed;
    this.sha256 = sha256;
  }

  /**
   * Opens a track.
   *
   * @param context what it is, as it was said when it was begun
   */
  public static TrackReader open(Path path, SpoolKeys keys, String context) throws IOException {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return new TrackReader(SealedFileReader.open(path, keys, context), sha256);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Reads on.
   *
   * @param hasEnded whether the track's manifest is there; without it, it may still grow
   * @return how many bytes there were, fewer than fit if there are no more now
   * @throws GeneralSecurityException if a key cannot be opened
   */
  public int read(byte[] into, int offset, boolean hasEnded)
      throws IOException, GeneralSecurityException {
    int at = offset;
    while (at < into.length) {
      if (taken == pages.length) {
        byte[] chunk = hasEnded ? sealed.next() : sealed.nextDurable();
        if (chunk == null) {
          break;
        }
        pages = TrackChunk.decode(chunk).pages();
        taken = 0;
      }
      int count = Math.min(pages.length - taken, into.length - at);
      System.arraycopy(pages, taken, into, at, count);
      sha256.update(pages, taken, count);
      taken += count;
      at += count;
    }
    return at - offset;
  }

  /** How far it has read the sealed file, in bytes; the clear one is a little shorter. */
  public long sealedPosition() {
    return sealed.wholeLength();
  }

  /** SHA-256 of all that was read so far. */
  public byte[] sha256() {
    try {
      // Of a copy: a digest that has answered begins anew.
      return ((MessageDigest) sha256.clone()).digest();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
    }
  }

  @Override
  public void close() throws IOException {
    sealed.close();
  }
}
