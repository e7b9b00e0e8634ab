package dev.parley.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SentTagsTest {
  /** Loss, disorder and several roll-overs against a plain map of what was sent. */
  @Property(tries = 200)
  void agreesWithAMap(@ForAll long seed, @ForAll @IntRange(max = 32_767) int first) {
    SentTags tags = new SentTags();
    TreeMap<Long, Long> model = new TreeMap<>();
    Random random = new Random(seed);
    long newest = first;
    for (int i = 0; i < 300; i++) {
      newest += random.nextInt(8) == 0 ? random.nextInt(3_000) : 1;
      long index = Math.max(first, newest - (random.nextInt(3) == 0 ? random.nextInt(90) : 0));
      assertThat(tags.indexOf((int) index & 0xFFFF)).isEqualTo(index);
      long highest = model.isEmpty() ? index : model.lastKey();
      assertThat(tags.isTooOld(index)).isEqualTo(index <= highest - SentTags.COUNT);
      if (tags.isTooOld(index)) {
        continue;
      }
      assertThat(tags.wasSent(index)).isEqualTo(model.containsKey(index));
      if (tags.wasSent(index)) {
        assertThat(tags.tagOf(index)).isEqualTo(model.get(index));
      } else {
        long tag = random.nextLong();
        tags.onSent(index, tag);
        model.put(index, tag);
      }
    }
  }
}
