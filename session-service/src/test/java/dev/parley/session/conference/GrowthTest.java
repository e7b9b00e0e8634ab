package dev.parley.session.conference;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a request asks of the store does not depend on how many conferences are stored; of a
 * thousand and twenty thousand that is compared here. How long it takes does depend on it a little,
 * in a file: {@code -Dparley.growth=1000,10000,100000,1000000} also measures, and demands that it
 * takes no more than twice as long as with the fewest.
 */
final class GrowthTest {
  private static final String SIZES = System.getProperty("parley.growth", "");
  private static final boolean IS_MEASURED = !SIZES.isEmpty();
  private static final Duration ROUND = Duration.ofMillis(400);

  /** The best of so many counts, since others use the machine, too, and code is compiled first. */
  private static final int ROUNDS = 5;

  private static final int WRITERS = 128;
  private static final int PAGE = 50;
  private static final int DUE_MAX = 200;
  private static final String TENANT = "t";

  /** A rate may be so much lower than that of the smallest store before something is wrong. */
  private static final double RATIO_MIN = 0.5;

  /** For longer than anything here takes. */
  private static final ConferenceOptions LASTING =
      Stage.options(
          100,
          new Lifespan(
              Duration.ofHours(24), null, Lifespan.EndWhen.EMPTY_TIMEOUT, Duration.ofSeconds(20)));

  private enum Work {
    CREATE,
    READ,
    LIST_NEWEST,
    LIST_FROM_THE_MIDDLE,
    LIST_OF_A_STATE,
    JOIN_AND_LEAVE,
    DUE_INDEX
  }

  @TempDir Path folder;

  private int stored;
  private int number;

  @Test
  void requestsCostTheSameHoweverManyConferencesAreStored() throws Exception {
    List<Integer> sizes =
        Arrays.stream((IS_MEASURED ? SIZES : "1000,20000").split(","))
            .map(Integer::valueOf)
            .toList();
    try (Stage stage = stage()) {
      List<Map<Work, CountedItems.Cost>> asked = new ArrayList<>();
      List<Map<Work, Double>> rates = new ArrayList<>();
      for (int size : sizes) {
        seed(stage, size);
        Map<Work, CountedItems.Cost> costs = new EnumMap<>(Work.class);
        for (Work work : Work.values()) {
          costs.put(work, stage.items.of(() -> request(stage, work)));
        }
        asked.add(costs);
        if (IS_MEASURED) {
          rates.add(rates(stage));
          print(size, rates.getFirst(), rates.getLast());
        }
      }

      assertThat(asked).allSatisfy(costs -> assertThat(costs).isEqualTo(asked.getFirst()));
      assertThat(asked.getFirst().get(Work.LIST_FROM_THE_MIDDLE))
          .isEqualTo(new CountedItems.Cost(0, 0, 1, PAGE));
      assertThat(asked.getFirst().get(Work.READ)).isEqualTo(new CountedItems.Cost(1, 0, 0, 0));
      for (Map<Work, Double> each : rates) {
        each.forEach((work, rate) ->
            assertThat(rate / rates.getFirst().getOrDefault(work, rate))
                .as("%s", work)
                .isGreaterThan(RATIO_MIN));
      }
    }
  }

  private Stage stage() {
    Path onDisk = folder.resolve("facts.rocksdb");
    return new Stage() {
      @Override
      EmbeddedStore open() {
        return IS_MEASURED ? EmbeddedStore.open(onDisk) : super.open();
      }
    };
  }

  /** One in ten is open, the others have ended and are counted. */
  private void seed(Stage stage, int size) throws Exception {
    Instant now = stage.clock.instant();
    int from = stored;
    List<Future<?>> writers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int writer = 0; writer < WRITERS; writer++) {
        int first = from + writer;
        writers.add(
            threads.submit(() -> {
              for (int i = first; i < size; i += WRITERS) {
                assertThat(stage.store.write(conference(i, now))).isNotNull();
              }
            }));
      }
    }
    for (Future<?> writer : writers) {
      writer.get();
    }
    stored = size;
  }

  private static Conference conference(int i, Instant now) {
    Instant at = createdAt(i, now);
    Conference made = Conference.create(id(i), TENANT, null, LASTING, "h", at);
    if (i % 10 == 0) {
      return made;
    }
    return requireNonNull(made.ending(EndReason.API, at).ended(at).asCounted());
  }

  private static Instant createdAt(int i, Instant now) {
    return now.minusMillis(2_000_000L - i);
  }

  private static ConferenceId id(int i) {
    return new ConferenceId("cf_" + i);
  }

  private void request(Stage stage, Work work) {
    // A walk through all that is stored, in no order.
    int any = (int) (number++ * 7_919L % stored);
    switch (work) {
      case CREATE -> stage.conference(LASTING);
      case READ -> assertThat(stage.store.conference(id(any))).isNotNull();
      case LIST_NEWEST -> list(stage, null, null);
      case LIST_FROM_THE_MIDDLE -> list(stage, null, createdAt(stored / 2, stage.clock.instant()));
      case LIST_OF_A_STATE -> list(stage, ConferenceState.CREATED, stage.clock.instant());
      case JOIN_AND_LEAVE -> {
        ConferenceId open = id(any - any % 10);
        Participant person = stage.join(open, "p" + number);
        Stage.done(stage.participants.leave(open, person.id(), LeaveReason.CLIENT));
      }
      case DUE_INDEX -> {
        for (int shard = 0; shard < DueShards.COUNT; shard++) {
          assertThat(stage.store.due(shard, stage.clock.instant(), DUE_MAX)).isEmpty();
        }
      }
    }
  }

  private static void list(Stage stage, @Nullable ConferenceState state, @Nullable Instant to) {
    ConferenceStore.Selection wish = new ConferenceStore.Selection(TENANT, state, null, null, to);
    assertThat(stage.conferences.list(wish, PAGE, null).conferences()).hasSize(PAGE);
  }

  private Map<Work, Double> rates(Stage stage) {
    Map<Work, Double> rates = new EnumMap<>(Work.class);
    for (int round = 0; round < ROUNDS; round++) {
      for (Work work : Work.values()) {
        rates.merge(work, rate(stage, work), Math::max);
      }
    }
    return rates;
  }

  private double rate(Stage stage, Work work) {
    long startNs = System.nanoTime();
    long elapsedNs = 0;
    int count = 0;
    while (elapsedNs < ROUND.toNanos()) {
      request(stage, work);
      count++;
      elapsedNs = System.nanoTime() - startNs;
    }
    return count * 1e9 / elapsedNs;
  }

  private static void print(int size, Map<Work, Double> first, Map<Work, Double> now) {
    now.forEach((work, rate) ->
        System.out.printf(
            "%,9d stored: %-20s %,9.0f a second, %.2f of the first%n",
            size, work, rate, rate / first.getOrDefault(work, rate)));
  }
}
