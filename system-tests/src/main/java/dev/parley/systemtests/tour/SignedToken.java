package dev.parley.systemtests.tour;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A join token that a customer's back end signs by itself (RFC 7519, HS256). Has no state. */
final class SignedToken {
  private static final int GOOD_SEC = 300;

  private SignedToken() {}

  /** One for an auditor who may listen. */
  static String of(String issuer, String secret, String conference) {
    long now = Instant.now().getEpochSecond();
    String claims =
        """
        {"iss":"%s","aud":"conf","sub":"auditor","conf":"%s","role":"listener","jti":"tour-1",
         "iat":%d,"exp":%d}\
        """
            .formatted(issuer, conference, now, now + GOOD_SEC);
    String content = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + base64(claims);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
      byte[] signature = mac.doFinal(content.getBytes(StandardCharsets.US_ASCII));
      return content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
