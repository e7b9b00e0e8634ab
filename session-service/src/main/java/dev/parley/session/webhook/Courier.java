package dev.parley.session.webhook;

import dev.parley.session.access.RandomText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Takes deliveries to their endpoints: each lane in order, one attempt at a time, until the
 * endpoint answers 2xx or three days are over. Thread-safe.
 *
 * <p>Whoever works on a lane has claimed it for longer than its attempts take, so that two nodes do
 * not send the same; if a node dies, the claim runs out and another begins again with the delivery
 * that was not recorded. So each is sent at least once, and for the first time in order.
 */
public final class Courier implements AutoCloseable {
  /** How long a claim holds; an attempt takes {@link #ATTEMPT_TIME_MAX} at most. */
  static final Duration CLAIM = Duration.ofSeconds(60);

  /** How long one attempt may take, in all. */
  public static final Duration ATTEMPT_TIME_MAX = Duration.ofSeconds(15);

  /** After this, the lane goes back so that other lanes of its endpoint come to their turn. */
  private static final Duration SHIFT = Duration.ofSeconds(20);

  private static final int ATTEMPTS_AT_ONCE_MAX = 256;
  private static final int ATTEMPTS_AT_ONCE_OF_ONE_MAX = 4;
  private static final int LANES_LOOKED_AT_MAX = 200;
  private static final int LANES_COUNTED_MAX = 1_000;
  private static final int REMOVED_AT_ONCE_MAX = 200;
  private static final int WRITE_ATTEMPTS_MAX = 50;

  /** Each so often the lanes of one more shard are counted, and what is too old is removed. */
  static final Duration TIDY_INTERVAL = Duration.ofSeconds(2);

  private final WebhookStore store;
  private final WebhookSender sender;
  private final Clock clock;
  private final RandomGenerator random;
  private final Executor background;
  private final Slots slots = new Slots(ATTEMPTS_AT_ONCE_MAX, ATTEMPTS_AT_ONCE_OF_ONE_MAX);
  private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
  private final LongAdder failures = new LongAdder();
  private volatile boolean isStopping;
  private volatile IntPredicate isOurs = _ -> true;

  /** Of each shard that is this node's; written by the thread that calls {@link #run}. */
  private final AtomicReferenceArray<Waiting> waiting =
      new AtomicReferenceArray<>(WebhookStore.SHARD_COUNT);

  /** Where each shard's next look begins; of the thread that calls {@link #run}. */
  private final @Nullable String[] cursors = new @Nullable String[WebhookStore.SHARD_COUNT];

  private int tidied;
  private Instant tidyAt = Instant.MIN;

