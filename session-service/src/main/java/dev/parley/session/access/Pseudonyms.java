package dev.parley.session.access;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Stands for identities where they must not be read: the same for the same person of the same
 * tenant, and of no use to one who does not hold the service's secret. Immutable.
 */
public final class Pseudonyms {
  private static final int BYTES = 12;

  private final byte[] key;

  public Pseudonyms(ServiceSecret secret) {
    key = secret.derive("pseudonym");
  }

  /** Returns the pseudonym of one person. */
  public String of(String tenant, String identity) {
    byte[] message = (tenant + '\0' + identity).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Arrays.copyOf(ServiceSecret.hmac(key, message), BYTES));
  }
}
