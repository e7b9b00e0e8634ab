package dev.parley.common.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.parley.common.token.JoinTokenVerdict.Reason;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

final class JoinTokenTest {
  private static final Instant NOW = Instant.parse("2026-11-21T04:00:00Z");
  private static final byte[] SECRET = new byte[32];
  private static final byte[] OTHER =
      "another secret, long enough for HS256 and for HS384".getBytes(StandardCharsets.US_ASCII);

  private final JoinTokenSigner signer = new JoinTokenSigner("k1", SECRET);
  private final JoinTokenVerifier verifier =
      new JoinTokenVerifier((issuer, _) ->
          issuer.equals("k1")
              ? new VerificationKey.Secret(SECRET)
              : new VerificationKey.None("there is no such key"));

  @Property(tries = 100)
  void whatWasSignedIsReadBack(
      @ForAll @StringLength(min = 1, max = 128) @AlphaChars String identity,
      @ForAll @StringLength(min = 1, max = 80) @AlphaChars String name,
      @ForAll Role role,
      @ForAll("grants") Grants grants,
      @ForAll @IntRange(min = 0, max = 999) int millis,
      @ForAll @IntRange(min = 1, max = 86_400) int lifetimeSec) {
    JoinClaims claims =
        new JoinClaims(
            "k1",
            "tk_1",
            "cf_1",
            identity,
            name,
            role,
            grants,
            NOW.plusMillis(millis),
            NOW.plusSeconds(lifetimeSec));

    assertThat(verifier.verify(signer.sign(claims), NOW))
        .isEqualTo(new JoinTokenVerdict.Valid(claims));
  }

  @Test
  void wholeSecondsAreLeftAsTheyAre() throws JOSEException {
    assertThat(verifier.verify(sign(good().build()), NOW))
        .isInstanceOfSatisfying(
            JoinTokenVerdict.Valid.class,
            valid -> assertThat(valid.claims().issuedAt()).isEqualTo(NOW));
  }

  @Test
  void numbersThatAreNoTimesAreJudged() throws JOSEException {
    for (Number odd : List.of(1e300, -1e300, Double.MIN_VALUE, Long.MAX_VALUE, -1.5)) {
      assertThat(verifier.verify(sign(good().claim("iat", odd).build()), NOW))
          .as("iat %s", odd)
          .isInstanceOf(JoinTokenVerdict.Refused.class);
    }
  }

  @Provide
  Arbitrary<Grants> grants() {
    Arbitrary<Boolean> flags = Arbitraries.of(true, false);
    return Combinators.combine(Arbitraries.of(AudioGrant.class), flags, flags, flags, flags, flags)
        .as(Grants::new);
  }

  @Test
  void timeIsJudgedWithLeeway() {
    String token = signer.sign(claims(NOW, NOW.plusSeconds(60)));

    assertThat(verifier.verify(token, NOW.minusSeconds(30)))
        .isInstanceOf(JoinTokenVerdict.Valid.class);
    assertThat(reason(token, NOW.minusSeconds(31))).isEqualTo(Reason.NOT_YET_VALID);
    assertThat(verifier.verify(token, NOW.plusMillis(89_999)))
        .isInstanceOf(JoinTokenVerdict.Valid.class);
    assertThat(verifier.verify(token, NOW.plusSeconds(90)))
        .isEqualTo(new JoinTokenVerdict.Expired(claims(NOW, NOW.plusSeconds(60))));
  }

  @Test
  void tokenDatedAheadIsNotYetGoodWhateverItsNotBeforeSays() throws JOSEException {
    JWTClaimsSet ahead =
        good()
            .issueTime(Date.from(NOW.plusSeconds(31)))
            .notBeforeTime(Date.from(NOW.minusSeconds(60)))
            .build();

    assertThat(reason(sign(ahead), NOW)).isEqualTo(Reason.NOT_YET_VALID);
  }

  @Test
  void anotherSignatureIsNone() {
    String token = new JoinTokenSigner("k1", OTHER).sign(claims(NOW, NOW.plusSeconds(60)));

    assertThat(reason(token, NOW)).isEqualTo(Reason.BAD_SIGNATURE);
  }

  @Test
  void unknownKeyIsNone() {
    JoinClaims claims = claims(NOW, NOW.plusSeconds(60));
    JoinClaims foreign =
        new JoinClaims(
            "k2",
            claims.tokenId(),
            claims.conference(),
            claims.identity(),
            claims.name(),
            claims.role(),
            claims.grants(),
            claims.issuedAt(),
            claims.expiresAt());

    assertThat(reason(new JoinTokenSigner("k2", SECRET).sign(foreign), NOW))
        .isEqualTo(Reason.UNKNOWN_KEY);
  }

