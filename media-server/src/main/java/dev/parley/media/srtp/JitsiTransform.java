package dev.parley.media.srtp;

/**
 * Either profile by jitsi-srtp, whose contexts share nothing. Immutable.
 *
 * @param sends whether contexts protect or unprotect
 * @param profile what is computed
 * @param masterKey session keys are derived from it for each context
 */
record JitsiTransform(boolean sends, SrtpProfile profile, SrtpMasterKey masterKey)
    implements SrtpTransform {
  @Override
  public JitsiSsrcContext newContext() {
    return JitsiSsrcContext.create(sends, profile, masterKey);
  }

  /** Each context closes its own. */
  @Override
  public void close() {}
}
