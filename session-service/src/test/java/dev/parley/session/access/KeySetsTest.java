package dev.parley.session.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.parley.common.token.VerificationKey;
import dev.parley.session.harness.MovableClock;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class KeySetsTest {
  private static final URI URL = URI.create("https://id.example/jwks.json");
  private static final JWK A = key("a");
  private static final JWK B = key("b");

  private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T02:00:00Z"));
  private final Deque<Runnable> background = new ArrayDeque<>();
  private final Source source = new Source();
  private final KeySets sets = new KeySets(source, clock, background::add);

  @Test
  void setIsFetchedOnceForAllTokens() {
    source.answer = json(A);

    assertThat(isFound("a")).isTrue();
    assertThat(isFound("a")).isTrue();
    assertThat(isFound(null)).isTrue();
    assertThat(source.fetches).isEqualTo(1);
  }

  @Test
  void missingKeyIsFetchedButNotByEverybodyWhoAsks() {
    source.answer = json(A);
    assertThat(isFound("a")).isTrue();
    source.answer = json(A, B);

    assertThat(isFound("b")).isFalse();
    assertThat(source.fetches).isEqualTo(1);
    clock.advance(KeySets.INTERVAL_MIN);
    assertThat(isFound("b")).isTrue();
    for (int i = 0; i < 100; i++) {
      assertThat(isFound("made up " + i)).isFalse();
    }
    assertThat(source.fetches).isEqualTo(2);
  }

  @Test
  void oldSetIsFetchedAnewWhileItIsUsed() {
    source.answer = json(A);
    assertThat(isFound("a")).isTrue();
    clock.advance(KeySets.AGE_MAX.plusSeconds(1));
    source.answer = json(B);

    assertThat(isFound("a")).isTrue();
    assertThat(source.fetches).isEqualTo(1);
    background.remove().run();
    assertThat(source.fetches).isEqualTo(2);
    assertThat(isFound("a")).isFalse();
    assertThat(isFound("b")).isTrue();
  }

  @Test
  void lastGoodSetOutlivesItsUrl() {
    source.answer = json(A);
    assertThat(isFound("a")).isTrue();
    for (String broken : new String[] {null, "<html>", "{\"keys\":[]}"}) {
      source.answer = broken;
      clock.advance(Duration.ofDays(1));
      assertThat(isFound("a")).isTrue();
      background.remove().run();
    }

    assertThat(isFound("a")).isTrue();
    assertThat(sets.failureCount()).isEqualTo(3);
    assertThat(sets.fetchCount()).isEqualTo(4);
  }

  @Test
  void urlThatNeverAnsweredIsToldSo() {
    VerificationKey none = sets.find(URL, "a");

    assertThat(none)
        .isInstanceOfSatisfying(
            VerificationKey.None.class,
            n -> assertThat(n.detail()).contains("could not be fetched"));
  }

  @Test
  void urlsThatAreRememberedAreBounded() {
    source.answer = json(A);
    for (int i = 0; i < 1_001; i++) {
      sets.find(URI.create("https://id.example/" + i), "a");
    }
    assertThat(source.fetches).isEqualTo(1_001);

    sets.find(URI.create("https://id.example/1000"), "a");
    assertThat(source.fetches).isEqualTo(1_001);
    sets.find(URI.create("https://id.example/0"), "a");
    assertThat(source.fetches).isEqualTo(1_002);
  }

  private boolean isFound(@Nullable String keyId) {
    return sets.find(URL, keyId) instanceof VerificationKey.Rsa;
  }

  private static JWK key(String id) {
    try {
      return new RSAKeyGenerator(2_048).keyID(id).generate();
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static String json(JWK... keys) {
    return new JWKSet(java.util.List.of(keys)).toString();
  }

  /** Answers what the test says. */
  private static final class Source implements KeySetSource {
    private @Nullable String answer;
    private int fetches;

    @Override
    public @Nullable String fault(URI url) {
      return null;
    }

    @Override
    public String fetch(URI url) throws IOException {
      fetches++;
      String now = answer;
      if (now == null) {
        throw new IOException("nobody there");
      }
      return now;
    }
  }
}