  @Test
  void algorithmIsNotTheTokensToChoose() throws JOSEException {
    JWTClaimsSet set = good().build();
    SignedJWT stronger = new SignedJWT(new JWSHeader(JWSAlgorithm.HS384), set);
    stronger.sign(new MACSigner(OTHER));
    SignedJWT critical =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256)
                .criticalParams(java.util.Set.of("x"))
                .customParam("x", 1)
                .build(),
            set);
    critical.sign(new MACSigner(SECRET));

    assertThat(reason(new PlainJWT(set).serialize(), NOW)).isEqualTo(Reason.MALFORMED);
    assertThat(reason(stronger.serialize(), NOW)).isEqualTo(Reason.MALFORMED);
    assertThat(reason(critical.serialize(), NOW)).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void issuersKeyDecidesTheAlgorithm() throws JOSEException {
    KeyPair pair = RsaKeys.pair();
    JoinTokenVerifier rsa =
        new JoinTokenVerifier((_, _) -> new VerificationKey.Rsa((RSAPublicKey) pair.getPublic()));
    SignedJWT good = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256), good().build());
    good.sign(new RSASSASigner(pair.getPrivate()));
    SignedJWT foreign = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256), good().build());
    foreign.sign(new RSASSASigner(RsaKeys.pair().getPrivate()));
    // The public key taken for a shared secret: anybody has it, so anybody could sign.
    SignedJWT confused = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), good().build());
    confused.sign(new MACSigner(pair.getPublic().getEncoded()));

    assertThat(rsa.verify(good.serialize(), NOW)).isInstanceOf(JoinTokenVerdict.Valid.class);
    assertThat(reason(rsa.verify(foreign.serialize(), NOW))).isEqualTo(Reason.BAD_SIGNATURE);
    assertThat(reason(rsa.verify(confused.serialize(), NOW))).isEqualTo(Reason.MALFORMED);
    assertThat(reason(rsa.verify(sign(good().build()), NOW))).isEqualTo(Reason.MALFORMED);
    assertThat(reason(good.serialize(), NOW)).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void tenantsOwnTokenMayLeaveOutWhatHasADefault() throws JOSEException {
    JoinTokenVerdict verdict = verifier.verify(sign(good().build()), NOW);

    assertThat(verdict).isInstanceOf(JoinTokenVerdict.Valid.class);
    JoinClaims claims = ((JoinTokenVerdict.Valid) verdict).claims();
    assertThat(claims.role()).isEqualTo(Role.SPEAKER);
    assertThat(claims.grants()).isEqualTo(Grants.of(Role.SPEAKER));
    assertThat(claims.name()).isNull();
  }

  @Test
  void claimsAreChecked() throws JOSEException {
    for (JWTClaimsSet.Builder wrong :
        List.of(
            good().audience("other"),
            good().subject(null),
            good().subject(""),
            good().subject("x".repeat(129)),
            good().subject("a\nb"),
            good().claim("conf", null),
            good().claim("conf", ""),
            good().claim("conf", "x".repeat(251)),
            good().claim("conf", "a\nb"),
            good().claim("conf", 7),
            good().claim("role", "boss"),
            good().claim("name", ""),
            good().claim("grants", "all"),
            good().claim("grants", Map.of("audio", "loud")),
            good().claim("grants", Map.of("audio", 1)),
            good().claim("grants", Map.of("moderate", "yes")),
            good().jwtID(null),
            good().issueTime(null),
            good().expirationTime(null),
            good().expirationTime(Date.from(NOW)),
            good().expirationTime(Date.from(NOW.plus(Duration.ofHours(25)))))) {
      JWTClaimsSet set = wrong.build();
      assertThat(reason(sign(set), NOW)).as("%s", set).isEqualTo(Reason.BAD_CLAIMS);
    }
  }

  @Test
  void tooLongATokenIsNotEvenRead() {
    assertThat(reason("x".repeat(JoinTokenVerifier.LENGTH_MAX + 1), NOW))
        .isEqualTo(Reason.MALFORMED);
  }

  @Property(tries = 500)
  void noiseIsMalformed(@ForAll String text) {
    assertThat(reason(text, NOW)).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void shortSecretIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new JoinTokenSigner("k", new byte[31]));
  }

  private Reason reason(String token, Instant now) {
    return reason(verifier.verify(token, now));
  }

  private static Reason reason(JoinTokenVerdict verdict) {
    if (verdict instanceof JoinTokenVerdict.Refused refused) {
      return refused.reason();
    }
    throw new AssertionError("not refused: " + verdict);
  }

  private static String sign(JWTClaimsSet set) throws JOSEException {
    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), set);
    token.sign(new MACSigner(SECRET));
    return token.serialize();
  }

  private static JWTClaimsSet.Builder good() {
    return new JWTClaimsSet.Builder()
        .issuer("k1")
        .audience("conf")
        .subject("ana")
        .claim("conf", "cf_1")
        .jwtID("tk_1")
        .issueTime(Date.from(NOW))
        .expirationTime(Date.from(NOW.plusSeconds(60)));
  }

  private static JoinClaims claims(Instant from, Instant to) {
    return new JoinClaims(
        "k1", "tk_1", "cf_1", "ana", "Ana", Role.HOST, Grants.of(Role.HOST), from, to);
  }
}
