package dev.parley.media.record;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys wrapped by those in a file: a line each, its name and 32 bytes in base64. The first line's
 * key wraps; all of them open, so that a new one can be put before the old. Immutable; any thread.
 */
public final class KeyFile implements SpoolKeys {
  private final Map<String, SecretKey> keys;
  private final SecureRandom random;

  private KeyFile(Map<String, SecretKey> keys, SecureRandom random) {
    this.keys = keys;
    this.random = random;
  }

  /**
   * Reads the file; if there is none, makes it with a new key, for its owner's eyes only.
   *
   * @throws IOException if it cannot be read or made, or is not as it must be
   */
  public static KeyFile at(Path path, SecureRandom random) throws IOException {
    try {
      return read(path, random);
    } catch (NoSuchFileException _) {
      create(path, random);
      return read(path, random);
    }
  }

  private static void create(Path path, SecureRandom random) throws IOException {
    byte[] key = new byte[WrappedKey.KEY_LENGTH];
    random.nextBytes(key);
    String line = "k1 " + Base64.getEncoder().encodeToString(key) + '\n';
    FileAttribute<?> ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Path parent = DurableFiles.directoryOf(path);
    Files.createDirectories(parent);
    Path draft = Files.createTempFile(parent, path.getFileName() + ".", ".new", ownerOnly);
    try {
      Files.writeString(draft, line, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
      // A link, unlike a move, replaces no key that another process has made meanwhile.
      Files.createLink(path, draft);
    } catch (FileAlreadyExistsException _) {
      // The other one's will do.
    } finally {
      Files.delete(draft);
    }
    DurableFiles.syncDirectory(parent);
  }

  private static KeyFile read(Path path, SecureRandom random) throws IOException {
    Map<String, SecretKey> keys = new LinkedHashMap<>();
    int number = 0;
    for (String line : Files.readAllLines(path)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      String[] words = line.trim().split("\\s+", -1);
      byte[] key = words.length == 2 ? decode(words[1]) : new byte[0];
      if (key.length != WrappedKey.KEY_LENGTH
          || words[0].length() > WrappedKey.NAME_LENGTH_MAX
          || !StandardCharsets.US_ASCII.newEncoder().canEncode(words[0])
          || keys.put(words[0], new SecretKeySpec(key, "AES")) != null) {
        throw new IOException(
            path
                + ", line "
                + number
                + ": must be a name of its own, up to 64 characters, and 32 bytes in base64");
      }
    }
    if (keys.isEmpty()) {
      throw new IOException(path + ": no key in it");
    }
    return new KeyFile(keys, random);
  }

  private static byte[] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException _) {
      return new byte[0];
    }
  }

  @Override
  public DataKey create(String context) throws GeneralSecurityException {
    Map.Entry<String, SecretKey> wrapping = keys.entrySet().iterator().next();
    return WrappedKey.create(wrapping.getKey(), wrapping.getValue(), context, random);
  }

  @Override
  public SecretKey open(byte[] wrapped, String context) throws GeneralSecurityException {
    WrappedKey key = WrappedKey.parse(wrapped);
    SecretKey wrapping = keys.get(key.name());
    if (wrapping == null) {
      throw new InvalidKeyException("wrapped by a key that is not in the key file: " + key.name());
    }
    return key.open(wrapping, context);
  }
}
