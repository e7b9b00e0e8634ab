package dev.parley.common.token;

import dev.parley.common.id.ConferenceId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a join token says (RFC 7519 claims in brackets).
 *
 * @param keyId the key that signed it [iss]
 * @param tokenId unique to this token [jti]
 * @param conference the only conference it opens [conf]
 * @param identity who joins [sub], 1 to 128 characters
 * @param issuedAt not good before [iat, nbf], whole seconds
 * @param expiresAt not good from then on [exp], whole seconds
 */
public record JoinClaims(
    String keyId,
    String tokenId,
    ConferenceId conference,
    String identity,
    @Nullable String name,
    Role role,
    Grants grants,
    Instant issuedAt,
    Instant expiresAt) {
  /** Longest identity, in characters. */
  public static final int IDENTITY_LENGTH_MAX = 128;

  /** Longest name, in characters. */
  public static final int NAME_LENGTH_MAX = 80;

  public JoinClaims {
    requireText("identity", identity, IDENTITY_LENGTH_MAX);
    if (name != null) {
      requireText("name", name, NAME_LENGTH_MAX);
    }
    if (!expiresAt.isAfter(issuedAt)) {
      throw new IllegalArgumentException("expiresAt must be after issuedAt");
    }
  }

  private static void requireText(String field, String text, int lengthMax) {
    int length = text.codePointCount(0, text.length());
    if (length < 1 || length > lengthMax || text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          field + " must be 1 to " + lengthMax + " characters without control characters");
    }
  }
}
