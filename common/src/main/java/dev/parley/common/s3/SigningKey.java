package dev.parley.common.s3;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys of AWS Signature Version 4 for S3 in one region: one a day, made when first needed and
 * kept. Thread-safe.
 */
final class SigningKey {
  static final String HMAC = "HmacSHA256";

  private final AccessKey key;
  private final String region;
  private volatile @Nullable Day newest;

  SigningKey(AccessKey key, String region) {
    this.key = key;
    this.region = region;
  }

  /** A day's key. */
  private record Day(String day, SecretKeySpec key) {}

  /** Returns the key of a day, written {@code yyyyMMdd}. */
  SecretKeySpec of(String day) {
    Day known = newest;
    if (known != null && known.day().equals(day)) {
      return known.key();
    }
    byte[] signing = ("AWS4" + key.secret()).getBytes(StandardCharsets.UTF_8);
    for (String word : new String[] {day, region, "s3", "aws4_request"}) {
      signing =
          hmac(new SecretKeySpec(signing, HMAC)).doFinal(word.getBytes(StandardCharsets.UTF_8));
    }
    Day made = new Day(day, new SecretKeySpec(signing, HMAC));
    newest = made;
    return made.key();
  }

  static Mac hmac(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no " + HMAC, e);
    }
  }
}
