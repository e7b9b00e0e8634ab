package dev.parley.session.object.directory;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Uploads in parts that are under way, each a folder with what it is to become and its parts; they
 * survive restarts. Thread-safe; every method blocks.
 */
final class UploadFolder {
  private static final int ID_BYTES = 16;
  private static final int COPY_BYTES = 256 << 10;
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern PART = Pattern.compile("[0-9]{5}");
  private static final String ABOUT = "upload.json";
  private static final String GONE = ".gone";
  private static final JsonMapper JSON = new JsonMapper();

  private final Path path;
  private final ObjectFolder objects;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

  private UploadFolder(Path path, ObjectFolder objects) {
    this.path = path;
    this.objects = objects;
  }

  /** What an upload is to become. Immutable. */
  record Upload(String id, String bucket, String key, @Nullable String contentType, long begunMs) {
    Instant begunAt() {
      return Instant.ofEpochMilli(begunMs);
    }
  }

  /**
   * Opens the folder, makes it if it is not there, and removes what was being removed.
   *
   * @param objects whose bound the parts share
   */
  static UploadFolder open(Path path, ObjectFolder objects) throws IOException {
    Files.createDirectories(path);
    UploadFolder folder = new UploadFolder(path, objects);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        Path about = entry.resolve(ABOUT);
        if (!ID.matcher(name).matches() || !Files.exists(about)) {
          delete(entry);
        } else {
          folder.uploads.put(name, JSON.readValue(Files.readAllBytes(about), Upload.class));
          objects.use(sizeOf(entry));
        }
      }
    }
    return folder;
  }

  int count() {
    return uploads.size();
  }

  /** Begins one, and returns when the disk knows it. */
  Upload begin(String bucket, String key, @Nullable String contentType, long nowMs)
      throws IOException {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    Upload upload = new Upload(id, bucket, key, contentType, nowMs);
    Path folder = Files.createDirectory(path.resolve(id));
    try (FileChannel about =
        FileChannel.open(
            folder.resolve(ABOUT), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer json = ByteBuffer.wrap(JSON.writeValueAsBytes(upload));
      while (json.hasRemaining()) {
        about.write(json);
      }
      about.force(true);
    }
    ObjectFolder.force(folder);
    ObjectFolder.force(path);
    uploads.put(id, upload);
    return upload;
  }

  /** Returns an upload of an object; null if there is none of that id. */
  @Nullable Upload find(String bucket, String key, String id) {
    Upload upload = uploads.get(id);
    return upload != null && upload.bucket().equals(bucket) && upload.key().equals(key)
        ? upload
        : null;
  }

  /**
   * Returns what is under way of objects whose names begin so, in the order of their names and ids.
   *
   * @param afterKey only what follows an upload of this object, or empty
   * @param afterId and of this id
   */
  List<Upload> list(String bucket, String keyPrefix, String afterKey, String afterId) {
    return uploads.values().stream()
        .filter(upload -> upload.bucket().equals(bucket) && upload.key().startsWith(keyPrefix))
        .filter(upload -> follows(upload, afterKey, afterId))
        .sorted(Comparator.comparing(Upload::key).thenComparing(Upload::id))
        .toList();
  }

  private static boolean follows(Upload upload, String afterKey, String afterId) {
    int order = upload.key().compareTo(afterKey);
    return order > 0 || (order == 0 && upload.id().compareTo(afterId) > 0);
  }

  /** Begins to write a part. Returns null if there is no room for it. */
  ObjectFolder.@Nullable Writing write(long lengthBytes) throws IOException {
    return objects.write(lengthBytes);
  }

  /** Keeps a part, instead of an older one. Returns false if the upload is gone. */
  boolean keep(Upload upload, int number, StoredObject part, ObjectFolder.Writing writing)
      throws IOException {
    try {
      writing.keep(part, place(upload, number));
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Returns the parts there are, by their numbers. */
  SortedMap<Integer, StoredObject> parts(Upload upload) throws IOException {
    SortedMap<Integer, StoredObject> parts = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path.resolve(upload.id()))) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (PART.matcher(name).matches()) {
          try (FileChannel file = FileChannel.open(entry, StandardOpenOption.READ)) {
            parts.put(Integer.valueOf(name), StoredObject.readFrom(file));
          }
        }
      }
    } catch (NoSuchFileException e) {
      // Removed a moment ago.
    }
    return parts;
  }

  /**
   * Makes the object of these parts; what else was uploaded is removed.
   *
   * @return null if there is no room, for which it needs as much again as the parts have
   */
  @Nullable StoredObject complete(Upload upload, List<Integer> numbers, long nowMs)
      throws IOException {
    SortedMap<Integer, StoredObject> parts = parts(upload);
    long length = 0;
    MessageDigest hashes = ObjectFolder.sha256();
    for (int number : numbers) {
      StoredObject part = parts.get(number);
      if (part == null) {
        throw new IOException("a part went away");
      }
      length += part.lengthBytes();
      hashes.update(Base64.getDecoder().decode(part.sha256()));
    }
    String ofParts = Base64.getEncoder().encodeToString(hashes.digest()) + "-" + numbers.size();
    try (ObjectFolder.Writing writing = objects.write(length)) {
      if (writing == null) {
        return null;
      }
      for (int number : numbers) {
        copy(place(upload, number), writing);
      }
      StoredObject object =
          new StoredObject(
              upload.bucket(),
              upload.key(),
              length,
              upload.contentType(),
              writing.hash(),
              ofParts,
              nowMs);
      writing.keep(object);
      remove(upload);
      return object;
    }
  }

  /** Removes an upload with its parts; a part that comes later finds no place. */
  void remove(Upload upload) throws IOException {
    if (uploads.remove(upload.id()) == null) {
      return;
    }
    Path folder = path.resolve(upload.id());
    Path gone = path.resolve(upload.id() + GONE);
    Files.move(folder, gone);
    ObjectFolder.force(path);
    objects.use(-sizeOf(gone));
    delete(gone);
  }

  private Path place(Upload upload, int number) {
    return path.resolve(upload.id()).resolve(String.format("%05d", number));
  }

  private static void copy(Path part, ObjectFolder.Writing writing) throws IOException {
    byte[] bytes = new byte[COPY_BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try (FileChannel file = FileChannel.open(part, StandardOpenOption.READ)) {
      file.position(StoredObject.HEAD_BYTES);
      for (int count = file.read(buffer); count >= 0; count = file.read(buffer.clear())) {
        writing.add(bytes, count);
      }
    }
  }

  /** What the parts take; the few bytes about the upload are not counted. */
  private static long sizeOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> PART.matcher(file.getFileName().toString()).matches())
          .mapToLong(ObjectFolder::sizeOf)
          .sum();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> inside = Files.list(folder)) {
        inside.forEach(files::add);
      }
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(folder);
  }
}
