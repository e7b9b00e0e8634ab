package dev.parley.media.jitter;

/** What comes next in a talker's playout. */
public enum PlayoutStep {
  /** Decode the payload. */
  PACKET,
  /**
   * The packet is lost but its successor is here: recover it from the successor's in-band FEC,
   * shown as the payload.
   */
  FEC_OF_NEXT,
  /** The packet is lost: conceal it. */
  LOST,
  /**
   * Nothing is here, maybe it is still to come: conceal; the playout holds, so nothing is skipped
   * if it does come.
   */
  STARVED,
  /** The talker pauses (discontinuous transmission), has not begun or has gone: no sound. */
  SILENCE
}
