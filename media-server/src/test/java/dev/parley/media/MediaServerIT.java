package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.common.control.CommandResult;
import dev.parley.common.control.Deed;
import dev.parley.common.control.Order;
import dev.parley.common.control.Order.Listening;
import dev.parley.common.control.Speakers;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ParticipantId;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole calls over real sockets: ICE, DTLS-SRTP, Opus, rings, agents. */
@Timeout(60)
class MediaServerIT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final double ALICE_HZ = 400;
  private static final double BOB_HZ = 1000;
  private static final double CAROL_HZ = 1700;

  private final DirectServer server;
  private final CallClient alice = new CallClient(ALICE_HZ, 3);
  private final CallClient bob = new CallClient(BOB_HZ, 3);

  MediaServerIT() throws IOException {
    server = new DirectServer();
  }

  @AfterEach
  void close() throws InterruptedException {
    alice.close();
    bob.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource({"FORWARD,FORWARD", "MIX,MIX", "FORWARD,MIX"})
  void eachHearsTheOtherAndNobodyHearsItself(Listening forAlice, Listening forBob)
      throws InterruptedException {
    assertThat(server.admit("alice", 11, alice, forAlice).listening()).isEqualTo(forAlice);
    assertThat(server.admit("bob", 22, bob, forBob).listening()).isEqualTo(forBob);

    assertThat(alice.awaitTone(BOB_HZ, SOON)).as("alice hears bob").isTrue();
    assertThat(bob.awaitTone(ALICE_HZ, SOON)).as("bob hears alice").isTrue();
    assertThat(alice.strongestShareOf(ALICE_HZ)).isLessThan(0.01);
    assertThat(bob.strongestShareOf(BOB_HZ)).isLessThan(0.01);
    assertThat(alice.heard().csrcs()).containsExactly(22);
    assertThat(bob.heard().csrcs()).containsExactly(11);
    assertThat(alice.heard().gaps()).isZero();
    assertThat(bob.heard().gaps()).isZero();
    assertThat(server.awaitEvent(StateEvent.ParticipantConnected.class::isInstance, SOON))
        .isNotNull();
  }

  @Test
  void lateThirdIsHeardAndItsLeavingToo() throws InterruptedException {
    server.admit("alice", 11, alice, Listening.AUTO);
    server.admit("bob", 22, bob, Listening.MIX);
    assertThat(alice.awaitTone(BOB_HZ, SOON)).isTrue();
    try (CallClient carol = new CallClient(CAROL_HZ, 1)) {
      server.admit("carol", 33, carol, Listening.AUTO);
      assertThat(alice.awaitTone(CAROL_HZ, SOON)).as("forwarded").isTrue();
      assertThat(bob.awaitTone(CAROL_HZ, SOON)).as("mixed").isTrue();
      assertThat(carol.awaitTone(ALICE_HZ, SOON)).isTrue();
      assertThat(carol.awaitTone(BOB_HZ, SOON)).isTrue();

      server.order(new Order.RemoveParticipant(new ParticipantId("carol")));

      assertThat(server.awaitEvent(StateEvent.ParticipantGone.class::isInstance, SOON))
          .isEqualTo(
              new StateEvent.ParticipantGone(
                  DirectServer.ROOM, 1, new ParticipantId("carol"), StateEvent.GoneReason.REMOVED));
      assertThat(carol.awaitDtlsClosed(SOON)).as("close_notify").isTrue();
    }
    assertThat(bob.awaitNoTone(CAROL_HZ, SOON)).isTrue();
    assertThat(server.directory().participantCount()).isEqualTo(2);
    assertThat(alice.heard().gaps()).isZero();
  }

  @Test
  void audioGoesOnWhenAClientsPortChanges() throws InterruptedException {
    server.admit("alice", 11, alice, Listening.FORWARD);
    server.admit("bob", 22, bob, Listening.FORWARD);
    assertThat(bob.awaitTone(ALICE_HZ, SOON)).isTrue();
    int before = alice.heard().packets();

    alice.changePort();

    assertThat(alice.awaitPackets(before + 50, SOON)).as("to the new port").isTrue();
    assertThat(bob.awaitPackets(bob.heard().packets() + 50, SOON)).as("from the new port").isTrue();
    assertThat(alice.strongestShareOf(BOB_HZ)).isGreaterThan(0.2);
    assertThat(server.counter("parley_transport_address_changes_total")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"FORWARD", "MIX"})
  void clientGetsWhatItLostAndAskedFor(Listening forBob) throws InterruptedException {
    server.admit("alice", 11, alice, forBob);
    assertThat(server.admit("bob", 22, bob, forBob).answer()).contains("a=rtcp-fb:111 nack");
    assertThat(bob.awaitTone(ALICE_HZ, SOON)).isTrue();

    bob.losePackets();

    assertThat(bob.awaitRepaired(20, SOON)).as("packets come again").isTrue();
    assertThat(bob.awaitAllRepaired(SOON)).as("every one of them").isTrue();
    assertThat(server.counter("parley_transport_rtp_retransmitted_total"))
        .isGreaterThanOrEqualTo(20);
    assertThat(server.counter("parley_transport_retransmission_altered_total")).isZero();
    assertThat(server.counter("parley_conference_retransmissions_not_kept_total")).isZero();
    assertThat(bob.heard().gaps()).isZero();
  }

  @Test
  void mutedParticipantIsNotHeardUntilUnmuted() throws InterruptedException {
    server.admit("alice", 11, alice, Listening.FORWARD);
    server.admit("bob", 22, bob, Listening.MIX);
    assertThat(bob.awaitTone(ALICE_HZ, SOON)).isTrue();

    server.order(new Order.MuteParticipant(new ParticipantId("alice"), true));
    assertThat(bob.awaitNoTone(ALICE_HZ, SOON)).isTrue();
    server.order(new Order.MuteParticipant(new ParticipantId("alice"), false));

    assertThat(bob.awaitTone(ALICE_HZ, SOON)).isTrue();
  }

  @Test
  void whatCannotBeRecordedIsDoneAllTheSame() throws InterruptedException {
    ParticipantId id = new ParticipantId("alice");
    server.admit("alice", 11, alice, Listening.FORWARD);
    server.admit("bob", 22, bob, Listening.MIX);
    assertThat(bob.awaitTone(ALICE_HZ, SOON)).isTrue();

    server.order(new Order.DoUnrecorded(id, Deed.MUTE, 0));
    assertThat(bob.awaitNoTone(ALICE_HZ, SOON)).isTrue();
    server.order(new Order.DoUnrecorded(id, Deed.UNMUTE, 0));
    assertThat(bob.awaitTone(ALICE_HZ, SOON)).isTrue();
    server.order(new Order.DoUnrecorded(id, Deed.HOLD, 0));
    assertThat(bob.awaitNoTone(ALICE_HZ, SOON)).isTrue();
    server.order(new Order.DoUnrecorded(id, Deed.RELEASE, 0));
    assertThat(bob.awaitTone(ALICE_HZ, SOON)).isTrue();
    server.order(new Order.DoUnrecorded(id, Deed.EVICT, 0));
    assertThat(bob.awaitNoTone(ALICE_HZ, SOON)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"FORWARD", "MIX"})
  void heldParticipantNeitherHearsNorIsHeard(Listening forAlice) throws InterruptedException {
    server.admit("alice", 11, alice, forAlice);
    server.admit("bob", 22, bob, Listening.MIX);
    try (CallClient carol = new CallClient(CAROL_HZ, 3)) {
      server.admit("carol", 33, carol, Listening.FORWARD);
      assertThat(bob.awaitTone(ALICE_HZ, SOON)).isTrue();
      assertThat(alice.awaitTone(BOB_HZ, SOON)).isTrue();

      server.order(new Order.HoldParticipant(new ParticipantId("alice"), true));
      assertThat(bob.awaitNoTone(ALICE_HZ, SOON)).isTrue();
      assertThat(bob.awaitPackets(bob.heard().packets() + 10, SOON)).isTrue();
      int before = alice.heard().packets();
      assertThat(bob.awaitPackets(bob.heard().packets() + 50, SOON)).isTrue();
      assertThat(alice.heard().packets()).isEqualTo(before);
      server.order(new Order.HoldParticipant(new ParticipantId("alice"), false));

      assertThat(bob.awaitTone(ALICE_HZ, SOON)).isTrue();
      assertThat(alice.awaitPackets(before + 50, SOON)).isTrue();
      assertThat(alice.awaitTone(CAROL_HZ, SOON)).isTrue();
      assertThat(alice.heard().gaps()).as("its numbers went on").isZero();
    }
  }

  @Test
  void speakersAreTold() throws InterruptedException {
    server.admit("alice", 11, alice, Listening.FORWARD);
    server.admit("bob", 22, bob, Listening.FORWARD);

    Speakers told = server.awaitSpeakers(SOON);

    assertThat(told).isNotNull();
    assertThat(told.conference()).isEqualTo(DirectServer.ROOM);
    assertThat(told.levels()).isNotEmpty();
  }

  @Test
  void secondSessionOfAParticipantReplacesItsFirst() throws InterruptedException {
    server.admit("alice", 11, alice, Listening.FORWARD);
    server.admit("bob", 22, bob, Listening.FORWARD);
    assertThat(bob.awaitTone(ALICE_HZ, SOON)).isTrue();
    try (CallClient aliceAgain = new CallClient(CAROL_HZ, 3)) {
      server.admit("alice", 11, aliceAgain, Listening.FORWARD);

      assertThat(bob.awaitTone(CAROL_HZ, SOON)).isTrue();
      assertThat(aliceAgain.awaitTone(BOB_HZ, SOON)).isTrue();
      assertThat(alice.awaitDtlsClosed(SOON)).isTrue();
      assertThat(server.directory().participantCount()).isEqualTo(2);
      assertThat(bob.heard().csrcs()).containsExactly(11);
    }
  }

  @Test
  void endedConferenceEndsEveryonesMedia() throws InterruptedException {
    server.admit("alice", 11, alice, Listening.FORWARD);
    server.admit("bob", 22, bob, Listening.FORWARD);
    assertThat(bob.awaitTone(ALICE_HZ, SOON)).isTrue();

    assertThat(server.order(new Order.EndConference())).isEqualTo(CommandResult.Accepted.PLAIN);

    assertThat(server.awaitEvent(StateEvent.ConferenceClosed.class::isInstance, SOON))
        .isEqualTo(
            new StateEvent.ConferenceClosed(DirectServer.ROOM, 1, StateEvent.ClosedReason.ENDED));
    assertThat(alice.awaitDtlsClosed(SOON)).isTrue();
    assertThat(bob.awaitDtlsClosed(SOON)).isTrue();
    assertThat(server.directory().conferenceCount()).isZero();
  }

  @Test
  void clientThatClosesIsGone() throws InterruptedException {
    server.admit("alice", 11, alice, Listening.FORWARD);
    server.admit("bob", 22, bob, Listening.FORWARD);
    assertThat(bob.awaitTone(ALICE_HZ, SOON)).isTrue();

    alice.leave();

    assertThat(server.awaitEvent(StateEvent.ParticipantGone.class::isInstance, SOON))
        .isEqualTo(
            new StateEvent.ParticipantGone(
                DirectServer.ROOM, 1, new ParticipantId("alice"), StateEvent.GoneReason.CLIENT));
  }

  @Test
  void endingServerTellsBothSides() throws InterruptedException {
    server.admit("alice", 11, alice, Listening.FORWARD);
    server.admit("bob", 22, bob, Listening.FORWARD);
    assertThat(bob.awaitTone(ALICE_HZ, SOON)).isTrue();

    server.close();

    assertThat(server.awaitEvent(StateEvent.ConferenceClosed.class::isInstance, SOON))
        .isEqualTo(
            new StateEvent.ConferenceClosed(
                DirectServer.ROOM, 1, StateEvent.ClosedReason.SHUTDOWN));
    assertThat(alice.awaitDtlsClosed(SOON)).isTrue();
    assertThat(bob.awaitDtlsClosed(SOON)).isTrue();
  }

  @Test
  void wholeProcessTellsOperatorsHowItIs() throws Exception {
    // Nobody listens on port 1: the server starts, and says that it is not ready.
    List<String> arguments =
        List.of(
            "--bind-addresses=127.0.0.1",
            "--udp-port=0",
            "--admin-port=0",
            "--control-urls=ws://127.0.0.1:1/control",
            "--shutdown-grace=0s");
    try (MediaServer whole = MediaServer.start(arguments, Map.of());
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> ready = get(client, whole, "/ready");
      HttpResponse<String> metrics = get(client, whole, "/metrics");

      assertThat(get(client, whole, "/live").statusCode()).isEqualTo(200);
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains("\"control-link\":\"no session node is linked\"");
      assertThat(metrics.body())
          .contains("parley_opus_codec{name=")
          .contains("parley_srtp_cipher{name=")
          .contains("parley_scheduling{name=")
          .contains("parley_transport_kernel_drops_total{loop=\"0\"} 0.0")
          .contains("parley_transport_srtp_replayed_total{loop=\"0\"} 0.0")
          .contains("parley_conference_late_ticks_total{agent=\"0\"}")
          .contains("parley_ring_fill{agent=\"0\",direction=\"inbound\",loop=\"0\"}")
          .contains("parley_transport_tcp_connections{loop=\"0\"} 0.0")
          .contains("parley_control_links 0.0")
          .contains("jvm_memory_used_bytes");
    }
  }

  @Test
  void takenPortIsSaidPlainly() throws IOException {
    try (DatagramSocket other =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      List<String> arguments =
          List.of(
              "--bind-addresses=127.0.0.1",
              "--udp-port=" + other.getLocalPort(),
              "--media-threads=1",
              "--admin-port=0");

      assertThatThrownBy(() -> MediaServer.start(arguments, Map.of()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("UDP port " + other.getLocalPort())
          .hasMessageContaining("--udp-port");
    }
  }

  private static HttpResponse<String> get(HttpClient client, MediaServer server, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.adminAddress().getPort() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
