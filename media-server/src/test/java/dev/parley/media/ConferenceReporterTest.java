package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Quality;
import dev.parley.common.control.Speakers;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.media.conference.ConferenceEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConferenceReporterTest {
  private static final ConferenceId ROOM = new ConferenceId("room");

  private final ConferenceEventQueue queue = new ConferenceEventQueue();
  private final List<StateEvent> states = new ArrayList<>();
  private final List<Speakers> speakers = new ArrayList<>();
  private final List<Quality> quality = new ArrayList<>();
  private final ConferencesInTalk inTalk = new ConferencesInTalk();
  private final ConferenceReporter reporter =
      new ConferenceReporter(
          queue,
          new ConferenceDirectory(10, 1, Headroom.UNLIMITED),
          inTalk,
          states::add,
          speakers::add,
          quality::add);

  @Test
  void whatAgentsTellIsPassedOnInOrder() throws Exception {
    reporter.start();
    queue.offer(new ConferenceEvent.ParticipantConnected("room", 3, "ana"));
    queue.offer(new ConferenceEvent.EncodersChanged("room", 3, 1, 5));
    queue.offer(new ConferenceEvent.SpeakersChanged("room", 3, null, List.of()));
    queue.offer(
        new ConferenceEvent.QualityMeasured(
            "room",
            3,
            List.of(
                new ConferenceEvent.ParticipantFigures(
                    "ana", 20_000, null, new ConferenceEvent.WayFigures(5, 700)))));
    queue.offer(
        new ConferenceEvent.ConferenceClosed("room", 3, ConferenceEvent.ClosedReason.ENDED, null));
    reporter.finish();

    assertThat(states)
        .containsExactly(
            new StateEvent.ParticipantConnected(ROOM, 3, new ParticipantId("ana")),
            new StateEvent.EncodersChanged(ROOM, 3, 1, 5),
            new StateEvent.ConferenceClosed(ROOM, 3, StateEvent.ClosedReason.ENDED));
    assertThat(speakers).containsExactly(new Speakers(ROOM, 3, null, List.of()));
    assertThat(quality)
        .containsExactly(
            new Quality(
                ROOM,
                3,
                List.of(
                    new Quality.Figures(
                        new ParticipantId("ana"), 20_000, null, new Quality.Way(5, 700)))));
  }

  @Test
  void conferenceIsInTalkWhileSomebodySpeaks() throws Exception {
    ConferenceId other = new ConferenceId("other");
    List<ConferenceEvent.SpeakerLevel> somebody =
        List.of(new ConferenceEvent.SpeakerLevel("ana", -20));
    for (String id : List.of("room", "other", "third")) {
      queue.offer(new ConferenceEvent.SpeakersChanged(id, 3, "ana", somebody));
    }
    queue.offer(new ConferenceEvent.SpeakersChanged("other", 3, null, List.of()));
    queue.offer(
        new ConferenceEvent.ConferenceClosed("third", 3, ConferenceEvent.ClosedReason.ENDED, null));
    reporter.start();
    reporter.finish();

    assertThat(inTalk.contains(ROOM)).isTrue();
    assertThat(inTalk.contains(other)).isFalse();
    assertThat(inTalk.contains(new ConferenceId("third"))).isFalse();
  }
}
