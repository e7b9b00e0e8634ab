package dev.parley.session.coordination.redis;

import dev.parley.session.access.ServiceSecret;
import dev.parley.session.access.TextSeal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Keeps names and addresses out of Redis: texts are encrypted, subjects of quotas become
 * pseudonyms, both by keys that all nodes derive from the service's secret. Thread-safe.
 */
final class PayloadSeal {
  private static final int PSEUDONYM_LENGTH = 16;

  private final TextSeal texts;
  private final byte[] pseudonymKey;

  PayloadSeal(ServiceSecret secret) {
    texts = new TextSeal(secret.derive("redis-text"));
    pseudonymKey = secret.derive("redis-pseudonym");
  }

  /** See {@link TextSeal#seal}. */
  String seal(String place, String text) {
    return texts.seal(place, text);
  }

  /** See {@link TextSeal#open}. */
  @Nullable String open(String place, String sealed) {
    return texts.open(place, sealed);
  }

  String pseudonym(String subject) {
    byte[] mac = ServiceSecret.hmac(pseudonymKey, subject.getBytes(StandardCharsets.UTF_8));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(mac, PSEUDONYM_LENGTH));
  }
}
