package dev.parley.media.transport;

import dev.parley.media.ice.AddressRateLimiter;
import dev.parley.media.ice.IceAnswerWriter;
import dev.parley.media.ice.IceCheckResult;
import dev.parley.media.ice.IceCredentials;
import dev.parley.media.ice.TransportAddress;
import dev.parley.media.ice.Ufrag;
import dev.parley.media.packet.Limits;
import dev.parley.media.stun.MessageIntegrity;
import dev.parley.media.stun.StunMessage;
import dev.parley.media.stun.StunParseResult;
import dev.parley.media.stun.StunType;

/**
 * Answers connectivity checks and learns the addresses of peers from them. A sender that cannot
 * sign gets a few errors a second and then silence, so that nobody can use us to shout at another.
 * Owned by one event loop.
 */
final class StunStage {
  private final LoopParts parts;
  private final TransportCounters counters;
  private final MessageIntegrity integrity = new MessageIntegrity();
  private final IceAnswerWriter answers = new IceAnswerWriter(integrity);
  private final StunMessage message = new StunMessage();
  private final AddressRateLimiter errorLimiter;

  StunStage(LoopParts parts) {
    this.parts = parts;
    counters = parts.counters;
    errorLimiter =
        new AddressRateLimiter(Limits.STUN_ERRORS_PER_SECOND_MAX, parts.random.nextInt());
  }

  void onMessage(MediaSocket socket, int length, SourceAddress from, long nowNs) {
    if (message.wrap(parts.receivedBuffer, 0, length) != StunParseResult.VALID) {
      counters.increment(TransportCounter.STUN_MALFORMED);
      return;
    }
    if (message.type() != StunType.BINDING_REQUEST) {
      counters.increment(TransportCounter.STUN_NOT_REQUEST);
      return;
    }
    Peer peer = parts.peers.byFragment(Ufrag.addressed(message));
    if (peer == null || peer.hasEnded()) {
      onUnknownPeer(socket, from, nowNs);
      return;
    }
    IceCredentials credentials = peer.ice().credentials(Ufrag.addressed(message));
    IceCheckResult result = peer.ice().onBindingRequest(message, integrity, from.address(), nowNs);
    count(result);
    if (result.error() == null) {
      onAccepted(peer, socket, from);
    }
    boolean isStranger =
        result == IceCheckResult.NOT_AUTHENTIC || result == IceCheckResult.INCOMPLETE;
    if (!isStranger || mayAnswerStranger(from, nowNs)) {
      int answerLength =
          answers.write(parts.sent, 0, message, result, from.address(), credentials.key());
      socket.send(parts.sent, answerLength, new RemoteAddress(from.address().socketAddress()));
    }
  }

  private void onUnknownPeer(MediaSocket socket, SourceAddress from, long nowNs) {
    counters.increment(TransportCounter.STUN_UNKNOWN_PEER);
    if (mayAnswerStranger(from, nowNs)) {
      int answerLength = answers.writeUnauthenticated(parts.sent, 0, message);
      socket.send(parts.sent, answerLength, new RemoteAddress(from.address().socketAddress()));
    }
  }

  private void onAccepted(Peer peer, MediaSocket socket, SourceAddress from) {
    IceCredentials retired = peer.ice().retiredCredentials();
    if (retired != null) {
      parts.peers.removeFragment(retired);
      counters.increment(TransportCounter.ICE_RESTARTS);
    }
    TransportAddress forgotten = peer.ice().forgottenAddress();
    if (forgotten != null) {
      parts.peers.removeAddress(peer, forgotten);
    }
    Path path = parts.peers.putAddress(peer, from.address(), socket);
    if (message.hasUseCandidate()) {
      path.socket = socket;
    }
    parts.follow(peer);
  }

  private void count(IceCheckResult result) {
    counters.increment(
        switch (result) {
          case KNOWN_ADDRESS, NEW_ADDRESS -> TransportCounter.STUN_CHECKS;
          case NOT_AUTHENTIC -> TransportCounter.STUN_NOT_AUTHENTIC;
          case INCOMPLETE, NOT_UNDERSTOOD, ROLE_CONFLICT -> TransportCounter.STUN_REFUSED;
        });
  }

  private boolean mayAnswerStranger(SourceAddress from, long nowNs) {
    boolean mayAnswer = errorLimiter.tryAcquire(from.hostHash(), nowNs);
    if (!mayAnswer) {
      counters.increment(TransportCounter.STUN_ERRORS_SUPPRESSED);
    }
    return mayAnswer;
  }
}
