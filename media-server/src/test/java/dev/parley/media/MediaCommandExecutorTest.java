package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.Order;
import dev.parley.common.id.CommandId;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.media.conference.ConferenceAgentProxy;
import dev.parley.media.ice.IceCredentials;
import dev.parley.media.packet.Limits;
import dev.parley.media.sdp.Fingerprint;
import dev.parley.media.sdp.HostCandidate;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the session tier is answered, and that a refusal leaves nothing behind. */
class MediaCommandExecutorTest {
  private static final ConferenceId ROOM = new ConferenceId("room");
  private static final ParticipantId ALICE = new ParticipantId("alice");

  /** Remembers its peers; says no when told to. */
  private static final class FakeDoor implements PeerDoor {
    private final List<PeerTerms> peers = new ArrayList<>();
    private final List<IceCredentials> restarts = new ArrayList<>();
    private final List<Integer> restartedPeers = new ArrayList<>();
    private boolean isFull;

    @Override
    public boolean addPeer(PeerTerms peer) {
      return !isFull && peers.add(peer);
    }

    @Override
    public boolean restartIce(int peerId, IceCredentials following) {
      restarts.add(following);
      restartedPeers.add(peerId);
      return !isFull;
    }

    @Override
    public boolean removePeer(int peerId) {
      peers.removeIf(peer -> peer.peerId() == peerId);
      return true;
    }

    @Override
    public List<HostCandidate> candidates() {
      return List.of(HostCandidate.udp("203.0.113.5", 7900));
    }
  }

  private final FakeDoor door = new FakeDoor();
  private final ConferenceAgentProxy agent = new ConferenceAgentProxy(() -> {});
  private final ConferenceDirectory directory = new ConferenceDirectory(10, 1, Headroom.UNLIMITED);
  private final MediaCommandExecutor executor =
      new MediaCommandExecutor(
          directory,
          List.of(agent),
          new ParticipantAdmission(
              directory,
              List.of(door),
              List.of(agent),
              new Fingerprint(Fingerprint.Algorithm.SHA_256, new byte[32]),
              new SecureRandom()),
          RecordingOrders.NONE);
  private int commandCount;

  private CommandResult.Outcome execute(Order order) {
    return executor.execute(
        new Command(new CommandId("command-" + commandCount++), ROOM, 1, order));
  }

  private CommandResult.Outcome admit(String offer, Order.SignallingProfile profile) {
    return admit(offer, profile, null);
  }

  private CommandResult.Outcome admit(
      String offer, Order.SignallingProfile profile, @Nullable String session) {
    return execute(
        new Order.AdmitParticipant(
            ALICE,
            7,
            offer,
            Order.Listening.AUTO,
            profile,
            true,
            false,
            Order.ConferenceSettings.DEFAULT,
            null,
            session));
  }

  private static String offer(int lines) {
    try (CallClient client = new CallClient(440, lines)) {
      return client.offer();
    }
  }

  @Test
  void admittedParticipantGetsAnAnswerForItsPeer() {
    CommandResult.Accepted accepted =
        (CommandResult.Accepted) admit(offer(3), Order.SignallingProfile.RTC);

    PeerTerms peer = door.peers.getFirst();
    assertThat(accepted.listening()).isEqualTo(Order.Listening.FORWARD);
    assertThat(accepted.answer())
        .contains("a=ice-ufrag:" + peer.credentials().localFragment())
        .contains("a=ice-pwd:" + peer.credentials().localPassword())
        .contains("203.0.113.5 7900 typ host")
        .contains("a=ssrc:" + peer.ssrcs().get(2) + " cname:" + peer.cname());
    assertThat(peer.ssrcs()).hasSize(3).doesNotHaveDuplicates();
    assertThat(directory.contains(ROOM, ALICE)).isTrue();
  }

  @Test
  void oneLineIsMixed() {
    CommandResult.Accepted accepted =
        (CommandResult.Accepted) admit(offer(1), Order.SignallingProfile.RTC);

    assertThat(accepted.listening()).isEqualTo(Order.Listening.MIX);
  }

  @Test
  void publisherListensToNothing() {
    CommandResult.Accepted accepted =
        (CommandResult.Accepted) admit(offer(1), Order.SignallingProfile.WHIP);

    assertThat(accepted.listening()).isNull();
    assertThat(accepted.answer()).contains("a=recvonly").doesNotContain("a=ssrc");
  }

