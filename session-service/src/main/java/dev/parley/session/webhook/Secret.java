package dev.parley.session.webhook;

import dev.parley.session.access.RandomText;
import dev.parley.session.access.ServiceSecret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A secret that an endpoint and this service share, and what it signs (Standard Webhooks,
 * "Signature scheme", symmetric). Never shows itself in a log.
 *
 * @param text {@code whsec_} and base64, as the endpoint's owner gets it
 */
public record Secret(String text) {
  private static final String PREFIX = "whsec_";

  /** In bytes; the standard wants 24 to 64. */
  private static final int LENGTH = 32;

  public Secret {
    if (!text.startsWith(PREFIX)) {
      throw new IllegalArgumentException("a webhook secret begins with " + PREFIX);
    }
  }

  /** Draws a new one. */
  static Secret draw() {
    return new Secret(PREFIX + Base64.getEncoder().encodeToString(RandomText.bytes(LENGTH)));
  }

  /**
   * Returns one entry of the header {@code webhook-signature}.
   *
   * @param timestampSec of the attempt, since the epoch
   */
  String sign(String messageId, long timestampSec, String body) {
    byte[] key = Base64.getDecoder().decode(text.substring(PREFIX.length()));
    String signed = messageId + "." + timestampSec + "." + body;
    byte[] mac = ServiceSecret.hmac(key, signed.getBytes(StandardCharsets.UTF_8));
    return "v1," + Base64.getEncoder().encodeToString(mac);
  }

  @Override
  public String toString() {
    return "Secret[not shown]";
  }
}
