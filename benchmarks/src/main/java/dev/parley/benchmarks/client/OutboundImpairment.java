package dev.parley.benchmarks.client;

import dev.parley.media.dtls.DatagramOutput;

/**
 * A client's packets on their way through an {@link ImpairedNetwork} to the server. Keeps what the
 * server may rightly report as lost, so that what it lost itself can be told. Owner: the client
 * loop.
 */
final class OutboundImpairment implements Impairment {
  /** Packets for which is known what was lost before them: over a minute, reports come sooner. */
  private static final int WINDOW = 4_096;

  private final ImpairedPath path;
  private final InjectedLosses losses;
  private final int talker;
  private final DatagramOutput output;
  private final int[] explained = new int[WINDOW];
  private int lostMedia;
  private int lostControl;
  private long delayed;

  OutboundImpairment(ImpairedNetwork network, int talker, DatagramOutput output) {
    this.path = network.path(talker, ImpairedNetwork.Direction.OUT);
    this.losses = network.losses();
    this.talker = talker;
    this.output = output;
  }

  /**
   * Sends, keeps or loses one protected RTP packet.
   *
   * @param index packets of the stream before it
   */
  void sendRtp(byte[] datagram, int length, long index, long nowNs) {
    long releaseNs = path.releaseNs(false, nowNs);
    // A server counts from the first packet it sees, so what came before it would explain nothing.
    boolean isLost = releaseNs == ImpairedPath.LOST && index > 0;
    losses.note(talker, (int) index, isLost);
    lostMedia += isLost ? 1 : 0;
    explained[(int) index & (WINDOW - 1)] = lostMedia;
    if (isLost) {
      return;
    }
    if (releaseNs == ImpairedPath.LOST || releaseNs - nowNs <= 0) {
      release(datagram, length, index);
    } else {
      delayed++;
      path.hold(datagram, 0, length, false, index, releaseNs);
    }
  }

  /** Sends, keeps or loses one protected RTCP packet. */
  void sendRtcp(byte[] datagram, int length, long nowNs) {
    long releaseNs = path.releaseNs(true, nowNs);
    if (releaseNs == ImpairedPath.LOST) {
      lostControl++;
    } else if (releaseNs - nowNs <= 0) {
      output.send(datagram, 0, length);
    } else {
      path.hold(datagram, 0, length, true, -1, releaseNs);
    }
  }

  private void release(byte[] datagram, int length, long index) {
    output.send(datagram, 0, length);
    // Those it overtakes are missing to the server until they arrive.
    explained[(int) index & (WINDOW - 1)] += path.heldBefore(index);
  }

  /** Sends what is due. */
  @Override
  public void onTime(long nowNs) {
    while (path.isDue(nowNs)) {
      ImpairedPath.Held due = path.take();
      if (due.isControl()) {
        output.send(due.bytes(), 0, due.length());
      } else {
        release(due.bytes(), due.length(), due.index());
      }
    }
  }

  /** Nothing is sent any more: what is still on its way is lost, and by our doing. */
  void close() {
    while (!path.isEmpty()) {
      ImpairedPath.Held due = path.take();
      if (!due.isControl()) {
        losses.note(talker, (int) due.index(), true);
        lostMedia++;
      }
    }
  }

  @Override
  public long dueNs(long nowNs) {
    return path.dueNs(nowNs);
  }

  /** Packets that a server which has seen this one and none after it must miss by our doing. */
  int explainedAt(long index) {
    return explained[(int) index & (WINDOW - 1)];
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
