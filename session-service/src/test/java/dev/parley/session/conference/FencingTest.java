package dev.parley.session.conference;

import static dev.parley.session.conference.Stage.FIRST;
import static dev.parley.session.conference.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Nodes that share a store and nothing else, each with its own opinion on which server is best and
 * which is dead. Under one epoch a conference is on one server; a server that was given up gets
 * nobody.
 */
@Timeout(60)
final class FencingTest {
  private static final int RACES = 100;
  private static final int HISTORIES = 150;
  private static final int STEPS = 40;
  private static final MediaServer THIRD =
      new MediaServer(new ServerId("ms-3"), "three", new Region("local"));

  @Test
  void ofNodesThatRaceToPlaceAConferenceExactlyOneWins() throws Exception {
    try (Stage stage = new Stage();
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int race = 0; race < RACES; race++) {
        ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
        Participant ana = stage.join(conference, "ana");
        Participant ben = stage.join(conference, "ben");
        CyclicBarrier start = new CyclicBarrier(2);

        Future<Participant> one =
            threads.submit(() -> offerAt(new Node(stage, FIRST).signalling, ana, start));
        Future<Participant> other =
            threads.submit(() -> offerAt(new Node(stage, SECOND).signalling, ben, start));

        MediaSession first = media(one.get());
        MediaSession second = media(other.get());
        assertThat(first.server()).as("race %d", race).isEqualTo(second.server());
        assertThat(first.epoch()).isEqualTo(second.epoch()).isEqualTo(1);
      }
    }
  }

  private static Participant offerAt(Signalling signalling, Participant who, CyclicBarrier start)
      throws Exception {
    start.await();
    return Stage.done(
            signalling.offer(
                who.conference(),
                who.id(),
                new Signalling.Offer("v=0", Order.Listening.AUTO, Order.SignallingProfile.RTC)))
        .participant();
  }

  @Test
  void noEpochHasTwoServersAndNoFencedServerGetsAnyoneInAnyHistory() {
    for (int seed = 0; seed < HISTORIES; seed++) {
      try (Stage stage = new Stage()) {
        new History(stage, seed).run();
      }
    }
  }

  /** Random steps of two nodes; deaths may be seen by one of them alone. */
  private static final class History {
    private final Stage stage;
    private final int seed;
    private final Random random;
    private final List<Node> nodes;
    private final List<Participant> people = new ArrayList<>();
    private final Map<String, MediaServer> serverOf = new HashMap<>();
    private final ConferenceId conference;

    History(Stage stage, int seed) {
      this.stage = stage;
      this.seed = seed;
      this.random = new Random(seed);
      this.nodes = List.of(new Node(stage, FIRST, SECOND, THIRD), new Node(stage, SECOND, THIRD));
      this.conference = stage.conference(ConferenceOptions.DEFAULT);
    }

    void run() {
      for (String identity : List.of("ana", "ben", "eve")) {
        people.add(stage.join(conference, identity));
      }
      for (int step = 0; step < STEPS; step++) {
        Node node = nodes.get(random.nextInt(nodes.size()));
        MediaServer server = List.of(FIRST, SECOND, THIRD).get(random.nextInt(3));
        switch (random.nextInt(8)) {
          case 0 -> {
            if (random.nextInt(3) == 0 && node.servers.up.size() > 1) {
              node.facts.onServerLost(server);
              node.servers.up.remove(server);
            }
          }
          case 1 -> node.facts.onServerUp(server, List.of());
          case 2 -> node.moves.lead(server, conference);
          case 3 -> node.facts.lookAfterServers();
          default -> offer(node, people.get(random.nextInt(people.size())));
        }
        check();
      }
    }

    private void offer(Node node, Participant who) {
      // Refused for want of a server, or done: either may be.
      Answer<Signalling.Answered> _ =
          node.signalling.offer(
              conference,
              who.id(),
              new Signalling.Offer("v=0", Order.Listening.AUTO, Order.SignallingProfile.RTC));
    }

    private void check() {
      for (Stage.Given given : stage.orders) {
        if (given.order() instanceof Order.AdmitParticipant) {
          MediaServer known = serverOf.putIfAbsent("" + given.epoch(), given.server());
          assertThat(known == null ? given.server() : known)
              .as("seed %d, epoch %d", seed, given.epoch())
              .isEqualTo(given.server());
        }
      }
      stage.orders.clear();
      Allocation allocation = stage.store.allocation(conference);
      if (allocation != null && allocation.server() != null) {
        assertThat(stage.store.isFenced(allocation.server()))
            .as("seed %d: on a server that was given up", seed)
            .isFalse();
      }
    }
  }

  /** One session node, with the servers it believes in, the first one best. */
  private static final class Node {
    final Opinion servers;
    final Moves moves;
    final MediaFacts facts;
    final Signalling signalling;

    Node(Stage stage, MediaServer... up) {
      servers = new Opinion(stage, up);
      moves =
          new Moves(stage.store, stage.clock, servers, (_, _) -> {}, stage.notices, Runnable::run);
      facts =
          new MediaFacts(
              stage.store,
              stage.clock,
              stage.participants,
              servers,
              (_, _) -> {},
              stage.notices,
              moves,
              new Fleet(stage.store, stage.clock, servers),
              stage.unrecorded,
              Runnable::run);
      signalling = new Signalling(stage.store, stage.clock, stage.ids, servers, stage.participants);
    }
  }

  private static final class Opinion implements MediaServers {
    final List<MediaServer> up;
    private final Stage stage;
    private final Set<MediaServer> leftOut = ConcurrentHashMap.newKeySet();

    Opinion(Stage stage, MediaServer... up) {
      this.stage = stage;
      this.up = new ArrayList<>(List.of(up));
    }

    @Override
    public @Nullable MediaServer choose(Wish wish) {
      return up.stream()
          .filter(server -> !wish.excluded().contains(server) && !leftOut.contains(server))
          .findFirst()
          .orElse(null);
    }

    @Override
    public MediaAnswer order(MediaServer server, ConferenceId conference, long epoch, Order order) {
      return stage.servers.order(server, conference, epoch, order);
    }

    @Override
    public void fence(MediaServer server) {
      up.remove(server);
    }

    @Override
    public void leaveOut(Set<MediaServer> servers, Set<Region> regions) {
      leftOut.clear();
      leftOut.addAll(servers);
    }

    @Override
    public boolean wantsTestimony() {
      return false;
    }

    @Override
    public void testify(MediaServer server, MediaWord word) {}
  }

  private static MediaSession media(Participant participant) {
    MediaSession media = participant.media();
    assertThat(media).isNotNull();
    return media;
  }
}
