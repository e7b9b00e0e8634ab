package dev.parley.common.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.parley.common.control.Order.AdmitParticipant;
import dev.parley.common.control.Order.ConferenceSettings;
import dev.parley.common.control.Order.Listening;
import dev.parley.common.control.Order.SignallingProfile;
import dev.parley.common.control.TicketKey;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class MediaTicketsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");
  private static final Region EU = new Region("eu");
  private static final TicketKey KEY = TicketKey.of("1", new byte[32]);
  private static final TicketKey NEXT = TicketKey.of("2", filled(1));

  private final MediaTickets tickets = new MediaTickets(EU, List.of(KEY));

  @Property(tries = 200)
  void whatWasSignedIsReadBack(
      @ForAll @LongRange(min = 0) long epoch,
      @ForAll @LongRange(min = 0, max = 0xFFFF_FFFFL) long csrc,
      @ForAll Listening listening,
      @ForAll SignallingProfile profile,
      @ForAll @IntRange(min = 0, max = 15) int flags,
      @ForAll @IntRange(min = 0, max = 8) int iceServers) {
    MediaTicket ticket =
        new MediaTicket(
            "mt_1",
            place(epoch),
            new MediaTicket.Terms(
                new ParticipantId("pt_1"),
                csrc,
                listening,
                profile,
                (flags & 1) != 0,
                (flags & 2) != 0,
                (flags & 4) != 0,
                new ConferenceSettings(3, 5),
                (flags & 8) != 0 ? new ParticipantId("pt_0") : null,
                "s-1"),
            Collections.nCopies(
                iceServers, "<turn:t.example>; rel=\"ice-server\"; credential=\"a/b=\""),
            NOW);

    assertThat(tickets.verify(tickets.sign(ticket), NOW)).isEqualTo(ticket);
  }

  @Test
  void fullestTicketIsTakenAndMayStandInAPath() {
    String link = "x".repeat(MediaTicket.ICE_SERVER_LENGTH_MAX);
    MediaTicket ticket =
        new MediaTicket(
            "m".repeat(48),
            new MediaTicket.Place(
                new ServerId("s".repeat(64)),
                "i".repeat(64),
                new ConferenceId("c".repeat(64)),
                Long.MAX_VALUE),
            terms(new ParticipantId("q".repeat(64))),
            Collections.nCopies(MediaTicket.ICE_SERVERS_MAX, link),
            NOW);

    String text = tickets.sign(ticket);

    assertThat(text.length()).isLessThan(MediaTickets.LENGTH_MAX);
    assertThat(text).matches("[A-Za-z0-9._-]+");
    assertThat(tickets.verify(text, NOW)).isEqualTo(ticket);
  }

  @Test
  void ticketSaysWhatTheOrderWould() {
    assertThat(terms(null).admit("v=0\r\n"))
        .isEqualTo(
            new AdmitParticipant(
                new ParticipantId("pt_1"),
                7,
                "v=0\r\n",
                Listening.MIX,
                SignallingProfile.WHEP,
                false,
                true,
                new ConferenceSettings(2, 4),
                null,
                "s-1"));
  }

  @Test
  void ticketIsGoodForAMinuteAndALittle() {
    String text = tickets.sign(ticket(1));

    assertThat(tickets.verify(text, NOW.minusSeconds(30))).isNotNull();
    assertThat(tickets.verify(text, NOW.minusSeconds(31))).isNull();
    assertThat(tickets.verify(text, NOW.plusSeconds(89))).isNotNull();
    assertThat(tickets.verify(text, NOW.plusSeconds(90))).isNull();
  }

  @Test
  void anotherRegionsTicketIsNoneEvenWithTheSameKey() {
    String text = tickets.sign(ticket(1));

    assertThat(new MediaTickets(new Region("na"), List.of(KEY)).verify(text, NOW)).isNull();
  }

  @Test
  void anyOfTheKeysThatAreGoodWillDo() {
    String former = tickets.sign(ticket(1));
    MediaTickets both = new MediaTickets(EU, List.of(NEXT, KEY));

    assertThat(both.verify(former, NOW)).isEqualTo(ticket(1));
    assertThat(both.verify(both.sign(ticket(2)), NOW)).isEqualTo(ticket(2));
    assertThat(tickets.verify(both.sign(ticket(2)), NOW)).isNull();
    TicketKey sameName = TicketKey.of(KEY.id(), filled(9));
    assertThat(new MediaTickets(EU, List.of(sameName)).verify(former, NOW)).isNull();
  }

  @Test
  void joinTokenIsNoTicket() {
    String token =
        new JoinTokenSigner(KEY.id(), KEY.bytes())
            .sign(
                new JoinClaims(
                    KEY.id(),
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
    String text = tickets.sign(ticket(1));

    assertThat(tickets.verify(text.substring(0, text.length() - 2) + "AA", NOW)).isNull();
    assertThat(tickets.verify(text + "x".repeat(MediaTickets.LENGTH_MAX), NOW)).isNull();
  }

  @Test
  void keyHasThirtyTwoBytesAndIsNotShown() {
    assertThatIllegalArgumentException().isThrownBy(() -> TicketKey.of("1", new byte[31]));
    assertThat(NEXT.toString()).doesNotContain(NEXT.key());
    assertThat(NEXT.bytes()).isEqualTo(filled(1));
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[32];
    java.util.Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static MediaTicket ticket(long epoch) {
    return new MediaTicket("mt_1", place(epoch), terms(null), List.of(), NOW);
  }

  private static MediaTicket.Place place(long epoch) {
    return new MediaTicket.Place(new ServerId("ms-1"), "i1", new ConferenceId("cf_1"), epoch);
  }

  private static MediaTicket.Terms terms(@Nullable ParticipantId replaces) {
    return new MediaTicket.Terms(
        new ParticipantId("pt_1"),
        7,
        Listening.MIX,
        SignallingProfile.WHEP,
        false,
        true,
        false,
        new ConferenceSettings(2, 4),
        replaces,
        "s-1");
  }
}
