package dev.parley.media.transport;

import dev.parley.media.ice.IceCredentials;
import dev.parley.media.packet.Limits;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/**
 * The door to one event loop for all other threads. Each method returns false if the loop is too
 * far behind or full: the caller answers "busy" and never waits.
 */
public final class EventLoopProxy {
  private final ManyToOneConcurrentArrayQueue<Consumer<MediaEventLoop>> commands =
      new ManyToOneConcurrentArrayQueue<>(Limits.COMMANDS_MAX);
  private final AtomicInteger peerCount = new AtomicInteger();
  private final Runnable wake;

  EventLoopProxy(Runnable wake) {
    this.wake = wake;
  }

  /** Starts to wait for a peer's checks. */
  public boolean addPeer(PeerDescription peer) {
    if (peerCount.incrementAndGet() > Limits.PEERS_PER_LOOP_MAX
        || !offer(loop -> loop.onAddPeer(peer))) {
      peerCount.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Begins ICE anew with a peer, its keys and streams staying; nothing if it is gone already. */
  public boolean restartIce(int peerId, IceCredentials following) {
    return offer(loop -> loop.onRestartIce(peerId, following));
  }

  /** Ends a peer's transport; does nothing if it is gone already. */
  public boolean removePeer(int peerId) {
    return offer(loop -> loop.onRemovePeer(peerId));
  }

  /** Ends one peer's transport and starts another's in its place, as one step. */
  public boolean replacePeer(int peerId, PeerDescription peer) {
    peerCount.incrementAndGet();
    boolean isAccepted =
        offer(loop -> {
          loop.onRemovePeer(peerId);
          loop.onAddPeer(peer);
        });
    if (!isAccepted) {
      peerCount.decrementAndGet();
    }
    return isAccepted;
  }

  /**
   * Hands what comes of some peers to another mix agent from now on; those that are gone are no
   * matter.
   *
   * @param onTurned told on the loop's thread, at once, up to which position the ring to the old
   *     agent was written
   */
  public boolean turnPeers(int[] peerIds, int fromAgent, int toAgent, LongConsumer onTurned) {
    return offer(loop -> loop.onTurnPeers(peerIds, fromAgent, toAgent, onTurned));
  }

  /** Peers the loop has or is about to have. */
  public int peerCount() {
    return peerCount.get();
  }

  void onPeerRemoved() {
    peerCount.decrementAndGet();
  }

  int drain(Consumer<Consumer<MediaEventLoop>> executor, int commandsMax) {
    return commands.drain(executor, commandsMax);
  }

  boolean hasCommands() {
    return !commands.isEmpty();
  }

  private boolean offer(Consumer<MediaEventLoop> command) {
    boolean isAccepted = commands.offer(command);
    if (isAccepted) {
      wake.run();
    }
    return isAccepted;
  }
}
