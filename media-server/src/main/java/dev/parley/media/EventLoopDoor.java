package dev.parley.media;

import dev.parley.media.dtls.CertificateFingerprint;
import dev.parley.media.ice.IceCredentials;
import dev.parley.media.sdp.Fingerprint;
import dev.parley.media.sdp.HeaderExtension.Kind;
import dev.parley.media.sdp.HostCandidate;
import dev.parley.media.sdp.NegotiatedLine;
import dev.parley.media.sdp.NegotiatedSession;
import dev.parley.media.transport.EventLoopProxy;
import dev.parley.media.transport.OutgoingLine;
import dev.parley.media.transport.PeerDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Speaks to an event loop in its own words. Any thread. */
final class EventLoopDoor implements PeerDoor {
  private final EventLoopProxy loop;
  private final List<HostCandidate> candidates;
  private final RandomGenerator random;

  EventLoopDoor(EventLoopProxy loop, List<HostCandidate> candidates, RandomGenerator random) {
    this.loop = loop;
    this.candidates = List.copyOf(candidates);
    this.random = random;
  }

  @Override
  public boolean addPeer(PeerTerms peer) {
    NegotiatedSession session = peer.session();
    Fingerprint fingerprint = session.remoteFingerprint();
    NegotiatedLine.Audio voice = session.receivingLine();
    return loop.addPeer(
        new PeerDescription(
            peer.peerId(),
            peer.agentIndex(),
            peer.credentials(),
            CertificateFingerprint.of(fingerprint.algorithm().token(), fingerprint.hash()),
            peer.cname(),
            random.nextInt(),
            voice != null,
            voice == null ? 0 : voice.receivedExtensionId(Kind.AUDIO_LEVEL),
            lines(session, peer.ssrcs())));
  }

  private static List<OutgoingLine> lines(NegotiatedSession session, List<Long> ssrcs) {
    List<OutgoingLine> lines = new ArrayList<>();
    for (NegotiatedLine.Audio line : session.sendingLines()) {
      NegotiatedLine.Red red = line.red();
      lines.add(
          new OutgoingLine(
              ssrcs.get(lines.size()).intValue(),
              line.payloadType(),
              line.mid(),
              line.sentExtensionId(Kind.MID),
              line.sentExtensionId(Kind.AUDIO_LEVEL),
              line.sentExtensionId(Kind.MIXER_TO_CLIENT_LEVEL),
              line.nack(),
              red == null ? OutgoingLine.NO_RED : red.payloadType()));
    }
    return lines;
  }

  @Override
  public boolean restartIce(int peerId, IceCredentials following) {
    return loop.restartIce(peerId, following);
  }

  @Override
  public boolean removePeer(int peerId) {
    return loop.removePeer(peerId);
  }

  @Override
  public List<HostCandidate> candidates() {
    return candidates;
  }
}
