package dev.parley.common.s3;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** A file with an access key, which only its owner can read. Stateless. */
public final class AccessKeyFile {
  private static final int ID_BYTES = 9;
  private static final int SECRET_BYTES = 30;

  private AccessKeyFile() {}

  /**
   * Reads the key, and makes one if there is no such file. Two processes that do so at once get the
   * same.
   *
   * @throws IOException if it cannot be read or made, or holds something else; the message is for
   *     the operator
   */
  public static AccessKey readOrMake(Path file) throws IOException {
    try {
      return read(file);
    } catch (NoSuchFileException e) {
      Path folder = file.toAbsolutePath().getParent();
      if (folder == null) {
        throw new IOException("no place for a file: " + file, e);
      }
      Files.createDirectories(folder);
      // Files.createTempFile gives it to its owner alone.
      Path made = Files.createTempFile(folder, "key", null);
      try {
        Files.writeString(made, draw() + "\n");
        Files.createLink(file, made);
      } catch (FileAlreadyExistsException another) {
        // Made a moment ago: that one it is.
      } finally {
        Files.delete(made);
      }
      return read(file);
    }
  }

  /**
   * Reads the key.
   *
   * @throws IOException if it cannot be read or holds something else
   */
  public static AccessKey read(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    try {
      return AccessKey.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static String draw() {
    SecureRandom random = new SecureRandom();
    byte[] id = new byte[ID_BYTES];
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(id);
    random.nextBytes(secret);
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    return "PARLEY" + encoder.encodeToString(id) + ":" + encoder.encodeToString(secret);
  }
}
