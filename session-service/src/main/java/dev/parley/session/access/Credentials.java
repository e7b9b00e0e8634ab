package dev.parley.session.access;

import dev.parley.common.token.JoinClaims;
import dev.parley.common.token.JoinTokenVerdict;

/** Tells who sends a request from the credential it carries. Thread-safe; blocks on the store. */
public final class Credentials {
  private final ApiKeys keys;
  private final JoinTokens tokens;

  public Credentials(ApiKeys keys, JoinTokens tokens) {
    this.keys = keys;
    this.tokens = tokens;
  }

  /** What came of looking at a credential. */
  public sealed interface Verdict {
    /** It is genuine. */
    record Known(Caller caller) implements Verdict {}

    /**
     * It is not.
     *
     * @param code {@code key-invalid} or {@code token-invalid}
     */
    record Unknown(String code, String detail) implements Verdict {}
  }

  /** Judges a bearer credential (RFC 6750): a server key or a join token. */
  public Verdict judge(String credential) {
    if (credential.startsWith(ApiKeys.PREFIX)) {
      ApiKey key = keys.authenticate(credential);
      return key == null
          ? new Verdict.Unknown("key-invalid", "The server key is unknown or revoked.")
          : new Verdict.Known(new Caller.Backend(key));
    }
    return switch (tokens.verify(credential)) {
      case JoinTokenVerdict.Valid valid -> joiner(valid.claims(), false);
      case JoinTokenVerdict.Expired expired -> joiner(expired.claims(), true);
      case JoinTokenVerdict.Refused refused ->
          new Verdict.Unknown(
              "token-invalid", "The join token is not good: " + refused.detail() + ".");
    };
  }

  private Verdict joiner(JoinClaims claims, boolean isExpired) {
    String tenant = tokens.tenantOf(claims);
    return tenant == null
        ? new Verdict.Unknown("token-invalid", "The join token's key is gone.")
        : new Verdict.Known(new Caller.Joiner(claims, tenant, isExpired));
  }
}
