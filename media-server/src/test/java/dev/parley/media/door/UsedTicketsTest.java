package dev.parley.media.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.ServerId;
import dev.parley.common.token.MediaTicket;
import dev.parley.media.door.UsedTickets.Use;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsedTicketsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");

  private final UsedTickets used = new UsedTickets(2);

  @Test
  void ticketIsUsedOnceForAsLongAsItIsGoodByAnyClock() {
    MediaTicket ticket = ticket("mt_1", NOW);

    assertThat(used.use(ticket, NOW)).isEqualTo(Use.FIRST);
    assertThat(used.use(ticket, NOW)).isEqualTo(Use.AGAIN);
    assertThat(used.use(ticket, NOW.plusSeconds(89))).isEqualTo(Use.AGAIN);
  }

  @Test
  void moreThanCanBeRememberedAreNotTaken() {
    assertThat(used.use(ticket("mt_1", NOW), NOW)).isEqualTo(Use.FIRST);
    assertThat(used.use(ticket("mt_2", NOW.plusSeconds(5)), NOW)).isEqualTo(Use.FIRST);

    assertThat(used.use(ticket("mt_3", NOW), NOW)).isEqualTo(Use.REFUSED);
    assertThat(used.use(ticket("mt_1", NOW), NOW)).isEqualTo(Use.AGAIN);
    Instant later = NOW.plusSeconds(90);
    assertThat(used.use(ticket("mt_3", later), later)).as("one is over").isEqualTo(Use.FIRST);
    assertThat(used.use(ticket("mt_4", later), later)).isEqualTo(Use.REFUSED);
  }

  static MediaTicket ticket(String id, Instant issuedAt) {
    return new MediaTicket(
        id,
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
        issuedAt);
  }
}
