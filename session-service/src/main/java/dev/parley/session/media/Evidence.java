package dev.parley.session.media;

import java.time.Duration;

/**
 * What is known of a media server that is not heard of, and what follows. A link that is cut is not
 * a server that is dead: its clients may hear each other all the same, and a second server for
 * their conference would split it. Immutable.
 *
 * @param silenceNs how long nothing has been heard of it on any link of this node
 * @param answersProbes true if it answered a STUN request just now, whoever sent that
 * @param isDeafToProbes true if a server of its region that is heard of got no answer, or its own
 *     machine said that nobody listens
 * @param hasClientsWithMedia true if a client has said since that its media flows
 * @param hasClientsWithout true if a client has said since that its media has stopped
 */
record Evidence(
    long silenceNs,
    boolean answersProbes,
    boolean isDeafToProbes,
    boolean hasClientsWithMedia,
    boolean hasClientsWithout) {

  /** What is made of it. */
  enum Verdict {
    /** It serves its clients: whatever is broken, it is not the server. */
    LIVES,
    /** Nobody knows. */
    UNKNOWN,
    /** It is gone, and its conferences need another. */
    DEAD
  }

  /**
   * Judges.
   *
   * @param deadAfter without any witness it is dead after this long
   */
  Verdict judge(Duration deadAfter) {
    if (hasClientsWithMedia || answersProbes) {
      return Verdict.LIVES;
    }
    if (isDeafToProbes || hasClientsWithout) {
      return Verdict.DEAD;
    }
    return silenceNs > deadAfter.toNanos() ? Verdict.DEAD : Verdict.UNKNOWN;
  }
}
