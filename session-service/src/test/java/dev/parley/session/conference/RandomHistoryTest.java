package dev.parley.session.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever happens in whatever order, what must always be true is. */
final class RandomHistoryTest {
  private static final ConferenceOptions RULES =
      Stage.options(
          4,
          new Lifespan(
              Duration.ofSeconds(60),
              null,
              Lifespan.EndWhen.EMPTY_TIMEOUT,
              Duration.ofSeconds(20)));

  @Property(tries = 120)
  void invariantsHoldAfterEveryStep(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 999) Integer> steps) {
    try (Stage stage = new Stage()) {
      stage.up.add(Stage.SECOND);
      ConferenceId conference = stage.conference(RULES);
      Map<Long, String> numbers = new HashMap<>();
      long[] sequence = {0};
      for (int step : steps) {
        act(stage, conference, step, sequence);
        try {
          check(stage, conference, numbers);
        } catch (AssertionError e) {
          throw new AssertionError("after steps of " + steps, e);
        }
      }
    }
  }

  private static void act(Stage stage, ConferenceId conference, int step, long[] sequence) {
    String identity = "p" + step / 10 % 6;
    Participant present = stage.participants.findPresent(conference, identity);
    switch (step % 10) {
      case 0, 1 -> stage.tryJoin(conference, identity, false);
      case 2 -> stage.tryJoin(conference, identity, true);
      case 3 -> {
        if (present != null) {
          stage.tryOffer(present);
        }
      }
      case 4 -> {
        if (present != null) {
          report(stage, new StateEvent.ParticipantConnected(conference, 1, present.id()), sequence);
        }
      }
      case 5 -> {
        if (present != null) {
          report(
              stage, new StateEvent.ParticipantReconnecting(conference, 1, present.id()), sequence);
        }
      }
      case 6 -> {
        if (present != null) {
          stage.participants.leave(conference, present.id(), LeaveReason.CLIENT);
        }
      }
      case 7 -> stage.facts.onServerLost(step % 20 < 10 ? Stage.FIRST : Stage.SECOND);
      case 8 -> {
        stage.clock.advance(Duration.ofSeconds(step / 50));
        stage.dueWork.run();
      }
      default -> {
        boolean isBusy = step % 30 == 9;
        stage.script = isBusy ? _ -> new MediaAnswer.Busy("full") : Stage::accept;
        if (step > 980) {
          stage.conferences.end(conference, EndReason.API, null);
        }
      }
    }
  }

  private static void report(Stage stage, StateEvent event, long[] sequence) {
    stage.facts.onState(Stage.FIRST, ++sequence[0], event);
    stage.facts.onState(Stage.FIRST, sequence[0], event);
  }

  private static void check(Stage stage, ConferenceId id, Map<Long, String> numbers) {
    Conference conference = stage.read(id);
    List<Participant> present = stage.store.present(id);
    assertThat(conference.participantCount()).isEqualTo(present.size());
    assertThat(present.size()).isLessThanOrEqualTo(RULES.maxParticipants());
    Set<String> identities = new HashSet<>();
    Set<MediaServer> servers = new HashSet<>();
    for (Participant participant : present) {
      assertThat(identities.add(participant.person().identity())).as("once an identity").isTrue();
      assertThat(numbers.merge(participant.csrc(), participant.id().value(), (a, _) -> a))
          .as("a number is one stay's for ever")
          .isEqualTo(participant.id().value());
      MediaSession media = participant.media();
      // What was lost names the server that it was lost with, until there is new media.
      if (media != null && media.lostAt() == null) {
        servers.add(media.server());
      }
    }
    assertThat(servers).as("all on one server").hasSizeLessThanOrEqualTo(1);
    if (!conference.state().isOpen()) {
      assertThat(present).isEmpty();
      assertThat(conference.state()).isEqualTo(ConferenceState.ENDED);
    }
  }
}
