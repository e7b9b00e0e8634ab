package dev.parley.session.media;

import dev.parley.common.control.Hello;
import dev.parley.common.control.ServerLoad;
import dev.parley.session.conference.MediaServer;
import dev.parley.session.placement.Candidate;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One incarnation of a media server as this node knows it. Any thread. */
final class ServerEntry {
  private static final ServerLoad UNKNOWN_LOAD = new ServerLoad(0, 0, 0, 0, 0, 0, false);

  /** For so long a server that is new is drawn less often: its code is not compiled yet. */
  private static final long SLOW_START_NS = TimeUnit.SECONDS.toNanos(30);

  /** How often at first, as a share. */
  private static final double WEIGHT_MIN = 0.1;

  private final MediaServer server;
  private final int participantsMax;
  private final List<String> probes;
  private final @Nullable URI door;
  private final ReportInbox inbox;
  private final Orders orders;
  private final CopyOnWriteArrayList<ServerLink> links = new CopyOnWriteArrayList<>();
  private final AtomicInteger placedSinceLoad = new AtomicInteger();
  private final AtomicInteger joinsUnanswered = new AtomicInteger();
  private final AtomicInteger joinsSinceLoad = new AtomicInteger();
  private final long sinceNs;
  private volatile ServerLoad load = UNKNOWN_LOAD;
  private volatile long beatNs;
  private volatile long linklessSinceNs;
  private volatile boolean isLost;
  private volatile @Nullable Doubt doubt;
  private final AtomicBoolean isExamined = new AtomicBoolean();

  ServerEntry(MediaServer server, Hello hello, ReportInbox inbox, Orders orders, long nowNs) {
    this.server = server;
    this.participantsMax = Math.max(1, hello.participantsMax());
    this.probes = hello.probes();
    this.door = hello.door();
    this.inbox = inbox;
    this.orders = orders;
    this.sinceNs = nowNs;
    this.beatNs = nowNs;
    this.linklessSinceNs = nowNs;
  }

  MediaServer server() {
    return server;
  }

  ReportInbox inbox() {
    return inbox;
  }

  Orders orders() {
    return orders;
  }

  /** Where it answers probes, as {@link Hello#probes} has it. */
  List<String> probes() {
    return probes;
  }

  /** Where it takes offers that come with a ticket, or null, as {@link Hello#door} has it. */
  @Nullable URI door() {
    return door;
  }

  int participantsMax() {
    return participantsMax;
  }

  ServerLoad load() {
    return load;
  }

  void onLoad(ServerLoad newest, long nowNs) {
    load = newest;
    beatNs = nowNs;
    placedSinceLoad.set(0);
    joinsSinceLoad.set(0);
  }

  /** Counts a conference just sent there, until a load report can know of it. */
  void onPlaced() {
    placedSinceLoad.incrementAndGet();
  }

  /** Counts a participant whom it is asked to admit; {@link #onJoinAnswered} must follow. */
  void onJoin() {
    joinsUnanswered.incrementAndGet();
  }

  /** Counts one on, until the next load report: one sent before this cannot know of it. */
  void onJoinAnswered() {
    joinsSinceLoad.incrementAndGet();
    joinsUnanswered.decrementAndGet();
  }

  /** Returns true if it is the only one: the server had no link before. */
  boolean addLink(ServerLink link, long nowNs) {
    boolean isFirst = links.isEmpty();
    links.add(link);
    beatNs = nowNs;
    return isFirst;
  }

  void removeLink(ServerLink link, long nowNs) {
    if (links.remove(link) && links.isEmpty()) {
      linklessSinceNs = nowNs;
    }
  }

  /** The newest link, which is the least likely to be half dead; null if there is none. */
  @Nullable ServerLink newestLink() {
    List<ServerLink> now = List.copyOf(links);
    return now.isEmpty() ? null : now.getLast();
  }

  List<ServerLink> links() {
    return links;
  }

  boolean hasLink() {
    return !links.isEmpty();
  }

  /** True while the server beats: it may get new conferences. */
  boolean isLive(long nowNs, long leaseNs) {
    return hasLink() && !isLost && nowNs - beatNs <= leaseNs;
  }

  /** True while the server has a link and its beats come. */
  boolean isHeard(long nowNs, long silenceNs) {
    return hasLink() && !isLost && nowNs - beatNs <= silenceNs;
  }

  /** Why it is not believed to live, or null if it is. */
  @Nullable Doubt doubt() {
    return doubt;
  }

  /** Believes in it, or begins not to. Returns the doubt, if there is one. */
  @Nullable Doubt doubt(boolean isHeard, long nowNs) {
    if (isHeard || isLost) {
      doubt = null;
    } else if (doubt == null) {
      doubt = new Doubt(hasLink() ? beatNs : linklessSinceNs, nowNs);
    }
    return doubt;
  }

  /** Returns true if nobody asks witnesses about it now; then {@link #examined} must follow. */
  boolean examine() {
    return isExamined.compareAndSet(false, true);
  }

  void examined() {
    isExamined.set(false);
  }

  boolean isLost() {
    return isLost;
  }

  /** True if the server has had no link for so long. */
  boolean isLinklessFor(long nowNs, long durationNs) {
    return !hasLink() && nowNs - linklessSinceNs > durationNs;
  }

  /** Marks the server's calls as given up. Returns false if they were before. */
  boolean lose() {
    boolean wasLost = isLost;
    isLost = true;
    return !wasLost;
  }

  Candidate candidate(long nowNs) {
    double age = (double) (nowNs - sinceNs) / SLOW_START_NS;
    return new Candidate(
        server.server(),
        server.incarnation(),
        server.region(),
        load,
        participantsMax,
        new Candidate.Pending(placedSinceLoad.get(), joinsUnanswered.get() + joinsSinceLoad.get()),
        Math.clamp(age, WEIGHT_MIN, 1));
  }
}
