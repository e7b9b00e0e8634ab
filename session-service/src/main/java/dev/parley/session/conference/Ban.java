package dev.parley.session.conference;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * That an identity may not join a conference for some time. Immutable.
 *
 * @param identity whom it keeps out, or {@link Participant.Person#ERASED}
 * @param hash the ban's id if the identity does not say it any more, or null
 * @param until from then on it may join again
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record Ban(
    String identity, Instant since, Instant until, @Nullable String hash, long version) {
  private static final int ID_BYTES = 16;
  private static final Pattern ID = Pattern.compile("bn_[0-9a-f]{32}");

  Ban(String identity, Instant since, Instant until, long version) {
    this(identity, since, until, null, version);
  }

  /** Returns by what name the API knows the ban; each identity has its own. */
  public String id() {
    return hash == null ? idOf(identity) : hash;
  }

  /** Returns the name of an identity's ban. */
  public static String idOf(String identity) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] hash = sha256.digest(identity.getBytes(StandardCharsets.UTF_8));
      return "bn_" + HexFormat.of().formatHex(hash, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  /** Returns true if a ban could have that name. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** Returns it with another version. */
  public Ban withVersion(long stored) {
    return new Ban(identity, since, until, hash, stored);
  }

  /** Returns it without whom it keeps out: who has that identity is still known by the hash. */
  Ban erased() {
    return new Ban(Participant.Person.ERASED, since, until, id(), version);
  }

  boolean isInForce(Instant now) {
    return now.isBefore(until);
  }
}
