package dev.parley.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ReplayWindowTest {
  /** Loss, disorder, repetition and several roll-overs against a plain set of what was received. */
  @Property(tries = 200)
  void agreesWithASet(@ForAll long seed, @ForAll @IntRange(max = 65_535) int first) {
    ReplayWindow window = new ReplayWindow();
    TreeSet<Long> model = new TreeSet<>();
    Random random = new Random(seed);
    long newest = first;
    for (int i = 0; i < 300; i++) {
      newest += random.nextInt(8) == 0 ? random.nextInt(3_000) : 1;
      long index = Math.max(first, newest - (random.nextInt(3) == 0 ? random.nextInt(90) : 0));
      assertThat(window.indexOf((int) index & 0xFFFF))
          .isEqualTo(model.isEmpty() ? index & 0xFFFF : index);
      if (model.isEmpty()) {
        // The first roll-over counter is 0, whatever the sender's may be.
        index &= 0xFFFF;
        newest = index;
        first = (int) index;
      }
      boolean mayAccept =
          model.isEmpty() || (index > model.last() - ReplayWindow.SIZE && !model.contains(index));
      assertThat(window.mayAccept(index)).isEqualTo(mayAccept);
      if (mayAccept) {
        window.accept(index);
        model.add(index);
      }
    }
  }

  /** The lines of RFC 3711 appendix A, at roll-over counter 5. */
  @Property(tries = 2_000)
  void nearestIndexIsTheRfcs(
      @ForAll @IntRange(max = 65_535) int highest, @ForAll @IntRange(max = 65_535) int number) {
    long rollOver = 5;
    if (highest < 32_768) {
      rollOver = number - highest > 32_768 ? rollOver - 1 : rollOver;
    } else {
      rollOver = highest - 32_768 > number ? rollOver + 1 : rollOver;
    }

    assertThat(PacketIndex.nearest(5 * 65_536L + highest, number))
        .isEqualTo(rollOver * 65_536 + number);
  }
}
