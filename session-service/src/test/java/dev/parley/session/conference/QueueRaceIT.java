package dev.parley.session.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.session.access.ServiceSecret;
import dev.parley.session.coordination.local.LocalCoordination;
import dev.parley.session.coordination.redis.RedisAddress;
import dev.parley.session.coordination.redis.RedisCoordination;
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.StoreUnavailableException;
import dev.parley.session.store.embedded.EmbeddedStore;
import dev.parley.testsupport.RedisServer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two nodes that let people in from the same queue in Redis, both at once, one of which dies in the
 * middle: everyone comes in, and nobody twice.
 */
@Timeout(60)
final class QueueRaceIT {
  private static final int PEOPLE = 12;
  private static final int OPERATIONS_MAX = 60;

  private final RedisServer redis = RedisServer.start();

  @AfterEach
  void close() {
    redis.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void everyoneComesInOnceThoughOneNodeDies(long seed) throws Exception {
    Random random = new Random(seed);
    try (RedisCoordination one = coordination();
        RedisCoordination other = coordination();
        EmbeddedStore file = EmbeddedStore.inMemory()) {
      ItemStore core = file.table("core", ConferenceItems.INDEXES);
      Stage living = node(core, one.joinQueues(), null);
      Stage dying = node(core, other.joinQueues(), new AtomicReference<>());
      living.seats = 0;
      dying.seats = 0;
      ConferenceId conference = living.conference(Stage.options(100, Lifespan.DEFAULT));
      List<ParticipantId> people = new ArrayList<>();
      for (int i = 0; i < PEOPLE; i++) {
        people.add((random.nextBoolean() ? living : dying).join(conference, "p" + i).id());
      }

      living.seats = PEOPLE;
      dying.seats = PEOPLE;
      dying.items.dieAfter(random.nextInt(OPERATIONS_MAX));
      race(living, dying);

      // Those whom the dead node had taken out of the line show themselves: their clients ask.
      people.forEach(id -> living.waitingRoom.stillWaits(conference, id));
      while (living.waitingRoom.serve(_ -> true) > 0) {
        living.clock.advance(Duration.ofSeconds(1));
      }

      List<Participant> stays = people.stream().map(id -> living.read(conference, id)).toList();
      assertThat(stays).allMatch(stay -> stay.state() == ParticipantState.CONNECTING);
      assertThat(stays.stream().map(Participant::csrc)).doesNotHaveDuplicates();
      assertThat(
              Stream.of(living, dying)
                  .flatMap(node -> List.copyOf(node.events).stream())
                  .filter(ConferenceEvent.ParticipantAdmitted.class::isInstance))
          .as("seed %d", seed)
          .doesNotHaveDuplicates();
      // A seat may have been counted for a stay that was not let in any more: the recount's work.
      assertThat(living.read(conference).participantCount()).isBetween(PEOPLE, PEOPLE + 1);
      assertThat(living.queues.length(Stage.FIRST.region())).isZero();
    }
  }

  private static void race(Stage living, Stage dying) throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Integer>> both = new ArrayList<>();
      for (Stage node : List.of(living, dying)) {
        both.add(
            threads.submit(() -> {
              start.await();
              try {
                return node.waitingRoom.serve(_ -> true);
              } catch (StoreUnavailableException e) {
                return -1;
              }
            }));
      }
      for (Future<Integer> one : both) {
        one.get();
      }
    }
  }

  /**
   * Makes a node.
   *
   * @param itself where it will be, if it may die: then it does nothing about the queue any more
   */
  private static Stage node(
      ItemStore table, JoinQueues shared, @Nullable AtomicReference<Stage> itself) {
    Stage node =
        new Stage() {
          @Override
          ItemStore core() {
            return table;
          }

          @Override
          JoinQueues linesUp() {
            return itself == null ? shared : new Dying(shared, itself);
          }
        };
    if (itself != null) {
      itself.set(node);
    }
    return node;
  }

  private RedisCoordination coordination() {
    Clock clock = Clock.systemUTC();
    Random random = new Random(1);
    return new RedisCoordination(
        new RedisCoordination.Plan(
            RedisAddress.parse(redis.address()), Duration.ofSeconds(5), () -> 2),
        new ServiceSecret(new byte[ServiceSecret.LENGTH]),
        new LocalCoordination(clock, System::nanoTime, random),
        clock,
        random);
  }

  /** A queue that a dead node does not reach. */
  private record Dying(JoinQueues queues, AtomicReference<Stage> node) implements JoinQueues {
    private boolean isDead() {
      Stage itself = node.get();
      return itself != null && itself.items.isDead();
    }

    @Override
    public int enter(Region region, Waiting waiting, Duration keep) {
      return queues.enter(region, waiting, keep);
    }

    @Override
    public void leave(Region region, ParticipantId participant) {
      if (!isDead()) {
        queues.leave(region, participant);
      }
    }

    @Override
    public List<Taken> take(Region region, int countMax) {
      return isDead() ? List.of() : queues.take(region, countMax);
    }

    @Override
    public void giveBack(Region region, Taken taken, Duration keep) {
      if (!isDead()) {
        queues.giveBack(region, taken, keep);
      }
    }

    @Override
    public int length(Region region) {
      return queues.length(region);
    }
  }
}
