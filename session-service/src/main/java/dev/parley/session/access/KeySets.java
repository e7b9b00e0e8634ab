package dev.parley.session.access;

import dev.parley.common.token.RsaKeySet;
import dev.parley.common.token.VerificationKey;
import java.io.IOException;
import java.net.URI;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of token issuers, as their URLs last gave them. A set is fetched anew when it is
 * {@link #AGE_MAX} old, in the background, and when a token names a key that is not in it, while
 * that token waits; but no oftener than each {@link #INTERVAL_MIN}, for anybody can name a key. A
 * set that cannot be fetched anew stays good. Thread-safe.
 */
public final class KeySets {
  /** When a set is fetched anew though nobody misses a key. */
  static final Duration AGE_MAX = Duration.ofMinutes(10);

  /** How long after an attempt the next one may be, for one URL. */
  static final Duration INTERVAL_MIN = Duration.ofSeconds(10);

  private static final int URLS_MAX = 1_000;

  private final KeySetSource source;
  private final Clock clock;
  private final Executor background;
  private final LongAdder fetches = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final ReentrantLock lock = new ReentrantLock();

  /** The least recently used first; guarded by the lock. */
  private final Map<URI, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Takes what it needs.
   *
   * @param background runs fetches that nobody waits for, each on a thread that may block
   */
  public KeySets(KeySetSource source, Clock clock, Executor background) {
    this.source = source;
    this.clock = clock;
    this.background = background;
  }

  /** What is known of one URL. Its fields are guarded by its own lock while it is fetched. */
  private static final class Entry {
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable RsaKeySet keys;
    private volatile Instant triedAt = Instant.MIN;
    private volatile Instant fetchedAt = Instant.MIN;
  }

  /** Returns the key, after a fetch if that may bring it. */
  VerificationKey find(URI url, @Nullable String keyId) {
    Entry entry = entry(url);
    RSAPublicKey known = key(entry, keyId);
    if (known != null) {
      if (clock.instant().isAfter(entry.fetchedAt.plus(AGE_MAX)) && mayFetch(entry)) {
        background.execute(() -> fetch(url, entry));
      }
      return new VerificationKey.Rsa(known);
    }
    if (mayFetch(entry)) {
      fetch(url, entry);
      known = key(entry, keyId);
      if (known != null) {
        return new VerificationKey.Rsa(known);
      }
    }
    return new VerificationKey.None(
        entry.keys == null
            ? "the issuer's keys could not be fetched from its URL; try again soon"
            : "the issuer's keys have none with the token's kid");
  }

  /** Returns what is wrong with a URL, or null; see {@link KeySetSource#fault}. */
  @Nullable String fault(URI url) {
    return source.fault(url);
  }

  /** How many times keys were fetched. */
  public long fetchCount() {
    return fetches.sum();
  }

  /** How many times keys could not be fetched. */
  public long failureCount() {
    return failures.sum();
  }

  private Entry entry(URI url) {
    lock.lock();
    try {
      Entry entry = entries.computeIfAbsent(url, _ -> new Entry());
      if (entries.size() > URLS_MAX) {
        entries.remove(entries.keySet().iterator().next());
      }
      return entry;
    } finally {
      lock.unlock();
    }
  }

  private boolean mayFetch(Entry entry) {
    return entry.triedAt.equals(Instant.MIN)
        || !clock.instant().isBefore(entry.triedAt.plus(INTERVAL_MIN));
  }

  /** Fetches once, however many ask at the same time; the others wait and take what came. */
  private void fetch(URI url, Entry entry) {
    entry.fetching.lock();
    try {
      if (!mayFetch(entry)) {
        return;
      }
      entry.triedAt = clock.instant();
      fetches.increment();
      entry.keys = RsaKeySet.parse(source.fetch(url));
      entry.fetchedAt = entry.triedAt;
    } catch (IOException | IllegalArgumentException e) {
      // What it had stays good: the issuer's web server is not to decide who gets into a call.
      failures.increment();
    } finally {
      entry.fetching.unlock();
    }
  }

  private static @Nullable RSAPublicKey key(Entry entry, @Nullable String keyId) {
    RsaKeySet keys = entry.keys;
    return keys == null ? null : keys.key(keyId);
  }
}
