package dev.parley.common.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.math.BigDecimal;
import java.util.Date;
import java.util.Locale;

/** Signs join tokens with one key's secret (HS256). Thread-safe. */
public final class JoinTokenSigner {
  static final String AUDIENCE = "conf";
  static final String CONFERENCE = "conf";
  static final String ROLE = "role";
  static final String NAME = "name";
  static final String GRANTS = "grants";

  /** With a fraction, as RFC 7519 section 2 lets it: a library's date would lose it. */
  static final String ISSUED_AT = "iat";

  private final JWSHeader header;
  private final MACSigner signer;

  /**
   * Takes the key's id, put in the header so that a verifier finds the secret, and its secret.
   *
   * @param secret at least 32 bytes (RFC 7518 §3.2)
   */
  public JoinTokenSigner(String keyId, byte[] secret) {
    header =
        new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).keyID(keyId).build();
    try {
      signer = new MACSigner(secret);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("the secret must have 32 bytes or more", e);
    }
  }

  /** Returns the token in its compact form. */
  public String sign(JoinClaims claims) {
    JWTClaimsSet.Builder set =
        new JWTClaimsSet.Builder()
            .issuer(claims.issuer())
            .audience(AUDIENCE)
            .subject(claims.identity())
            .claim(CONFERENCE, claims.conference())
            .claim(ROLE, claims.role().name().toLowerCase(Locale.ROOT))
            .claim(GRANTS, GrantClaims.write(claims.grants()))
            .claim(ISSUED_AT, BigDecimal.valueOf(claims.issuedAt().toEpochMilli(), 3))
            .notBeforeTime(Date.from(claims.issuedAt()))
            .expirationTime(Date.from(claims.expiresAt()))
            .jwtID(claims.tokenId());
    if (claims.name() != null) {
      set.claim(NAME, claims.name());
    }
    SignedJWT token = new SignedJWT(header, set.build());
    try {
      token.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException("HMAC with SHA-256 failed", e);
    }
    return token.serialize();
  }
}
