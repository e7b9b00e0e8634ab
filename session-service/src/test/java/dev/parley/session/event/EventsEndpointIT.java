package dev.parley.session.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.token.Role;
import dev.parley.session.access.EventTickets;
import dev.parley.session.access.ServiceSecret;
import dev.parley.session.conference.ConferenceEvent;
import dev.parley.session.conference.EndReason;
import dev.parley.session.conference.ParticipantState;
import dev.parley.session.conference.Roster;
import dev.parley.session.conference.RosterEntry;
import dev.parley.session.conference.Standing;
import dev.parley.session.coordination.local.LocalCoordination;
import dev.parley.session.harness.SomeConference;
import io.javalin.Javalin;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events over real WebSockets. */
@Timeout(30)
class EventsEndpointIT {
  private static final ConferenceId CONFERENCE = new ConferenceId("cf_1");

  private final LocalCoordination coordination =
      new LocalCoordination(Clock.systemUTC(), System::nanoTime, new SecureRandom());
  private final EventTickets tickets =
      new EventTickets(
          new ServiceSecret(new byte[32]), coordination.usedTickets(), Clock.systemUTC());
  private final EventHub hub =
      new EventHub(
          coordination.eventLog(),
          Clock.systemUTC(),
          System::nanoTime,
          task -> Thread.ofVirtual().start(task));
  private final Javalin javalin =
      Javalin.create(config -> {
        config.startup.showJavalinBanner = false;
        config.concurrency.useVirtualThreads = true;
        new EventsEndpoint(
                hub,
                tickets,
                _ ->
                    new Roster(
                        SomeConference.SUMMARY, List.of(entry("Ana")), List.of(), List.of(), null),
                (_, _, _, text) -> new ClientRequests.Done(text.length(), Instant.EPOCH),
                (_, _, _) -> {})
            .register(config.routes);
      });
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void start() {
    javalin.start("127.0.0.1", 0);
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    hub.close();
    javalin.stop();
    coordination.close();
  }

  @Test
  void welcomeThenEventsThenTheEnd() throws Exception {
    Client ana = new Client(ticket());
    ana.says("{\"type\":\"hello\"}");
    assertThat(ana.next()).startsWith("{\"type\":\"welcome\"").contains("\"name\":\"Ana\"");

    hub.publish(CONFERENCE, new ConferenceEvent.ParticipantJoined(entry("Ben")));
    assertThat(ana.next()).contains("participant.joined").contains("\"name\":\"Ben\"");

    hub.publish(CONFERENCE, new ConferenceEvent.ConferenceEnded(EndReason.API));
    assertThat(ana.next()).contains("conference.ended");
    assertThat(ana.closeCode.get(5, TimeUnit.SECONDS)).isEqualTo(1000);
  }

  @Test
  void aTicketIsGoodOnceAndForItsConferenceOnly() throws Exception {
    String ticket = ticket();
    Client first = new Client(ticket);
    first.says("{\"type\":\"hello\"}");
    first.next();

    assertThat(new Client(ticket).closeCode.get(5, TimeUnit.SECONDS)).isEqualTo(4401);
    assertThat(new Client("nonsense").closeCode.get(5, TimeUnit.SECONDS)).isEqualTo(4401);
    String other = tickets.issueToBackend(new ConferenceId("cf_2")).text();
    assertThat(new Client(other).closeCode.get(5, TimeUnit.SECONDS)).isEqualTo(4401);
  }

  @Test
  void aLongFrameEndsTheSocket() throws Exception {
    Client client = new Client(ticket());

    client.says("{\"type\":\"" + "x".repeat(EventLimits.FRAME_LENGTH_MAX) + "\"}");

    assertThat(client.closeCode.get(5, TimeUnit.SECONDS)).isEqualTo(1009);
  }

  @Test
  void aClientThatReadsNothingIsClosedAndTheOthersDoNotFeelIt() throws Exception {
    Client good = new Client(ticket());
    good.says("{\"type\":\"hello\"}");
    good.next();
    Client slow = new Client(ticket());
    slow.says("{\"type\":\"hello\"}");
    slow.next();
    slow.isReading = false;

    ConferenceEvent large = new ConferenceEvent.ParticipantUpdated(entry("x".repeat(60_000)));
    int count = 0;
    while (hub.counters().value(EventCounter.CLOSED_SLOW) == 0 && count < 2000) {
      hub.publish(CONFERENCE, large);
      count++;
      assertThat(good.next()).contains("participant.updated");
    }

    assertThat(hub.counters().value(EventCounter.CLOSED_SLOW)).isEqualTo(1);
    assertThat(good.closeCode).isNotDone();
  }

  private String ticket() {
    return tickets.issue(CONFERENCE, new ParticipantId("pt_1")).text();
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

  private final class Client implements WebSocket.Listener {
    final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final StringBuilder frame = new StringBuilder();
    private final WebSocket socket;
    volatile boolean isReading = true;

    Client(String ticket) {
      socket =
          client
              .newWebSocketBuilder()
              .buildAsync(
                  URI.create(
                      "ws://127.0.0.1:"
                          + javalin.port()
                          + "/v1/conferences/cf_1/events?ticket="
                          + ticket),
                  this)
              .join();
    }

    void says(String text) {
      socket.sendText(text, true).join();
    }

    String next() throws InterruptedException {
      String text = frames.poll(5, TimeUnit.SECONDS);
      assertThat(text).as("a frame in time").isNotNull();
      return text;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      frame.append(part);
      if (last) {
        frames.add(frame.toString());
        frame.setLength(0);
      }
      if (isReading) {
        from.request(1);
      }
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closeCode.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closeCode.complete(-1);
    }
  }
}
