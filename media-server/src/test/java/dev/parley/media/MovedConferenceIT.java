package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Order;
import dev.parley.common.control.Order.Listening;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ParticipantId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call over real sockets whose conference goes from one media thread to the other and back. */
@Timeout(60)
class MovedConferenceIT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int MOVES = 40;
  private static final double ALICE_HZ = 400;
  private static final double BOB_HZ = 1000;

  private final DirectServer server;
  private final CallClient alice = new CallClient(ALICE_HZ, 3);
  private final CallClient bob = new CallClient(BOB_HZ, 3);
  private final CallClient carol = new CallClient(1700, 3);
  private final CallClient dora = new CallClient(2300, 1);
  private final List<CallClient> clients = List.of(alice, bob, carol, dora);

  MovedConferenceIT() throws IOException {
    server = new DirectServer();
  }

  @AfterEach
  void close() throws InterruptedException {
    clients.forEach(CallClient::close);
    server.close();
  }

  @Test
  void nobodyNoticesMovesInMidTalk() throws InterruptedException {
    server.admit("alice", 11, alice, Listening.FORWARD);
    server.admit("bob", 22, bob, Listening.MIX);
    server.admit("carol", 33, carol, Listening.FORWARD);
    server.admit("dora", 44, dora, Listening.MIX);
    for (CallClient client : clients) {
      assertThat(client.awaitPackets(50, SOON)).isTrue();
    }
    double receivedBefore = server.counter("parley_conference_packets_received_total");

    for (int i = 0; i < MOVES; i++) {
      server.beginMove();
      assertThat(server.awaitMoved(SOON)).as("move %d ends", i).isTrue();
      // A prime number of packets, so that moves come at all moments of a tick.
      assertThat(alice.awaitPackets(alice.heard().packets() + 7, SOON)).isTrue();
    }

    for (CallClient client : clients) {
      assertThat(client.awaitPackets(client.heard().packets() + 20, SOON)).isTrue();
      assertThat(client.heard().gaps()).isZero();
    }
    assertThat(alice.awaitTone(BOB_HZ, SOON)).as("forwarded").isTrue();
    assertThat(dora.awaitTone(ALICE_HZ, SOON)).as("mixed").isTrue();
    assertThat(server.counter("parley_conference_conferences_taken_over_total")).isEqualTo(MOVES);
    assertThat(server.counter("parley_conference_packets_received_total"))
        .isGreaterThan(receivedBefore);
    for (String loss :
        List.of(
            "parley_conference_packets_of_unknown_peers_total",
            "parley_conference_held_messages_dropped_total",
            "parley_conference_dropped_targets_total",
            "parley_conference_conferences_failed_total",
            "parley_transport_inbound_ring_full_total",
            "parley_transport_outgoing_not_protected_total")) {
      assertThat(server.counter(loss)).as(loss).isZero();
    }
  }

  @Test
  void ordersAndNewcomersFindAConferenceThatMoves() throws InterruptedException {
    server.admit("alice", 11, alice, Listening.FORWARD);
    server.admit("bob", 22, bob, Listening.MIX);
    assertThat(bob.awaitTone(ALICE_HZ, SOON)).isTrue();

    server.beginMove();
    server.order(new Order.MuteParticipant(new ParticipantId("alice"), true));
    assertThat(bob.awaitNoTone(ALICE_HZ, SOON)).as("muted").isTrue();
    assertThat(server.awaitMoved(SOON)).isTrue();
    server.beginMove();
    server.admit("carol", 33, carol, Listening.FORWARD);
    server.order(new Order.MuteParticipant(new ParticipantId("alice"), false));
    assertThat(carol.awaitTone(ALICE_HZ, SOON)).as("heard again, by one who came").isTrue();
    assertThat(carol.awaitTone(BOB_HZ, SOON)).isTrue();
    assertThat(server.awaitMoved(SOON)).isTrue();
    server.beginMove();
    server.order(new Order.EndConference());

    assertThat(server.awaitEvent(StateEvent.ConferenceClosed.class::isInstance, SOON))
        .isEqualTo(
            new StateEvent.ConferenceClosed(DirectServer.ROOM, 1, StateEvent.ClosedReason.ENDED));
    assertThat(bob.awaitDtlsClosed(SOON)).isTrue();
    assertThat(server.counter("parley_conference_commands_without_target_total")).isZero();
    assertThat(server.counter("parley_conference_participants")).isZero();
  }
}
