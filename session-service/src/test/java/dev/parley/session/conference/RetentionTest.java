package dev.parley.session.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RetentionTest {
  private static final Duration KEEP = Duration.ofDays(30);

  private final Stage stage = new Stage();
  private final ConferenceItems kept = new ConferenceItems(stage.items, RosterVersions.NONE, KEEP);
  private final List<ConferenceId> elsewhere = new ArrayList<>();
  private boolean isDoneElsewhere = true;
  private final Retention retention =
      new Retention(
          kept,
          stage.clock,
          id -> {
            elsewhere.add(id);
            return isDoneElsewhere;
          });

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void nothingIsLeftOfItButNotBeforeItIsCounted() {
    ConferenceId id = ended();
    stage.clock.advance(KEEP.plusDays(1));

    assertThat(retention.run()).as("not counted yet").isZero();
    stage.dueWork.run();
    Retention again = new Retention(kept, stage.clock, _ -> true);
    stage.clock.advance(Duration.ofMinutes(1));
    ConferenceItems fresh = new ConferenceItems(stage.items, RosterVersions.NONE, KEEP);
    Retention afterRestart = new Retention(fresh, stage.clock, _ -> true);
    int forgotten = again.run() + afterRestart.run() + afterRestart.run();

    assertThat(forgotten).isEqualTo(1);
    assertThat(stage.store.conference(id)).isNull();
    assertThat(stage.items.query(ItemRange.all("C#" + id, 100)).items()).isEmpty();
    assertThat(stage.items.scan(1000, null).items())
        .noneMatch(item -> item.body().contains(id.value()));
  }

  @Test
  void removalThatBrokeOffIsGoneOnWith() {
    ConferenceId id = ended();
    stage.dueWork.run();
    stage.clock.advance(KEEP);
    isDoneElsewhere = false;
    assertThat(retention.run()).isZero();
    assertThat(retention.run()).isZero();
    assertThat(stage.store.conference(id)).isNotNull();

    isDoneElsewhere = true;
    stage.clock.advance(Duration.ofMinutes(1));
    retention.run();

    assertThat(retention.forgottenCount()).isEqualTo(1);
    assertThat(elsewhere).contains(id);
    assertThat(stage.store.conference(id)).isNull();
  }

  @Test
  void whoeverIsKeptLongerByNowStays() {
    ConferenceId id = ended();
    stage.dueWork.run();
    assertThat(retention.run()).isZero();
    ConferenceItems longer =
        new ConferenceItems(stage.items, RosterVersions.NONE, KEEP.plusDays(9));
    Retention patient = new Retention(longer, stage.clock, _ -> true);
    long revision = stage.read(id).revision();

    stage.clock.advance(KEEP);
    patient.run();

    assertThat(patient.forgottenCount()).isZero();
    assertThat(stage.read(id).revision()).as("clients see no change").isEqualTo(revision);
    stage.clock.advance(Duration.ofDays(9));
    patient.run();
    assertThat(patient.forgottenCount()).isEqualTo(1);
  }

  @Test
  void whoeverIsKeptForLessByNowGoesSooner() {
    ConferenceId id = ended();
    stage.dueWork.run();
    assertThat(retention.run()).isZero();
    Duration less = KEEP.minusDays(9);
    ConferenceItems shorter = new ConferenceItems(stage.items, RosterVersions.NONE, less);
    Retention hasty = new Retention(shorter, stage.clock, _ -> true);

    stage.clock.advance(less);

    assertThat(hasty.run()).isEqualTo(1);
    assertThat(stage.store.conference(id)).isNull();
  }

  @Test
  void aliasOfAnotherConferenceStays() {
    ConferenceId first = conference("weekly");
    var _ = stage.conferences.end(first, EndReason.API, null);
    ConferenceId second = conference("weekly");
    stage.clock.advance(Duration.ofMinutes(1));
    stage.dueWork.run();
    retention.run();
    stage.clock.advance(KEEP);
    retention.run();

    assertThat(stage.store.conference(first)).isNull();
    Claim claim = stage.store.aliasClaim("t", "weekly");
    assertThat(claim).isNotNull();
    assertThat(claim.holder()).isEqualTo(second.value());
    assertThat(stage.items.get(new ItemKey("C#" + second, "META"))).isNotNull();
  }

  private ConferenceId conference(String alias) {
    return Stage.done(
            stage.conferences.create(
                new Conferences.Wish("t", alias, ConferenceOptions.DEFAULT, null, "h")))
        .conference()
        .id();
  }

  /** One that somebody was in, and whose count is due. */
  private ConferenceId ended() {
    ConferenceId id = conference("daily");
    stage.offer(stage.join(id, "ana"));
    var _ = stage.conferences.end(id, EndReason.API, null);
    stage.clock.advance(Duration.ofMinutes(1));
    return id;
  }
}
