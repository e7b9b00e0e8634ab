package dev.parley.common.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class MediaTicketsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");
  private static final byte[] KEY = new byte[32];

  private final MediaTickets tickets = new MediaTickets(new Region("eu"), KEY);

  @Property(tries = 100)
  void whatWasSignedIsReadBack(
      @ForAll @LongRange(min = 0) long epoch,
      @ForAll AudioGrant audio,
      @ForAll boolean moderate,
      @ForAll boolean chat) {
    MediaTicket ticket = ticket(epoch, new Grants(audio, moderate, chat, !chat));

    assertThat(tickets.verify(tickets.sign(ticket), NOW)).isEqualTo(ticket);
  }

  @Test
  void ticketIsGoodForAMinuteAndALittle() {
    String text = tickets.sign(ticket(1, Grants.of(Role.SPEAKER)));

    assertThat(tickets.verify(text, NOW.minusSeconds(30))).isNotNull();
    assertThat(tickets.verify(text, NOW.minusSeconds(31))).isNull();
    assertThat(tickets.verify(text, NOW.plusSeconds(89))).isNotNull();
    assertThat(tickets.verify(text, NOW.plusSeconds(90))).isNull();
  }

  @Test
  void anotherRegionsTicketIsNoneEvenWithTheSameKey() {
    String text = tickets.sign(ticket(1, Grants.of(Role.HOST)));

    assertThat(new MediaTickets(new Region("na"), KEY).verify(text, NOW)).isNull();
    byte[] other = KEY.clone();
    other[0] = 1;
    assertThat(new MediaTickets(new Region("eu"), other).verify(text, NOW)).isNull();
  }

  @Test
  void joinTokenIsNoTicket() {
    String token =
        new JoinTokenSigner("k1", KEY)
            .sign(
                new JoinClaims(
                    "k1",
                    "tk_1",
                    "cf_1",
                    "ana",
                    null,
                    Role.HOST,
                    Grants.of(Role.HOST),
                    NOW,
                    NOW.plusSeconds(60)));

    assertThat(tickets.verify(token, NOW)).isNull();
  }

  @Property(tries = 500)
  void noiseIsNoTicket(@ForAll String text) {
    assertThat(tickets.verify(text, NOW)).isNull();
  }

  @Test
  void alteredTicketIsNone() {
    String text = tickets.sign(ticket(1, Grants.of(Role.HOST)));

    assertThat(tickets.verify(text.substring(0, text.length() - 2) + "AA", NOW)).isNull();
    assertThat(tickets.verify(text + "x".repeat(2_048), NOW)).isNull();
  }

  @Test
  void shortKeyIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MediaTickets(new Region("eu"), new byte[31]));
  }

  private static MediaTicket ticket(long epoch, Grants grants) {
    return new MediaTicket(
        "mt_1", new ConferenceId("cf_1"), new ParticipantId("pt_1"), epoch, grants, NOW);
  }
}
