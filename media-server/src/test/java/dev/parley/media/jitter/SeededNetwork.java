package dev.parley.media.jitter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A talker and the network to its jitter buffer: packets with the number of their first sample as
 * payload, delayed, lost, doubled and reordered as a seed says. All times are on a clock that
 * starts at 0.
 */
final class SeededNetwork {
  /** One datagram's fate. */
  record Datagram(long arrivalNs, int sequence, long firstSample, int durationTicks) {}

  static final int SSRC = 0x5EED;
  static final int FIRST_SEQUENCE = 65_400;
  static final int FIRST_TIMESTAMP = 0xFFFF_0000;

  private final List<Datagram> datagrams = new ArrayList<>();
  private final ArrivedPacket packet = new ArrivedPacket();
  private final UnsafeBuffer payload = new UnsafeBuffer(new byte[16]);
  private final Random random;
  private int nextDatagram;
  private int sent;
  private int lostPackets;

  double lossProbability;
  double duplicateProbability;
  long jitterNs;
  double clockFactor = 1;

  /** What is sent from now on arrives no sooner than this. */
  long heldUntilNs;

  SeededNetwork(long seed) {
    random = new Random(seed);
  }

  /** Sends packets of {@code durationTicks} from {@code startSample} (sender's time) on. */
  void talk(long startSample, int packets, int durationTicks) {
    for (int i = 0; i < packets; i++) {
      long firstSample = startSample + (long) i * durationTicks;
      double sentNs = (firstSample + durationTicks) * (1e9 / 48_000) / clockFactor;
      int sequence = FIRST_SEQUENCE + sent++;
      if (random.nextDouble() < lossProbability) {
        lostPackets++;
        continue;
      }
      int copies = random.nextDouble() < duplicateProbability ? 2 : 1;
      for (int copy = 0; copy < copies; copy++) {
        long delayNs = jitterNs == 0 ? 0 : (long) (random.nextDouble() * jitterNs);
        long arrivalNs = Math.max(heldUntilNs, (long) sentNs + delayNs);
        datagrams.add(new Datagram(arrivalNs, sequence, firstSample, durationTicks));
      }
    }
  }

  /** To be called once all is said. */
  void sort() {
    datagrams.sort(Comparator.comparingLong(Datagram::arrivalNs));
  }

  /**
   * Gives the buffer what has arrived by {@code nowNs}; the last argument of {@code seen} is the
   * buffer's answer.
   */
  void deliver(JitterBuffer buffer, long nowNs, Delivery seen) {
    while (nextDatagram < datagrams.size() && datagrams.get(nextDatagram).arrivalNs() <= nowNs) {
      Datagram datagram = datagrams.get(nextDatagram++);
      payload.putLong(0, datagram.firstSample());
      payload.putInt(8, datagram.sequence());
      payload.putInt(12, datagram.durationTicks());
      packet
          .header(
              SSRC,
              datagram.sequence(),
              FIRST_TIMESTAMP + (int) datagram.firstSample(),
              datagram.arrivalNs())
          .payload(payload, 0, 16, datagram.durationTicks());
      seen.onDelivered(datagram, buffer.insert(packet));
    }
  }

  interface Delivery {
    void onDelivered(Datagram datagram, InsertResult result);
  }

  boolean isDrained() {
    return nextDatagram == datagrams.size();
  }

  int sent() {
    return sent;
  }

  int lostPackets() {
    return lostPackets;
  }
}
