package dev.parley.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class PollTurnsTest {
  @Property(tries = 200)
  void eachIsLookedAtOnceInSoManyTimesHoweverManyJoinMeanwhile(
      @ForAll @IntRange(min = 0, max = 20) int atFirst,
      @ForAll @IntRange(min = 0, max = 9) int joinEachTime) {
    PollTurns turns = new PollTurns();
    int[] looks = new int[atFirst];
    int count = atFirst;
    for (int time = 0; time < 3 * PollTurns.COUNT; time++) {
      turns.next();
      for (int i = turns.last(count); i >= 0; i -= PollTurns.COUNT) {
        assertThat(i).isLessThan(count);
        if (i < atFirst) {
          looks[i]++;
        }
      }
      count += joinEachTime;
    }

    assertThat(Arrays.stream(looks)).allMatch(times -> times == 3);
  }
}
