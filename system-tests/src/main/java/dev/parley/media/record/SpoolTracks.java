package dev.parley.media.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;

/** Writes tracks into a spool as the recorder does, of any bytes. One thread. */
public final class SpoolTracks {
  private static final int CHUNK_LENGTH = 60_000;
  private static final long SAMPLES_PER_BYTE = 12;

  private final Path spool;
  private final SpoolKeys keys;

  public SpoolTracks(Path spool, SpoolKeys keys) {
    this.spool = spool;
    this.keys = keys;
  }

  /** A track that grows. */
  public final class Growing implements AutoCloseable {
    private final SpooledTrack track;
    private long length;

    private Growing(Path folder, String segment, String name)
        throws IOException, GeneralSecurityException {
      track = SpooledTrack.create(folder, name, keys, Recorder.context(segment, name));
      track.append(new TrackChunk(new byte[0], List.of(new TrackNote.Began(0, name, 1, 312))));
    }

    /** Adds to what is in the file; it is on the disk when this returns. */
    public void append(byte[] bytes) throws IOException, GeneralSecurityException {
      for (int at = 0; at < bytes.length; at += CHUNK_LENGTH) {
        int end = Math.min(bytes.length, at + CHUNK_LENGTH);
        track.append(new TrackChunk(Arrays.copyOfRange(bytes, at, end), List.of()));
      }
      length += bytes.length;
    }

    /** Ends it, and writes its manifest. */
    public void end() throws IOException, GeneralSecurityException {
      long samples = length * SAMPLES_PER_BYTE;
      track.append(
          new TrackChunk(
              new byte[0],
              List.of(new TrackNote.Ended(samples, 1000, TrackNote.EndCause.STOPPED))));
    }

    @Override
    public void close() throws IOException {
      track.close();
    }
  }

  /** Begins a track. */
  public Growing begin(String segment, String name) throws IOException, GeneralSecurityException {
    Path folder = spool.resolve(segment);
    Files.createDirectories(folder);
    return new Growing(folder, segment, name);
  }

  /** Writes a whole one. */
  public void write(String segment, String name, byte[] content)
      throws IOException, GeneralSecurityException {
    try (Growing track = begin(segment, name)) {
      track.append(content);
      track.end();
    }
  }
}
