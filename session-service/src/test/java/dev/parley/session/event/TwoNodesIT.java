package dev.parley.session.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.token.Role;
import dev.parley.session.access.EventTickets;
import dev.parley.session.access.ServiceSecret;
import dev.parley.session.conference.ConferenceEvent;
import dev.parley.session.conference.ParticipantState;
import dev.parley.session.conference.Roster;
import dev.parley.session.conference.RosterEntry;
import dev.parley.session.conference.Standing;
import dev.parley.session.coordination.local.LocalCoordination;
import dev.parley.session.coordination.redis.RedisAddress;
import dev.parley.session.coordination.redis.RedisCoordination;
import dev.parley.session.harness.EventsClient;
import dev.parley.session.harness.SomeConference;
import dev.parley.testsupport.RedisServer;
import io.javalin.Javalin;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events of one conference on two nodes that share Redis, over real WebSockets. */
@Timeout(60)
final class TwoNodesIT {
  private static final String CONFERENCE = "cf_1";
  private static final ConferenceId ID = new ConferenceId(CONFERENCE);

  private final RedisServer redis = RedisServer.start();
  private final Node a = new Node(redis.address());
  private final Node b = new Node(redis.address());
  private volatile Roster roster = roster("Ana");

  @AfterEach
  void close() {
    a.close();
    b.close();
    redis.close();
  }

  @Test
  void whatHappensOnOneNodeReachesTheSocketsOfTheOther() throws Exception {
    EventsClient here = a.connect(-1);
    EventsClient there = b.connect(-1);
    long seq = here.next("welcome").path("seq").asLong();
    assertThat(there.next("welcome").path("seq").asLong()).isEqualTo(seq);

    a.updated("Ben");
    for (EventsClient client : List.of(here, there)) {
      assertThat(name(client.next(), seq + 1)).isEqualTo("Ben");
    }
    b.updated("Eve");
    for (EventsClient client : List.of(here, there)) {
      assertThat(name(client.next(), seq + 2)).isEqualTo("Eve");
    }
  }

  @Test
  void whoLosesItsNodeGoesOnAtTheOtherWithoutAGap() throws Exception {
    EventsClient lost = a.connect(-1);
    long seq = lost.next("welcome").path("seq").asLong();
    a.updated("Ben");
    assertThat(name(lost.next(), seq + 1)).isEqualTo("Ben");
    a.close();
    b.updated("Eve");
    b.updated("Joe");

    EventsClient again = b.connect(seq + 1);

    assertThat(again.next("welcome").path("resumed").asBoolean()).isTrue();
    assertThat(name(again.next(), seq + 2)).isEqualTo("Eve");
    assertThat(name(again.next(), seq + 3)).isEqualTo("Joe");
    b.updated("Kim");
    assertThat(name(again.next(), seq + 4)).isEqualTo("Kim");
  }

  @Test
  void aTicketUsedOnOneNodeIsUsedOnTheOther() throws Exception {
    String ticket = a.tickets.issueToBackend(ID).text();
    EventsClient.connect(a.javalin.port(), CONFERENCE, ticket, -1).next("welcome");

    assertThat(EventsClient.connect(b.javalin.port(), CONFERENCE, ticket, -1).closeCode())
        .isEqualTo(4401);
  }

  @Test
  void whileRedisIsAwaySocketsOpenAndOtherNodesEventsShowAsSnapshots() throws Exception {
    EventsClient here = a.connect(-1);
    EventsClient there = b.connect(-1);
    long seq = here.next("welcome").path("seq").asLong();
    there.next("welcome");

    redis.kill();
    roster = roster("Ben");
    a.updated("Ben");

    JsonNode bridged = here.next("welcome");
    assertThat(bridged.path("resumed").asBoolean(true)).isFalse();
    assertThat(here.next("participant.updated").at("/data/name").asText()).isEqualTo("Ben");
    assertThat(there.next("welcome").at("/snapshot/participants/0/name").asText())
        .as("seen in the store")
        .isEqualTo("Ben");
    EventsClient late = b.connect(seq);
    assertThat(late.next("welcome").path("resumed").asBoolean(true)).isFalse();

    redis.restart();
    roster = roster("Eve");
    assertThat(there.next("welcome").at("/snapshot/participants/0/name").asText()).isEqualTo("Eve");
    RedisServer.await("Redis is back", () -> !a.coordination.isAway() && !b.coordination.isAway());
  }

  private static String name(JsonNode event, long seq) {
    assertThat(event.path("seq").asLong()).as("%s", event).isEqualTo(seq);
    return event.at("/data/name").asText();
  }

  private static Roster roster(String name) {
    return new Roster(SomeConference.SUMMARY, List.of(entry(name)), List.of(), List.of(), null);
  }

  private static RosterEntry entry(String name) {
    return new RosterEntry(
        new ParticipantId("pt_1"),
        "ana@acme",
        name,
        Role.HOST,
        ParticipantState.CONNECTED,
        false,
        7,
        Order.Listening.FORWARD,
        Standing.USUAL,
        Instant.EPOCH,
        null);
  }

  /** What a session node has for events. */
  private final class Node implements AutoCloseable {
    final RedisCoordination coordination;
    final EventTickets tickets;
    final EventHub hub;
    final Javalin javalin;

    Node(String redisAddress) {
      ServiceSecret secret = new ServiceSecret(new byte[ServiceSecret.LENGTH]);
      Clock clock = Clock.systemUTC();
      SecureRandom random = new SecureRandom();
      coordination =
          new RedisCoordination(
              new RedisCoordination.Plan(
                  RedisAddress.parse(redisAddress), Duration.ofMillis(500), () -> 2),
              secret,
              new LocalCoordination(clock, System::nanoTime, random),
              clock,
              random);
      tickets = new EventTickets(secret, coordination.usedTickets(), clock);
      hub =
          new EventHub(
              coordination.eventLog(),
              clock,
              System::nanoTime,
              task -> Thread.ofVirtual().start(task));
      javalin =
          Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.concurrency.useVirtualThreads = true;
            new EventsEndpoint(
                    hub,
                    tickets,
                    _ -> roster,
                    (_, _, _, _) -> new ClientRequests.Refused("not-joined", "nobody is here", 0),
                    (_, _, _) -> {})
                .register(config.routes);
          });
      javalin.start("127.0.0.1", 0);
    }

    EventsClient connect(long resumeSeq) {
      String ticket = tickets.issueToBackend(ID).text();
      return EventsClient.connect(javalin.port(), CONFERENCE, ticket, resumeSeq);
    }

    void updated(String name) {
      hub.publish(ID, new ConferenceEvent.ParticipantUpdated(entry(name)));
    }

    @Override
    public void close() {
      hub.close();
      javalin.stop();
      coordination.close();
    }
  }
}
