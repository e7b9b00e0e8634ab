package dev.parley.session.conference;

import static dev.parley.session.conference.Stage.FIRST;
import static dev.parley.session.conference.Stage.SECOND;
import static dev.parley.session.conference.Stage.done;
import static dev.parley.session.conference.Stage.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.parley.common.control.Order;
import dev.parley.common.control.Order.RecordingMode;
import dev.parley.common.control.StateEvent;
import dev.parley.common.control.StateEvent.RecordingEndCause;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.RecordingId;
import dev.parley.session.recording.EndReason;
import dev.parley.session.recording.Recording;
import dev.parley.session.recording.RecordingIds;
import dev.parley.session.recording.Recordings;
import dev.parley.session.recording.Recordings.Target;
import dev.parley.session.recording.Segment;
import dev.parley.session.store.LibraryItems;
import dev.parley.session.store.RecordingItems;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of recordings, whatever happens to their conferences and media servers. */
final class RecordingsTest {
  private final Stage stage = new Stage();
  private final RecordingItems items =
      new RecordingItems(stage.file.table("library", LibraryItems.INDEXES));
  private final Recordings recordings =
      new Recordings(
          items,
          stage.store,
          stage.clock,
          stage.servers,
          new RecordingBoard(
              stage.store, stage.clock, stage.notices, (_, event) -> stage.events.add(event)),
          new RecordingIds(new byte[32]),
          Runnable::run);
  private ConferenceId conference = new ConferenceId("none");
  private Participant ana;
  private long reports;

