package dev.parley.session.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.harness.MovableClock;
import dev.parley.session.store.UsageItems;
import dev.parley.session.store.embedded.EmbeddedStore;
import dev.parley.session.usage.UsageReports.Granularity;
import dev.parley.session.usage.UsageReports.Line;
import dev.parley.session.usage.UsageReports.Page;
import dev.parley.session.usage.UsageReports.Wish;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterTry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Roll-ups as they are stored and answered. */
final class UsageReportsTest {
  private static final LocalDate FIRST = LocalDate.parse("2026-10-30");

  private final EmbeddedStore store = EmbeddedStore.inMemory();
  private final UsageItems items = new UsageItems(store.table("ops", Set.of()));
  private final UsageReports reports =
      new UsageReports(items, new MovableClock(Instant.parse("2026-11-21T23:59:59Z")));

  @AfterEach
  @AfterTry
  void close() {
    store.close();
  }

  @Test
  void linesAddUpShardsAndPagesHaveWholePeriods() {
    for (int day = 0; day < 5; day++) {
      for (String region : List.of("eu", "na")) {
        for (int shard = 0; shard < 3; shard++) {
          write("acme", FIRST.plusDays(day), region, shard, 100);
        }
      }
    }
    write("other", FIRST, "eu", 0, 1_000_000);

    Page first = reports.page(wish(null, Granularity.DAY), 3);
    assertThat(first.lines()).hasSize(4);
    assertThat(first.lines().getFirst()).isEqualTo(new Line(FIRST, "eu", figures(300), 3));
    assertThat(first.next()).isEqualTo(FIRST.plusDays(2));
    Page rest =
        reports.page(
            new Wish("acme", FIRST.plusDays(2), FIRST.plusDays(60), null, Granularity.DAY), 50);
    assertThat(rest.lines()).hasSize(6);
    assertThat(rest.next()).isNull();

    assertThat(reports.page(wish("na", Granularity.MONTH), 50).lines())
        .containsExactly(
            new Line(LocalDate.parse("2026-10-01"), "na", figures(600), 3),
            new Line(LocalDate.parse("2026-11-01"), "na", figures(900), 3));
    assertThat(reports.page(wish("mars", Granularity.MONTH), 50).lines()).isEmpty();
    assertThat(reports.today()).isEqualTo("2026-11-21");
  }

  @Test
  void rowIsWrittenOnceAVersion() {
    UsageRow.Key key = new UsageRow.Key("acme", FIRST, "eu", 4);
    UsageRow row = UsageRow.empty(key);
    UsageRow stored = items.write(row);

    assertThat(stored).isNotNull();
    assertThat(items.write(row)).as("of an old version").isNull();
    assertThat(items.row(key)).isEqualTo(stored);
  }

  @Property(tries = 50)
  void peakIsThatOfABruteForceCount(@ForAll long seed) {
    Random random = new Random(seed);
    Instant start = FIRST.atStartOfDay(ZoneOffset.UTC).toInstant();
    int[] there = new int[Presence.STEPS];
    Presence sum = Presence.NONE;
    List<Presence> each = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      int from = random.nextInt(86_400);
      int to = from + random.nextInt(86_401 - from);
      each.add(Presence.of(FIRST, start.plusSeconds(from), start.plusSeconds(to)));
      for (int step = from / 300; step <= Math.min(to / 300, Presence.STEPS - 1); step++) {
        there[step]++;
      }
    }
    for (Presence one : each) {
      sum = sum.plus(one);
    }

    int most = 0;
    for (int count : there) {
      most = Math.max(most, count);
    }
    assertThat(sum.peak()).isEqualTo(most);
  }

  private void write(String tenant, LocalDate day, String region, int shard, long ms) {
    Instant noon = day.atStartOfDay(ZoneOffset.UTC).toInstant().plus(Duration.ofHours(12));
    UsageRow empty = UsageRow.empty(new UsageRow.Key(tenant, day, region, shard));
    items.write(
        new UsageRow(
            empty.key(),
            figures(ms),
            Presence.of(day, noon, noon.plusSeconds(60)),
            Set.of("cf_1 pt_" + shard),
            0));
  }

  private static Figures figures(long ms) {
    return new Figures(ms / 100, 0, ms, 0, 0, 0, 0);
  }

  private static Wish wish(@Nullable String region, Granularity by) {
    return new Wish("acme", FIRST, FIRST.plusDays(60), region, by);
  }
}
