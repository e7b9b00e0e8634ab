package dev.parley.session.access;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.MetadataRegion;
import dev.parley.common.token.JoinClaims;
import dev.parley.common.token.JoinTokenVerdict;
import java.util.regex.Pattern;

/** Tells who sends a request from the credential it carries. Thread-safe; blocks on the store. */
public final class Credentials {
  private static final Pattern ID =
      Pattern.compile("cf_[0-9A-Z]{26}(\\." + MetadataRegion.PATTERN + ")?");

  private final ApiKeys keys;
  private final JoinTokens tokens;
  private final ConferenceNames names;

  public Credentials(ApiKeys keys, JoinTokens tokens, ConferenceNames names) {
    this.keys = keys;
    this.tokens = tokens;
    this.names = names;
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

    /** It is a genuine join token, but no open conference has the alias that it names. */
    record Nowhere() implements Verdict {}
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
    if (tenant == null) {
      return new Verdict.Unknown("token-invalid", "The join token's key is gone.");
    }
    // What looks like an id is one, whatever alias somebody has chosen.
    ConferenceId conference =
        ID.matcher(claims.conference()).matches()
            ? new ConferenceId(claims.conference())
            : names.byAlias(tenant, claims.conference());
    return conference == null
        ? new Verdict.Nowhere()
        : new Verdict.Known(new Caller.Joiner(claims, conference, tenant, isExpired));
  }
}
