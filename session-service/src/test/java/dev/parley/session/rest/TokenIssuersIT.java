package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Join tokens that a tenant's own back end signs, with every kind of key. */
final class TokenIssuersIT {
  private static final String PATH = "/v1/token-issuers";

  @TempDir static Path folder;
  static RunningService service;
  static ApiClient client;

  @BeforeAll
  static void start() {
    service = new RunningService(folder, "--webhooks-anywhere=true");
    client = service.client();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @BeforeEach
  void newQuotas() {
    service.clock().advance(Duration.ofSeconds(11));
  }

  @Test
  void sharedSecretSignsTokensUntilItsIssuerIsDeleted() throws Exception {
    String conference = service.conference("{}");
    ApiClient.Reply made = register("{\"algorithm\":\"HS256\",\"name\":\"booking\"}");
    String issuer = made.text("id");
    MACSigner signer = new MACSigner(made.text("secret").getBytes(StandardCharsets.US_ASCII));
    String token = sign(signer, JWSAlgorithm.HS256, null, claims(issuer, conference));

    ApiClient.Reply joined = client.post(path(conference), token, "{}").expect(201);
    assertThat(joined.text("identity")).isEqualTo("ana@acme");
    assertThat(joined.text("name")).isEqualTo("Ana");
    assertThat(joined.text("role")).isEqualTo("host");
    assertThat(client.get(PATH, service.key()).expect(200).body())
        .contains("booking")
        .doesNotContain("tis_");
    assertThat(client.get(PATH + "/" + issuer, service.key()).expect(200).body())
        .doesNotContain("tis_");

    client.delete(PATH + "/" + issuer, service.key()).expect(204);
    client.delete(PATH + "/" + issuer, service.key()).expect(404, "not-found");
    client.get(PATH + "/" + issuer, service.key()).expect(404, "not-found");
    client.post(path(conference), token, "{}").expect(401, "token-invalid");
  }

  @Test
  void publicKeysGivenAtOnceCheckTokens() throws Exception {
    String conference = service.conference("{}");
    RSAKey key = new RSAKeyGenerator(2_048).keyID("k1").generate();
    String issuer =
        register("{\"algorithm\":\"RS256\",\"jwks\":" + new JWKSet(key.toPublicJWK()) + "}")
            .text("id");
    RSASSASigner signer = new RSASSASigner(key);

    client
        .post(
            path(conference),
            sign(signer, JWSAlgorithm.RS256, "k1", claims(issuer, conference)),
            "{}")
        .expect(201);
    for (String bad :
        List.of(
            sign(signer, JWSAlgorithm.RS256, "k2", claims(issuer, conference)),
            sign(signer, JWSAlgorithm.RS512, "k1", claims(issuer, conference)),
            sign(
                new MACSigner(key.toRSAPublicKey().getEncoded()),
                JWSAlgorithm.HS256,
                "k1",
                claims(issuer, conference)),
            sign(
                new RSASSASigner(new RSAKeyGenerator(2_048).generate()),
                JWSAlgorithm.RS256,
                "k1",
                claims(issuer, conference)),
            sign(signer, JWSAlgorithm.RS256, "k1", claims("ti_default_00", conference)),
            sign(signer, JWSAlgorithm.RS256, "k1", claims("ti_" + "\u00e4 #_x", conference)))) {
      client.post(path(conference), bad, "{}").expect(401, "token-invalid");
    }
  }

  @Test
  void keysAtAUrlMayChangeAndMayBeAway() throws Exception {
    String conference = service.conference("{}");
    RSAKey first = new RSAKeyGenerator(2_048).keyID("k1").generate();
    RSAKey second = new RSAKeyGenerator(2_048).keyID("k2").generate();
    try (KeyServer keys = new KeyServer()) {
      keys.answer = new JWKSet(first.toPublicJWK()).toString();
      String issuer =
          register("{\"algorithm\":\"RS256\",\"jwksUrl\":\"" + keys.url() + "\"}").text("id");
      String before =
          sign(new RSASSASigner(first), JWSAlgorithm.RS256, "k1", claims(issuer, conference));
      client.get("/v1/conferences/" + conference, before).expect(200);

      keys.answer = new JWKSet(List.of(first.toPublicJWK(), second.toPublicJWK())).toString();
      service.clock().advance(Duration.ofSeconds(10));
      String after =
          sign(new RSASSASigner(second), JWSAlgorithm.RS256, "k2", claims(issuer, conference));
      client.get("/v1/conferences/" + conference, after).expect(200);

      keys.answer = null;
      service.clock().advance(Duration.ofMinutes(11));
      String later =
          sign(new RSASSASigner(second), JWSAlgorithm.RS256, "k2", claims(issuer, conference));
      client.get("/v1/conferences/" + conference, later).expect(200);
    }
  }

  @Test
  void tokenMayNameItsConferenceByAlias() throws Exception {
    ApiClient.Reply made = register("{\"algorithm\":\"HS256\"}");
    MACSigner signer = new MACSigner(made.text("secret").getBytes(StandardCharsets.US_ASCII));
    String token = sign(signer, JWSAlgorithm.HS256, null, claims(made.text("id"), "stand up"));
    String path = "/v1/conferences/stand%20up/participants";
    client.post(path, token, "{}").expect(404, "not-found");
    String conference = service.conference("{\"alias\":\"Stand up\"}");
    String other = service.conference("{}");

    client.post(path, token, "{}").expect(201);
    client.get("/v1/conferences/" + conference, token).expect(200);
    client.get("/v1/conferences/" + other, token).expect(403, "other-conference");
  }

  @Test
  void otherTenantsConferencesStayClosed() throws Exception {
    String conference = service.conference("{}");
    String foreign = service.key("other", "admin");
    ApiClient.Reply made = client.post(PATH, foreign, "{\"algorithm\":\"HS256\"}").expect(201);
    MACSigner signer = new MACSigner(made.text("secret").getBytes(StandardCharsets.US_ASCII));

    client
        .post(
            path(conference),
            sign(signer, JWSAlgorithm.HS256, null, claims(made.text("id"), conference)),
            "{}")
        .expect(404, "not-found");
    client.get(PATH + "/" + made.text("id"), service.key()).expect(404, "not-found");
    client.delete(PATH + "/" + made.text("id"), service.key()).expect(404, "not-found");
  }

  @Test
  void repeatedCreateAnswersTheSameIssuer() {
    String body = "{\"algorithm\":\"HS256\"}";
    ApiClient.Reply first =
        client.post(PATH, service.key(), body, "Idempotency-Key", "k").expect(201);
    ApiClient.Reply again =
        client.post(PATH, service.key(), body, "Idempotency-Key", "k").expect(201);

    assertThat(again.json()).isEqualTo(first.json());
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    client
        .post(
            PATH, service.key(), "{\"algorithm\":\"HS256\",\"name\":\"x\"}", "Idempotency-Key", "k")
        .expect(422, "idempotency-key-reused");
  }

  @Test
  void badIssuersAreRefused() throws Exception {
    String secret = new JWKSet(new RSAKeyGenerator(2_048).generate()).toString(false);
    for (String body :
        List.of(
            "{}",
            "{\"algorithm\":\"none\"}",
            "{\"algorithm\":\"RS256\"}",
            "{\"algorithm\":\"RS256\",\"jwks\":{}}",
            "{\"algorithm\":\"RS256\",\"jwks\":[]}",
            "{\"algorithm\":\"RS256\",\"jwks\":" + secret + "}",
            "{\"algorithm\":\"HS256\",\"jwksUrl\":\"https://id.example\"}",
            "{\"algorithm\":\"RS256\",\"jwksUrl\":\"not a url\"}",
            "{\"algorithm\":\"HS256\",\"secret\":\"mine\"}")) {
      ApiClient.Reply refused = client.post(PATH, service.key(), body).expect(422, "invalid");
      assertThat(refused.body()).doesNotContain("\"d\"");
    }
    client
        .post(PATH, service.key("default", "conferences"), "{\"algorithm\":\"HS256\"}")
        .expect(403, "scope-missing");
  }

  @Test
  void issuersOfATenantAreFew() {
    String key = service.key("crowded", "admin");
    for (int i = 0; i < 20; i++) {
      service.clock().advance(Duration.ofSeconds(1));
      client.post(PATH, key, "{\"algorithm\":\"HS256\"}").expect(201);
    }
    service.clock().advance(Duration.ofSeconds(1));
    client.post(PATH, key, "{\"algorithm\":\"HS256\"}").expect(409, "too-many-issuers");
  }

  @Test
  void withoutTheSettingKeysComeFromPublicAddressesAlone(@TempDir Path other) {
    try (RunningService strict = new RunningService(other)) {
      for (String url :
          List.of(
              "http://id.example/jwks.json",
              "https://127.0.0.1/jwks.json",
              "https://[::1]/",
              "https://169.254.169.254/latest/meta-data/")) {
        strict
            .client()
            .post(PATH, strict.key(), "{\"algorithm\":\"RS256\",\"jwksUrl\":\"" + url + "\"}")
            .expect(422, "invalid");
      }
    }
  }

  private static ApiClient.Reply register(String json) {
    return client.post(PATH, service.key(), json).expect(201);
  }

  private static String path(String conference) {
    return "/v1/conferences/" + conference + "/participants";
  }

  private static JWTClaimsSet claims(String issuer, String conference) {
    Instant now = service.clock().instant();
    return new JWTClaimsSet.Builder()
        .issuer(issuer)
        .audience("conf")
        .subject("ana@acme")
        .claim("conf", conference)
        .claim("name", "Ana")
        .claim("role", "host")
        .claim("grants", Map.of("audio", "sendrecv", "record", true))
        .jwtID("tk_1")
        .issueTime(Date.from(now))
        .notBeforeTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(900)))
        .build();
  }

  private static String sign(
      JWSSigner signer, JWSAlgorithm algorithm, @Nullable String keyId, JWTClaimsSet claims)
      throws JOSEException {
    SignedJWT token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims);
    token.sign(signer);
    return token.serialize();
  }

  /** A tenant's identity provider on loopback. */
  private static final class KeyServer implements AutoCloseable {
    private final HttpServer server;
    private volatile @Nullable String answer;

    KeyServer() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            String now = answer;
            byte[] bytes = (now == null ? "away" : now).getBytes(StandardCharsets.UTF_8);
            // A length of 0 makes it answer in chunks.
            exchange.sendResponseHeaders(now == null ? 503 : 200, 0);
            exchange.getResponseBody().write(bytes);
            exchange.close();
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks.json";
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
