package dev.parley.benchmarks.client;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A server's packets on their way through an {@link ImpairedNetwork} to one client, before
 * decryption: to SRTP a packet lost here has never come, and may come again. Owner: the client
 * loop.
 */
final class InboundImpairment implements Impairment {
  private static final int RTP_HEADER_LENGTH = 12;

  private final ImpairedPath path;
  private final Receiver receiver;
  private long lostMedia;
  private long lostControl;
  private long delayed;

  /** Whom the packets are for. */
  interface Receiver {
    /** A datagram has come through. */
    void onArrived(UnsafeBuffer datagram, int length, boolean isControl, long nowNs);

    /** An RTP datagram has not; its header is whole. */
    void onInjectedLoss(UnsafeBuffer datagram, int length);
  }

  InboundImpairment(ImpairedNetwork network, int client, Receiver receiver) {
    this.path = network.path(client, ImpairedNetwork.Direction.IN);
    this.receiver = receiver;
  }

  /** One datagram from the socket. */
  void onDatagram(UnsafeBuffer datagram, int length, boolean isControl, long nowNs) {
    long releaseNs = path.releaseNs(isControl, nowNs);
    if (releaseNs == ImpairedPath.LOST) {
      onLost(datagram, length, isControl);
    } else if (releaseNs - nowNs <= 0) {
      receiver.onArrived(datagram, length, isControl, nowNs);
    } else {
      delayed += isControl ? 0 : 1;
      path.hold(datagram.byteArray(), 0, length, isControl, -1, releaseNs);
    }
  }

  private void onLost(UnsafeBuffer datagram, int length, boolean isControl) {
    if (isControl) {
      lostControl++;
      return;
    }
    lostMedia++;
    if (length >= RTP_HEADER_LENGTH) {
      receiver.onInjectedLoss(datagram, length);
    }
  }

  /**
   * Hands on what is due, as of the moment at which it was: our own lateness is not the network's.
   */
  @Override
  public void onTime(long nowNs) {
    while (path.isDue(nowNs)) {
      ImpairedPath.Held due = path.take();
      receiver.onArrived(due.datagram(), due.length(), due.isControl(), due.releaseNs());
    }
  }

  @Override
  public long dueNs(long nowNs) {
    return path.dueNs(nowNs);
  }

  @Override
  public long lostMedia() {
    return lostMedia;
  }

  @Override
  public long lostControl() {
    return lostControl;
  }

  @Override
  public long delayed() {
    return delayed;
  }
}
