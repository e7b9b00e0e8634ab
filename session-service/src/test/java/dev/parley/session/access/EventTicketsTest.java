package dev.parley.session.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.coordination.local.LocalOneTimeUse;
import dev.parley.session.harness.MovableClock;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class EventTicketsTest {
  private static final ConferenceId CONFERENCE = new ConferenceId("cf_1");

  private final MovableClock clock = new MovableClock(Instant.parse("2026-11-21T04:00:00Z"));
  private final EventTickets tickets = tickets(new byte[32]);

  @Test
  void ticketOpensOneSocket() {
    ParticipantId participant = new ParticipantId("pt_1");
    EventTickets.Issued issued = tickets.issue(CONFERENCE, participant);

    EventTicket redeemed = tickets.redeem(issued.text());

    assertThat(redeemed).isEqualTo(issued.ticket());
    assertThat(tickets.redeem(issued.text())).isNull();
  }

  @Test
  void backendsTicketNamesNobody() {
    assertThat(tickets.redeem(tickets.issueToBackend(CONFERENCE).text()))
        .isNotNull()
        .extracting(EventTicket::participant)
        .isNull();
  }

  @Test
  void ticketIsGoodForThirtySeconds() {
    String early = tickets.issueToBackend(CONFERENCE).text();
    String late = tickets.issueToBackend(CONFERENCE).text();

    clock.advance(Duration.ofMillis(29_999));
    assertThat(tickets.redeem(early)).isNotNull();
    clock.advance(Duration.ofMillis(1));
    assertThat(tickets.redeem(late)).isNull();
  }

  @Test
  void anotherServicesTicketIsNone() {
    byte[] other = new byte[32];
    other[0] = 1;

    assertThat(tickets.redeem(tickets(other).issueToBackend(CONFERENCE).text())).isNull();
  }

  @Property(tries = 300)
  void alteredTicketIsNone(
      @ForAll @IntRange(max = 10_000) int place, @ForAll @IntRange(min = 1, max = 127) int flip) {
    String text = tickets.issueToBackend(CONFERENCE).text();
    char[] altered = text.toCharArray();
    int index = place % altered.length;
    altered[index] = (char) (altered[index] ^ flip);

    EventTicket redeemed = tickets.redeem(new String(altered));

    // Base64's last character may carry spare bits; then the bytes are the same, and so is the
    // ticket.
    if (redeemed != null) {
      assertThat(redeemed.conference()).isEqualTo(CONFERENCE);
      assertThat(tickets.redeem(text)).as("used up").isNull();
    }
  }

  @Property(tries = 300)
  void noiseIsNone(@ForAll String text) {
    assertThat(tickets.redeem(text)).isNull();
    assertThat(tickets.redeem(text + "." + text)).isNull();
  }

  private EventTickets tickets(byte[] secret) {
    return new EventTickets(new ServiceSecret(secret), new LocalOneTimeUse(clock::nanoTime), clock);
  }
}
