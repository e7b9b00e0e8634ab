package dev.parley.media.dtls;

import static java.util.Objects.requireNonNull;

import dev.parley.media.srtp.SrtpKeys;
import dev.parley.media.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.jspecify.annotations.Nullable;

/**
 * What makes a DTLS handshake a DTLS-SRTP one, for either side: the {@code use_srtp} extension, the
 * peer's fingerprint and the exported keys (RFC 5764 §4). Owner: the session's virtual thread.
 */
final class SrtpNegotiation {
  private final CertificateFingerprint peerFingerprint;
  private @Nullable SrtpProfile profile;
  private @Nullable SrtpKeys keys;
  private @Nullable DtlsFailure failure;

  SrtpNegotiation(CertificateFingerprint peerFingerprint) {
    this.peerFingerprint = peerFingerprint;
  }

  /** Server: takes the first of our profiles that the client offers (RFC 5764 §4.1.1). */
  @SuppressWarnings("JdkObsolete") // Bouncy Castle's type.
  void choose(@Nullable Hashtable<?, ?> clientExtensions) throws IOException {
    UseSRTPData offered = TlsSRTPUtils.getUseSRTPExtension(clientExtensions);
    for (SrtpProfile candidate : SrtpProfile.values()) {
      if (profile == null && offered != null && contains(offered, candidate)) {
        profile = candidate;
      }
    }
    if (profile == null) {
      throw fail(DtlsFailure.NO_SRTP_PROFILE, AlertDescription.handshake_failure);
    }
  }

  /** Server: the chosen profile. No MKI, whatever the client sent (RFC 5764 §4.1.3). */
  UseSRTPData answer() {
    return new UseSRTPData(new int[] {requireNonNull(profile).identifier()}, TlsUtils.EMPTY_BYTES);
  }

  /** Client: all of our profiles. */
  static UseSRTPData offer() {
    SrtpProfile[] profiles = SrtpProfile.values();
    int[] identifiers = new int[profiles.length];
    for (int i = 0; i < profiles.length; i++) {
      identifiers[i] = profiles[i].identifier();
    }
    return new UseSRTPData(identifiers, TlsUtils.EMPTY_BYTES);
  }

  /** Client: the profile the server took. */
  @SuppressWarnings("JdkObsolete")
  void accept(@Nullable Hashtable<?, ?> serverExtensions) throws IOException {
    UseSRTPData answered = TlsSRTPUtils.getUseSRTPExtension(serverExtensions);
    if (answered != null && answered.getProtectionProfiles().length == 1) {
      profile = SrtpProfile.ofIdentifier(answered.getProtectionProfiles()[0]);
    }
    if (profile == null) {
      throw fail(DtlsFailure.NO_SRTP_PROFILE, AlertDescription.illegal_parameter);
    }
  }

  /**
   * Ends the handshake unless the peer's own certificate is the one its SDP named (RFC 8827 §6.5).
   */
  void checkCertificate(@Nullable Certificate chain) throws IOException {
    if (chain == null || chain.isEmpty()) {
      throw fail(DtlsFailure.NO_CERTIFICATE, AlertDescription.handshake_failure);
    }
    if (!peerFingerprint.matches(chain.getCertificateAt(0).getEncoded())) {
      throw fail(DtlsFailure.WRONG_FINGERPRINT, AlertDescription.bad_certificate);
    }
  }

  /** Exports the keys; only while Bouncy Castle reports the handshake complete. */
  void exportKeys(TlsContext context) {
    SrtpProfile chosen = requireNonNull(profile);
    int length = SrtpKeys.keyingMaterialLength(chosen);
    keys =
        SrtpKeys.ofKeyingMaterial(
            chosen, context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, length));
  }

  SrtpKeys keys() {
    return requireNonNull(keys);
  }

  void onAlertReceived() {
    if (failure == null) {
      failure = DtlsFailure.REFUSED_BY_PEER;
    }
  }

  /** Our own reason for ending the handshake, or the peer's; null if it was neither. */
  @Nullable DtlsFailure failure() {
    return failure;
  }

  private TlsFatalAlert fail(DtlsFailure reason, short alertDescription) {
    failure = reason;
    return new TlsFatalAlert(alertDescription);
  }

  private static boolean contains(UseSRTPData offered, SrtpProfile profile) {
    for (int identifier : offered.getProtectionProfiles()) {
      if (identifier == profile.identifier()) {
        return true;
      }
    }
    return false;
  }
}
