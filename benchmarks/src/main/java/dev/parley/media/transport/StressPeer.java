package dev.parley.media.transport;

import dev.parley.media.dtls.CertificateFingerprint;
import dev.parley.media.ice.IceCredentials;
import java.util.List;

/** A peer that nobody will ever reach. */
final class StressPeer {
  static final PeerDescription DESCRIPTION =
      new PeerDescription(
          1,
          0,
          IceCredentials.of("localufr", "a-password-of-24-letters", "remo"),
          CertificateFingerprint.of("sha-256", new byte[32]),
          "cname",
          1,
          true,
          0,
          List.of());

  private StressPeer() {}
}
