package dev.parley.session.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.common.control.Order;
import dev.parley.common.control.Speakers;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.token.Role;
import dev.parley.session.conference.ConferenceEvent;
import dev.parley.session.conference.EncoderEffort;
import dev.parley.session.conference.EndReason;
import dev.parley.session.conference.LeaveReason;
import dev.parley.session.conference.ParticipantState;
import dev.parley.session.conference.Roster;
import dev.parley.session.conference.RosterEntry;
import dev.parley.session.conference.Standing;
import dev.parley.session.coordination.local.LocalCoordination;
import dev.parley.session.harness.SomeConference;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventHubTest {
  private static final ConferenceId CONFERENCE = new ConferenceId("cf_1");
  private static final Instant NOW = Instant.parse("2026-11-21T04:00:00Z");
  private static final RosterEntry ANA = entry("pt_1", "Ana", false);

  private final ObjectMapper json = new ObjectMapper();
  private long nowNs = 1;
  private @Nullable Roster roster =
      new Roster(SomeConference.SUMMARY, List.of(ANA), List.of(), List.of(), null);
  private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  private final LocalCoordination coordination =
      new LocalCoordination(clock, () -> nowNs, new Random(1));
  private final EventHub hub = hub(Runnable::run);

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void firstFrameIsTheWelcomeWithTheRoster() throws IOException {
    Client client = new Client();

    client.says("{\"type\":\"hello\"}");

    JsonNode welcome = json.readTree(client.only());
    assertThat(welcome.path("type").asText()).isEqualTo("welcome");
    assertThat(welcome.path("resumed").asBoolean(true)).isFalse();
    assertThat(welcome.at("/snapshot/participants/0"))
        .isEqualTo(
            json.readTree(
                """
                {"id":"pt_1","identity":"ana@acme","name":"Ana","role":"host","state":"connected",
                 "muted":false,"held":false,"csrc":7,"listening":"forward","joinedAt":"2026-11-21T04:00:00Z"}
                """));
  }

  @Test
  void snapshotTellsOfEncodersThatWorkLess() throws IOException {
    Client early = new Client();
    early.says("{\"type\":\"hello\"}");
    assertThat(json.readTree(early.only()).at("/snapshot/encoders").isMissingNode()).isTrue();

    roster =
        new Roster(
            SomeConference.SUMMARY, List.of(ANA), List.of(), List.of(), new EncoderEffort(3, 5));
    Client late = new Client();
    late.says("{\"type\":\"hello\"}");

    assertThat(json.readTree(late.only()).at("/snapshot/encoders"))
        .isEqualTo(json.readTree("{\"complexity\":3,\"complexityMax\":5}"));
  }

  @Test
  void stateEventsAreNumberedWithoutAGap() throws IOException {
    Client client = new Client();
    long seq = client.hello();

    publish(new ConferenceEvent.ParticipantJoined(ANA));
    publish(new ConferenceEvent.ParticipantUpdated(entry("pt_1", "Ana", true)));
    publish(
        new ConferenceEvent.ParticipantLeft(new ParticipantId("pt_1"), LeaveReason.ICE_TIMEOUT));

    List<JsonNode> events = client.events();
    assertThat(events)
        .extracting(event -> event.path("seq").asLong())
        .containsExactly(seq + 1, seq + 2, seq + 3);
    assertThat(events)
        .extracting(event -> event.path("type").asText())
        .containsExactly("participant.joined", "participant.updated", "participant.left");
    assertThat(events.get(0).path("ts").asText()).isEqualTo("2026-11-21T04:00:00Z");
    assertThat(events.get(1).at("/data/muted").asBoolean()).isTrue();
    assertThat(events.get(2).path("data"))
        .isEqualTo(json.readTree("{\"id\":\"pt_1\",\"reason\":\"ice-timeout\"}"));
  }

  @Test
  void nothingFallsBetweenTheSnapshotAndTheEvents() throws IOException {
    EventHub slow = hub(held::add);
    Client client = new Client(slow);
    client.says("{\"type\":\"hello\"}");
    // The roster is read while an event is published: it must come after the welcome, once.
    publishDuringRoster =
        () -> slow.publish(CONFERENCE, new ConferenceEvent.ParticipantJoined(ANA));
    held.removeFirst().run();

    assertThat(client.sent).hasSize(1);
    client.takes();
    long seq = json.readTree(client.sent.get(0)).path("seq").asLong();
    assertThat(json.readTree(client.sent.get(1)).path("seq").asLong()).isEqualTo(seq + 1);
    slow.close();
  }

  @Test
  void aBrokenSocketResumesWithWhatItMissed() throws IOException {
    Client first = new Client();
    long seq = first.hello();
    publish(new ConferenceEvent.ParticipantJoined(ANA));
    hub.onClosed(CONFERENCE, first.watcher);
    publish(new ConferenceEvent.ParticipantUpdated(ANA));
    publish(new ConferenceEvent.ParticipantUpdated(ANA));

    Client second = new Client();
    second.says("{\"type\":\"hello\",\"resumeSeq\":" + (seq + 1) + "}");

    List<JsonNode> frames = second.events();
    assertThat(frames.get(0).path("resumed").asBoolean()).isTrue();
    assertThat(frames.get(0).has("snapshot")).isFalse();
    assertThat(frames.get(0).path("seq").asLong()).isEqualTo(seq + 1);
    assertThat(frames.subList(1, frames.size()))
        .extracting(event -> event.path("seq").asLong())
        .containsExactly(seq + 2, seq + 3);
  }

  @Test
  void whoMissedTooMuchGetsASnapshot() throws IOException {
    Client first = new Client();
    long seq = first.hello();
    hub.onClosed(CONFERENCE, first.watcher);
    for (int i = 0; i <= EventLimits.REPLAY_MAX; i++) {
      publish(new ConferenceEvent.ParticipantUpdated(ANA));
    }

    Client second = new Client();
    second.says("{\"type\":\"hello\",\"resumeSeq\":" + seq + "}");

    JsonNode welcome = json.readTree(second.only());
    assertThat(welcome.path("resumed").asBoolean(true)).isFalse();
    assertThat(welcome.path("seq").asLong()).isEqualTo(seq + EventLimits.REPLAY_MAX + 1);
  }

  @Test
  void aNumberOfAnotherRunIsNotMistakenForOneOfOurs() throws IOException {
    Client client = new Client();

    client.says("{\"type\":\"hello\",\"resumeSeq\":3}");

    assertThat(json.readTree(client.only()).path("resumed").asBoolean(true)).isFalse();
  }

  @Test
  void atMostOneFrameIsOnItsWayAndOnlyTheNewestSpeakersWait() throws IOException {
    Client client = new Client();
    client.hello();
    client.isSlow = true;
    publish(new ConferenceEvent.ParticipantUpdated(ANA));
    client.sent.clear();

    for (int level = -60; level < -40; level++) {
      nowNs += EventLimits.SPEAKERS_NS;
      publish(speakers(level));
    }
    publish(new ConferenceEvent.ParticipantUpdated(ANA));
    assertThat(client.sent).isEmpty();

    client.takes();
    assertThat(json.readTree(client.sent.get(0)).path("type").asText())
        .as("state before speakers")
        .isEqualTo("participant.updated");
    client.takes();
    assertThat(json.readTree(client.sent.get(1)))
        .isEqualTo(
            json.readTree(
                "{\"type\":\"speakers\",\"dominant\":\"pt_1\",\"data\":[[\"pt_1\",-41]]}"));
    client.takes();
    assertThat(client.sent).hasSize(2);
    assertThat(hub.counters().value(EventCounter.SPEAKERS_MERGED)).isEqualTo(19);
  }

  @Test
  void speakersComeAtMostFourTimesASecond() throws IOException {
    Client client = new Client();
    client.hello();

    for (int i = 0; i < 100; i++) {
      nowNs += TimeUnit.MILLISECONDS.toNanos(10);
      publish(speakers(-20));
    }

    assertThat(client.sent.size() - 1).isBetween(3, 5);
  }

  @Test
  void aClientThatTakesNothingIsClosedAndMayResume() throws IOException {
    Client client = new Client();
    long seq = client.hello();
    client.isSlow = true;
    for (int i = 0; i <= EventLimits.WAITING_MAX + 1; i++) {
      publish(new ConferenceEvent.ParticipantUpdated(ANA));
    }

    assertThat(client.closeCode).isEqualTo(4408);
    assertThat(seq).isPositive();
    assertThat(hub.counters().value(EventCounter.CLOSED_SLOW)).isEqualTo(1);
  }

  @Test
  void theEndIsTheLastEventAndThenTheSocketIsClosed() throws IOException {
    Client client = new Client();
    long seq = client.hello();
    client.isSlow = true;
    publish(new ConferenceEvent.ConferenceEnded(EndReason.API));
    publish(new ConferenceEvent.ParticipantUpdated(ANA));
    assertThat(client.closeCode).isZero();

    client.takes();

    assertThat(client.closeCode).isEqualTo(1000);
    assertThat(client.sent).hasSize(2);

    roster = null;
    Client late = new Client();
    late.says("{\"type\":\"hello\",\"resumeSeq\":" + seq + "}");
    assertThat(late.events().getLast().path("type").asText()).isEqualTo("conference.ended");
    assertThat(late.closeCode).isEqualTo(1000);
  }

  @Test
  void anEndedConferenceIsNotFound() {
    roster = null;
    Client client = new Client();

    client.says("{\"type\":\"hello\"}");

    assertThat(client.closeCode).isEqualTo(4404);
  }

  @Test
  void aSocketClosedBeforeItsWelcomeIsNotKept() {
    Client client = new Client();
    publishDuringRoster = () -> hub.onClosed(CONFERENCE, client.watcher);

    client.says("{\"type\":\"hello\"}");

    assertThat(client.sent).isEmpty();
    assertThat(hub.watcherCount()).isZero();
    nowNs += EventLimits.LINGER_NS + 1;
    hub.beat();
    assertThat(hub.conferenceCount()).isZero();
  }

  @Test
  void nonsenseAndASecondHelloCloseTheSocket() throws IOException {
    for (String nonsense : List.of("", "[]", "{}", "{\"type\":1}", "{\"type\":\"hello\"} x")) {
      Client client = new Client();
      client.says(nonsense);
      assertThat(client.closeCode).as(nonsense).isEqualTo(4400);
    }
    Client client = new Client();
    client.hello();
    client.says("{\"type\":\"dance\"}");
    assertThat(client.closeCode).isZero();
    client.says("{\"type\":\"hello\"}");
    assertThat(client.closeCode).isEqualTo(4400);
  }

  @Test
  void aPingIsAnsweredOnceHoweverManyWait() throws IOException {
    Client client = new Client();
    client.hello();
    client.isSlow = true;
    publish(new ConferenceEvent.ParticipantUpdated(ANA));
    for (int i = 0; i < 1000; i++) {
      client.says("{\"type\":\"ping\"}");
    }
    client.isSlow = false;
    client.takes();

    assertThat(client.sent.getLast()).isEqualTo("{\"type\":\"pong\"}");
    assertThat(client.sent).hasSize(3);
  }

  @Test
  void aQuietSocketGetsAPingAndASilentOneIsClosed() throws IOException {
    Client quiet = new Client();
    quiet.hello();
    Client silent = new Client();

    nowNs += EventLimits.PING_NS;
    hub.beat();

    assertThat(quiet.sent.getLast()).isEqualTo("{\"type\":\"ping\"}");
    assertThat(silent.closeCode).isEqualTo(4400);
  }

  @Test
  void aGapIsBridgedByASnapshotBeforeTheEventsThatFollow() throws IOException {
    GivenLog log = new GivenLog();
    EventHub followed = new EventHub(log, clock, () -> nowNs, held::add);
    Client client = new Client(followed);
    client.isSlow = false;
    client.says("{\"type\":\"hello\"}");
    held.removeFirst().run();
    log.event(101, "participant.joined");
    client.sent.clear();

    log.follower().onGap(500);
    log.event(501, "participant.updated");
    assertThat(client.sent).as("nothing before the snapshot").isEmpty();
    roster = new Roster(SomeConference.SUMMARY, List.of(), List.of(), List.of(), null);
    held.removeFirst().run();

    JsonNode welcome = json.readTree(client.sent.get(0));
    assertThat(welcome.path("type").asText()).isEqualTo("welcome");
    assertThat(welcome.path("seq").asLong()).isEqualTo(500);
    assertThat(welcome.at("/snapshot/participants").size()).isZero();
    assertThat(json.readTree(client.sent.get(1)).path("seq").asLong()).isEqualTo(501);
    assertThat(followed.counters().value(EventCounter.RESYNCED)).isEqualTo(1);
    followed.close();
  }

  @Test
  void whileEventsMayBeMissingOnlyAChangedRosterIsSent() throws IOException {
    GivenLog log = new GivenLog();
    EventHub followed = new EventHub(log, clock, () -> nowNs, Runnable::run);
    Client client = new Client(followed);
    client.isSlow = false;
    client.says("{\"type\":\"hello\"}");
    log.follower().onGap(500);
    client.sent.clear();

    log.follower().onGap(500);
    log.follower().onGap(500);
    assertThat(client.sent).isEmpty();
    roster = new Roster(SomeConference.SUMMARY, List.of(), List.of(), List.of(), null);
    log.follower().onGap(500);
    log.follower().onGap(500);

    assertThat(client.sent).hasSize(1);
    assertThat(json.readTree(client.only()).at("/snapshot/participants").size()).isZero();
    followed.close();
  }

  @Test
  void aSnapshotFromBeforeAGapIsNotSentAfterIt() throws IOException {
    GivenLog log = new GivenLog();
    EventHub followed = new EventHub(log, clock, () -> nowNs, Runnable::run);
    Client client = new Client(followed);
    client.isSlow = false;
    publishDuringRoster =
        () -> {
          publishDuringRoster = () -> {};
          log.follower().onGap(500);
        };

    client.says("{\"type\":\"hello\"}");

    assertThat(client.sent).hasSize(1);
    assertThat(json.readTree(client.only()).path("seq").asLong()).isEqualTo(500);
    followed.close();
  }

  /** A log that tells what the test says, and remembers nothing. */
  private static final class GivenLog implements EventLog {
    private @Nullable Follower follower;

    Follower follower() {
      return Objects.requireNonNull(follower);
    }

    void event(long seq, String type) {
      follower().onEvent(new Entry(seq, "{\"type\":\"" + type + "\"}", false));
    }

    @Override
    public void append(ConferenceId conference, String event, boolean isLast) {}

    @Override
    public void broadcast(ConferenceId conference, String text) {}

    @Override
    public void forget(ConferenceId conference) {}

    @Override
    public Following follow(ConferenceId conference, Follower one) {
      follower = one;
      one.onGap(100);
      return () -> {};
    }

    @Override
    public Replay after(ConferenceId conference, long seq, int countMax) {
      return Replay.UNKNOWN;
    }
  }

  private final List<Runnable> held = new ArrayList<>();
  private Runnable publishDuringRoster = () -> {};

  private EventHub hub(Executor blocking) {
    return new EventHub(coordination.eventLog(), clock, () -> nowNs, blocking);
  }

  private void publish(ConferenceEvent event) {
    hub.publish(CONFERENCE, event);
  }

  private static ConferenceEvent speakers(int levelDbov) {
    ParticipantId ana = new ParticipantId("pt_1");
    return new ConferenceEvent.SpeakersChanged(ana, List.of(new Speakers.Level(ana, levelDbov)));
  }

  private static RosterEntry entry(String id, String name, boolean muted) {
    return new RosterEntry(
        new ParticipantId(id),
        "ana@acme",
        name,
        Role.HOST,
        ParticipantState.CONNECTED,
        muted,
        7,
        Order.Listening.FORWARD,
        Standing.USUAL,
        NOW,
        null);
  }

  /** A client whose socket takes each frame at once, or when told. */
  private final class Client implements ClientSocket {
    final List<String> sent = new ArrayList<>();
    final Watcher watcher;
    private final EventHub to;
    boolean isSlow;
    int closeCode;

    Client() {
      this(hub);
    }

    Client(EventHub to) {
      this.to = to;
      this.isSlow = to != hub;
      this.watcher = Objects.requireNonNull(to.open(this));
    }

    void says(String text) {
      to.onText(CONFERENCE, this::roster, watcher, text);
    }

    private @Nullable Roster roster(ConferenceId conference) {
      assertThat(conference).isEqualTo(CONFERENCE);
      publishDuringRoster.run();
      return roster;
    }

    long hello() throws IOException {
      says("{\"type\":\"hello\"}");
      return json.readTree(sent.getLast()).path("seq").asLong();
    }

    void takes() {
      to.onSent(watcher);
    }

    String only() {
      assertThat(sent).hasSize(1);
      return sent.getFirst();
    }

    List<JsonNode> events() throws IOException {
      List<JsonNode> events = new ArrayList<>();
      for (String frame : sent) {
        JsonNode node = json.readTree(frame);
        if (!node.has("snapshot")) {
          events.add(node);
        }
      }
      return events;
    }

    @Override
    public void send(String text) {
      sent.add(text);
      if (!isSlow) {
        to.onSent(watcher);
      }
    }

    @Override
    public void close(int code, String reason) {
      closeCode = code;
    }

    @Override
    public void abort() {
      closeCode = -1;
    }
  }
}
