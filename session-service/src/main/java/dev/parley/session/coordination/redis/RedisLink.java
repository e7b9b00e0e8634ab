package dev.parley.session.coordination.redis;

import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Redis, which may be absent from the start and at any time. After a few commands in a
 * row without an answer Redis counts as away: then commands fail at once, so that nobody waits,
 * until it answers a ping. Thread-safe.
 */
final class RedisLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
  private static final int TIMEOUTS_MAX = 3;
  private static final long PING_MS = 250;

  private final RedisClients clients;
  private final Duration timeout;
  private final RedisCounters counters = new RedisCounters();
  private final RedisPubSubListener<String, String> listener;
  private final AtomicInteger timeouts = new AtomicInteger();
  private final AtomicBoolean isAway = new AtomicBoolean();
  private final AtomicBoolean isPinging = new AtomicBoolean();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("redis-timer").daemon(true).factory());
  private volatile RedisClients.@Nullable Commands open;
  private volatile @Nullable StatefulRedisPubSubConnection<String, String> openPubSub;

  /** Who hears of subscribed channels, on a thread that must not be held up. */
  interface Listener {
    /** What is published from now on arrives; again after each break. */
    void onSubscribed(String channel);

    void onMessage(String channel, String message);
  }

  /** Connects if Redis is there; if not, that is tried again and again. */
  RedisLink(RedisAddress address, Duration timeout, Listener listener) {
    this.clients = new RedisClients(address, timeout);
    this.timeout = timeout;
    this.listener = adapt(listener);
    tick();
    var _ = timer.scheduleWithFixedDelay(this::tick, PING_MS, PING_MS, TimeUnit.MILLISECONDS);
  }

  RedisCounters counters() {
    return counters;
  }

  RedisClients clients() {
    return clients;
  }

  boolean isAway() {
    return open == null || isAway.get();
  }

  /** Calls something each so often, on the timer's thread, until this is closed. */
  void every(Duration interval, Runnable work) {
    long intervalMs = interval.toMillis();
    var _ =
        timer.scheduleWithFixedDelay(
            () -> runLogged(work), intervalMs, intervalMs, TimeUnit.MILLISECONDS);
  }

  /** Runs a script. The result's type is the caller's to know. */
  <T> CompletableFuture<T> eval(
      Script script, ScriptOutputType type, String[] keys, String... arguments) {
    return send(commands -> commands.eval(script.text(), type, keys, arguments));
  }

  /** Sends a command; fails with {@link RedisAwayException} or what Redis said. */
  <T> CompletableFuture<T> send(
      Function<RedisClusterAsyncCommands<String, String>, RedisFuture<T>> command) {
    RedisClients.Commands now = open;
    if (now == null || isAway.get()) {
      counters.increment(RedisCounter.REJECTED);
      return CompletableFuture.failedFuture(new RedisAwayException("Redis is away"));
    }
    try {
      CompletableFuture<T> answer = command.apply(now.commands()).toCompletableFuture();
      return answer.whenComplete((_, failure) -> judge(failure));
    } catch (RedisException e) {
      // Such as that no node of the Cluster has the slot.
      counters.increment(RedisCounter.FAILURES);
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Waits for an answer.
   *
   * @throws RedisAwayException if there is none, or Redis refuses
   */
  <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      throw new RedisAwayException(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisAwayException("interrupted");
    }
  }

  /** Subscribes; done when that is sent, and told to the listener when it holds. */
  CompletableFuture<Void> subscribe(String channel) {
    StatefulRedisPubSubConnection<String, String> now = openPubSub;
    if (now == null || isAway()) {
      return CompletableFuture.failedFuture(new RedisAwayException("Redis is away"));
    }
    return now.async().subscribe(channel).toCompletableFuture();
  }

  void unsubscribe(String channel) {
    StatefulRedisPubSubConnection<String, String> now = openPubSub;
    if (now != null) {
      // If it fails, messages for nobody are dropped as they come.
      var _ = now.async().unsubscribe(channel);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    clients.close();
  }

  private void judge(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    switch (cause) {
      case null -> timeouts.set(0);
      case RedisCommandTimeoutException _ -> {
        counters.increment(RedisCounter.TIMEOUTS);
        if (timeouts.incrementAndGet() >= TIMEOUTS_MAX) {
          goAway("does not answer");
        }
      }
      default -> {
        counters.increment(RedisCounter.FAILURES);
        LOG.debug("a command failed: {}", cause.toString());
      }
    }
  }

  private void goAway(String why) {
    if (isAway.compareAndSet(false, true)) {
      counters.increment(RedisCounter.ABSENCES);
      LOG.warn("Redis {}; this node goes on alone until it does", why);
    }
  }

  private void tick() {
    runLogged(() -> {
      if (open == null || openPubSub == null) {
        connect();
      }
      ping();
    });
  }

  private void connect() {
    try {
      if (openPubSub == null) {
        StatefulRedisPubSubConnection<String, String> made = clients.openPubSub();
        made.addListener(listener);
        openPubSub = made;
      }
      if (open == null) {
        open = clients.open();
      }
    } catch (RedisException e) {
      goAway("is not there: " + e.getMessage());
    }
  }

  private void ping() {
    RedisClients.Commands now = open;
    if (now == null || !isPinging.compareAndSet(false, true)) {
      return;
    }
    var _ =
        now.commands()
            .ping()
            .whenComplete((_, failure) -> {
              isPinging.set(false);
              onPong(failure);
            });
  }

  private void onPong(@Nullable Throwable failure) {
    if (failure == null) {
      timeouts.set(0);
      if (openPubSub != null && isAway.compareAndSet(true, false)) {
        LOG.info("Redis answers");
      }
    } else if (failure instanceof RedisCommandTimeoutException) {
      judge(failure);
    } else {
      goAway("is out of reach: " + failure.getMessage());
    }
  }

  private static void runLogged(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      // The timer would never call again, and tell nobody.
      LOG.warn("Redis: {}", e.toString(), e);
    }
  }

  private static RedisPubSubListener<String, String> adapt(Listener listener) {
    return new RedisPubSubAdapter<>() {
      @Override
      public void subscribed(String channel, long count) {
        listener.onSubscribed(channel);
      }

      @Override
      public void message(String channel, String message) {
        listener.onMessage(channel, message);
      }
    };
  }
}
