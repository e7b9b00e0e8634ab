package dev.parley.common.token;

/** Which way a participant's audio may go. */
public enum AudioGrant {
  /** Hear and be heard. */
  SENDRECV,
  /** Be heard, and hear nobody. */
  SEND,
  /** Hear, and never be heard. */
  RECV,
  /** Neither. */
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
