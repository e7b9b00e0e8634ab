package dev.parley.common.token;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a join token says (RFC 7519 claims in brackets).
 *
 * @param issuer who signed it: a server key's id, or a token issuer's [iss]
 * @param tokenId unique to this token [jti]
 * @param conference the id or the alias of the only conference it opens [conf]
 * @param identity who joins [sub], 1 to 128 characters
 * @param issuedAt not good before [iat, nbf], to the millisecond: a removal refuses tokens of
 *     before it, and none made in the rest of that second
 * @param expiresAt not good from then on [exp], whole seconds
 */
public record JoinClaims(
    String issuer,
    String tokenId,
    String conference,
    String identity,
    @Nullable String name,
    Role role,
    Grants grants,
    Instant issuedAt,
    Instant expiresAt) {
  /** Longest identity, in characters. */
  public static final int IDENTITY_LENGTH_MAX = 128;

  /** Longest id or alias of a conference, in characters. */
  public static final int CONFERENCE_LENGTH_MAX = 250;

  /** Longest name, in characters. */
  public static final int NAME_LENGTH_MAX = 80;

  public JoinClaims {
    requireText("conf", conference, CONFERENCE_LENGTH_MAX);
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
