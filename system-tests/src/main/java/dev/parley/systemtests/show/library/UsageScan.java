package dev.parley.systemtests.show.library;

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
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.store.Item;
import dev.parley.session.store.ItemPage;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.UsageItems;
import dev.parley.session.store.embedded.EmbeddedStore;
import dev.parley.session.usage.Figures;
import dev.parley.session.usage.UsageReports;
import dev.parley.session.usage.UsageRollups;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A month's usage out of a year of sessions: as {@code GET /usage} finds it, and by reading all
 * sessions as one would without roll-ups. One thread.
 */
final class UsageScan {
  private static final int BATCH = 200;
  private static final int SHARDS = 4;
  private static final int WARM_UPS = 50;
  private static final int PAGE = 50;
  private static final String TENANT = "acme";
  private static final Region REGION = new Region("eu");
  private static final LocalDate YEAR = LocalDate.parse("2026-01-01");
  private static final LocalDate MONTH = LocalDate.parse("2026-07-01");
  private static final JsonMapper JSON = new JsonMapper();

  private UsageScan() {}

  /**
   * What came of it.
   *
   * @param rolledUpMs how long the answer took
   * @param scannedMs how long reading all took
   * @param areEqual whether both say the same
   */
  record Result(double rolledUpMs, double scannedMs, boolean areEqual) {
    double times() {
      return scannedMs / rolledUpMs;
    }
  }

  /** Makes so many sessions and asks both ways. */
  static Result of(int sessions) throws IOException {
    try (EmbeddedStore file = EmbeddedStore.inMemory()) {
      ItemStore core = file.table("core", ConferenceItems.INDEXES);
      UsageItems items = new UsageItems(file.table("ops", Set.of()));
      seed(new ConferenceItems(core), items, sessions);
      Instant newYear = YEAR.plusYears(1).atStartOfDay(ZoneOffset.UTC).toInstant();
      UsageReports reports = new UsageReports(items, Clock.fixed(newYear, ZoneOffset.UTC));
      UsageReports.Wish wish =
          new UsageReports.Wish(
              TENANT, MONTH, MONTH.plusMonths(1), null, UsageReports.Granularity.MONTH);
      for (int i = 0; i < WARM_UPS; i++) {
        UsageReports.Page _ = reports.page(wish, PAGE);
      }
      Figures _ = scan(core);
      long startNs = System.nanoTime();
      UsageReports.Page page = reports.page(wish, PAGE);
      long rolledUpNs = System.nanoTime() - startNs;
      startNs = System.nanoTime();
      Figures scanned = scan(core);
      long scannedNs = System.nanoTime() - startNs;
      boolean areEqual =
          page.lines().size() == 1 && page.lines().getFirst().figures().equals(scanned);
      return new Result(rolledUpNs / 1e6, scannedNs / 1e6, areEqual);
    }
  }

  private static void seed(ConferenceItems sessions, UsageItems items, int count) {
    Random random = new Random(7);
    UsageRollups rollups = new UsageRollups(items, sessions, _ -> 0);
    Instant start = YEAR.atStartOfDay(ZoneOffset.UTC).toInstant();
    long stepMs = Duration.ofDays(365).toMillis() / count;
    List<Participant> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int lengthMs = 1 + random.nextInt(3_600_000);
      batch.add(stored(sessions, stay(i, start.plusMillis(i * stepMs), lengthMs, false)));
      if (batch.size() == BATCH || i == count - 1) {
        rollups.add(i / BATCH % SHARDS, batch, List.of());
        for (Participant each : batch) {
          Participant _ = stored(sessions, counted(each));
        }
        batch.clear();
      }
    }
  }

  private static Participant stored(ConferenceItems sessions, Participant stay) {
    Participant stored = sessions.write(stay);
    if (stored == null) {
      throw new IllegalStateException("somebody else wrote " + stay.id());
    }
    return stored;
  }

  private static Figures scan(ItemStore core) throws IOException {
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
    if (departure == null) {
      throw new IllegalArgumentException("has not left: " + stay.id());
    }
    int lengthMs = (int) Duration.between(stay.joinedAt(), departure.leftAt()).toMillis();
    int number = Integer.parseInt(stay.id().value().substring(3));
    return stay(number, stay.joinedAt(), lengthMs, true).withVersion(stay.version());
  }
}