  /**
   * Takes what it needs.
   *
   * @param background runs deliveries, each on a thread that may block
   */
  public Courier(
      WebhookStore store,
      WebhookSender sender,
      Clock clock,
      RandomGenerator random,
      Executor background) {
    this.store = store;
    this.sender = sender;
    this.clock = clock;
    this.random = random;
    this.background = background;
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome, new LongAdder());
    }
    for (int shard = 0; shard < waiting.length(); shard++) {
      waiting.set(shard, Waiting.NONE);
    }
  }

  /**
   * What is to be sent.
   *
   * @param since since when the lane that has waited longest has not come on, or null
   */
  private record Waiting(int laneCount, @Nullable Instant since) {
    static final Waiting NONE = new Waiting(0, null);
  }

  /**
   * Begins whatever is due and has a place, and returns how many lanes that was. Called twice a
   * second or so, by one thread. Each look goes on where the last one ended: lanes that find no
   * place do not keep others from being found.
   */
  public int run() {
    Instant now = now();
    int begun = 0;
    List<Integer> shards = store.dueShards().take(now, isOurs);
    for (int i = 0; i < shards.size(); i++) {
      int shard = shards.get(i);
      try {
        begun += beginDue(shard, now);
      } catch (RuntimeException e) {
        // Nothing of these was seen.
        shards.subList(i, shards.size()).forEach(store.dueShards()::again);
        throw e;
      }
    }
    if (!now.isBefore(tidyAt)) {
      tidy(now);
    }
    return begun;
  }

  /** Says which shards this node looks at though nobody told it to; without it, all. */
  public void share(IntPredicate ours) {
    isOurs = ours;
  }

  private int beginDue(int shard, Instant now) {
    WebhookStore.DueLanes due = store.due(shard, now, LANES_LOOKED_AT_MAX, cursors[shard]);
    cursors[shard] = due.next();
    int begun = 0;
    for (LaneKey lane : due.lanes()) {
      begun += begin(lane) ? 1 : 0;
    }
    if (due.next() != null || begun < due.lanes().size()) {
      // Places become free.
      store.dueShards().again(shard);
    }
    return begun;
  }

  /** Counts and forgets in one shard after the other, if it is this node's. */
  private void tidy(Instant now) {
    int shard = tidied;
    boolean isMore = false;
    if (isOurs.test(shard)) {
      isMore = store.removeExpired(shard, now, REMOVED_AT_ONCE_MAX) == REMOVED_AT_ONCE_MAX;
      count(shard);
    } else {
      waiting.set(shard, Waiting.NONE);
    }
    if (!isMore) {
      tidied = (shard + 1) % WebhookStore.SHARD_COUNT;
      tidyAt = now.plus(TIDY_INTERVAL);
    }
  }

  /** Begins a lane that has just been fed, if there is a place; if not, it is due anyway. */
  void wake(LaneKey lane) {
    boolean _ = begin(lane);
  }

  /**
   * Sends a finished delivery once more and records what came of it.
   *
   * @return null if the endpoint has no place for one more attempt now
   */
  @Nullable Delivery sendAgain(Endpoint endpoint, Delivery delivery) {
    if (!slots.tryTake(endpoint.id())) {
      return null;
    }
    try {
      Delivery.Attempt attempt = attempt(endpoint, delivery);
      Delivery current = delivery;
      for (int i = 1; i <= WRITE_ATTEMPTS_MAX && current != null; i++) {
        Delivery written = store.write(current.after(attempt));
        if (written != null) {
          return written;
        }
        current = store.delivery(delivery.lane(), delivery.sequence());
      }
      // It was forgotten meanwhile; what came of the attempt is still true.
      return delivery.after(attempt);
    } finally {
      slots.giveBack(endpoint.id());
    }
  }

  /** How many attempts ended so. */
  public long count(Outcome outcome) {
    LongAdder adder = outcomes.get(outcome);
    return adder == null ? 0 : adder.sum();
  }

  /** How often work on a lane broke off by our fault or the store's. */
  public long failureCount() {
    return failures.sum();
  }

  /** How many lanes have something to send, as last counted. */
  public int waitingCount() {
    int count = 0;
    for (int shard = 0; shard < waiting.length(); shard++) {
      count += waiting.get(shard).laneCount();
    }
    return count;
  }

  /** How long the lane that has waited longest has not come on, in seconds. */
  public double waitingSec() {
    Instant since = null;
    for (int shard = 0; shard < waiting.length(); shard++) {
      Instant began = waiting.get(shard).since();
      since = began != null && (since == null || began.isBefore(since)) ? began : since;
    }
    return since == null ? 0 : Duration.between(since, now()).toMillis() / 1000.0;
  }

  /** Ends work after the attempts in hand, which count only if they succeed. */
  @Override
  public void close() {
    isStopping = true;
  }

  private boolean begin(LaneKey lane) {
    if (isStopping || !slots.tryTake(lane.endpoint())) {
      return false;
    }
    background.execute(() -> {
      try {
        work(lane);
      } catch (RuntimeException e) {
        // The lane is claimed for a while yet; then it is due again.
        failures.increment();
      } finally {
        slots.giveBack(lane.endpoint());
      }
    });
    return true;
  }

  private void work(LaneKey key) {
    Instant until = now().plus(SHIFT);
    Lane lane = claim(key);
    while (lane != null && !isStopping && now().isBefore(until)) {
      lane = step(lane);
    }
    if (lane != null) {
      release(lane, lane.failures(), now());
    }
  }

  /** Returns the lane as claimed, or null if it is not due or somebody else has it. */
  private @Nullable Lane claim(LaneKey key) {
    Lane lane = store.lane(key);
    Instant now = now();
    return lane == null || !lane.isDue(now)
        ? null
        : store.write(lane.claimed(RandomText.base64(9), now.plus(CLAIM), now));
  }

  /** Does what is next in a lane; returns the lane, or null if that was all for now. */
  private @Nullable Lane step(Lane lane) {
    Delivery next = store.next(lane.key(), lane.done());
    if (next == null) {
      // If it was fed after the look, this fails, and the next look finds what came.
      return store.write(lane.idle(now())) == null ? reread(lane) : null;
    }
    if (next.state() != Delivery.State.PENDING) {
      // A crash came between its end and the lane's next step.
      return past(lane, next);
    }
    Endpoint endpoint = store.endpoint(lane.key().tenant(), lane.key().endpoint());
    if (endpoint == null) {
      store.remove(next);
      return past(lane, next);
    }
    Delivery.Attempt attempt = attempt(endpoint, next);
    if (isStopping && attempt.outcome() != Outcome.DELIVERED) {
      // It may have failed because we stop, which is not the endpoint's fault.
      return lane;
    }
    Delivery after = store.write(next.after(attempt));
    if (after == null) {
      // Somebody else has it, so this claim has run out.
      return null;
    }
    if (after.state() != Delivery.State.PENDING) {
      return past(lane, after);
    }
    int failed = lane.failures() + 1;
    Instant again = now().plus(RetrySchedule.delay(failed, random));
    Instant last = after.happenedAt().plus(Delivery.TRIED_FOR);
    release(lane, failed, again.isBefore(last) ? again : last);
    return null;
  }

  private Delivery.Attempt attempt(Endpoint endpoint, Delivery delivery) {
    Instant now = now();
    WebhookSender.Answer answer =
        endpoint.isEnabled()
            ? sender.send(message(endpoint, delivery, now))
            : new WebhookSender.Answer(Outcome.DISABLED, 0);
    LongAdder adder = outcomes.get(answer.outcome());
    if (adder != null) {
      adder.increment();
    }
    if (answer.outcome() == Outcome.GONE) {
      disable(endpoint);
    }
    return new Delivery.Attempt(now, answer.outcome(), answer.status());
  }

  private static WebhookSender.Message message(Endpoint endpoint, Delivery delivery, Instant now) {
    String id = delivery.messageId();
    return new WebhookSender.Message(
        endpoint.target().url(),
        Map.of(
            "webhook-id", id,
            "webhook-timestamp", Long.toString(now.getEpochSecond()),
            "webhook-signature", endpoint.sign(id, now, delivery.body())),
        delivery.body());
  }

  private void disable(Endpoint seen) {
    Endpoint endpoint = seen;
    for (int i = 1; i <= WRITE_ATTEMPTS_MAX && endpoint != null && endpoint.isEnabled(); i++) {
      if (store.write(endpoint.gone()) != null) {
        return;
      }
      endpoint = store.endpoint(seen.tenant(), seen.id());
    }
  }

  private @Nullable Lane past(Lane lane, Delivery finished) {
    Instant now = now();
    boolean isDelivered = finished.state() == Delivery.State.DELIVERED;
    return change(lane, l -> l.past(finished.sequence(), isDelivered, now.plus(CLAIM), now));
  }

  private void release(Lane lane, int failed, Instant next) {
    Instant now = now();
    Lane _ = change(lane, l -> l.released(failed, next, now));
  }

  /** Changes a lane that may have been fed meanwhile; null if it is no longer ours. */
  private @Nullable Lane change(Lane lane, UnaryOperator<Lane> change) {
    Lane current = lane;
    for (int i = 1; i <= WRITE_ATTEMPTS_MAX && current != null; i++) {
      Lane written = store.write(change.apply(current));
      if (written != null) {
        return written;
      }
      current = reread(current);
    }
    return null;
  }

  private @Nullable Lane reread(Lane lane) {
    Lane current = store.lane(lane.key());
    return current != null && lane.claim() != null && lane.claim().equals(current.claim())
        ? current
        : null;
  }

  private void count(int shard) {
    int count = 0;
    Instant since = null;
    for (Lane lane : store.waiting(shard, LANES_COUNTED_MAX)) {
      count++;
      Instant began = lane.waitingSince();
      since = began != null && (since == null || began.isBefore(since)) ? began : since;
    }
    waiting.set(shard, new Waiting(count, since));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
