package dev.parley.media.srtp;

import static java.util.Objects.requireNonNull;

/**
 * What a DTLS-SRTP handshake agreed on (RFC 5764 §4.2): a profile and one master key for each
 * direction. Immutable; its text never shows a key.
 *
 * @param profile the protection profile of both directions
 * @param clientWrite protects what the DTLS client sends
 * @param serverWrite protects what the DTLS server sends
 */
public record SrtpKeys(SrtpProfile profile, SrtpMasterKey clientWrite, SrtpMasterKey serverWrite) {
  /** Refuses keys that do not fit the profile. */
  public SrtpKeys {
    requireNonNull(profile, "profile");
    clientWrite.requireFits(profile);
    serverWrite.requireFits(profile);
  }

  /**
   * Splits the exported keying material: client key, server key, client salt, server salt (RFC 5764
   * §4.2).
   *
   * @param keyingMaterial as long as {@link #keyingMaterialLength} says
   */
  public static SrtpKeys ofKeyingMaterial(SrtpProfile profile, byte[] keyingMaterial) {
    if (keyingMaterial.length != keyingMaterialLength(profile)) {
      throw new IllegalArgumentException("keying material has " + keyingMaterial.length + " bytes");
    }
    int key = SrtpProfile.MASTER_KEY_LENGTH;
    int salt = profile.masterSaltLength();
    return new SrtpKeys(
        profile,
        SrtpMasterKey.copyOf(keyingMaterial, 0, key, 2 * key, salt),
        SrtpMasterKey.copyOf(keyingMaterial, key, key, 2 * key + salt, salt));
  }

  /** Bytes to ask of the TLS exporter. */
  public static int keyingMaterialLength(SrtpProfile profile) {
    return 2 * (SrtpProfile.MASTER_KEY_LENGTH + profile.masterSaltLength());
  }
}
