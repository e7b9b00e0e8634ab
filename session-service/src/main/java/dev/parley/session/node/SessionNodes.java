package dev.parley.session.node;

import dev.parley.session.conference.MediaServer;
import dev.parley.session.conference.Sightings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of session nodes, by way of the store: each writes a record every {@link #BEAT} and
 * reads the others'. A node whose record stands still for {@link #LEASE}, by the reader's own
 * monotonic clock, is gone; clocks need not agree. {@link #run} is called by one thread; questions
 * are answered to any.
 */
public final class SessionNodes implements Sightings, AutoCloseable {
  /** How often a node tells of itself and looks for the others: one write and one query. */
  public static final Duration BEAT = Duration.ofSeconds(3);

  /** Without a beat for this long, a node is gone. */
  public static final Duration LEASE = Duration.ofSeconds(10);

  /** Without a beat for this long, what a node left is removed. */
  private static final Duration REMOVED_AFTER = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(SessionNodes.class);

  private final NodeStore store;
  private final NodeRecord blank;
  private final LongSupplier nanoTime;
  private final Supplier<List<MediaServer>> linked;
  private final Map<String, Beat> beats = new HashMap<>();
  private final Map<MediaServer, Long> seenNs = new ConcurrentHashMap<>();

  private long version;
  private boolean hasBeaten;
  private volatile long lookedNs;
  private volatile boolean isDisplaced;
  private volatile List<NodeRecord> living;

  /** A record, and since when it has stood still. */
  private record Beat(NodeRecord record, long sinceNs) {}

  /** What a node tells of itself once and for all, as in {@link NodeRecord}. */
  public record Self(String name, String run, @Nullable URI control) {}

  /**
   * Knows only this node until the first {@link #run}.
   *
   * @param nanoTime monotonic time in nanoseconds
   * @param linked the media servers that have a link to this node now
   */
  public SessionNodes(
      NodeStore store, Self self, LongSupplier nanoTime, Supplier<List<MediaServer>> linked) {
    this.store = store;
    this.blank = new NodeRecord(self.name(), self.run(), self.control(), List.of(), 0);
    this.nanoTime = nanoTime;
    this.linked = linked;
    this.lookedNs = nanoTime.getAsLong();
    this.living = List.of(blank);
  }

  /** Tells of this node and reads of the others. Returns how many there are. */
  public int run() {
    if (!isDisplaced) {
      beat();
    }
    look();
    return living.size();
  }

  /** The nodes that beat, this one among them, by name. */
  public List<NodeRecord> living() {
    return living;
  }

  /** Where media servers dial the nodes that beat. */
  public List<URI> controls() {
    List<URI> controls = new ArrayList<>();
    for (NodeRecord node : living) {
      if (node.control() != null) {
        controls.add(node.control());
      }
    }
    return controls;
  }

  /** True if another process has taken this node's name; then this one is in no directory. */
  public boolean isDisplaced() {
    return isDisplaced;
  }

  /**
   * {@inheritDoc}
   *
   * <p>While the directory cannot be read, nothing is known, and any server may be seen elsewhere.
   */
  @Override
  public boolean isSeenElsewhere(MediaServer server, Duration within) {
    long nowNs = nanoTime.getAsLong();
    if (nowNs - lookedNs > LEASE.toNanos()) {
      return true;
    }
    Long seen = seenNs.get(server);
    return seen != null && nowNs - seen <= within.toNanos();
  }

  /**
   * True if this node is the one of those living that is to look after a shard of work which no
   * node has begun by itself. All nodes choose alike (rendezvous hashing), but for some seconds
   * after one has come or gone two may look, or none.
   */
  public boolean isOurs(String shard) {
    int highest = Integer.MIN_VALUE;
    String chosen = blank.name();
    for (NodeRecord node : living) {
      int weight = mixed((node.name() + " " + shard).hashCode());
      if (weight > highest) {
        highest = weight;
        chosen = node.name();
      }
    }
    return chosen.equals(blank.name());
  }

  /** Takes this node out of the directory, so that nobody waits for its lease. */
  @Override
  public void close() {
    if (hasBeaten && !isDisplaced) {
      store.remove(blank.withVersion(version));
    }
  }

  private void beat() {
    NodeRecord next = record();
    NodeRecord written = store.write(next);
    if (written == null) {
      NodeRecord there = store.node(blank.name());
      if (hasBeaten && there != null && !there.run().equals(blank.run())) {
        isDisplaced = true;
        LOG.error("another process is called {} too: give each a --node of its own", blank.name());
        return;
      }
      // Left by an earlier run of this node, or written by a beat whose answer was lost.
      version = there == null ? 0 : there.version();
      written = store.write(record());
    }
    if (written != null) {
      hasBeaten = true;
      version = written.version();
    }
  }

  private NodeRecord record() {
    return new NodeRecord(blank.name(), blank.run(), blank.control(), linked.get(), version);
  }

  private void look() {
    List<NodeRecord> found = store.nodes();
    long nowNs = nanoTime.getAsLong();
    List<NodeRecord> now = new ArrayList<>(List.of(blank));
    Set<String> names = new HashSet<>();
    for (NodeRecord node : found) {
      if (node.name().equals(blank.name())) {
        continue;
      }
      names.add(node.name());
      Beat beat = beats.get(node.name());
      if (beat == null || !beat.record().equals(node)) {
        beat = new Beat(node, nowNs);
        beats.put(node.name(), beat);
      }
      if (nowNs - beat.sinceNs() <= LEASE.toNanos()) {
        now.add(node);
        node.linked().forEach(server -> seenNs.put(server, nowNs));
      } else if (nowNs - beat.sinceNs() > REMOVED_AFTER.toNanos()) {
        store.remove(node);
      }
    }
    beats.keySet().retainAll(names);
    seenNs.values().removeIf(ns -> nowNs - ns > REMOVED_AFTER.toNanos());
    now.sort(Comparator.comparing(NodeRecord::name));
    living = List.copyOf(now);
    lookedNs = nowNs;
  }

  /** Names that differ by a digit must not always win together (finaliser of MurmurHash3). */
  private static int mixed(int hash) {
    int mixed = (hash ^ hash >>> 16) * 0x85ebca6b;
    mixed = (mixed ^ mixed >>> 13) * 0xc2b2ae35;
    return mixed ^ mixed >>> 16;
  }
}
