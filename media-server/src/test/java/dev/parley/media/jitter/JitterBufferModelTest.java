package dev.parley.media.jitter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.agrona.concurrent.UnsafeBuffer;

/** The jitter buffer beside a plain sorted map that does the same with far less thought. */
final class JitterBufferModelTest {
  private static final long TICK_NS = 20_000_000;

  private final TreeMap<Integer, Long> model = new TreeMap<>();
  private final UnsafeBuffer played = new UnsafeBuffer(0, 0);
  private int lastPlayed;
  private long late;
  private long duplicate;

  @Property(tries = 150)
  void playsWhatAPlainMapWouldPlay(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 0.4) double loss,
      @ForAll @DoubleRange(min = 0, max = 0.2) double duplicates,
      @ForAll @IntRange(min = 0, max = 120) int jitterMs) {
    reset();
    SeededNetwork network = new SeededNetwork(seed);
    network.lossProbability = loss;
    network.duplicateProbability = duplicates;
    network.jitterNs = jitterMs * 1_000_000L;
    network.talk(0, 200, 960);
    network.talk(200 * 960 + 48_000, 100, 960);
    network.sort();
    JitterBuffer fresh = new JitterBuffer();

    play(fresh, network);

    JitterCounters counters = fresh.counters();
    assertThat(counters.stray() + counters.malformed() + counters.restarts()).isZero();
    assertThat(counters.late()).isEqualTo(late);
    assertThat(counters.duplicate()).isEqualTo(duplicate);
    assertThat(counters.received())
        .isEqualTo(
            counters.played()
                + counters.late()
                + counters.duplicate()
                + counters.overflowed()
                + counters.discarded()
                + fresh.heldPackets());
    assertThat(fresh.heldPackets()).isZero();
    assertThat(model).isEmpty();
  }

  private void reset() {
    model.clear();
    lastPlayed = Integer.MIN_VALUE;
    late = 0;
    duplicate = 0;
  }

  private void play(JitterBuffer fresh, SeededNetwork network) {
    java.util.Set<Integer> everKept = new java.util.HashSet<>();
    long nowNs = 7_000_000;
    int idleTicks = 0;
    while (!network.isDrained() || idleTicks < 60) {
      network.deliver(
          fresh,
          nowNs,
          (datagram, result) -> {
            int sequence = datagram.sequence();
            switch (result) {
              case KEPT -> {
                assertThat(everKept.add(sequence)).as("%d is kept once", sequence).isTrue();
                assertThat(sequence).isGreaterThan(lastPlayed);
                model.put(sequence, datagram.firstSample());
              }
              case DUPLICATE -> {
                assertThat(everKept).contains(sequence);
                duplicate++;
              }
              case LATE -> late++;
              default -> throw new AssertionError(result);
            }
          });
      step(fresh, nowNs);
      idleTicks = network.isDrained() ? idleTicks + 1 : 0;
      nowNs += TICK_NS;
    }
  }

  private void step(JitterBuffer fresh, long nowNs) {
    long discardedBefore = fresh.counters().discarded();
    PlayoutStep step = fresh.next(nowNs);
    for (long i = fresh.counters().discarded() - discardedBefore; i > 0; i--) {
      lastPlayed = model.pollFirstEntry().getKey();
    }
    switch (step) {
      case PACKET -> {
        Map.Entry<Integer, Long> expected = model.pollFirstEntry();
        assertThat(expected).isNotNull();
        played.wrap(fresh.payloadArray(), fresh.payloadOffset(), fresh.payloadLength());
        assertThat(played.getInt(8)).isEqualTo(expected.getKey()).isGreaterThan(lastPlayed);
        assertThat(played.getLong(0)).isEqualTo(expected.getValue());
        lastPlayed = expected.getKey();
      }
      case FEC_OF_NEXT -> {
        played.wrap(fresh.payloadArray(), fresh.payloadOffset(), fresh.payloadLength());
        assertThat(played.getInt(8)).isEqualTo(model.firstKey());
      }
      case LOST -> assertThat(model).isNotEmpty();
      case STARVED -> assertThat(model).isEmpty();
      case SILENCE -> assertThat(fresh.stepTicks()).isEqualTo(960);
    }
    assertThat(fresh.heldPackets()).isEqualTo(model.size());
  }

  @Property(tries = 200)
  void whateverTheHeadersSayWorkAndCountsStayInBounds(@ForAll long seed) {
    java.util.Random random = new java.util.Random(seed);
    JitterBuffer fresh = new JitterBuffer();
    ArrivedPacket packet = new ArrivedPacket();
    UnsafeBuffer payload = new UnsafeBuffer(new byte[2_000]);
    long nowNs = 0;
    int sequence = random.nextInt(65_536);
    int timestamp = random.nextInt();
    for (int i = 0; i < 2_000; i++) {
      sequence += random.nextInt(20) == 0 ? random.nextInt(65_536) : random.nextInt(4) - 1;
      timestamp += random.nextInt(20) == 0 ? random.nextInt() : 960;
      int ssrc = random.nextInt(200) == 0 ? 2 : 1;
      int length = random.nextInt(20) == 0 ? random.nextInt(2_000) : 60;
      int duration = random.nextInt(20) == 0 ? random.nextInt() : 120 * (1 + random.nextInt(48));
      packet.header(ssrc, sequence, timestamp, nowNs).payload(payload, 0, length, duration);
      fresh.insert(packet);
      nowNs += random.nextInt(30_000_000);
      fresh.next(nowNs);
      assertThat(fresh.stepTicks()).isBetween(120, 5_760);
      assertThat(fresh.heldPackets()).isBetween(0, JitterBuffer.SLOTS);
      assertThat(fresh.targetTicks()).isBetween(480, 9_600);
    }
    JitterCounters counters = fresh.counters();
    assertThat(counters.received()).isEqualTo(2_000);
    assertThat(counters.lost()).isNotNegative();
  }
}
