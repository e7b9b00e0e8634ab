package dev.parley.media.dtls;

/** Why a handshake came to nothing; one counter each. */
public enum DtlsFailure {
  /** The peer did not finish in time. */
  TIMED_OUT,
  /** The peer's certificate is not the one its SDP named. */
  WRONG_FINGERPRINT,
  /** The peer showed no certificate. */
  NO_CERTIFICATE,
  /** The peer offers none of our SRTP profiles. */
  NO_SRTP_PROFILE,
  /** The peer sent a fatal alert, or closed. */
  REFUSED_BY_PEER,
  /** What the peer sent is not a handshake we can finish. */
  PROTOCOL_ERROR
}
