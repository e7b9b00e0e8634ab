package dev.parley.session.library;

import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadRequest;
import dev.parley.session.access.ServiceSecret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Gives media servers the keys that recordings are sealed with in their spools: each derived from
 * the service's secret, so nothing is kept of them and any node gives the same. Immutable.
 */
public final class SpoolKeyring {
  private final byte[] key;

  /** Derives them from this key, 32 bytes. */
  public SpoolKeyring(byte[] key) {
    this.key = key.clone();
  }

  /** Answers who asks for a recording's key. */
  public UploadAnswer.Outcome keyOf(UploadRequest.Track track) {
    byte[] recording = track.recording().getBytes(StandardCharsets.UTF_8);
    byte[] own = ServiceSecret.hmac(key, recording);
    return new UploadAnswer.Key(Base64.getEncoder().encodeToString(own));
  }
}
