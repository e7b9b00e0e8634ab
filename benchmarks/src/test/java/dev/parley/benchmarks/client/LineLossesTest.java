package dev.parley.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LineLossesTest {
  private static final int TALKERS = 4;

  /**
   * Talkers take turns on one line, some of a packet or two; packets are lost on the way there, by
   * the server, by us, and some overtake others.
   */
  @Property(tries = 200)
  void eachLossIsSomebodys(@ForAll long seed) {
    Random random = new Random(seed);
    InjectedLosses injected = new InjectedLosses();
    List<Sent> sent = new ArrayList<>();
    int[] counts = new int[TALKERS];
    int number = random.nextInt(65_536);
    long there = 0;
    long byServer = 0;
    while (sent.size() < 5_000) {
      int talker = random.nextInt(TALKERS);
      counts[talker] += random.nextInt(3);
      int turn = 1 + random.nextInt(random.nextBoolean() ? 3 : 60);
      for (int i = 0; i < turn; i++, number++) {
        int count = counts[talker]++;
        // A server takes up another talker with a packet that it has, and none after the last.
        boolean isFirst = sent.size() < 16;
        boolean isEnd = i == 0 || i == turn - 1 || isFirst;
        boolean lostThere = !isEnd && random.nextInt(20) == 0;
        injected.note(talker, count, lostThere);
        boolean lostByServer = !isEnd && !lostThere && random.nextInt(20) == 0;
        there += lostThere ? 1 : 0;
        byServer += lostByServer ? 1 : 0;
        if (!lostThere && !lostByServer) {
          boolean lostHere = random.nextInt(20) == 0;
          int late = !isFirst && random.nextInt(50) == 0 ? random.nextInt(8) : 0;
          sent.add(new Sent(number + late, number, LineLosses.stamp(talker, count), lostHere));
        }
      }
    }
    LineLosses losses = new LineLosses(injected);
    sent.stream()
        .sorted(Comparator.comparingInt(Sent::at))
        .forEach(one -> {
          if (one.isLostHere) {
            losses.onInjectedLoss(one.number & 0xFFFF, one.stamp);
          } else {
            losses.onPacket(one.number & 0xFFFF, one.stamp);
          }
        });
    // A gap shows when the next packet comes.
    losses.onPacket(number & 0xFFFF, LineLosses.NO_STAMP);

    assertThat(losses.neverSent()).isEqualTo(there);
    assertThat(losses.byServer()).isEqualTo(byServer);
  }

  @Test
  void whatWeLostAndGotAgainWasDelivered() {
    LineLosses losses = new LineLosses(new InjectedLosses());
    deliver(losses, 1, 10, 10);
    losses.onInjectedLoss(11, LineLosses.stamp(1, 11));
    deliver(losses, 1, 12, 12);
    deliver(losses, 1, 11, 11);

    assertThat(losses.byServer()).isZero();
    assertThat(losses.delivered()).isEqualTo(3);
  }

  @Test
  void onAGoodNetworkEveryGapIsTheServers() {
    LineLosses losses = new LineLosses(null);
    deliver(losses, 1, 10, 10);
    deliver(losses, 1, 13, 13);

    assertThat(losses.byServer()).isEqualTo(2);
  }

  private static void deliver(LineLosses losses, int talker, int count, int number) {
    losses.onPacket(number, LineLosses.stamp(talker, count));
  }

  /**
   * What the server sent.
   *
   * @param at when it comes here, in packets
   */
  private record Sent(int at, int number, long stamp, boolean isLostHere) {}
}
