package dev.parley.media;

import dev.parley.media.ice.IceCredentials;
import dev.parley.media.sdp.HostCandidate;
import java.util.List;

/** One event loop as joining sees it. Any thread; no method waits. */
interface PeerDoor {
  /** Gives the loop a peer to wait for; false if it is too far behind. */
  boolean addPeer(PeerTerms peer);

  /** Begins ICE anew with a peer; false if the loop is too far behind. */
  boolean restartIce(int peerId, IceCredentials following);

  /** Takes a peer away; false if the loop is too far behind. */
  boolean removePeer(int peerId);

  /** Where clients reach this loop, best first. */
  List<HostCandidate> candidates();
}
