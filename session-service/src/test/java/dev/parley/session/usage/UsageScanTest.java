package dev.parley.session.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.common.control.Order.Listening;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.common.token.Grants;
import dev.parley.common.token.Role;
import dev.parley.session.conference.LeaveReason;
import dev.parley.session.conference.Outbox;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.ParticipantState;
import dev.parley.session.conference.Standing;
import dev.parley.session.harness.MovableClock;
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.store.Item;
import dev.parley.session.store.ItemPage;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.UsageItems;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A month's usage from the roll-ups and by reading all sessions: the same answer, many times
 * sooner. A small year here; {@code -Dparley.usage.sessions=1000000} makes it a large one.
 */
final class UsageScanTest {
  private static final int SESSIONS = Integer.getInteger("parley.usage.sessions", 30_000);
  private static final int BATCH = 200;
  private static final int SHARDS = 4;
  private static final int FASTER = 17;
  private static final String TENANT = "acme";
  private static final Region REGION = new Region("eu");
  private static final LocalDate YEAR = LocalDate.parse("2026-01-01");
  private static final LocalDate MONTH = LocalDate.parse("2026-07-01");
  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void rollUpsAnswerAtLeastSeventeenTimesAsSoonAsAScan() throws Exception {
    try (EmbeddedStore file = EmbeddedStore.inMemory()) {
      ItemStore core = file.table("core", ConferenceItems.INDEXES);
      UsageItems items = new UsageItems(file.table("ops", Set.of()));
      seed(new ConferenceItems(core), items);
      UsageReports reports =
          new UsageReports(items, new MovableClock(Instant.parse("2026-12-31T00:00:00Z")));
      UsageReports.Wish wish =
          new UsageReports.Wish(
              TENANT, MONTH, MONTH.plusMonths(1), null, UsageReports.Granularity.MONTH);
      for (int i = 0; i < 20; i++) {
        assertThat(reports.page(wish, 50).lines()).hasSize(1);
      }

      long startNs = System.nanoTime();
      UsageReports.Page page = reports.page(wish, 50);
      long rolledUpNs = System.nanoTime() - startNs;
      startNs = System.nanoTime();
      Figures scanned = scan(core);
      long scannedNs = System.nanoTime() - startNs;

      assertThat(page.lines()).hasSize(1);
      assertThat(page.lines().getFirst().figures()).isEqualTo(scanned);
      double times = scannedNs / (double) rolledUpNs;
      System.out.printf(
          "%,d sessions: roll-up %.1f ms, scan %.0f ms, %.0f times%n",
          SESSIONS, rolledUpNs / 1e6, scannedNs / 1e6, times);
      assertThat(times).isGreaterThan(FASTER);
    }
  }

  private static void seed(ConferenceItems sessions, UsageItems items) {
    Random random = new Random(7);
    UsageRollups rollups = new UsageRollups(items, sessions, _ -> 0);
    Instant start = YEAR.atStartOfDay(ZoneOffset.UTC).toInstant();
    long stepMs = Duration.ofDays(365).toMillis() / SESSIONS;
    List<Participant> batch = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      Instant joined = start.plusMillis(i * stepMs);
      batch.add(sessions.write(stay(i, joined, 1 + random.nextInt(3_600_000), false)));
      if (batch.size() == BATCH || i == SESSIONS - 1) {
        rollups.add(i / BATCH % SHARDS, batch, List.of());
        for (Participant stay : batch) {
          assertThat(sessions.write(counted(stay))).isNotNull();
        }
        batch.clear();
      }
    }
  }

  /** Reads every session, as one would without roll-ups. */
  private static Figures scan(ItemStore core) throws Exception {
    Figures sum = Figures.NONE;
    Instant from = MONTH.atStartOfDay(ZoneOffset.UTC).toInstant();
    Instant to = MONTH.plusMonths(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    for (ItemPage page = core.scan(1000, null); ; page = core.scan(1000, page.next())) {
      for (Item item : page.items()) {
        sum = sum.plus(share(JSON.readTree(item.body()), from, to));
      }
      if (page.next() == null) {
        return sum;
      }
    }
  }

  private static Figures share(JsonNode stay, Instant from, Instant to) {
    Instant joined = Instant.parse(stay.path("joinedAt").asText());
    Instant left = Instant.parse(stay.at("/departure/leftAt").asText());
    if (left.isBefore(from) || !joined.isBefore(to)) {
      return Figures.NONE;
    }
    Instant first = joined.isBefore(from) ? from : joined;
    Instant last = left.isAfter(to) ? to : left;
    long ms = Duration.between(first, last).toMillis();
    boolean isMixed = stay.path("listening").asText().equals("MIX");
    return new Figures(
        0, first.equals(joined) ? 1 : 0, ms, isMixed ? ms : 0, isMixed ? 0 : ms, 0, 0);
  }

  private static Participant stay(int number, Instant joined, int lengthMs, boolean isCounted) {
    return new Participant(
        new ParticipantId("pt_" + number),
        new ConferenceId("cf_" + number / 5),
        TENANT,
        new Participant.Person("p" + number, "Person", Role.SPEAKER, Grants.of(Role.SPEAKER)),
        1 + number % 5,
        ParticipantState.LEFT,
        false,
        number % 3 == 0 ? Listening.MIX : Listening.FORWARD,
        null,
        joined,
        new Participant.Departure(
            joined.plusMillis(lengthMs),
            LeaveReason.CLIENT,
            null,
            new Participant.Use(REGION, isCounted)),
        null,
        null,
        Standing.USUAL,
        Outbox.EMPTY,
        0);
  }

  private static Participant counted(Participant stay) {
    Participant.Departure departure = stay.departure();
    assertThat(departure).isNotNull();
    int lengthMs = (int) Duration.between(stay.joinedAt(), departure.leftAt()).toMillis();
    int number = Integer.parseInt(stay.id().value().substring(3));
    return stay(number, stay.joinedAt(), lengthMs, true).withVersion(stay.version());
  }
}
