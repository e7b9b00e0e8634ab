package dev.parley.common.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The public keys of one who signs tokens with RS256, from a JWK Set (RFC 7517 §5). Immutable. */
public final class RsaKeySet {
  /** Longest JWK Set, in characters. */
  public static final int LENGTH_MAX = 64 << 10;

  private static final int KEYS_MAX = 32;
  private static final int BITS_MIN = 2_048;
  private static final int BITS_MAX = 8_192;

  private final Map<String, RSAPublicKey> keys;
  private final @Nullable RSAPublicKey only;

  private RsaKeySet(Map<String, RSAPublicKey> keys, @Nullable RSAPublicKey only) {
    this.keys = Map.copyOf(keys);
    this.only = only;
  }

  /**
   * Reads a JWK Set. Keys that are not for RS256 signatures are skipped.
   *
   * @throws IllegalArgumentException if it is none, has no fit key, or gives away a private one;
   *     the message says which
   */
  public static RsaKeySet parse(String json) {
    if (json.length() > LENGTH_MAX) {
      throw new IllegalArgumentException("has more than " + LENGTH_MAX + " characters");
    }
    JWKSet set;
    try {
      set = JWKSet.parse(json);
    } catch (ParseException | RuntimeException e) {
      // The parser lets some unchecked exceptions of its JSON reader through.
      throw new IllegalArgumentException("is not a JWK Set", e);
    }
    if (set.size() > KEYS_MAX) {
      throw new IllegalArgumentException("has more than " + KEYS_MAX + " keys");
    }
    Map<String, RSAPublicKey> keys = new HashMap<>();
    RSAPublicKey last = null;
    int count = 0;
    for (JWK key : set.getKeys()) {
      if (key.isPrivate()) {
        throw new IllegalArgumentException("gives away a private key; leave only public members");
      }
      RSAPublicKey fit = fit(key);
      if (fit != null) {
        count++;
        last = fit;
        if (key.getKeyID() != null) {
          keys.put(key.getKeyID(), fit);
        }
      }
    }
    if (last == null) {
      throw new IllegalArgumentException(
          "has no RSA key for signatures of " + BITS_MIN + " to " + BITS_MAX + " bits");
    }
    return new RsaKeySet(keys, count == 1 ? last : null);
  }

  /** Returns the key with this id, or, for a token that names none, the only one there is. */
  public @Nullable RSAPublicKey key(@Nullable String keyId) {
    return keyId == null ? only : keys.get(keyId);
  }

  private static @Nullable RSAPublicKey fit(JWK key) {
    boolean isForRs256 =
        (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
            && (key.getAlgorithm() == null || key.getAlgorithm().getName().equals("RS256"));
    if (!isForRs256 || !(key instanceof RSAKey rsa)) {
      return null;
    }
    try {
      RSAPublicKey fit = rsa.toRSAPublicKey();
      int bits = fit.getModulus().bitLength();
      return bits >= BITS_MIN && bits <= BITS_MAX ? fit : null;
    } catch (JOSEException e) {
      return null;
    }
  }
}
