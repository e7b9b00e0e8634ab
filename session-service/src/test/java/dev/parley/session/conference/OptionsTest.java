package dev.parley.session.conference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.common.id.ConferenceId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Options that change while a conference runs, and the lock. */
final class OptionsTest {
  private final Stage stage = new Stage();
  private final ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void lockKeepsOutWhoeverIsNotIn() {
    Participant ana = stage.join(conference, "ana");
    change(locked(true));

    assertThat(Stage.refusal(stage.tryJoin(conference, "ben", false)))
        .isEqualTo(new Refusal.Locked());
    assertThat(stage.read(conference).participantCount()).isEqualTo(1);
    assertThat(Stage.refusal(stage.tryJoin(conference, "ana", false)))
        .isEqualTo(new Refusal.IdentityPresent(ana.id()));
    Participant again = Stage.done(stage.tryJoin(conference, "ana", true));

    stage.participants.leave(conference, again.id(), LeaveReason.CLIENT);
    assertThat(Stage.refusal(stage.tryJoin(conference, "ana", true)))
        .as("a place that was given up")
        .isEqualTo(new Refusal.Locked());
    change(locked(false));
    stage.join(conference, "ben");
  }

  @Test
  void fewerPlacesThrowNobodyOut() {
    stage.join(conference, "ana");
    stage.join(conference, "ben");

    change(_ -> Stage.options(1, Lifespan.DEFAULT));

    assertThat(stage.participants.present(conference)).hasSize(2);
    assertThat(Stage.refusal(stage.tryJoin(conference, "eve", false)))
        .isEqualTo(new Refusal.Full(1));
  }

  @Test
  void watchersAreToldWhatChangedAndOfNothingElse() {
    Conference before = stage.read(conference);
    assertThat(change(options -> options)).isEqualTo(before);
    assertThat(stage.events).isEmpty();

    Conference after = change(locked(true));

    assertThat(after.revision()).isEqualTo(before.revision() + 1);
    assertThat(stage.events)
        .containsExactly(new ConferenceEvent.ConferenceUpdated(after.summary(), List.of("locked")));
    assertThat(after.summary().locked()).isTrue();
  }

  @Test
  void changesAreToldTheTenantEachWithItsNames() {
    stage.told.isWanted = true;
    change(locked(true));
    change(options ->
        new ConferenceOptions(
            false,
            true,
            7,
            options.lifespan(),
            options.settings(),
            new TreeMap<>(Map.of("project", "x")),
            new Attributes("secret"),
            Placement.ANYWHERE));

    assertThat(stage.told.types(conference))
        .containsExactly(NoticeType.CONFERENCE_UPDATED, NoticeType.CONFERENCE_UPDATED);
    Notice last =
        List.copyOf(Objects.requireNonNull(stage.told.byConference.get(conference)).values())
            .getLast();
    assertThat(last.data().get("changed"))
        .isEqualTo(List.of("attributes", "lobby", "locked", "maxParticipants", "tags"));
    assertThat(last.data().toString()).doesNotContain("secret");
  }

  @Test
  void optionsThatCannotBeToldDoNotChange() {
    stage.told.isWanted = true;
    stage.told.onAccept =
        () -> {
          throw new IllegalStateException("planted");
        };
    boolean isLocked = false;
    for (int i = 0; i < 2 * Outbox.ADOPTED_MAX; i++) {
      isLocked = !isLocked;
      change(locked(isLocked));
    }

    assertThatThrownBy(() -> change(locked(true))).isInstanceOf(ContendedException.class);

    stage.told.onAccept = () -> {};
    stage.clock.advance(Duration.ofSeconds(3));
    stage.dueWork.run();
    change(locked(true));
    assertThat(stage.told.sequences(conference)).hasSize(2 * Outbox.ADOPTED_MAX + 1);
  }

  @Test
  void optionsOfAnEndedConferenceDoNotChange() {
    assertThat(Stage.refusal(update(locked(true), 9L))).isEqualTo(new Refusal.VersionMismatch(1));
    stage.conferences.end(conference, EndReason.API, null);

    assertThat(Stage.refusal(update(locked(true), null)))
        .isEqualTo(new Refusal.Ended(EndReason.API));
    assertThat(
            Stage.refusal(
                stage.conferences.update(new ConferenceId("cf_none"), locked(true), null)))
        .isEqualTo(new Refusal.NotFound("conference"));
  }

  @Test
  void attributesAreNotInAnyText() {
    ConferenceOptions options =
        new ConferenceOptions(
            false,
            false,
            1,
            Lifespan.DEFAULT,
            ConferenceOptions.DEFAULT.settings(),
            new TreeMap<>(),
            new Attributes("secret"),
            Placement.ANYWHERE);

    assertThat(options.toString()).doesNotContain("secret");
  }

  private Conference change(UnaryOperator<ConferenceOptions> change) {
    return Stage.done(update(change, null));
  }

  private Answer<Conference> update(
      UnaryOperator<ConferenceOptions> change, @Nullable Long expected) {
    return stage.conferences.update(conference, change, expected);
  }

  private static UnaryOperator<ConferenceOptions> locked(boolean wanted) {
    return options ->
        new ConferenceOptions(
            wanted,
            options.lobby(),
            options.maxParticipants(),
            options.lifespan(),
            options.settings(),
            options.tags(),
            options.attributes(),
            options.placement());
  }
}
