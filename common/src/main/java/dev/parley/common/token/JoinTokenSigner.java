package dev.parley.common.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Signs join tokens with one key's secret (HS256). Thread-safe. */
public final class JoinTokenSigner {
  static final String AUDIENCE = "conf";
  static final String CONFERENCE = "conf";
  static final String ROLE = "role";
  static final String NAME = "name";
  static final String GRANTS = "grants";
  static final String AUDIO = "audio";
  static final String MODERATE = "moderate";
  static final String CHAT = "chat";

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
    Map<String, Object> grants = new LinkedHashMap<>();
    grants.put(AUDIO, claims.grants().audio().name().toLowerCase(Locale.ROOT));
    grants.put(MODERATE, claims.grants().moderate());
    grants.put(CHAT, claims.grants().chat());
    JWTClaimsSet.Builder set =
        new JWTClaimsSet.Builder()
            .issuer(claims.issuer())
            .audience(AUDIENCE)
            .subject(claims.identity())
            .claim(CONFERENCE, claims.conference())
            .claim(ROLE, claims.role().name().toLowerCase(Locale.ROOT))
            .claim(GRANTS, grants)
            .issueTime(Date.from(claims.issuedAt()))
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
