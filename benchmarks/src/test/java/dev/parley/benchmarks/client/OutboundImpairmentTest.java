package dev.parley.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class OutboundImpairmentTest {
  private static final long PACKET_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private long highest = -1;
  private final Set<Long> arrived = new HashSet<>();
  private int wrong;

  /** A server that reports after each packet misses no more than is explained. */
  @Property(tries = 20)
  void whatWeLostExplainsWhatTheServerMisses(
      @ForAll long seed,
      @ForAll @IntRange(max = 30) int loss,
      @ForAll @IntRange(max = 60) int jitter,
      @ForAll @IntRange(max = 20) int reorder) {
    highest = -1;
    arrived.clear();
    wrong = 0;
    ImpairedNetwork network = new ImpairedNetwork(loss, jitter, reorder, seed);
    OutboundImpairment out =
        new OutboundImpairment(network, 0, (bytes, offset, length) -> arrive(bytes));
    for (long i = 0; i < 6_000; i++) {
      out.onTime(i * PACKET_NS);
      byte[] packet = ByteBuffer.allocate(Long.BYTES).putLong(i).array();
      out.sendRtp(packet, packet.length, i, i * PACKET_NS);
      report(out);
    }
    out.onTime(Long.MAX_VALUE / 2);

    assertThat(wrong).isZero();
    if (jitter == 0 && reorder == 0) {
      assertThat(highest + 1 - arrived.size()).isEqualTo(out.explainedAt(highest));
    }
    assertThat(arrived.size() + out.lostMedia()).isEqualTo(6_000);
  }

  /** One who leaves has lost what had not yet reached the server. */
  @Property(tries = 20)
  void whatIsOnItsWayAtTheEndIsLost(@ForAll long seed) {
    arrived.clear();
    ImpairedNetwork network = new ImpairedNetwork(5, 60, 20, seed);
    OutboundImpairment out =
        new OutboundImpairment(network, 0, (bytes, offset, length) -> arrive(bytes));
    for (long i = 0; i < 500; i++) {
      out.onTime(i * PACKET_NS);
      out.sendRtp(ByteBuffer.allocate(Long.BYTES).putLong(i).array(), 8, i, i * PACKET_NS);
    }

    out.close();

    assertThat(arrived.size() + out.lostMedia()).isEqualTo(500);
    for (int i = 0; i < 500; i++) {
      assertThat(network.losses().isLost(0, i)).isNotEqualTo(arrived.contains((long) i));
    }
  }

  private void arrive(byte[] packet) {
    long index = ByteBuffer.wrap(packet).getLong();
    arrived.add(index);
    highest = Math.max(highest, index);
  }

  private void report(OutboundImpairment out) {
    long missing = highest + 1 - arrived.size();
    // A packet that comes late makes the server miss less than it did when its highest one came.
    wrong += missing > out.explainedAt(highest) ? 1 : 0;
  }
}
