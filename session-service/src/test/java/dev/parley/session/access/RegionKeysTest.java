package dev.parley.session.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Order;
import dev.parley.common.control.TicketKey;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import dev.parley.common.token.MediaTicket;
import dev.parley.common.token.MediaTickets;
import dev.parley.session.harness.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegionKeysTest {
  private static final Region EU = new Region("eu");
  private static final Instant MIDNIGHT = Instant.parse("2026-11-22T00:00:00Z");

  private final MovableClock clock = new MovableClock(MIDNIGHT);
  private final RegionKeys keys = new RegionKeys(new ServiceSecret(new byte[32]), clock);

  @Test
  void ticketIsTakenByWhoeverHeardOfTheKeysWithinHalfADayEitherWay() {
    for (int hour = 0; hour < 48; hour++) {
      moveTo(MIDNIGHT.plus(Duration.ofHours(hour)).plusSeconds(1));
      String text = keys.sign(EU, ticket(clock.instant()));
      for (int heardHour = hour - 11; heardHour <= hour + 11; heardHour++) {
        moveTo(MIDNIGHT.plus(Duration.ofHours(heardHour)));
        MediaTickets server = new MediaTickets(EU, keys.good(EU));

        assertThat(server.verify(text, MIDNIGHT.plus(Duration.ofHours(hour)).plusSeconds(1)))
            .as("signed in hour %d, keys heard in hour %d", hour, heardHour)
            .isNotNull();
      }
    }
  }

  @Test
  void twoKeysAreGoodAndOneOfThemIsNewEachDay() {
    List<TicketKey> morning = keys.good(EU);
    moveTo(MIDNIGHT.plus(Duration.ofHours(12)));
    List<TicketKey> noon = keys.good(EU);
    moveTo(MIDNIGHT.plus(Duration.ofHours(36)));

    assertThat(morning).hasSize(2);
    assertThat(noon).hasSize(2).startsWith(morning.getLast());
    assertThat(keys.good(EU)).hasSize(2).startsWith(noon.getLast());
  }

  @Test
  void otherRegionsAndOtherSecretsHaveOtherKeys() {
    RegionKeys strange = new RegionKeys(new ServiceSecret(filled()), clock);

    assertThat(keys.good(new Region("na"))).doesNotContainAnyElementsOf(keys.good(EU));
    assertThat(strange.good(EU)).doesNotContainAnyElementsOf(keys.good(EU));
  }

  private void moveTo(Instant time) {
    clock.advance(Duration.between(clock.instant(), time));
  }

  private static byte[] filled() {
    byte[] bytes = new byte[32];
    bytes[0] = 1;
    return bytes;
  }

  private static MediaTicket ticket(Instant now) {
    return new MediaTicket(
        "mt_1",
        new MediaTicket.Place(new ServerId("ms-1"), "i1", new ConferenceId("cf_1"), 1),
        new MediaTicket.Terms(
            new ParticipantId("pt_1"),
            1,
            Order.Listening.AUTO,
            Order.SignallingProfile.RTC,
            true,
            false,
            false,
            Order.ConferenceSettings.DEFAULT,
            null,
            "s-1"),
        List.of(),
        now);
  }
}
