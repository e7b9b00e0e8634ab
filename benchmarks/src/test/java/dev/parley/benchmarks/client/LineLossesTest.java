package dev.parley.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LineLossesTest {
  /**
   * Two talkers take turns on one line; packets are lost on the way there, by the server, by us.
   */
  @Property(tries = 50)
  void eachLossIsSomebodys(@ForAll long seed) {
    Random random = new Random(seed);
    InjectedLosses injected = new InjectedLosses();
    LineLosses losses = new LineLosses(injected);
    int[] counts = new int[2];
    int talker = 0;
    int number = random.nextInt(65_536);
    long there = 0;
    long byServer = 0;
    boolean wasLast = true;
    for (int i = 0; i < 5_000; i++) {
      // A server changes talkers when a packet comes, and a packet gets through at such a moment:
      // otherwise nobody could tell whose the gap was.
      if (wasLast && i % 50 == 0) {
        talker = random.nextInt(2);
        deliver(losses, talker, counts[talker], number);
        counts[talker]++;
        number++;
      }
      int count = counts[talker]++;
      boolean lostThere = random.nextInt(20) == 0;
      injected.note(talker, count, lostThere);
      boolean lostByServer = !lostThere && random.nextInt(20) == 0;
      boolean lostHere = !lostThere && !lostByServer && random.nextInt(20) == 0;
      there += lostThere ? 1 : 0;
      byServer += lostByServer ? 1 : 0;
      if (lostHere) {
        losses.onInjectedLoss(number & 0xFFFF);
      } else if (!lostThere && !lostByServer) {
        deliver(losses, talker, count, number);
      }
      wasLast = !lostThere && !lostByServer && !lostHere;
      number++;
    }
    // A gap shows when the next packet comes.
    deliver(losses, talker, counts[talker], number);

    assertThat(losses.neverSent()).isEqualTo(there);
    assertThat(losses.byServer()).isEqualTo(byServer);
  }

  @Test
  void whatWeLostAndGotAgainWasDelivered() {
    LineLosses losses = new LineLosses(new InjectedLosses());
    deliver(losses, 1, 10, 10);
    losses.onInjectedLoss(11);
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
    losses.onPacket(number & 0xFFFF);
    losses.onStamp(talker, count, number & 0xFFFF);
  }
}
