package dev.parley.media.conference;

/** What a conference asks of the event loops. Called by mix agents; must not block or allocate. */
@FunctionalInterface
public interface PeerCommands {
  /**
   * Ends a peer's transport; no-op if it is gone already.
   *
   * @return false if the loop is too far behind: the agent asks again
   */
  boolean removePeer(int loopIndex, int peerId);
}
