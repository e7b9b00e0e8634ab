package dev.parley.session.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Quality;
import dev.parley.common.control.Speakers;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.store.Item;
import dev.parley.session.store.ItemPage;
import dev.parley.session.store.ItemStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What calls cost the store, counted. */
final class StoreWritesTest {
  private static final int PEOPLE = 5;
  private static final int MINUTES = 10;

  /** Speakers come and go, quality is measured, some mute and walk about, webhooks are told. */
  @Test
  void participantMinuteCostsAtMostFourWrites() {
    try (Stage stage = new Stage()) {
      stage.told.isWanted = true;
      ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
      List<Participant> people = new ArrayList<>();
      for (int i = 0; i < PEOPLE; i++) {
        Participant person = stage.offer(stage.join(conference, "p" + i));
        stage.facts.onState(
            Stage.FIRST, i + 1, new StateEvent.ParticipantConnected(conference, 1, person.id()));
        people.add(person);
      }
      for (int second = 0; second < MINUTES * 60; second++) {
        call(stage, conference, people, second);
      }
      people.forEach(p -> stage.participants.leave(conference, p.id(), LeaveReason.CLIENT));
      stage.conferences.end(conference, EndReason.API, null);
      stage.clock.advance(Duration.ofMinutes(1));
      for (int round = 0; round < 5; round++) {
        stage.dueWork.run();
      }

      assertThat(stage.used).hasSize(PEOPLE + 1);
      ItemStore core = stage.file.table("core", ConferenceItems.INDEXES);
      ItemStore ops = stage.file.table("ops", Set.of());
      double each = (writes(core) + writes(ops)) / (double) (PEOPLE * MINUTES);
      System.out.printf("%.2f writes a participant-minute%n", each);
      assertThat(each).isBetween(0.5, 4.0);
    }
  }

  private static void call(
      Stage stage, ConferenceId conference, List<Participant> people, int second) {
    stage.clock.advance(Duration.ofSeconds(1));
    Participant talker = people.get(second / 7 % PEOPLE);
    for (int quarter = 0; quarter < 4; quarter++) {
      stage.facts.onSpeakers(
          Stage.FIRST,
          new Speakers(
              conference, 1, talker.id(), List.of(new Speakers.Level(talker.id(), -20 - quarter))));
    }
    if (second % 5 == 0) {
      Quality.Way way = new Quality.Way(second % 30, 1_000);
      stage.facts.onQuality(
          Stage.FIRST,
          new Quality(
              conference,
              1,
              people.stream().map(p -> new Quality.Figures(p.id(), 20_000, way, way)).toList()));
    }
    if (second % 60 == 30) {
      boolean isMuted = second % 120 == 30;
      stage.moderation.change(
          conference, talker.id(), new Moderation.Change(isMuted, null, null, null), true, null);
    }
    stage.dueWork.run();
    stage.events.clear();
  }

  /** An item's version counts its writes. */
  private static long writes(ItemStore table) {
    long count = 0;
    ItemPage page = table.scan(1000, null);
    while (true) {
      count += page.items().stream().mapToLong(Item::version).sum();
      if (page.next() == null) {
        return count;
      }
      page = table.scan(1000, page.next());
    }
  }
}
