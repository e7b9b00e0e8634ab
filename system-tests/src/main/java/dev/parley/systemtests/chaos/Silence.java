package dev.parley.systemtests.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.systemtests.history.Entry;
import dev.parley.systemtests.history.Entry.Delivery;
import dev.parley.systemtests.history.Entry.Holding;
import dev.parley.systemtests.history.Entry.Log;
import dev.parley.systemtests.history.Entry.Quiet;
import dev.parley.systemtests.history.Entry.Said;
import dev.parley.systemtests.nodes.NodeApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is left when nobody asks for anything any more and all is mended: waits until every node
 * shows the same and it agrees, and takes that down; what does not come to agree is taken down as
 * it is. One thread.
 */
final class Silence {
  private static final long PAUSE_MS = 100;
  private static final long OFFER_AGAIN_NS = TimeUnit.SECONDS.toNanos(2);
  private static final int GONE = 410;

  private final Cluster cluster;
  private final Recorder recorder;
  private final List<Room> rooms;
  private final Offers offers;
  private final Duration patience;
  private long offeredNs = Recorder.nowNs();

  Silence(Cluster cluster, Recorder recorder, List<Room> rooms, Offers offers, Duration patience) {
    this.cluster = cluster;
    this.recorder = recorder;
    this.rooms = rooms;
    this.offers = offers;
    this.patience = patience;
  }

  /** Waits until what is there agrees, and takes it down. */
  void await() throws InterruptedException {
    cluster.awaitWhole();
    settle(this::agrees);
  }

  /** Waits until conferences that were ended are over everywhere, and takes that down. */
  void awaitEnd() throws InterruptedException {
    settle(views -> views.stream().noneMatch(Quiet::isOpen) && agrees(views) && areToldOfEnd());
    for (Room room : rooms) {
      recorder.accept(new Log(room.id(), messages(room), Recorder.nowNs()));
    }
  }

  /** What one can be sure of. */
  private interface Agreement {
    boolean holds(Collection<Quiet> views) throws InterruptedException;
  }

  private void settle(Agreement agreement) throws InterruptedException {
    long deadlineNs = Recorder.nowNs() + patience.toNanos();
    Map<String, Quiet> views = look();
    while ((views == null || !agreement.holds(views.values())) && Recorder.nowNs() < deadlineNs) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      views = look();
    }
    if (views == null) {
      throw new IllegalStateException("nodes disagree, or do not answer, for too long");
    }
    views.values().forEach(recorder);
    holdings().forEach(recorder);
  }

  /** Returns what all nodes show of each room, or null if they do not show the same. */
  private @Nullable Map<String, Quiet> look() throws InterruptedException {
    Map<String, Quiet> views = new LinkedHashMap<>();
    boolean isOfferDue = Recorder.nowNs() - offeredNs > OFFER_AGAIN_NS;
    for (Room room : rooms) {
      for (NodeApi node : cluster.nodes()) {
        Quiet view = view(node, room, isOfferDue);
        Quiet other = view == null ? null : views.putIfAbsent(room.id(), view);
        if (view == null || (other != null && !isSame(other, view))) {
          return null;
        }
      }
    }
    offeredNs = isOfferDue ? Recorder.nowNs() : offeredNs;
    return views;
  }

  private @Nullable Quiet view(NodeApi node, Room room, boolean isOfferDue)
      throws InterruptedException {
    NodeApi.Reply conference = node.get(room.path(), cluster.key());
    NodeApi.Reply roster = node.get(room.path() + "/participants", cluster.key());
    if (!conference.isOk() || !(roster.isOk() || roster.status() == GONE)) {
      return null;
    }
    Map<String, String> people = new LinkedHashMap<>();
    boolean areConnected = true;
    for (JsonNode one : roster.body().path("data")) {
      String participant = one.path("id").asText();
      people.put(participant, one.path("identity").asText());
      if (!one.path("state").asText().equals("connected")) {
        areConnected = false;
        Room.Stay stay = room.stays().get(participant);
        if (stay != null && isOfferDue) {
          offers.again(room, stay);
        }
      }
    }
    boolean isOpen = !conference.body().path("state").asText().equals("ended");
    int count = conference.body().path("participantCount").asInt();
    return areConnected ? new Quiet(room.id(), isOpen, count, people, Recorder.nowNs()) : null;
  }

  private static boolean isSame(Quiet one, Quiet other) {
    return one.isOpen() == other.isOpen()
        && one.participantCount() == other.participantCount()
        && one.people().equals(other.people());
  }

  private boolean agrees(Collection<Quiet> views) {
    List<Holding> holdings = holdings();
    for (Quiet view : views) {
      Set<String> onMedia = new HashSet<>();
      int serverCount = 0;
      for (Holding holding : holdings) {
        if (holding.conference().equals(view.conference()) && !holding.participants().isEmpty()) {
          onMedia.addAll(holding.participants());
          serverCount++;
        }
      }
      if (view.participantCount() != view.people().size()
          || serverCount > 1
          || !onMedia.equals(view.people().keySet())) {
        return false;
      }
    }
    return true;
  }

  private List<Holding> holdings() {
    Set<String> mine = new HashSet<>();
    rooms.forEach(room -> mine.add(room.id()));
    List<Holding> all = new ArrayList<>();
    for (ModelMedia server : cluster.media()) {
      server.tell(entry -> {
        if (entry instanceof Holding holding && mine.contains(holding.conference())) {
          all.add(holding);
        }
      });
    }
    return all;
  }

  private boolean areToldOfEnd() {
    Set<String> told = new HashSet<>();
    for (Entry entry : recorder.soFar()) {
      if (entry instanceof Delivery delivery && delivery.type().equals("conference.ended")) {
        told.add(delivery.conference());
      }
    }
    return rooms.stream().allMatch(room -> told.contains(room.id()));
  }

  private List<Said> messages(Room room) throws InterruptedException {
    List<Said> said = new ArrayList<>();
    NodeApi node = cluster.nodes().getFirst();
    while (true) {
      long after = said.isEmpty() ? 0 : said.getLast().sequence();
      NodeApi.Reply page = node.get(room.path() + "/messages?after=" + after, cluster.key());
      if (!page.isOk()) {
        throw new IllegalStateException("messages cannot be read: " + page);
      }
      if (page.body().path("data").isEmpty()) {
        return said;
      }
      page.body()
          .path("data")
          .forEach(
              one -> said.add(new Said(one.path("sequence").asLong(), one.path("text").asText())));
    }
  }
}
