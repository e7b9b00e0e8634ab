package dev.parley.session.conversation;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.Conference;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A conference that is over, as it is filed. Immutable; each change makes the next one, which is
 * stored only if nobody stored another in between.
 *
 * @param label its title, which is the conference's alias at first, and its tags
 * @param isHeld true if nothing of it may be erased for now
 * @param rows under which it may be found now; what should be there is said by {@link #wantedRows}
 * @param dueAt when somebody has to look after it, or null
 * @param revision counts changes that a caller sees
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record Conversation(
    ConferenceId conference,
    String tenant,
    Label label,
    Filing filing,
    Span span,
    boolean isHeld,
    SortedSet<String> rows,
    @Nullable Instant dueAt,
    long revision,
    long version) {
  /** Most categories that one may be filed under. */
  public static final int CATEGORIES_MAX = 20;

  public Conversation {
    rows = Collections.unmodifiableSortedSet(new TreeSet<>(rows));
  }

  /**
   * Where it is filed.
   *
   * @param channel that its conference was made in, or null; does not change
   */
  public record Filing(@Nullable String channel, SortedSet<String> categories) {
    public Filing {
      categories = Collections.unmodifiableSortedSet(new TreeSet<>(categories));
    }
  }

  /**
   * When it was.
   *
   * @param createdAt when the conference was made: lists are in this order
   * @param startedAt when somebody's media came up for the first time
   */
  public record Span(Instant createdAt, Instant startedAt, Instant endedAt) {}

  /**
   * Returns what becomes of a conference that has ended, or null if it was never live, or goes on.
   */
  static @Nullable Conversation of(Conference conference) {
    Instant startedAt = conference.times().liveAt();
    Instant endedAt = conference.times().endedAt();
    if (startedAt == null || endedAt == null) {
      return null;
    }
    return new Conversation(
        conference.id(),
        conference.tenant(),
        new Label(conference.alias(), conference.options().tags(), null),
        new Filing(conference.options().channel(), Collections.emptySortedSet()),
        new Span(conference.times().createdAt(), startedAt, endedAt),
        false,
        Collections.emptySortedSet(),
        null,
        1,
        0);
  }

  /** Under what it should be found: its tags and its categories. */
  public SortedSet<String> wantedRows() {
    SortedSet<String> wanted = new TreeSet<>();
    label.tags().forEach((name, value) -> wanted.add(tagRow(name, value)));
    filing.categories().forEach(category -> wanted.add(categoryRow(category)));
    return wanted;
  }

  /** Returns the text under which conversations with a tag are found. */
  public static String tagRow(String name, String value) {
    return "tag " + name + "=" + value;
  }

  /** Returns the text under which conversations in a category are found. */
  public static String categoryRow(String category) {
    return "in " + category;
  }

  /** True if its rows are not what they should be. */
  boolean hasRowsDue() {
    return !rows.equals(wantedRows());
  }

  /** Returns it changed, for callers to see. */
  Conversation revised(Label nextLabel, SortedSet<String> categories) {
    return new Conversation(
        conference,
        tenant,
        nextLabel,
        new Filing(filing.channel(), categories),
        span,
        isHeld,
        rows,
        dueAt,
        revision + 1,
        version);
  }

  Conversation held(boolean isOnHold) {
    return new Conversation(
        conference, tenant, label, filing, span, isOnHold, rows, dueAt, revision + 1, version);
  }

  Conversation withRows(SortedSet<String> next) {
    return new Conversation(
        conference, tenant, label, filing, span, isHeld, next, dueAt, revision, version);
  }

  Conversation dueAt(@Nullable Instant next) {
    return new Conversation(
        conference, tenant, label, filing, span, isHeld, rows, next, revision, version);
  }

  /** Returns it with another version. */
  public Conversation withVersion(long stored) {
    return new Conversation(
        conference, tenant, label, filing, span, isHeld, rows, dueAt, revision, stored);
  }
}
