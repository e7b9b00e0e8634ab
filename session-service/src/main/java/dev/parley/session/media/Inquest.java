package dev.parley.session.media;

import dev.parley.common.control.Probe;
import dev.parley.common.stun.BindingProbe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Asks witnesses about a media server that is not heard of: the server itself by its probe port,
 * and another server of its region, which no cut between regions keeps from it. Any thread; a round
 * blocks for less than a second.
 */
final class Inquest {
  private static final Duration OWN_TIMEOUT = Duration.ofMillis(500);

  /** A peer probes for half a second, and its answer has a way to come. */
  private static final long PEER_TIMEOUT_MS = 900;

  private final BindingProbe probe;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, CompletableFuture<Boolean>> asked = new ConcurrentHashMap<>();

  Inquest(BindingProbe probe) {
    this.probe = probe;
  }

  /** What a round brought. */
  record Findings(boolean isAnswered, boolean isDeaf) {
    static final Findings NONE = new Findings(false, false);
  }

  /**
   * Holds a round.
   *
   * @param addresses the probe addresses of the server in doubt
   * @param peer a link to another server of its region that is heard of, or null
   */
  Findings hold(List<String> addresses, @Nullable ServerLink peer) {
    if (addresses.isEmpty()) {
      return Findings.NONE;
    }
    long id = ids.incrementAndGet();
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    asked.put(id, answer);
    try {
      if (peer == null || !peer.send(new Probe(id, addresses))) {
        answer.cancel(false);
      }
      // Meanwhile from here.
      BindingProbe.Outcome own = probe.ask(addresses, OWN_TIMEOUT);
      if (own == BindingProbe.Outcome.ANSWERED) {
        return new Findings(true, false);
      }
      Boolean byPeer = await(answer);
      boolean isAnswered = Boolean.TRUE.equals(byPeer);
      boolean isDeaf = Boolean.FALSE.equals(byPeer) || own == BindingProbe.Outcome.REFUSED;
      return new Findings(isAnswered, isDeaf);
    } finally {
      asked.remove(id);
    }
  }

  /** A peer has probed. What nobody waits for any more is dropped. */
  void onResult(long id, boolean isAnswered) {
    CompletableFuture<Boolean> answer = asked.get(id);
    if (answer != null) {
      answer.complete(isAnswered);
    }
  }

  /** Null if the peer said nothing. */
  private static @Nullable Boolean await(CompletableFuture<Boolean> answer) {
    try {
      return answer.isCancelled() ? null : answer.get(PEER_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
