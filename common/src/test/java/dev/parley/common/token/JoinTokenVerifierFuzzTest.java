package dev.parley.common.token;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Whatever is presented as a token is judged, never thrown at. */
final class JoinTokenVerifierFuzzTest {
  private static final byte[] SECRET = new byte[32];
  private static final Instant NOW = Instant.parse("2026-11-21T04:00:00Z");

  private final JoinTokenVerifier verifier =
      new JoinTokenVerifier((_, _) -> new VerificationKey.Secret(SECRET));

  @FuzzTest
  void everyTokenIsJudged(FuzzedDataProvider data) {
    byte[] bytes = data.consumeRemainingAsBytes();
    if (verifier.verify(new String(bytes, StandardCharsets.ISO_8859_1), NOW)
        instanceof JoinTokenVerdict.Valid valid) {
      throw new AssertionError("a forged token was taken: " + valid);
    }
  }
}
