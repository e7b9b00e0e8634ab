package dev.parley.media;

import dev.parley.media.ice.IceCredentials;
import dev.parley.media.sdp.NegotiatedSession;
import java.util.List;

/**
 * Everything that was agreed for one peer's transport. Immutable.
 *
 * @param peerId unique in this process
 * @param agentIndex the mix agent that runs its conference
 * @param credentials both sides' ICE credentials
 * @param ssrcs unsigned, one for each line we send on, in order
 * @param cname names us in the reports to this peer (RFC 3550 §6.5.1)
 */
record PeerTerms(
    int peerId,
    int agentIndex,
    IceCredentials credentials,
    NegotiatedSession session,
    List<Long> ssrcs,
    String cname) {
  PeerTerms {
    ssrcs = List.copyOf(ssrcs);
  }
}
