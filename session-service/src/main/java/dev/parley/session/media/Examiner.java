package dev.parley.session.media;

import dev.parley.session.conference.Sightings;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what became of media servers that are not heard of, and has those given up that are
 * dead by the {@link Evidence}. Whoever calls {@link #sweep} or {@link #onLinkless} holds the
 * directory's lock; witnesses are asked on virtual threads, without it.
 */
final class Examiner {
  private static final Logger LOG = LoggerFactory.getLogger(Examiner.class);
  private static final int BEATS_MISSED_MAX = 3;

  private final ControlServerSettings settings;
  private final Inquest inquest;
  private final LongSupplier nanoClock;
  private final ControlCounters counters;
  private final Directory directory;
  private final Executor examinations =
      task -> Thread.ofVirtual().name("media-inquest").start(task);
  private final AtomicInteger doubtCount = new AtomicInteger();
  private volatile boolean isClosed;

  /** The servers there are. Called without its lock. */
  interface Directory {
    /** All of them. */
    List<ServerEntry> all();

    /** What other nodes see of them; may ask the store. */
    Sightings elsewhere();

    /** Ends with a server that is dead. */
    void giveUp(ServerEntry dead);
  }

  /**
   * An examiner to whom nobody is in doubt yet.
   *
   * @param nanoClock monotonic time in nanoseconds
   */
  Examiner(
      ControlServerSettings settings,
      Inquest inquest,
      LongSupplier nanoClock,
      ControlCounters counters,
      Directory directory) {
    this.settings = settings;
    this.inquest = inquest;
    this.nanoClock = nanoClock;
    this.counters = counters;
    this.directory = directory;
  }

  /** Whether there is a server in doubt, so that what clients say is worth telling. Any thread. */
  boolean hasDoubts() {
    return doubtCount.get() > 0;
  }

  /** A peer has looked for a server in doubt. Any thread. */
  void onProbed(long id, boolean isAnswered) {
    inquest.onResult(id, isAnswered);
  }

  /** A server's last link has gone. */
  void onLinkless(ServerEntry entry) {
    if (examine(entry, nanoClock.getAsLong())) {
      doubtCount.incrementAndGet();
    }
  }

  /** Looks at all servers. Called a few times a second. */
  void sweep(Collection<ServerEntry> entries) {
    long nowNs = nanoClock.getAsLong();
    int inDoubt = 0;
    for (ServerEntry entry : entries) {
      inDoubt += examine(entry, nowNs) ? 1 : 0;
    }
    doubtCount.set(inDoubt);
  }

  /** From now on nobody is asked and nobody given up. */
  void close() {
    isClosed = true;
  }

  /** Has witnesses asked, on another thread, if the server is in doubt; returns whether it is. */
  private boolean examine(ServerEntry entry, long nowNs) {
    boolean wasInDoubt = entry.doubt() != null;
    Doubt doubt = entry.doubt(entry.isHeard(nowNs, silenceNs()), nowNs);
    if (doubt == null || isClosed) {
      return false;
    }
    if (!wasInDoubt) {
      LOG.warn("media server {} is not heard of; witnesses are asked", entry.server().server());
      counters.increment(ControlCounter.SERVERS_DOUBTED);
    }
    if (entry.examine()) {
      examinations.execute(() -> hold(entry, doubt));
    }
    return true;
  }

  /** Blocks. A server that comes back meanwhile has no doubt any more, or another. */
  private void hold(ServerEntry entry, Doubt doubt) {
    try {
      if (judge(entry, doubt) != Evidence.Verdict.DEAD) {
        Inquest.Findings found = inquest.hold(entry.probes(), linkToPeerOf(entry));
        doubt.onProbed(found.isAnswered(), found.isDeaf(), nanoClock.getAsLong());
      }
      if (judge(entry, doubt) == Evidence.Verdict.DEAD && entry.doubt() == doubt && !isClosed) {
        directory.giveUp(entry);
      }
    } catch (RuntimeException e) {
      // Such as the store's silence: it is judged again in a moment.
      LOG.warn("nothing is known yet of media server {}", entry.server().server(), e);
    } finally {
      entry.examined();
    }
  }

  private Evidence.Verdict judge(ServerEntry entry, Doubt doubt) {
    Evidence evidence = doubt.evidence(nanoClock.getAsLong());
    Evidence.Verdict verdict = evidence.judge(settings.deadAfter());
    boolean isWitnessed = evidence.isDeafToProbes() || evidence.hasClientsWithout();
    // Without a witness it may be this node that is cut off, and not the server.
    return verdict == Evidence.Verdict.DEAD
            && !isWitnessed
            && directory.elsewhere().isSeenElsewhere(entry.server(), settings.deadAfter())
        ? Evidence.Verdict.UNKNOWN
        : verdict;
  }

  /** A link to a server beside this one, in the same region; null if none is heard of. */
  private @Nullable ServerLink linkToPeerOf(ServerEntry inDoubt) {
    long nowNs = nanoClock.getAsLong();
    for (ServerEntry other : directory.all()) {
      if (other != inDoubt
          && other.server().region().equals(inDoubt.server().region())
          && other.isHeard(nowNs, settings.heartbeat().toNanos() * 2)) {
        return other.newestLink();
      }
    }
    return null;
  }

  /** Three beats missed. */
  private long silenceNs() {
    return settings.heartbeat().toNanos() * BEATS_MISSED_MAX;
  }
}