  @Test
  void iceBeginsAnewInTheSessionThatIsNamed() {
    admit(offer(1), Order.SignallingProfile.WHIP, "voice");
    admit(offer(1), Order.SignallingProfile.WHEP, "ears");

    CommandResult.IceRestarted restarted =
        (CommandResult.IceRestarted) execute(new Order.RestartIce(ALICE, "ears", "ysXw"));

    IceCredentials next = door.restarts.getFirst();
    assertThat(restarted.fragment()).isEqualTo(next.localFragment());
    assertThat(restarted.password()).isEqualTo(next.localPassword());
    assertThat(restarted.candidates())
        .containsExactly("1 1 udp 2130706431 203.0.113.5 7900 typ host");
    assertThat(door.restartedPeers).containsExactly(door.peers.getLast().peerId());
    assertThat(execute(new Order.RestartIce(ALICE, "other", "ysXw")))
        .isEqualTo(new CommandResult.NotFound());
    door.isFull = true;
    assertThat(execute(new Order.RestartIce(ALICE, "ears", "ysXw")))
        .isInstanceOf(CommandResult.Busy.class);
  }

  @Test
  void oneOfTwoSessionsIsEndedByItsName() {
    admit(offer(1), Order.SignallingProfile.WHIP, "voice");
    admit(offer(1), Order.SignallingProfile.WHEP, "ears");
    assertThat(door.peers).as("neither takes the place of the other").hasSize(2);

    assertThat(execute(new Order.EndSession(ALICE, "voice")))
        .isEqualTo(CommandResult.Accepted.PLAIN);
    assertThat(execute(new Order.EndSession(ALICE, "other")))
        .isEqualTo(new CommandResult.NotFound());
  }

  @Test
  void refusedOfferNamesItsLineAndLeavesNothing() {
    assertThat(admit("v=0\nnonsense", Order.SignallingProfile.RTC))
        .isEqualTo(
            new CommandResult.OfferRefused(
                "Write each line as a lower-case letter, '=' and a value.", 2));
    assertThat(directory.conferenceCount()).isZero();
  }

  @Test
  void loopThatIsBehindLeavesNothing() {
    door.isFull = true;

    assertThat(admit(offer(1), Order.SignallingProfile.RTC)).isInstanceOf(CommandResult.Busy.class);
    assertThat(directory.conferenceCount()).isZero();
  }

  @Test
  void agentThatIsBehindLeavesNothing() {
    for (int i = 0; i < Limits.COMMANDS_MAX; i++) {
      assertThat(agent.endConference("other")).isTrue();
    }

    assertThat(admit(offer(1), Order.SignallingProfile.RTC)).isInstanceOf(CommandResult.Busy.class);
    assertThat(door.peers).isEmpty();
    assertThat(directory.conferenceCount()).isZero();
  }

  @Test
  void ordersForThoseWhoAreNotHereAreNotFound() {
    CommandResult.NotFound notFound = new CommandResult.NotFound();

    assertThat(execute(new Order.RemoveParticipant(ALICE))).isEqualTo(notFound);
    assertThat(execute(new Order.MuteParticipant(ALICE, true))).isEqualTo(notFound);
    assertThat(execute(new Order.EndConference())).isEqualTo(notFound);
    admit(offer(1), Order.SignallingProfile.RTC);
    assertThat(execute(new Order.MuteParticipant(ALICE, true)))
        .isEqualTo(CommandResult.Accepted.PLAIN);
    assertThat(execute(new Order.EndConference())).isEqualTo(CommandResult.Accepted.PLAIN);
    assertThat(admit(offer(1), Order.SignallingProfile.RTC))
        .isEqualTo(new CommandResult.Busy("the conference is ending"));
  }

  @Test
  void secondAdmitGivesNewCredentials() {
    admit(offer(1), Order.SignallingProfile.RTC);
    admit(offer(1), Order.SignallingProfile.RTC);

    assertThat(directory.participantCount()).isEqualTo(1);
    assertThat(door.peers)
        .extracting(peer -> peer.credentials().localFragment())
        .doesNotHaveDuplicates();
  }
}
