package dev.parley.session.recording;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.MetadataRegion;
import dev.parley.common.id.RecordingId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Makes ids of recordings that nobody can guess. Thread-safe. */
public final class RecordingIds {
  private static final int BYTES = 16;

  private final SecureRandom random = new SecureRandom();
  private final byte[] key;

  /**
   * Takes the key that turns idempotency keys into ids.
   *
   * @param key the same on every node
   */
  public RecordingIds(byte[] key) {
    this.key = key.clone();
  }

  /**
   * Returns a new id, or for an idempotency key always the same, so that a repetition finds it. It
   * belongs to the library that its conference belongs to.
   */
  RecordingId next(ConferenceId conference, @Nullable String idempotencyKey) {
    byte[] bytes = new byte[BYTES];
    if (idempotencyKey == null) {
      random.nextBytes(bytes);
    } else {
      System.arraycopy(hmac(conference.value() + '\0' + idempotencyKey), 0, bytes, 0, BYTES);
    }
    // In hexadecimal: a media server makes a file name of it, perhaps where case does not count.
    String id = "rc_" + HexFormat.of().formatHex(bytes);
    return new RecordingId(MetadataRegion.mark(id, MetadataRegion.of(conference.value())));
  }

  private byte[] hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no HmacSHA256", e);
    }
  }
}
