package dev.parley.media.srtp;

/**
 * The transform of one direction (RFC 3711 section 3.2): a profile under a master key, and who
 * computes it. Owner: whoever owns the receiver or sender.
 */
sealed interface SrtpTransform permits GcmTransform, JitsiTransform {
  /** GCM by our own framing where libcrypto is there; jitsi-srtp does the rest. */
  static SrtpTransform create(boolean sends, SrtpProfile profile, SrtpMasterKey masterKey) {
    masterKey.requireFits(profile);
    return profile == SrtpProfile.AEAD_AES_128_GCM && SrtpCiphers.hasLibcrypto()
        ? new GcmTransform(sends, masterKey)
        : new JitsiTransform(sends, profile, masterKey);
  }

  /** The profile it computes. */
  SrtpProfile profile();

  /** The context of one SSRC more, which need not be known yet. */
  SsrcContext newContext();

  /** Frees what its contexts share, after they have been closed. May be called twice. */
  void close();
}
