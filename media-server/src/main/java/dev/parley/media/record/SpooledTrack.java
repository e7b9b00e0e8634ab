package dev.parley.media.record;

import dev.parley.media.ogg.FillerPacket;
import dev.parley.media.ogg.OggOpusReader;
import dev.parley.media.ogg.OggOpusWriter;
import dev.parley.media.ogg.OpusHead;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One track in the spool: a sealed file that grows, and when it has ended its manifest beside it,
 * sealed too. One thread at a time, which waits for the disk.
 */
public final class SpooledTrack implements Closeable {
  /** How names of sealed tracks end. */
  public static final String SUFFIX = ".sealed";

  /** How names of their manifests end. */
  public static final String MANIFEST_SUFFIX = ".manifest";

  private final Path path;
  private final SpoolKeys keys;
  private final String context;
  private final SealedFileWriter file;
  private final MessageDigest sha256;
  private final TrackSummary summary;
  private long oggLength;

  private SpooledTrack(
      Path path,
      SpoolKeys keys,
      String context,
      SealedFileWriter file,
      MessageDigest sha256,
      TrackSummary summary) {
    this.path = path;
    this.keys = keys;
    this.context = context;
    this.file = file;
    this.sha256 = sha256;
    this.summary = summary;
  }

  /**
   * Begins a track's file.
   *
   * @param context what the track is; whoever reads it must say the same
   */
  static SpooledTrack create(Path directory, String name, SpoolKeys keys, String context)
      throws IOException, GeneralSecurityException {
    Path path = directory.resolve(name + SUFFIX);
    SealedFileWriter file = SealedFileWriter.create(path, keys, context);
    return new SpooledTrack(path, keys, context, file, sha256(), new TrackSummary());
  }

  /** Writes a part, which is safe when this returns; with the last one the manifest, too. */
  void append(TrackChunk chunk) throws IOException, GeneralSecurityException {
    chunk.notes().forEach(summary::add);
    boolean isLast = summary.ended() != null;
    file.append(chunk.encode(), isLast);
    sha256.update(chunk.pages());
    oggLength += chunk.pages().length;
    if (isLast) {
      writeManifest(path, keys, context, TrackManifest.of(summary, sha256.digest(), oggLength));
    }
  }

  private static void writeManifest(Path track, SpoolKeys keys, String context, byte[] manifest)
      throws IOException, GeneralSecurityException {
    Path target = manifestPath(track);
    Path draft = target.resolveSibling(target.getFileName() + ".new");
    Files.deleteIfExists(draft);
    try (SealedFileWriter writer = SealedFileWriter.create(draft, keys, context)) {
      writer.append(manifest, true);
    }
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.syncDirectory(DurableFiles.directoryOf(track));
  }

  private static Path manifestPath(Path track) {
    String name = track.getFileName().toString();
    String bare = name.substring(0, name.length() - SUFFIX.length());
    return track.resolveSibling(bare + MANIFEST_SUFFIX);
  }

  /** True once all of it is written. */
  boolean hasEnded() {
    return summary.ended() != null;
  }

  /** Bytes on the disk. */
  long length() {
    return file.length();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /**
   * Makes a track whole whose writer ended too soon: cuts off what is torn, ends the stream, and
   * writes the manifest. A track that is whole already is left as it is.
   *
   * @param unixMs when its end was found, for the manifest
   * @return the manifest, or null if nothing of the track was on the disk yet
   */
  public static byte @Nullable [] recover(Path path, SpoolKeys keys, String context, long unixMs)
      throws IOException, GeneralSecurityException {
    // It is written after all else, so what it describes is there.
    byte[] known = manifest(path, keys, context);
    if (known != null) {
      return known;
    }
    TrackSummary summary = new TrackSummary();
    MessageDigest sha256 = sha256();
    OggOpusReader ogg = new OggOpusReader();
    int[] lastToc = {0xF8};
    long oggLength = 0;
    long wholeLength;
    long chunks;
    boolean isComplete;
    try (SealedFileReader reader = SealedFileReader.open(path, keys, context)) {
      byte[] next = reader.next();
      while (next != null) {
        TrackChunk chunk = TrackChunk.decode(next);
        chunk.notes().forEach(summary::add);
        sha256.update(chunk.pages());
        oggLength += chunk.pages().length;
        ogg.read(
            chunk.pages(),
            0,
            chunk.pages().length,
            (bytes, offset, length) -> lastToc[0] = length > 0 ? bytes[offset] & 0xFF : lastToc[0]);
        next = reader.next();
      }
      wholeLength = reader.wholeLength();
      chunks = reader.chunks();
      isComplete = reader.isComplete();
    }
    OpusHead head = ogg.head();
    if (head == null || summary.began() == null) {
      return null;
    }
    if (!isComplete) {
      SealedFileWriter file = SealedFileWriter.resume(path, keys, context, wholeLength, chunks);
      try (SpooledTrack track = new SpooledTrack(path, keys, context, file, sha256, summary)) {
        track.oggLength = oggLength;
        track.append(end(ogg, head, lastToc[0], unixMs));
        return manifest(path, keys, context);
      }
    }
    writeManifest(path, keys, context, TrackManifest.of(summary, sha256.digest(), oggLength));
    return manifest(path, keys, context);
  }

  private static TrackChunk end(OggOpusReader ogg, OpusHead head, int toc, long unixMs) {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    OggOpusWriter writer =
        OggOpusWriter.resume(
            (bytes, length, _) -> page.write(bytes, 0, length),
            ogg.serial(),
            TrackAssembler.PAGE_SAMPLES,
            ogg.nextPageNumber(),
            ogg.granulePosition());
    FillerPacket filler = new FillerPacket().make(toc, 960);
    long samples = ogg.granulePosition();
    writer.end(
        filler.bytes(), 0, filler.length(), filler.samples(), samples + head.preSkipSamples());
    return new TrackChunk(
        page.toByteArray(),
        List.of(new TrackNote.Ended(samples, unixMs, TrackNote.EndCause.RECOVERED)));
  }

  /** The manifest of a track that has ended. */
  public static byte @Nullable [] manifest(Path track, SpoolKeys keys, String context)
      throws IOException, GeneralSecurityException {
    if (Files.notExists(manifestPath(track))) {
      return null;
    }
    try (SealedFileReader reader = SealedFileReader.open(manifestPath(track), keys, context)) {
      return reader.next();
    }
  }

  /**
   * Writes a track's Ogg file in clear, as far as it is whole.
   *
   * @return whether the track has ended and all of it was there
   */
  public static boolean unseal(Path path, SpoolKeys keys, String context, OutputStream ogg)
      throws IOException, GeneralSecurityException {
    try (SealedFileReader reader = SealedFileReader.open(path, keys, context)) {
      byte[] next = reader.next();
      while (next != null) {
        ogg.write(TrackChunk.decode(next).pages());
        next = reader.next();
      }
      return reader.isComplete();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
