package dev.parley.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SequenceNumbersTest {
  @Property
  void laterNumberIsNewerAcrossTheWrap(
      @ForAll @IntRange(max = 65535) int start, @ForAll @IntRange(min = 1, max = 32767) int count) {
    int later = SequenceNumbers.plus(start, count);

    assertThat(SequenceNumbers.isNewer(later, start)).isTrue();
    assertThat(SequenceNumbers.isNewer(start, later)).isFalse();
    assertThat(SequenceNumbers.difference(later, start)).isEqualTo(count);
    assertThat(SequenceNumbers.difference(start, later)).isEqualTo(-count);
    assertThat(SequenceNumbers.plus(later, -count)).isEqualTo(start);
  }

  @Property
  void laterTimestampIsLaterAcrossTheWrap(@ForAll int start, @ForAll @IntRange(min = 1) int ticks) {
    assertThat(SequenceNumbers.isLater(start + ticks, start)).isTrue();
    assertThat(SequenceNumbers.isLater(start, start + ticks)).isFalse();
  }

  @Test
  void numberIsNotNewerThanItself() {
    assertThat(SequenceNumbers.isNewer(65535, 65535)).isFalse();
    assertThat(SequenceNumbers.isLater(-1, -1)).isFalse();
  }
}
