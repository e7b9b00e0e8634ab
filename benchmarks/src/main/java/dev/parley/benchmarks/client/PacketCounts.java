package dev.parley.benchmarks.client;

/**
 * The few figures that are cheap enough to be taken each second. RTP packets, since the client was
 * made.
 *
 * @param sent by the client
 * @param received by it, what was injected as loss left out
 * @param lost that the server did not deliver
 * @param injectedLost by the client itself, either way
 */
public record PacketCounts(long sent, long received, long lost, long injectedLost) {
  public static final PacketCounts NONE = new PacketCounts(0, 0, 0, 0);

  /** The sum. */
  public PacketCounts plus(PacketCounts other) {
    return new PacketCounts(
        sent + other.sent,
        received + other.received,
        lost + other.lost,
        injectedLost + other.injectedLost);
  }

  /** What happened since an earlier count. */
  public PacketCounts minus(PacketCounts before) {
    return new PacketCounts(
        sent - before.sent,
        received - before.received,
        lost - before.lost,
        injectedLost - before.injectedLost);
  }
}
