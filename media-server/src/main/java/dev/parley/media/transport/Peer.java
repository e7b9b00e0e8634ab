package dev.parley.media.transport;

import dev.parley.media.dtls.DtlsSession;
import dev.parley.media.ice.IceLiteAgent;
import dev.parley.media.ice.IceState;
import dev.parley.media.ice.IceTimes;
import dev.parley.media.packet.PeerState;
import dev.parley.media.packet.PeerStateChange;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One participant's transport: its path, handshake, keys and streams, and what its mix agent has
 * been told. Owned by one event loop.
 */
final class Peer {
  private final int id;
  private final PeerDescription description;
  private final IceLiteAgent ice;
  private final SentStream[] sentStreams;
  private final ReceivedStreams receivedStreams = new ReceivedStreams();
  private final RetransmissionBudget retransmissionBudget;
  private final byte[] cname;
  private RingBuffer inbound;
  private @Nullable DtlsSession dtls;
  private @Nullable Keys keys;
  private @Nullable Path selected;
  private @Nullable PeerState end;
  private @Nullable PeerState told;
  private boolean isReleased;
  private long nextReportNs;
  private long quietUntilNs;
  private boolean hasReportedSending;
  private long roundTripNs;

  Peer(PeerDescription description, IceTimes iceTimes, RingBuffer inbound, long nowNs) {
    id = description.peerId();
    this.description = description;
    this.inbound = inbound;
    nextReportNs = nowNs;
    quietUntilNs = nowNs;
    ice = new IceLiteAgent(description.ice(), iceTimes, nowNs);
    retransmissionBudget = new RetransmissionBudget(nowNs);
    cname = description.cname().getBytes(StandardCharsets.UTF_8);
    sentStreams = new SentStream[description.lines().size()];
    for (int i = 0; i < sentStreams.length; i++) {
      sentStreams[i] = new SentStream(description.lines().get(i));
    }
  }

  int id() {
    return id;
  }

  PeerDescription description() {
    return description;
  }

  IceLiteAgent ice() {
    return ice;
  }

  /** The ring to its mix agent. */
  RingBuffer inbound() {
    return inbound;
  }

  /** Another mix agent has its conference from now on. */
  void inbound(RingBuffer ring) {
    inbound = ring;
  }

  byte[] cname() {
    return cname;
  }

  @Nullable DtlsSession dtls() {
    return dtls;
  }

  void dtls(DtlsSession session) {
    dtls = session;
  }

  @Nullable Keys keys() {
    return keys;
  }

  ReceivedStreams receivedStreams() {
    return receivedStreams;
  }

  int sentStreamCount() {
    return sentStreams.length;
  }

  SentStream sentStream(int line) {
    return sentStreams[line];
  }

  /** Index of the line with our SSRC, or -1. */
  int lineOf(int ssrc) {
    for (int i = 0; i < sentStreams.length; i++) {
      if (sentStreams[i].line.ssrc() == ssrc) {
        return i;
      }
    }
    return -1;
  }

  /** Where to send, or null before the first authentic check. */
  @Nullable Path selected() {
    return selected;
  }

  void selected(@Nullable Path path) {
    selected = path;
  }

  /** Nothing comes or goes by this path any more. */
  void onClosed(Path path) {
    ice.onClosed(path.remote);
    if (path == selected) {
      selected = null;
    }
  }

  /** True while packets may be sent: there is a path, consent on it, and keys. */
  boolean maySend() {
    return keys != null && selected != null && ice.maySend();
  }

  /** When to ask next whether a report is due. */
  long nextReportNs() {
    return nextReportNs;
  }

  void nextReportNs(long ns) {
    nextReportNs = ns;
  }

  /** Until when there is no report without news. */
  long quietUntilNs() {
    return quietUntilNs;
  }

  /** True if it has had a report that tells of what it was sent. */
  boolean hasReportedSending() {
    return hasReportedSending;
  }

  /** A report has been sent. */
  void onReported(boolean tellsOfSending, long nextQuietUntilNs) {
    hasReportedSending |= tellsOfSending;
    quietUntilNs = nextQuietUntilNs;
  }

  RetransmissionBudget retransmissionBudget() {
    return retransmissionBudget;
  }

  /** As the peer's reports say, or 0 before the first that does. */
  long roundTripNs() {
    return roundTripNs;
  }

  void roundTripNs(long reportedNs) {
    roundTripNs = reportedNs;
  }

  /** Takes the keys into use; false if the peer has gone meanwhile and cannot use them. */
  boolean onKeys(Keys derived) {
    if (isReleased || keys != null) {
      return false;
    }
    keys = derived;
    for (SentStream stream : sentStreams) {
      stream.sender(derived.sender().of(stream.ssrc));
    }
    return true;
  }

  /** Ends the peer for this reason, unless it has ended already. */
  void end(PeerState state) {
    assert state.isFinal() : state;
    if (end == null) {
      end = state;
      release();
    }
  }

  boolean hasEnded() {
    return end != null;
  }

  /** Frees what it holds; may be called twice. */
  void release() {
    isReleased = true;
    if (keys != null) {
      keys.close();
      keys = null;
    }
    if (dtls != null) {
      dtls.close();
    }
  }

  /** Brings the state up to date and tells the mix agent what it has not been told. */
  void poll(long nowNs, TransportCounters counters) {
    PeerState state = state(nowNs);
    if (state == null || state == told) {
      return;
    }
    // A full ring is tried again at the next poll: unlike a packet, this news must arrive.
    if (PeerStateChange.tryWrite(inbound, id(), state, nowNs)) {
      if (told == null && state == PeerState.CONNECTED) {
        counters.increment(TransportCounter.PEERS_CONNECTED);
      }
      told = state;
    }
  }

  /** True once its end has been told: nothing more will come of it. */
  boolean isFinished() {
    return told != null && told.isFinal();
  }

  private @Nullable PeerState state(long nowNs) {
    IceState iceState = ice.poll(nowNs);
    switch (iceState) {
      case CONSENT_EXPIRED -> end(PeerState.CONSENT_EXPIRED);
      case CONNECT_TIMEOUT -> end(PeerState.CONNECT_TIMEOUT);
      case CHECKING, CONNECTED, RECONNECTING -> {
        // Goes on.
      }
    }
    if (end != null) {
      return end;
    }
    if (keys == null) {
      return null;
    }
    return iceState == IceState.RECONNECTING ? PeerState.RECONNECTING : PeerState.CONNECTED;
  }
}
