package dev.parley.session.object.directory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Objects as files of a folder, of bounded size in all. A file's name is a hash of bucket and key,
 * so that no name from outside ever reaches the file system. What is there was written to the end,
 * was of the announced length and hash, and is on the disk. Thread-safe; every method blocks.
 */
final class ObjectFolder {
  private static final int LOCKS = 64;

  private final Path objects;
  private final Path unfinished;
  private final long bytesMax;
  private final AtomicLong usedBytes = new AtomicLong();
  private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

  private ObjectFolder(Path objects, Path unfinished, long bytesMax) {
    this.objects = objects;
    this.unfinished = unfinished;
    this.bytesMax = bytesMax;
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  /**
   * Opens the folder, makes it if it is not there, removes what was not finished, and measures what
   * was.
   *
   * @param bytesMax how much it may hold, unfinished objects included
   */
  static ObjectFolder open(Path path, long bytesMax) throws IOException {
    Path objects = Files.createDirectories(path.resolve("objects"));
    Path unfinished = Files.createDirectories(path.resolve("unfinished"));
    try (Stream<Path> left = Files.list(unfinished)) {
      for (Path file : left.toList()) {
        Files.delete(file);
      }
    }
    ObjectFolder folder = new ObjectFolder(objects, unfinished, bytesMax);
    try (Stream<Path> files = Files.walk(objects)) {
      files.filter(Files::isRegularFile).forEach(file -> folder.usedBytes.addAndGet(sizeOf(file)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return folder;
  }

  /** Takes what lies beside the objects into account; more or less than before. */
  void use(long sizeBytes) {
    usedBytes.addAndGet(sizeBytes);
  }

  /** How much of it is used, in bytes. */
  long usedBytes() {
    return usedBytes.get();
  }

  long bytesMax() {
    return bytesMax;
  }

  /** An object that is open for reading; to be closed. */
  record Reading(StoredObject object, FileChannel file) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** Opens an object; returns null if there is none of that name. */
  @Nullable Reading read(String bucket, String key) throws IOException {
    FileChannel file;
    try {
      file = FileChannel.open(place(bucket, key), StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      return null;
    }
    try {
      return new Reading(StoredObject.readFrom(file), file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * A page of what is kept.
   *
   * @param next where the next one begins, or null after the last
   */
  record Page(List<StoredObject> objects, @Nullable String next) {}

  /**
   * Tells what is kept of a bucket whose names begin so, in the order of the files' names.
   *
   * @param after the {@code next} of the page before, or null for the first
   * @param limit that many files are looked at
   */
  Page list(String bucket, String keyPrefix, @Nullable String after, int limit) throws IOException {
    List<StoredObject> found = new ArrayList<>();
    int looked = 0;
    for (String folder : names(objects)) {
      int order = after == null ? 1 : folder.compareTo(after.substring(0, 2));
      if (order < 0) {
        continue;
      }
      for (String file : names(objects.resolve(folder))) {
        if (order == 0 && after != null && file.compareTo(after.substring(2)) <= 0) {
          continue;
        }
        StoredObject object = head(objects.resolve(folder).resolve(file));
        if (object != null
            && object.bucket().equals(bucket)
            && object.key().startsWith(keyPrefix)) {
          found.add(object);
        }
        looked++;
        if (looked == limit) {
          // Perhaps nothing follows; then the next page is empty, which is allowed.
          return new Page(found, folder + file);
        }
      }
    }
    return new Page(found, null);
  }

  /** The names in a folder, in order. */
  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Null if it was removed a moment ago, or is damaged, which whoever reads it is told. */
  private static @Nullable StoredObject head(Path place) {
    try (FileChannel file = FileChannel.open(place, StandardOpenOption.READ)) {
      return StoredObject.readFrom(file);
    } catch (IOException e) {
      return null;
    }
  }

  /** Removes an object, if there is one, and returns when the disk knows it. */
  void delete(String bucket, String key) throws IOException {
    Path place = place(bucket, key);
    ReentrantLock lock = lock(place);
    lock.lock();
    try {
      long size = Files.exists(place) ? Files.size(place) : 0;
      if (Files.deleteIfExists(place)) {
        usedBytes.addAndGet(-size);
        force(folderOf(place));
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Begins to write an object. Returns null if the folder has no room for it.
   *
   * @param lengthBytes of the content
   */
  @Nullable Writing write(long lengthBytes) throws IOException {
    long size = lengthBytes + StoredObject.HEAD_BYTES;
    if (usedBytes.addAndGet(size) > bytesMax) {
      usedBytes.addAndGet(-size);
      return null;
    }
    Path path = unfinished.resolve(UUID.randomUUID().toString());
    try {
      return new Writing(path, lengthBytes);
    } catch (IOException | RuntimeException e) {
      usedBytes.addAndGet(-size);
      throw e;
    }
  }

  /**
   * An object that is being written; leaves nothing if it is closed before it is kept. One thread.
   */
  final class Writing implements AutoCloseable {
    private final Path path;
    private final long lengthBytes;
    private final FileChannel file;
    private final MessageDigest sha256 = sha256();
    private long written;
    private boolean isKept;

    private Writing(Path path, long lengthBytes) throws IOException {
      this.path = path;
      this.lengthBytes = lengthBytes;
      file =
          FileChannel.open(
              path,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
    }

    /** Adds bytes; those beyond the announced length are an error. */
    void add(byte[] bytes, int length) throws IOException {
      if (written + length > lengthBytes) {
        throw new IOException("more than was announced");
      }
      sha256.update(bytes, 0, length);
      ByteBuffer source = ByteBuffer.wrap(bytes, 0, length);
      while (source.hasRemaining()) {
        written += file.write(source, StoredObject.HEAD_BYTES + written);
      }
    }

    boolean isComplete() {
      return written == lengthBytes;
    }

    /** The hash of all that was added, in base64; to be asked once. */
    String hash() {
      return Base64.getEncoder().encodeToString(sha256.digest());
    }

    /** Puts the object in its place, in that of an older one if there is one. */
    void keep(StoredObject object) throws IOException {
      Path place = place(object.bucket(), object.key());
      Files.createDirectories(folderOf(place));
      keep(object, place);
    }

    /**
     * Puts it in a place that was chosen for it.
     *
     * @throws NoSuchFileException if its folder is not there
     */
    void keep(StoredObject object, Path place) throws IOException {
      object.writeTo(file);
      file.force(true);
      ReentrantLock lock = lock(place);
      lock.lock();
      try {
        long replaced = Files.exists(place) ? Files.size(place) : 0;
        move(place);
        isKept = true;
        usedBytes.addAndGet(-replaced);
        force(folderOf(place));
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
      if (!isKept) {
        Files.deleteIfExists(path);
        usedBytes.addAndGet(-(lengthBytes + StoredObject.HEAD_BYTES));
      }
    }

    private void move(Path place) throws IOException {
      try {
        Files.move(path, place, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        throw new IOException("the folder lies on several file systems", e);
      }
    }
  }

  private Path place(String bucket, String key) {
    MessageDigest sha256 = sha256();
    sha256.update(bucket.getBytes(StandardCharsets.UTF_8));
    sha256.update((byte) '/');
    String name = HexFormat.of().formatHex(sha256.digest(key.getBytes(StandardCharsets.UTF_8)));
    return objects.resolve(name.substring(0, 2)).resolve(name.substring(2));
  }

  private ReentrantLock lock(Path place) {
    return locks[Math.floorMod(place.hashCode(), LOCKS)];
  }

  private Path folderOf(Path place) {
    Path folder = place.getParent();
    return folder == null ? objects : folder;
  }

  /** A rename or removal is only sure once the folder is on the disk. */
  static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }
}
