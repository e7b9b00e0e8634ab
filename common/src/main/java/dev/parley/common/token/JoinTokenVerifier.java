package dev.parley.common.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.parley.common.token.JoinTokenVerdict.Expired;
import dev.parley.common.token.JoinTokenVerdict.Reason;
import dev.parley.common.token.JoinTokenVerdict.Refused;
import dev.parley.common.token.JoinTokenVerdict.Valid;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Checks join tokens. Thread-safe if the keys' source is. */
public final class JoinTokenVerifier {
  /** Longest token, in characters. */
  public static final int LENGTH_MAX = 4096;

  /** How far apart the signer's clock and ours may be. */
  public static final Duration LEEWAY = Duration.ofSeconds(30);

  /** Longest time a token may be good for. */
  public static final Duration LIFETIME_MAX = Duration.ofHours(24);

  private static final int KEY_ID_LENGTH_MAX = 256;

  private final VerificationKeys keys;

  /** Takes where keys are found. */
  public JoinTokenVerifier(VerificationKeys keys) {
    this.keys = keys;
  }

  /** Judges a token at a given time. */
  public JoinTokenVerdict verify(String token, Instant now) {
    if (token.length() > LENGTH_MAX) {
      return new Refused(
          Reason.MALFORMED, "a join token has at most " + LENGTH_MAX + " characters");
    }
    SignedJWT jwt;
    JWTClaimsSet set;
    try {
      jwt = SignedJWT.parse(token);
      set = jwt.getJWTClaimsSet();
    } catch (ParseException | RuntimeException e) {
      // The parser lets some unchecked exceptions of its JSON reader through.
      return new Refused(Reason.MALFORMED, "this is not a signed JWT in compact form");
    }
    JWSHeader header = jwt.getHeader();
    if (header.getCriticalParams() != null
        || (header.getKeyID() != null && header.getKeyID().length() > KEY_ID_LENGTH_MAX)) {
      return new Refused(Reason.MALFORMED, "a join token has no crit header and a short kid");
    }
    if (set == null || set.getIssuer() == null) {
      return new Refused(Reason.BAD_CLAIMS, "the claim iss must name who signed it");
    }
    return switch (keys.find(set.getIssuer(), header.getKeyID())) {
      case VerificationKey.None none -> new Refused(Reason.UNKNOWN_KEY, none.detail());
      case VerificationKey.Secret secret ->
          judge(jwt, JWSAlgorithm.HS256, () -> new MACVerifier(secret.bytes()), set, now);
      case VerificationKey.Rsa rsa ->
          judge(jwt, JWSAlgorithm.RS256, () -> new RSASSAVerifier(rsa.key()), set, now);
    };
  }

  /** Makes what checks signatures. */
  private interface Check {
    JWSVerifier make() throws JOSEException;
  }

  private static JoinTokenVerdict judge(
      SignedJWT jwt, JWSAlgorithm algorithm, Check check, JWTClaimsSet set, Instant now) {
    // The algorithm is the record's to say, never the token's: "none" and key confusion end here.
    if (!algorithm.equals(jwt.getHeader().getAlgorithm())) {
      return new Refused(
          Reason.MALFORMED, "this issuer's join tokens are signed with " + algorithm.getName());
    }
    try {
      if (!jwt.verify(check.make())) {
        return new Refused(Reason.BAD_SIGNATURE, "the signature does not fit the token");
      }
    } catch (JOSEException e) {
      return new Refused(Reason.BAD_SIGNATURE, "the signature cannot be checked");
    }
    return judge(jwt, set, now);
  }

  private static JoinTokenVerdict judge(SignedJWT jwt, JWTClaimsSet set, Instant now) {
    JoinClaims claims;
    try {
      claims = claims(set, issuedAt(jwt, set));
    } catch (ParseException | IllegalArgumentException e) {
      return new Refused(Reason.BAD_CLAIMS, "a claim is missing or wrong: " + e.getMessage());
    }
    Date notBefore = set.getNotBeforeTime();
    // The later of both: a token dated ahead would outlive its own revocation.
    Instant from =
        notBefore == null || notBefore.toInstant().isBefore(claims.issuedAt())
            ? claims.issuedAt()
            : notBefore.toInstant();
    if (now.plus(LEEWAY).isBefore(from)) {
      return new Refused(Reason.NOT_YET_VALID, "the token is not valid before " + from);
    }
    if (Duration.between(claims.issuedAt(), claims.expiresAt()).compareTo(LIFETIME_MAX) > 0) {
      return new Refused(Reason.BAD_CLAIMS, "exp must be at most 24 hours after iat");
    }
    return now.minus(LEEWAY).isBefore(claims.expiresAt()) ? new Valid(claims) : new Expired(claims);
  }

  /** The library's date has whole seconds only. */
  private static Instant issuedAt(SignedJWT jwt, JWTClaimsSet set) {
    Instant second = present(JoinTokenSigner.ISSUED_AT, set.getIssueTime()).toInstant();
    Object exact = jwt.getPayload().toJSONObject().get(JoinTokenSigner.ISSUED_AT);
    if (!(exact instanceof Number number)) {
      return second;
    }
    double fraction = number.doubleValue() - second.getEpochSecond();
    return fraction > 0 && fraction < 1 ? second.plusMillis(Math.round(fraction * 1e3)) : second;
  }

  private static JoinClaims claims(JWTClaimsSet set, Instant issuedAt) throws ParseException {
    if (!set.getAudience().contains(JoinTokenSigner.AUDIENCE)) {
      throw new IllegalArgumentException("aud must be " + JoinTokenSigner.AUDIENCE);
    }
    String roleText = set.getStringClaim(JoinTokenSigner.ROLE);
    Role role = roleText == null ? Role.SPEAKER : choice("role", Role.class, roleText);
    return new JoinClaims(
        set.getIssuer(),
        present("jti", set.getJWTID()),
        present("conf", set.getStringClaim(JoinTokenSigner.CONFERENCE)),
        present("sub", set.getSubject()),
        set.getStringClaim(JoinTokenSigner.NAME),
        role,
        GrantClaims.read(set.getJSONObjectClaim(JoinTokenSigner.GRANTS), Grants.of(role)),
        issuedAt,
        present("exp", set.getExpirationTime()).toInstant());
  }

  private static <E extends Enum<E>> E choice(String claim, Class<E> choices, String text) {
    for (E choice : choices.getEnumConstants()) {
      if (choice.name().toLowerCase(Locale.ROOT).equals(text)) {
        return choice;
      }
    }
    throw new IllegalArgumentException(claim + " is none of the known ones");
  }

  private static <T> T present(String claim, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(claim + " is missing");
    }
    return value;
  }
}
