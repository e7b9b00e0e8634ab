package dev.parley.common.token;

/** Which way a participant's audio may go. */
public enum AudioGrant {
  SENDRECV,
  RECV;

  /** Returns true if others may hear the participant. */
  public boolean maySend() {
    return this == SENDRECV;
  }
}
