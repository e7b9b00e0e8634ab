package dev.parley.media.srtp;

/**
 * AEAD_AES_128_GCM (RFC 7714) by libcrypto. Session keys are the same for all SSRCs of a master
 * key, whose nonces differ by the SSRC in them; so two ciphers serve a direction, one for RTP and
 * one for RTCP, and stay in the processor's cache the better. Owned with its sender or receiver.
 */
final class GcmTransform implements SrtpTransform {
  private final GcmCipher rtp;
  private final GcmCipher rtcp;

  GcmTransform(boolean sends, SrtpMasterKey masterKey) {
    SessionKeys keys = new SessionKeys(masterKey);
    rtp = cipher(sends, keys, SessionKeys.RTP_ENCRYPTION, SessionKeys.RTP_SALT);
    rtcp = cipher(sends, keys, SessionKeys.RTCP_ENCRYPTION, SessionKeys.RTCP_SALT);
  }

  private static GcmCipher cipher(boolean sends, SessionKeys keys, int keyLabel, int saltLabel) {
    return new GcmCipher(
        sends,
        keys.derive(keyLabel, SrtpProfile.MASTER_KEY_LENGTH),
        keys.derive(saltLabel, GcmCipher.SALT_LENGTH));
  }

  @Override
  public SrtpProfile profile() {
    return SrtpProfile.AEAD_AES_128_GCM;
  }

  @Override
  public SsrcContext newContext() {
    return new GcmSsrcContext(rtp, rtcp);
  }

  @Override
  public void close() {
    rtp.close();
    rtcp.close();
  }

  boolean isClosed() {
    return rtp.isClosed() && rtcp.isClosed();
  }
}
