package dev.parley.benchmarks.client;

import dev.parley.media.rtp.RtpPacket;
import org.agrona.MutableDirectBuffer;

/**
 * One who measures more than {@link ClientFigures}: is told of packets as they leave and as they
 * arrive. The client loops call it, but for {@link #begin}.
 */
public interface PacketWatch {
  /** Measures nothing. */
  PacketWatch NONE = new NoWatch();

  /** The warm-up is over. Any thread. */
  default void begin() {}

  /**
   * Whether arrivals at this client are wanted. Each costs a system call more, so it should be a
   * handful of many.
   */
  default boolean listensAt(int client) {
    return false;
  }

  /**
   * A packet is about to be given to the kernel.
   *
   * @param talker number of the client that sends it
   * @param count of its packets before this one
   */
  default void onSend(int talker, int count) {}

  /**
   * An authentic packet has arrived.
   *
   * @param client number of the receiver
   * @param packet decrypted, in the buffer; valid during the call
   * @param arrivedNs the kernel's stamp, nanoseconds of CLOCK_REALTIME
   */
  default void onArrival(
      int client, RtpPacket packet, MutableDirectBuffer buffer, long arrivedNs) {}

  /** What {@link #NONE} is. Has no state. */
  final class NoWatch implements PacketWatch {
    private NoWatch() {}
  }
}
