package dev.parley.media.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.packet.Limits;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RedReceiverTest {
  /** Against a map of all that was sent; packets come up to 100 late, and numbers wrap. */
  @Property(tries = 200)
  void formOfTheLatestPacketsIsKnown(@ForAll long seed) {
    Random random = new Random(seed);
    RedReceiver receiver = new RedReceiver(2);
    Map<Integer, Boolean> sent = new HashMap<>();
    int newest = 65_000;
    for (int i = 0; i < 1000; i++) {
      int sequence =
          random.nextInt(10) == 0 ? newest - random.nextInt(100) : newest + 1 + random.nextInt(3);
      if (sent.containsKey(sequence)) {
        continue;
      }
      newest = Math.max(newest, sequence);
      boolean asRed = random.nextBoolean();
      receiver.onSent(1, sequence & 0xFFFF, asRed);
      sent.put(sequence, asRed);
      for (int back = 0; back < Limits.RETRANSMITTABLE_PACKETS; back++) {
        Boolean known = sent.get(newest - back);
        if (known != null) {
          assertThat(receiver.wasSentAsRed(1, newest - back & 0xFFFF)).isEqualTo(known);
        }
      }
    }
    assertThat(receiver.wasSentAsRed(0, newest & 0xFFFF)).isFalse();
    assertThat(receiver.wasSentAsRed(2, newest & 0xFFFF)).isFalse();
  }

  @Test
  void lossOfAFewPercentMakesItLossy() {
    RedReceiver receiver = new RedReceiver(1);
    receiver.onFractionLost(2);
    assertThat(receiver.isLossy()).isFalse();

    receiver.onFractionLost(13);
    receiver.onFractionLost(13);
    assertThat(receiver.isLossy()).isTrue();

    for (int i = 0; i < 20; i++) {
      receiver.onFractionLost(0);
    }
    assertThat(receiver.isLossy()).isFalse();
  }
}
