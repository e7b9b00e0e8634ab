package dev.parley.common.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RsaKeySetTest {
  private static final KeyPair PAIR = RsaKeys.pair();

  @Test
  void keysAreFoundByTheirId() {
    RsaKeySet keys = RsaKeySet.parse(json(key("a", PAIR), key("b", RsaKeys.pair())));

    assertThat(keys.key("a")).isEqualTo(PAIR.getPublic());
    assertThat(keys.key("b")).isNotNull().isNotEqualTo(PAIR.getPublic());
    assertThat(keys.key("c")).isNull();
    assertThat(keys.key(null)).isNull();
  }

  @Test
  void onlyKeyNeedsNoId() {
    RsaKeySet keys = RsaKeySet.parse(json(key("a", PAIR)));

    assertThat(keys.key(null)).isEqualTo(PAIR.getPublic());
    assertThat(keys.key("other")).isNull();
  }

  @Test
  void keysForOtherThingsAreSkipped() {
    RSAPublicKey key = (RSAPublicKey) PAIR.getPublic();
    RsaKeySet keys =
        RsaKeySet.parse(
            json(
                new RSAKey.Builder(key).keyID("enc").keyUse(KeyUse.ENCRYPTION).build(),
                new RSAKey.Builder(key).keyID("ps").algorithm(JWSAlgorithm.PS256).build(),
                key("short", RsaKeys.pair(1_024)),
                key("fit", PAIR)));

    assertThat(keys.key("enc")).isNull();
    assertThat(keys.key("ps")).isNull();
    assertThat(keys.key("short")).isNull();
    assertThat(keys.key(null)).isEqualTo(key);
  }

  @Test
  void whatIsNoUsefulSetIsToldWhy() {
    JWK secret =
        new RSAKey.Builder((RSAPublicKey) PAIR.getPublic()).privateKey(PAIR.getPrivate()).build();
    List<JWK> many = new ArrayList<>();
    for (int i = 0; i < 33; i++) {
      many.add(key("k" + i, PAIR));
    }

    refuses("", "is not a JWK Set");
    refuses("[]", "is not a JWK Set");
    refuses("{\"keys\":7}", "is not a JWK Set");
    refuses("{\"keys\":[]}", "has no RSA key");
    refuses(json(key("short", RsaKeys.pair(1_024))), "has no RSA key");
    refuses(new JWKSet(many).toString(), "has more than 32 keys");
    refuses(" ".repeat(RsaKeySet.LENGTH_MAX + 1), "has more than 65536 characters");
    refuses(new JWKSet(secret).toString(false), "gives away a private key");
  }

  private static void refuses(String json, String fault) {
    assertThatThrownBy(() -> RsaKeySet.parse(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(fault);
  }

  private static RSAKey key(String id, KeyPair pair) {
    return new RSAKey.Builder((RSAPublicKey) pair.getPublic()).keyID(id).build();
  }

  private static String json(JWK... keys) {
    return new JWKSet(List.of(keys)).toString();
  }
}
