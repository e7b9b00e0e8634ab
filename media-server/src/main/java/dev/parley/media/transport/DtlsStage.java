package dev.parley.media.transport;

import dev.parley.media.dtls.DtlsFailure;
import dev.parley.media.dtls.DtlsListener;
import dev.parley.media.dtls.DtlsServer;
import dev.parley.media.dtls.DtlsSession;
import dev.parley.media.packet.Limits;
import dev.parley.media.packet.PeerState;
import dev.parley.media.srtp.SrtpKeys;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Passes DTLS between a peer's proven address and its handshake, which runs on a thread of its own.
 * A spoofed hello costs one look-up: without an authenticated check there is no path. Owned by one
 * event loop.
 */
final class DtlsStage {
  /** Datagrams of all handshakes on their way to the loop: 200 joins' flights at once. */
  private static final int OUTPUTS_WAITING_MAX = 2048;

  private final LoopParts parts;
  private final TransportCounters counters;
  private final DtlsServer server;
  private final Executor loop;
  private final AtomicInteger outputsWaiting = new AtomicInteger();

  /** Dropped on handshakes' threads, until the loop adds them to its counter. */
  private final AtomicInteger outputsDropped = new AtomicInteger();

  DtlsStage(LoopParts parts, Executor loop) {
    this.parts = parts;
    this.loop = loop;
    counters = parts.counters;
    server = parts.settings.dtls();
  }

  void onDatagram(int length, SourceAddress from, long nowNs) {
    Path path = parts.peers.byAddress(from);
    if (path == null) {
      counters.increment(TransportCounter.DTLS_UNPROVEN_ADDRESS);
      return;
    }
    Peer peer = path.peer;
    DtlsSession session = peer.dtls();
    if (session == null && !peer.hasEnded()) {
      session = start(peer);
    }
    if (session == null) {
      counters.increment(TransportCounter.DTLS_BUSY);
    } else if (!session.offer(parts.received, 0, length, nowNs)) {
      counters.increment(TransportCounter.DTLS_REFUSED);
    }
  }

  private @Nullable DtlsSession start(Peer peer) {
    Listener listener = new Listener(peer);
    DtlsSession session =
        server.accept(
            peer.description().fingerprint(),
            (buffer, offset, length) -> send(peer, buffer, offset, length),
            listener);
    if (session != null) {
      peer.dtls(session);
    }
    return session;
  }

  /** On the handshake's thread. What is dropped here, DTLS sends again. */
  private void send(Peer peer, byte[] buffer, int offset, int length) {
    if (outputsWaiting.incrementAndGet() > OUTPUTS_WAITING_MAX
        || length > Limits.DATAGRAM_LENGTH_MAX) {
      outputsWaiting.decrementAndGet();
      outputsDropped.incrementAndGet();
      return;
    }
    byte[] copy = Arrays.copyOfRange(buffer, offset, offset + length);
    loop.execute(() -> {
      outputsWaiting.decrementAndGet();
      onOutput(peer, copy);
    });
  }

  private void onOutput(Peer peer, byte[] datagram) {
    counters.add(TransportCounter.DTLS_OUTPUT_DROPPED, outputsDropped.getAndSet(0));
    Path path = peer.selected();
    if (path == null) {
      counters.increment(TransportCounter.DTLS_OUTPUT_DROPPED);
      return;
    }
    path.socket.send(new UnsafeBuffer(datagram), datagram.length, path.address);
    path.socket.flush();
  }

  /** Brings one handshake's news from its thread to the loop. */
  private final class Listener implements DtlsListener {
    private final Peer peer;

    Listener(Peer peer) {
      this.peer = peer;
    }

    @Override
    public void onConnected(SrtpKeys srtpKeys) {
      PeerDescription description = peer.description();
      Keys keys = Keys.derive(srtpKeys, description.reportSsrc(), description.lines());
      loop.execute(() -> {
        if (!peer.onKeys(keys)) {
          keys.close();
        }
        tell();
      });
    }

    @Override
    public void onFailed(DtlsFailure reason) {
      loop.execute(() -> {
        counters.increment(TransportCounter.DTLS_FAILURES);
        peer.end(PeerState.DTLS_FAILED);
        tell();
      });
    }

    @Override
    public void onClosed() {
      loop.execute(() -> {
        peer.end(PeerState.CLOSED_BY_PEER);
        tell();
      });
    }

    private void tell() {
      if (parts.peers.byId(peer.id()) == peer) {
        peer.poll(parts.clockNs.getAsLong(), counters);
      }
    }
  }
}
