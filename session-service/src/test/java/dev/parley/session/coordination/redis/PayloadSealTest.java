package dev.parley.session.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.access.ServiceSecret;
import org.junit.jupiter.api.Test;

final class PayloadSealTest {
  /** So long that chance does not make it: what is sealed is random. */
  private static final String NAME = "Ána Lovelace";

  private final PayloadSeal seal = new PayloadSeal(new ServiceSecret(new byte[32]));

  @Test
  void onlyTheSameServiceOpensItAndOnlyInItsPlace() {
    byte[] another = new byte[32];
    another[0] = 1;

    String sealed = seal.seal("cf_1", NAME);

    assertThat(sealed).doesNotContain("Lovelace");
    assertThat(seal.open("cf_1", sealed)).isEqualTo(NAME);
    assertThat(seal.open("cf_2", sealed)).isNull();
    assertThat(new PayloadSeal(new ServiceSecret(another)).open("cf_1", sealed)).isNull();
  }

  @Test
  void nonsenseIsNotOpened() {
    for (String nonsense : new String[] {"", "AAAA", "!", "A".repeat(100)}) {
      assertThat(seal.open("cf_1", nonsense)).as(nonsense).isNull();
    }
  }

  @Test
  void theSameSubjectHasTheSamePseudonym() {
    assertThat(seal.pseudonym("192.0.2.1")).isEqualTo(seal.pseudonym("192.0.2.1")).hasSize(22);
    assertThat(seal.pseudonym("192.0.2.1")).isNotEqualTo(seal.pseudonym("192.0.2.2"));
  }
}
