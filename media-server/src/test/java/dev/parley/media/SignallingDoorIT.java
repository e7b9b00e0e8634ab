package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.CommandResult.Outcome;
import dev.parley.common.control.Order;
import dev.parley.common.control.StateEvent;
import dev.parley.common.control.TicketKey;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import dev.parley.common.token.MediaTicket;
import dev.parley.common.token.MediaTickets;
import dev.parley.media.door.DoorCounter;
import dev.parley.media.door.DoorOrders;
import dev.parley.media.door.DoorSettings;
import dev.parley.media.door.SignallingDoor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The door over real sockets, and the media that begins there. */
@Timeout(60)
class SignallingDoorIT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");
  private static final Region EU = new Region("eu");
  private static final String LINK = "<turn:t.example>; rel=\"ice-server\"; username=\"1:a\"";
  private static final double ALICE_HZ = 400;
  private static final double BOB_HZ = 1000;

  private final HttpClient http = HttpClient.newHttpClient();
  private final MediaTickets tickets =
      new MediaTickets(EU, List.of(TicketKey.of("1", new byte[32])));
  private final AtomicInteger ticketCount = new AtomicInteger();
  private final CallClient alice = new CallClient(ALICE_HZ, 1);
  private final CallClient bob = new CallClient(BOB_HZ, 1);
  private DirectServer server;
  private SignallingDoor door;

  @BeforeEach
  void open() throws IOException {
    server = new DirectServer();
    door = bind(null);
    door.open(new Orders(), () -> NOW);
  }

  private static SignallingDoor bind(@Nullable URI url) throws IOException {
    InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return SignallingDoor.bind(new DoorSettings(anywhere, url, null, false), System::nanoTime, 7);
  }

  @AfterEach
  void close() throws InterruptedException {
    door.close();
    alice.close();
    bob.close();
    server.close();
  }

  @Test
  void offerWithATicketIsAnsweredAndHeardAndEndedByItsClient() throws Exception {
    server.admit("bob", 22, bob, Order.Listening.MIX);

    HttpResponse<String> answer = post(ticket("alice", 11), alice.offer());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/sdp");
    assertThat(answer.headers().firstValue("ETag")).hasValue("\"0\"");
    assertThat(answer.headers().allValues("Link")).containsExactly(LINK);
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    alice.begin(answer.body());
    assertThat(bob.awaitTone(ALICE_HZ, SOON)).isTrue();
    assertThat(alice.awaitTone(BOB_HZ, SOON)).isTrue();
    URI session = location(answer);
    assertThat(door.sessionCount()).isEqualTo(1);

    assertThat(send("DELETE", session, null, null, "").statusCode()).isEqualTo(200);

    StateEvent gone =
        server.awaitEvent(
            event ->
                event instanceof StateEvent.ParticipantGone one
                    && one.reason() == StateEvent.GoneReason.CLIENT,
            SOON);
    assertThat(gone).isNotNull();
    assertThat(bob.awaitNoTone(ALICE_HZ, SOON)).isTrue();
    assertThat(send("DELETE", session, null, null, "").statusCode()).isEqualTo(404);
    assertThat(send("GET", session, null, null, "").statusCode()).isEqualTo(404);
    assertThat(door.sessionCount()).isZero();
    assertThat(door.value(DoorCounter.SESSIONS_ENDED)).isEqualTo(1);
  }

  @Test
  void iceBeginsAnewAtTheDoor() throws Exception {
    HttpResponse<String> answer = post(ticket("alice", 11), alice.offer());
    URI session = location(answer);
    String fragment = "a=ice-ufrag:newFrag\r\na=ice-pwd:aPasswordOfTwentyTwoChars\r\n";
    String candidate = "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n";

    assertThat(patch(session, null, candidate).statusCode()).isEqualTo(428);
    assertThat(patch(session, "\"7\"", candidate).statusCode()).isEqualTo(412);
    assertThat(patch(session, "\"0\"", candidate).statusCode()).as("trickle").isEqualTo(204);
    assertThat(patch(session, "*", candidate).statusCode()).as("no fragment").isEqualTo(400);
    HttpResponse<String> restarted = patch(session, "*", fragment);

    assertThat(restarted.statusCode()).as(restarted.body()).isEqualTo(200);
    assertThat(restarted.headers().firstValue("ETag")).hasValue("\"1\"");
    assertThat(restarted.body()).contains("a=ice-lite\r\n", "a=ice-ufrag:", "a=ice-pwd:");
    assertThat(patch(session, "\"0\"", candidate).statusCode()).isEqualTo(412);
    assertThat(patch(session, "\"1\"", fragment).statusCode()).as("the same").isEqualTo(204);
    assertThat(patch(session, "*", fragment).statusCode()).as("missed").isEqualTo(200);
    assertThat(door.value(DoorCounter.ICE_RESTARTS)).isEqualTo(2);
  }

  @Test
  void ticketIsForOneOffer() throws Exception {
    String ticket = ticket("alice", 11);
    assertThat(post(ticket, alice.offer()).statusCode()).isEqualTo(201);

    HttpResponse<String> again = post(ticket, alice.offer());

    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.body()).contains("\"code\":\"ticket-used\"").doesNotContain(ticket);
    assertThat(door.value(DoorCounter.REFUSED_TICKET_USED)).isEqualTo(1);
  }

  @Test
  void whatIsNoGoodTicketOpensNothing() throws Exception {
    MediaTicket late = ticket("alice", 11, NOW.minusSeconds(91));
    MediaTickets strangers = new MediaTickets(EU, List.of(TicketKey.of("1", filled())));
    MediaTickets abroad =
        new MediaTickets(new Region("na"), List.of(TicketKey.of("1", new byte[32])));
    MediaTicket good = ticket("alice", 11, NOW);

    for (String text :
        List.of(tickets.sign(late), strangers.sign(good), abroad.sign(good), "a.b.c")) {
      HttpResponse<String> answer = post(text, alice.offer());

      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).contains("\"code\":\"ticket-invalid\"");
    }
    assertThat(door.value(DoorCounter.REFUSED_TICKET_INVALID)).isEqualTo(4);
    assertThat(server.directory().participantCount()).isZero();
  }

  @Test
  void requestsThatMakeNoSenseAreRefusedWithWhatToChange() throws Exception {
    String ticket = ticket("alice", 11);
    URI offers = URI.create(door.url() + "/rtc/" + ticket);

    assertThat(send("POST", offers, "text/plain", null, alice.offer()).statusCode()).isEqualTo(415);
    assertThat(post(ticket, "x".repeat((64 << 10) + 1)).statusCode()).isEqualTo(413);
    assertThat(post(ticket, "").statusCode()).isEqualTo(400);
    assertThat(send("PUT", offers, null, null, "").headers().firstValue("Allow"))
        .hasValueSatisfying(allowed -> assertThat(allowed).contains("POST"));
    assertThat(send("GET", URI.create(door.url() + "/metrics"), null, null, "").statusCode())
        .isEqualTo(404);
    HttpResponse<String> refused = post(ticket, "v=0\r\nnonsense\r\n");

    assertThat(refused.statusCode()).as("the ticket was not used up before").isEqualTo(422);
    assertThat(refused.body()).contains("\"code\":\"sdp-unacceptable\"");
    assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(door.value(DoorCounter.REFUSED_OFFER)).isEqualTo(1);
  }

  @Test
  void anyPageMayAskFirst() throws Exception {
    HttpResponse<String> offers =
        send("OPTIONS", URI.create(door.url() + "/rtc/a.b.c"), null, null, "");
    HttpResponse<String> sessions =
        send("OPTIONS", URI.create(door.url() + "/rtc-sessions/cf.pt.s"), null, null, "");

    assertThat(offers.statusCode()).isEqualTo(200);
    assertThat(offers.headers().firstValue("Accept-Post")).hasValue("application/sdp");
    assertThat(offers.headers().firstValue("Access-Control-Allow-Methods").orElse(""))
        .contains("POST");
    assertThat(offers.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
        .contains("Content-Type", "Authorization", "If-Match");
    assertThat(sessions.headers().firstValue("Accept-Patch"))
        .hasValue("application/trickle-ice-sdpfrag");
  }

  @Test
  void oneAddressGetsSoManyAnswersASecond() throws Exception {
    URI offers = URI.create(door.url() + "/rtc/a.b.c");
    int status = 0;
    for (int i = 0; i < 2000 && status != 429; i++) {
      status = send("GET", offers, null, null, "").statusCode();
    }

    assertThat(status).isEqualTo(429);
    assertThat(door.value(DoorCounter.REFUSED_RATE)).isPositive();
  }

  @Test
  void sessionsAreWhereClientsAreSentTo() throws Exception {
    SignallingDoor elsewhere = bind(URI.create("https://media-1.example/media/"));
    elsewhere.open(new Orders(), () -> NOW);
    try {
      URI behindProxy =
          URI.create(
              "http://127.0.0.1:" + elsewhere.address().getPort() + "/media/rtc/" + ticket("a", 1));
      HttpResponse<String> answer =
          send("POST", behindProxy, "application/sdp", null, alice.offer());

      assertThat(answer.statusCode()).isEqualTo(201);
      assertThat(location(answer).toString())
          .startsWith("https://media-1.example/media/rtc-sessions/room.a.");
    } finally {
      elsewhere.close();
    }
  }

  private HttpResponse<String> post(String ticket, String offer) throws Exception {
    URI offers = URI.create(door.url() + "/rtc/" + ticket);
    return send("POST", offers, "application/sdp", null, offer);
  }

  private HttpResponse<String> patch(URI session, @Nullable String ifMatch, String fragment)
      throws Exception {
    return send("PATCH", session, "application/trickle-ice-sdpfrag", ifMatch, fragment);
  }

  private HttpResponse<String> send(
      String method, URI uri, @Nullable String type, @Nullable String ifMatch, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(SOON)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (type != null) {
      request.header("Content-Type", type);
    } else if (method.equals("POST")) {
      request.header("Content-Type", "application/sdp");
    }
    if (ifMatch != null) {
      request.header("If-Match", ifMatch);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static URI location(HttpResponse<String> answer) {
    return URI.create(answer.headers().firstValue("Location").orElseThrow());
  }

  private String ticket(String name, int csrc) {
    return tickets.sign(ticket(name, csrc, NOW));
  }

  private MediaTicket ticket(String name, int csrc, Instant issuedAt) {
    int number = ticketCount.incrementAndGet();
    return new MediaTicket(
        "mt_" + number,
        new MediaTicket.Place(new ServerId("ms-1"), "i1", DirectServer.ROOM, 1),
        new MediaTicket.Terms(
            new ParticipantId(name),
            csrc,
            Order.Listening.FORWARD,
            Order.SignallingProfile.RTC,
            true,
            false,
            false,
            Order.ConferenceSettings.DEFAULT,
            null,
            "leg-" + number),
        List.of(LINK),
        issuedAt);
  }

  private static byte[] filled() {
    byte[] bytes = new byte[32];
    bytes[0] = 1;
    return bytes;
  }

  /** The real media plane; the control link between is shown by ControlLinkTicketsTest. */
  private final class Orders implements DoorOrders {
    @Override
    public boolean mayCheckTickets() {
      return true;
    }

    @Override
    public @Nullable MediaTicket check(String text) {
      return tickets.verify(text, NOW);
    }

    @Override
    public Outcome admit(MediaTicket ticket, String offer) {
      return server.order(ticket.terms().admit(offer));
    }

    @Override
    public Outcome restartIce(ConferenceId conference, Order.RestartIce order) {
      return server.executor().restartIce(conference, order);
    }

    @Override
    public Outcome close(ConferenceId conference, Order.EndSession order) {
      return server.executor().closeSession(conference, order);
    }

    @Override
    public boolean holds(ConferenceId conference, ParticipantId participant, String session) {
      return server.directory().find(conference, participant, session) != null;
    }
  }
}
