package dev.parley.media;

import dev.parley.media.sdp.HostCandidate;
import java.util.List;

/** One event loop as joining sees it. Any thread; no method waits. */
interface PeerDoor {
  /** Gives the loop a peer to wait for; false if it is too far behind. */
  boolean addPeer(PeerTerms peer);

  /** Takes a peer away; false if the loop is too far behind. */
  boolean removePeer(int peerId);

  /** Where clients reach this loop, best first. */
  List<HostCandidate> candidates();
}
