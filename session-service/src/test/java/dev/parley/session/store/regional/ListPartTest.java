package dev.parley.session.store.regional;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** Pages of several lists, each of which may end before it is full, make one list. */
final class ListPartTest {
  private static final int LOOKED_AT_MAX = 5;

  @Property
  void nothingIsLeftOutNorTwiceNorOutOfOrder(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int lists,
      @ForAll @IntRange(max = 40) int entries,
      @ForAll @IntRange(min = 1, max = 7) int limit) {
    Random random = new Random(seed);
    List<List<String>> all = new ArrayList<>();
    for (int i = 0; i < lists; i++) {
      all.add(new ArrayList<>());
    }
    List<String> wanted = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      // Capitals are in no list: they are only looked at.
      String entry = "%03d%s".formatted(i, random.nextInt(3) == 0 ? "X" : "x");
      all.get(random.nextInt(lists)).addFirst(entry);
      if (entry.endsWith("x")) {
        wanted.addFirst(entry);
      }
    }

    List<String> found = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      @Nullable String after = cursor;
      ListPart<String> page =
          ListPart.merged(
              all.stream().map(list -> part(list, after, limit)).toList(), limit, text -> text);
      assertThat(page.entries()).hasSizeLessThanOrEqualTo(limit);
      found.addAll(page.entries());
      cursor = page.next();
      assertThat(cursor == null || after == null || cursor.compareTo(after) < 0).isTrue();
    } while (cursor != null);

    assertThat(found).isEqualTo(wanted).isSortedAccordingTo(Comparator.reverseOrder());
  }

  /** A page as stores make them. */
  private static ListPart<String> part(List<String> list, @Nullable String after, int limit) {
    List<String> found = new ArrayList<>();
    int lookedAt = 0;
    for (String entry : list) {
      if (after != null && entry.compareTo(after) >= 0) {
        continue;
      }
      if (entry.endsWith("x")) {
        found.add(entry);
      }
      lookedAt++;
      if (found.size() == limit || lookedAt == LOOKED_AT_MAX) {
        return new ListPart<>(found, entry);
      }
    }
    return new ListPart<>(found, null);
  }
}
