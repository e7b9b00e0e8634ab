package dev.parley.common.token;

/** Which way a participant's audio may go. */
public enum AudioGrant {
  SENDRECV,
  SEND,
  RECV,
  NONE;

  /** Returns true if others may hear the participant. */
  public boolean maySend() {
    return this == SENDRECV || this == SEND;
  }

  /** Returns true if the participant may hear others. */
  public boolean mayReceive() {
    return this == SENDRECV || this == RECV;
  }
}
