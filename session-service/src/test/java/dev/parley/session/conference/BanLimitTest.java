package dev.parley.session.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How many bans and how many who wait a conference has at most. */
final class BanLimitTest {
  @Test
  void aThousandBansAndNoMoreUntilOneIsOver() {
    try (Stage stage = new Stage()) {
      ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
      Bans bans = new Bans(stage.store, stage.clock, stage.participants);
      Instant now = stage.clock.instant();
      for (int i = 1; i < Bans.COUNT_MAX; i++) {
        stage.store.write(conference, new Ban("p" + i, now, now.plus(Bans.LENGTH_MAX), 0));
      }
      Stage.done(bans.ban(stage.join(conference, "last"), Duration.ofMinutes(1)));
      Participant eve = stage.join(conference, "eve");

      assertThat(Stage.refusal(bans.ban(eve, Duration.ofMinutes(1))))
          .isEqualTo(new Refusal.TooManyBans(Bans.COUNT_MAX));

      stage.clock.advance(Duration.ofMinutes(1));
      assertThat(Stage.done(bans.ban(eve, Duration.ofMinutes(1))).identity()).isEqualTo("eve");
    }
  }
}