  @BeforeEach
  void anaTalksOnTheFirstServer() {
    stage.told.isWanted = true;
    stage.facts.tell(recordings);
    conference = stage.conference(ConferenceOptions.DEFAULT);
    stage.facts.onServerUp(FIRST, List.of());
    ana = arrived(stage.offer(stage.join(conference, "ana")));
    stage.orders.clear();
    stage.events.clear();
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private Participant arrived(Participant participant) {
    MediaSession media = participant.media();
    if (media == null) {
      throw new AssertionError("no media");
    }
    stage.facts.onState(
        media.server(),
        ++reports,
        new StateEvent.ParticipantConnected(conference, media.epoch(), participant.id()));
    return stage.read(participant);
  }

  private Answer<Recordings.Begun> tryStart(RecordingMode mode, @Nullable String key) {
    return recordings.start(
        stage.read(conference), new Recording.Wish(mode, 1, new TreeMap<>(), mode.name()), key);
  }

  private Recording start() {
    return done(tryStart(RecordingMode.MIX, null)).recording();
  }

  private Recording read(RecordingId id) {
    Recording recording = items.recording(id);
    if (recording == null) {
      throw new AssertionError("no recording " + id);
    }
    return recording;
  }

  private Recording change(Recording recording, Target target) {
    return done(recordings.change(read(recording.id()), target, null));
  }

  private void ended(Recording recording, int segment, RecordingEndCause cause, int tracks) {
    stage.facts.onState(
        FIRST,
        ++reports,
        new StateEvent.RecordingEnded(
            conference,
            1,
            recording.id(),
            segment,
            cause,
            tracks,
            tracks == 0 ? 0 : stage.clock.instant().toEpochMilli(),
            tracks * 1_000L));
  }

  private void later(Duration time) {
    stage.clock.advance(time);
    stage.dueWork.run();
    recordings.run();
  }

  private List<Order> recordingOrders(MediaServer server) {
    return stage.ordersOf(server).stream()
        .filter(order -> order instanceof Order.RecordingOrder)
        .toList();
  }

  private void script(Function<Order.RecordingOrder, MediaAnswer> answer) {
    stage.script =
        given ->
            given.order() instanceof Order.RecordingOrder order
                ? answer.apply(order)
                : Stage.accept(given);
  }

  private List<RecordingState> told() {
    return stage.events.stream()
        .filter(event -> event instanceof ConferenceEvent.RecordingChanged)
        .map(event -> ((ConferenceEvent.RecordingChanged) event).recording().state())
        .toList();
  }

  /** Everybody is on the second server now. */
  private void loseTheFirstServer() {
    stage.up.remove(FIRST);
    stage.up.add(SECOND);
    stage.facts.onServerUp(SECOND, List.of());
    stage.facts.onServerLost(FIRST);
  }

  @Test
  void aRecordingBeginsAndEverybodySeesIt() {
    Recording recording = start();

    assertThat(recording.state()).isEqualTo(RecordingState.RECORDING);
    assertThat(recordingOrders(FIRST))
        .containsExactly(new Order.BeginRecording(recording.id(), 1, RecordingMode.MIX, 1));
    assertThat(told()).containsExactly(RecordingState.STARTING, RecordingState.RECORDING);
    assertThat(stage.read(conference).recordings())
        .extracting(RecordingEntry::id, RecordingEntry::state)
        .containsExactly(tuple(recording.id(), RecordingState.RECORDING));
    assertThat(stage.told.types(conference)).endsWith(NoticeType.RECORDING_STARTED);
  }

  @Test
  void oneOfEachModeRuns() {
    Recording recording = start();

    assertThat(refusal(tryStart(RecordingMode.MIX, null)))
        .isEqualTo(new Refusal.AlreadyRecorded(recording.id()));
    assertThat(done(tryStart(RecordingMode.TRACKS, null)).recording().state())
        .isEqualTo(RecordingState.RECORDING);
    assertThat(recordings.list("t", conference, 10, null).recordings()).hasSize(2);
    change(recording, Target.STOPPED);
    assertThat(start().id()).isNotEqualTo(recording.id());
  }

  @Test
  void theSameKeyIsTheSameRecording() {
    Recordings.Begun first = done(tryStart(RecordingMode.MIX, "k"));
    Recordings.Begun again = done(tryStart(RecordingMode.MIX, "k"));

    assertThat(again.isReplayed()).isTrue();
    assertThat(again.recording().id()).isEqualTo(first.recording().id());
    assertThat(refusal(tryStart(RecordingMode.TRACKS, "k"))).isEqualTo(new Refusal.KeyReused());
  }

  @Test
  void aServerThatSaysNoEndsItAndSaysWhy() {
    script(_ -> new MediaAnswer.Busy("the disk is full"));

    assertThat(refusal(tryStart(RecordingMode.MIX, null)))
        .isEqualTo(new Refusal.NotRecorded("the disk is full"));

    assertThat(told()).containsExactly(RecordingState.STARTING, RecordingState.FAILED);
    assertThat(stage.read(conference).recordings()).isEmpty();
    assertThat(stage.told.types(conference)).endsWith(NoticeType.RECORDING_FAILED);
    script(_ -> new MediaAnswer.Accepted(null, null, null));
    assertThat(start().state()).isEqualTo(RecordingState.RECORDING);
  }

  @Test
  void aServerThatDoesNotAnswerIsAskedAgainAndGivenUpInTheEnd() {
    script(_ -> new MediaAnswer.Unreachable("no link"));
    Recording recording = start();
    assertThat(recording.state()).isEqualTo(RecordingState.STARTING);

    later(Duration.ofSeconds(4));
    later(Duration.ofSeconds(4));
    assertThat(recordingOrders(FIRST)).hasSize(3);
    later(Duration.ofSeconds(30));

    assertThat(read(recording.id()).state()).isEqualTo(RecordingState.FAILED);
    assertThat(read(recording.id()).endReason()).isEqualTo(EndReason.NOT_BEGUN);
    later(Duration.ofSeconds(30));
    assertThat(read(recording.id()).dueAt()).isNull();
  }

  @Test
  void pausedAndResumedAndStoppedItWaitsForWhatItsServerHas() {
    Recording recording = start();

    assertThat(change(recording, Target.PAUSED).state()).isEqualTo(RecordingState.PAUSED);
    assertThat(change(recording, Target.PAUSED).state())
        .as("again")
        .isEqualTo(RecordingState.PAUSED);
    assertThat(change(recording, Target.RECORDING).state()).isEqualTo(RecordingState.RECORDING);
    assertThat(change(recording, Target.STOPPED).state()).isEqualTo(RecordingState.STOPPING);
    assertThat(change(recording, Target.STOPPED).state()).isEqualTo(RecordingState.STOPPING);
    assertThat(refusal(recordings.change(read(recording.id()), Target.PAUSED, null)))
        .isEqualTo(new Refusal.RecordingOver(RecordingState.STOPPING));
    ended(recording, 1, RecordingEndCause.STOPPED, 1);

    Recording after = read(recording.id());
    assertThat(after.state()).isEqualTo(RecordingState.UPLOADING);
    assertThat(after.endReason()).isEqualTo(EndReason.STOPPED);
    assertThat(after.durationMs()).isEqualTo(1_000);
    assertThat(recordingOrders(FIRST))
        .startsWith(
            new Order.BeginRecording(recording.id(), 1, RecordingMode.MIX, 1),
            new Order.PauseRecording(recording.id(), 1, true),
            new Order.PauseRecording(recording.id(), 1, false),
            new Order.StopRecording(recording.id(), 1));
    assertThat(told())
        .containsExactly(
            RecordingState.STARTING,
            RecordingState.RECORDING,
            RecordingState.PAUSED,
            RecordingState.RECORDING,
            RecordingState.STOPPING,
            RecordingState.UPLOADING);
  }

  @Test
  void whatIsNotPausedAtTheServerIsNotCalledPaused() {
    Recording recording = start();
    script(_ -> new MediaAnswer.Unreachable("no link"));

    assertThat(refusal(recordings.change(read(recording.id()), Target.PAUSED, null)))
        .isEqualTo(new Refusal.MediaUnreachable());
    assertThat(read(recording.id()).state()).isEqualTo(RecordingState.RECORDING);
    assertThat(refusal(recordings.change(read(recording.id()), Target.STOPPED, 1L)))
        .isInstanceOf(Refusal.VersionMismatch.class);
  }

  @Test
  void itEndsWithItsConference() {
    Recording recording = start();
    done(stage.conferences.end(conference, dev.parley.session.conference.EndReason.API, null));
    ended(recording, 1, RecordingEndCause.STOPPED, 1);

    assertThat(read(recording.id()).state()).isEqualTo(RecordingState.UPLOADING);
    assertThat(read(recording.id()).endReason()).isEqualTo(EndReason.CONFERENCE_ENDED);
    assertThat(refusal(tryStart(RecordingMode.MIX, null))).isInstanceOf(Refusal.Ended.class);
  }

  @Test
  void itEndsWithItsConferenceThoughNobodySaysSo() {
    Recording recording = start();
    done(stage.conferences.end(conference, dev.parley.session.conference.EndReason.API, null));

    later(Duration.ofSeconds(21));

    assertThat(read(recording.id()).state()).isEqualTo(RecordingState.STOPPING);
  }

  @Test
  void itGoesOnWhereItsConferenceDoesWhenTheServerDies() {
    Recording recording = start();
    loseTheFirstServer();
    assertThat(recordingOrders(SECOND)).as("nobody is there yet").isEmpty();

    ana = arrived(stage.offer(stage.read(ana)));

    assertThat(recordingOrders(SECOND))
        .containsExactly(new Order.BeginRecording(recording.id(), 2, RecordingMode.MIX, 1));
    assertThat(read(recording.id()).segments())
        .extracting(Segment::number, Segment::server)
        .containsExactly(tuple(1, FIRST), tuple(2, SECOND));
    change(recording, Target.STOPPED);
    ended(recording, 2, RecordingEndCause.STOPPED, 1);
    assertThat(read(recording.id()).state()).isEqualTo(RecordingState.UPLOADING);
    ended(recording, 1, RecordingEndCause.RECOVERED, 1);
    assertThat(read(recording.id()).durationMs()).isEqualTo(2_000);
  }

  @Test
  void whatBeginsByItselfBeginsOnceAndNotAgainWhenItWasStopped() {
    ConferenceOptions usual = ConferenceOptions.DEFAULT;
    conference =
        stage.conference(
            new ConferenceOptions(
                false,
                false,
                10,
                usual.lifespan(),
                usual.settings(),
                usual.tags(),
                null,
                Placement.ANYWHERE,
                RecordingMode.TRACKS,
                RecordingRules.NONE,
                null,
                RetentionRule.NONE));
    ana = arrived(stage.offer(stage.join(conference, "ana")));
    Recording recording = recordings.list("t", conference, 10, null).recordings().getFirst();
    assertThat(recording.state()).isEqualTo(RecordingState.RECORDING);
    assertThat(recording.wish().mode()).isEqualTo(RecordingMode.TRACKS);

    change(recording, Target.STOPPED);
    arrived(stage.offer(stage.join(conference, "ben")));

    assertThat(recordings.list("t", conference, 10, null).recordings()).hasSize(1);
  }

  @Test
  void whatIsPausedStaysSoUntilItIsResumedThoughItsServerDies() {
    Recording recording = start();
    change(recording, Target.PAUSED);
    loseTheFirstServer();
    ana = arrived(stage.offer(stage.read(ana)));
    later(Duration.ofSeconds(60));
    assertThat(recordingOrders(SECOND)).isEmpty();

    change(recording, Target.RECORDING);

    assertThat(recordingOrders(SECOND))
        .containsExactly(new Order.BeginRecording(recording.id(), 2, RecordingMode.MIX, 1));
  }

  @Test
  void itGoesOnAtTheNextServerOnceEverybodyHasMoved() {
    Recording recording = start();
    stage.up.add(SECOND);
    stage.facts.onServerUp(SECOND, List.of());
    assertThat(stage.moves.lead(FIRST, conference)).isTrue();
    later(Duration.ofSeconds(4));
    assertThat(recordingOrders(SECOND)).isEmpty();

    ana = arrived(stage.offer(stage.read(ana)));

    assertThat(recordingOrders(SECOND))
        .containsExactly(new Order.BeginRecording(recording.id(), 2, RecordingMode.MIX, 1));
    assertThat(recordingOrders(FIRST).getLast())
        .isEqualTo(new Order.StopRecording(recording.id(), 1));
    assertThat(read(recording.id()).state()).isEqualTo(RecordingState.RECORDING);
  }

  @Test
  void aFullDiskEndsIt() {
    Recording recording = start();

    ended(recording, 1, RecordingEndCause.DISK_FULL, 1);

    assertThat(read(recording.id()).state()).isEqualTo(RecordingState.UPLOADING);
    assertThat(read(recording.id()).endReason()).isEqualTo(EndReason.DISK_FULL);
  }

  @Test
  void ofNothingThereIsNothing() {
    Recording recording = start();
    change(recording, Target.STOPPED);

    ended(recording, 1, RecordingEndCause.STOPPED, 0);

    assertThat(read(recording.id()).state()).isEqualTo(RecordingState.FAILED);
    assertThat(read(recording.id()).endReason()).isEqualTo(EndReason.NOTHING_RECORDED);
    assertThat(stage.read(conference).recordings()).isEmpty();
  }

  @Test
  void whenAllTracksOfAllSegmentsHaveComeItIsAvailable() {
    Recording recording = done(tryStart(RecordingMode.TRACKS, null)).recording();
    change(recording, Target.STOPPED);
    ended(recording, 1, RecordingEndCause.STOPPED, 2);
    Segment.Track ana = new Segment.Track("pt_1", "ob_1", 1_000, 9_000, "ab", 0);

    recordings.onTrack(recording.id(), 1, ana);
    recordings.onTrack(recording.id(), 1, ana);
    assertThat(read(recording.id()).state()).isEqualTo(RecordingState.UPLOADING);
    recordings.onTrack(recording.id(), 1, new Segment.Track("pt_2", null, 0, 0, null, 0));

    Recording after = read(recording.id());
    assertThat(after.state()).isEqualTo(RecordingState.AVAILABLE);
    assertThat(after.objects()).containsExactly("ob_1");
    assertThat(after.dueAt()).isNull();
    assertThat(stage.read(conference).recordings()).isEmpty();
    assertThat(stage.told.types(conference)).endsWith(NoticeType.RECORDING_AVAILABLE);
    assertThat(told()).endsWith(RecordingState.AVAILABLE);
  }

  @Test
  void whatDoesNotComeToItsStoreIsGivenUpAfterADay() {
    Recording recording = start();
    change(recording, Target.STOPPED);
    ended(recording, 1, RecordingEndCause.STOPPED, 1);

    later(Duration.ofHours(23));
    assertThat(read(recording.id()).state()).isEqualTo(RecordingState.UPLOADING);
    later(Duration.ofHours(2));

    assertThat(read(recording.id()).state()).isEqualTo(RecordingState.FAILED);
    assertThat(read(recording.id()).endReason()).isEqualTo(EndReason.LOST);
  }

  @Test
  void aCrashBeforeAnybodyWasAskedIsMended() {
    Recording left =
        items.write(
            new Recording(
                new RecordingId("rc_left"),
                "t",
                conference,
                new Recording.Wish(RecordingMode.MIX, 1, new TreeMap<>(), ""),
                RecordingState.STARTING,
                null,
                List.of(),
                new TreeSet<>(),
                new Recording.Times(stage.clock.instant(), null, null, null),
                stage.clock.instant().plusSeconds(3),
                1,
                0));
    assertThat(left).isNotNull();

    later(Duration.ofSeconds(4));

    assertThat(read(new RecordingId("rc_left")).state()).isEqualTo(RecordingState.RECORDING);
    assertThat(stage.read(conference).recordings()).hasSize(1);
  }

  @Test
  void beforeAnybodysMediaIsUpThereIsNothingToRecord() {
    conference = stage.conference(ConferenceOptions.DEFAULT);

    assertThat(refusal(tryStart(RecordingMode.MIX, null))).isEqualTo(new Refusal.NotLive());
    assertThat(recordings.list("t", conference, 10, null).recordings()).isEmpty();
  }

  @Test
  void nothingFollowsTheEndAndOnlyWhatRunsMayStop() {
    for (RecordingState state : RecordingState.values()) {
      for (RecordingState next : RecordingState.values()) {
        if (state.isOver() || state == next) {
          assertThat(state.mayBecome(next)).isFalse();
        }
      }
      assertThat(state.mayBecome(RecordingState.STOPPING)).isEqualTo(state.isRunning());
    }
  }
}
