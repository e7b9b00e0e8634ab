package dev.parley.media.srtp;

/** Who computes which profile; a server takes the first where it can. Immutable. */
public enum SrtpWay {
  /** AES-GCM framed by us, computed by libcrypto. */
  GCM(SrtpProfile.AEAD_AES_128_GCM),
  /** AES-GCM by jitsi-srtp with its own binding of OpenSSL: where libcrypto cannot be called. */
  GCM_JITSI(SrtpProfile.AEAD_AES_128_GCM),
  /** AES-CM with HMAC-SHA1 by jitsi-srtp. */
  AES_CM(SrtpProfile.SRTP_AES128_CM_HMAC_SHA1_80);

  private final SrtpProfile profile;

  SrtpWay(SrtpProfile profile) {
    this.profile = profile;
  }

  /** False for {@link #GCM} where there is no libcrypto. */
  public boolean isPossible() {
    return this != GCM || SrtpCiphers.hasLibcrypto();
  }

  /** The profile computed. */
  public SrtpProfile profile() {
    return profile;
  }

  /** A sender that works this way. */
  public SrtpSender newSender(SrtpMasterKey masterKey) {
    return new SrtpSender(transform(true, masterKey));
  }

  /** A receiver that works this way. */
  public SrtpReceiver newReceiver(SrtpMasterKey masterKey) {
    return new SrtpReceiver(transform(false, masterKey));
  }

  private SrtpTransform transform(boolean sends, SrtpMasterKey masterKey) {
    return this == GCM
        ? new GcmTransform(sends, masterKey)
        : new JitsiTransform(sends, profile, masterKey);
  }
}
