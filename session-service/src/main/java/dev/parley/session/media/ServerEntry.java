package dev.parley.session.media;

import dev.parley.common.control.ServerLoad;
import dev.parley.session.conference.MediaServer;
import dev.parley.session.placement.Candidate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One incarnation of a media server as this node knows it. Any thread. */
final class ServerEntry {
  private static final ServerLoad UNKNOWN_LOAD = new ServerLoad(0, 0, 0, 0, 0, 0, false);

  private final MediaServer server;
  private final int participantsMax;
  private final ReportInbox inbox;
  private final Orders orders;
  private final CopyOnWriteArrayList<ServerLink> links = new CopyOnWriteArrayList<>();
  private final AtomicInteger placedSinceLoad = new AtomicInteger();
  private volatile ServerLoad load = UNKNOWN_LOAD;
  private volatile long beatNs;
  private volatile long linklessSinceNs;
  private volatile boolean isLost;

  ServerEntry(
      MediaServer server, int participantsMax, ReportInbox inbox, Orders orders, long nowNs) {
    this.server = server;
    this.participantsMax = participantsMax;
    this.inbox = inbox;
    this.orders = orders;
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

  ServerLoad load() {
    return load;
  }

  void onLoad(ServerLoad newest, long nowNs) {
    load = newest;
    beatNs = nowNs;
    placedSinceLoad.set(0);
  }

  /** Counts a conference just sent there, until a load report can know of it. */
  void onPlaced() {
    placedSinceLoad.incrementAndGet();
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

  /** The server is back, and is asked again what it holds. */
  void find() {
    isLost = false;
  }

  Candidate candidate() {
    return new Candidate(
        server.server(),
        server.incarnation(),
        server.region(),
        load,
        participantsMax,
        placedSinceLoad.get());
  }
}
