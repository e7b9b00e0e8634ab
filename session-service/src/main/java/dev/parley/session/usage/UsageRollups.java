package dev.parley.session.usage;

import dev.parley.common.control.Order.Listening;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.ConferenceStore;
import dev.parley.session.conference.ContendedException;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.UsageSink;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Adds up what tenants use, in rows of the store. Thread-safe; blocks.
 *
 * <p>A stay or conference that is over is a source. It is added to each of its rows in a write that
 * also notes it there as unsettled; then it is marked as counted, in its own record; then, with a
 * later write, the rows forget it. A row forgets only what is marked, and whoever adds reads the
 * mark after the row, whose version must not have changed when it is written: so a source is added
 * to each row once, whatever broke off before, and whoever else does the same.
 */
public final class UsageRollups implements UsageSink {
  private static final int ATTEMPTS_MAX = 20;

  /** Stays longer than this are counted for so many days, and somebody should look. */
  private static final int DAYS_MAX = 400;

  private final UsageStore rows;
  private final ConferenceStore conferences;
  private final ToLongFunction<ConferenceId> messageCount;

  /**
   * Takes what it needs.
   *
   * @param messageCount tells how many messages there are in a conference; may block
   */
  public UsageRollups(
      UsageStore rows, ConferenceStore conferences, ToLongFunction<ConferenceId> messageCount) {
    this.rows = rows;
    this.conferences = conferences;
    this.messageCount = messageCount;
  }

  /** What one source adds to one row. */
  private record Share(Source source, Figures figures, Presence presence) {}

  /** What is counted. */
  private sealed interface Source {
    /** Its name in rows. */
    String name();

    /** One person's stay. */
    record Stay(ConferenceId conference, ParticipantId id) implements Source {
      @Override
      public String name() {
        return conference + " " + id;
      }
    }

    /** A whole conference. */
    record Whole(ConferenceId id) implements Source {
      @Override
      public String name() {
        return id.value();
      }
    }

    static Source of(String name) {
      int space = name.indexOf(' ');
      return space < 0
          ? new Whole(new ConferenceId(name))
          : new Stay(
              new ConferenceId(name.substring(0, space)),
              new ParticipantId(name.substring(space + 1)));
    }
  }

  @Override
  public void add(int shard, List<Participant> stays, List<Conference> over) {
    Map<UsageRow.Key, List<Share>> shares = new LinkedHashMap<>();
    stays.forEach(stay -> share(shard, stay, shares));
    over.forEach(conference -> share(shard, conference, shares));
    shares.forEach(this::add);
  }

  private void add(UsageRow.Key key, List<Share> shares) {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      UsageRow stored = rows.row(key);
      UsageRow row = stored == null ? UsageRow.empty(key) : stored;
      Set<String> unsettled = new HashSet<>(row.unsettled());
      Figures figures = row.figures();
      Presence presence = row.presence();
      boolean isChanged = false;
      for (Share share : shares) {
        // The mark is read after the row.
        if (!unsettled.contains(share.source().name()) && !isCounted(share.source())) {
          figures = figures.plus(share.figures());
          presence = presence.plus(share.presence());
          unsettled.add(share.source().name());
          isChanged = true;
        }
      }
      if (!isChanged) {
        return;
      }
      row.unsettled()
          .forEach(name -> {
            if (isCounted(Source.of(name))) {
              unsettled.remove(name);
            }
          });
      if (rows.write(new UsageRow(key, figures, presence, unsettled, row.version())) != null) {
        return;
      }
    }
    throw new ContendedException("usage of " + key.tenant());
  }

  private boolean isCounted(Source source) {
    return switch (source) {
      case Source.Stay(ConferenceId conference, ParticipantId id) -> {
        Participant stay = conferences.participant(conference, id);
        Participant.Departure departure = stay == null ? null : stay.departure();
        yield departure == null || departure.use() == null || departure.use().counted();
      }
      case Source.Whole(ConferenceId id) -> {
        Conference conference = conferences.conference(id);
        yield conference == null || conference.counted();
      }
    };
  }

  private static void share(int shard, Participant stay, Map<UsageRow.Key, List<Share>> shares) {
    Participant.Departure departure = stay.departure();
    if (departure == null || departure.use() == null) {
      return;
    }
    Instant from = stay.joinedAt();
    Instant to = departure.leftAt().isBefore(from) ? from : departure.leftAt();
    Source source = new Source.Stay(stay.conference(), stay.id());
    LocalDate day = day(from);
    for (int days = 0; days < DAYS_MAX && !day.isAfter(day(to)); days++) {
      Instant dayStart = start(day);
      Instant dayEnd = start(day.plusDays(1));
      Instant first = from.isBefore(dayStart) ? dayStart : from;
      Instant last = to.isAfter(dayEnd) ? dayEnd : to;
      long ms = Duration.between(first, last).toMillis();
      Figures figures =
          new Figures(
              0,
              days == 0 ? 1 : 0,
              ms,
              stay.listening() == Listening.MIX ? ms : 0,
              stay.listening() == Listening.FORWARD ? ms : 0,
              0,
              0);
      String region = departure.use().region().value();
      put(
          shares,
          new UsageRow.Key(stay.tenant(), day, region, shard),
          new Share(source, figures, Presence.of(day, first, last)));
      day = day.plusDays(1);
    }
  }

  /** On the day that it went live, or was made if it never did. */
  private void share(int shard, Conference conference, Map<UsageRow.Key, List<Share>> shares) {
    Instant liveAt = conference.times().liveAt();
    Instant at = liveAt == null ? conference.times().createdAt() : liveAt;
    String region = conference.region() == null ? UsageRow.NO_REGION : conference.region().value();
    Figures figures =
        new Figures(
            liveAt == null ? 0 : 1,
            0,
            0,
            0,
            0,
            messageCount.applyAsLong(conference.id()),
            conference.outbox().lastSequence());
    put(
        shares,
        new UsageRow.Key(conference.tenant(), day(at), region, shard),
        new Share(new Source.Whole(conference.id()), figures, Presence.NONE));
  }

  private static void put(Map<UsageRow.Key, List<Share>> shares, UsageRow.Key key, Share share) {
    if (!share.figures().equals(Figures.NONE) || !share.presence().equals(Presence.NONE)) {
      shares.computeIfAbsent(key, _ -> new ArrayList<>()).add(share);
    }
  }

  private static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
