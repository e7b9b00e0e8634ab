package dev.parley.media.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CertificateFingerprintTest {
  @Test
  void textIsSdps() {
    DtlsIdentity identity = DtlsIdentity.selfSigned(Instant.EPOCH, new SecureRandom());

    assertThat(identity.fingerprint().algorithm()).isEqualTo("sha-256");
    assertThat(identity.fingerprint().digestText()).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
    assertThat(identity.fingerprint().matches(identity.encodedCertificate())).isTrue();
  }

  @Test
  void algorithmsNameIgnoresCase() {
    byte[] digest = new byte[32];

    assertThat(CertificateFingerprint.of("SHA-256", digest))
        .isEqualTo(CertificateFingerprint.of("sha-256", digest));
  }

  @Test
  void weakAlgorithmsAndWrongLengthsAreRefused() {
    assertThatThrownBy(() -> CertificateFingerprint.of("sha-1", new byte[20]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CertificateFingerprint.of("sha-256", new byte[20]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
