package dev.parley.benchmarks.client;

import org.jspecify.annotations.Nullable;

/**
 * What one client is like.
 *
 * @param number its talker number in {@link PacketStamp}s; unique in the process
 * @param receivingLines audio lines of the offer that may receive, the first of which also sends if
 *     anything is sent; 1..8
 * @param voice what it says
 * @param packetIntervalMs 20, or a multiple for one that is silent and uses discontinuous
 *     transmission (browsers: 400); 0 for one that only receives
 * @param listens whether it decodes what it hears, to search it for tones
 * @param loopback whether it talks to a server on this machine: then it binds 127.0.0.1
 * @param pattern how it pauses between talk-spurts, or null if the voice goes on
 * @param network that loses, delays and disorders its packets, or null
 * @param nack whether it asks for packets it lost (RFC 4585)
 * @param watch is told of its packets
 */
public record ClientSettings(
    int number,
    int receivingLines,
    VoiceSource voice,
    int packetIntervalMs,
    boolean listens,
    boolean loopback,
    @Nullable TalkPattern pattern,
    @Nullable ImpairedNetwork network,
    boolean nack,
    PacketWatch watch) {
  /** Milliseconds of a packet. */
  static final int PACKET_MS = 20;

  private static final int LINES_MAX = 8;

  /** Refuses an offer nobody answers. */
  public ClientSettings {
    if (receivingLines < 1 || receivingLines > LINES_MAX) {
      throw new IllegalArgumentException(
          "receivingLines must be 1.." + LINES_MAX + ": " + receivingLines);
    }
    if (packetIntervalMs < 0 || packetIntervalMs % PACKET_MS != 0) {
      throw new IllegalArgumentException(
          "packetIntervalMs must be 0 or a multiple of 20: " + packetIntervalMs);
    }
  }

  /**
   * One whose voice goes on, over the network as it is, that asks for nothing, and whom nobody
   * watches.
   */
  public ClientSettings(
      int number,
      int receivingLines,
      VoiceSource voice,
      int packetIntervalMs,
      boolean listens,
      boolean loopback) {
    this(
        number,
        receivingLines,
        voice,
        packetIntervalMs,
        listens,
        loopback,
        null,
        null,
        false,
        PacketWatch.NONE);
  }

  boolean sends() {
    return packetIntervalMs > 0;
  }
}
