package dev.parley.media.dtls;

import dev.parley.media.srtp.SrtpKeys;

/**
 * Hears of one session, on its virtual thread. Either {@link #onConnected} comes, and later perhaps
 * {@link #onClosed}, or {@link #onFailed} alone. Nothing comes after {@link DtlsSession#close} has
 * returned to the thread that calls it, save what was on its way and {@link #onEnded}, which is
 * always the last.
 */
public interface DtlsListener {
  /** The handshake is done and the peer's certificate is the one its SDP named. */
  void onConnected(SrtpKeys keys);

  /** There was no handshake, for this reason. */
  void onFailed(DtlsFailure reason);

  /** The peer ended an established session (close_notify or a fatal alert). */
  void onClosed();

  /** The session has sent its last datagram, the goodbye of our own close included. */
  default void onEnded() {}
}
