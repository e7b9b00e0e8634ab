package dev.parley.session.event;

import dev.parley.common.id.ConferenceId;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The numbered events of conferences, the same to every session node that follows them. Each
 * conference's numbers rise by one; when the log lost what it held, it begins anew with numbers
 * that it has not given before, and tells its followers. Thread-safe; nothing here fails: where the
 * log does not answer, what one node tells reaches that node's followers.
 */
public interface EventLog {
  /** Bits for the events of one second: a log that begins in a later one has larger numbers. */
  int NUMBERS_PER_SECOND_BITS = 20;

  /**
   * Numbers an event, remembers it, and brings it to all followers. Does not block. Nothing follows
   * the last event of a conference.
   *
   * @param event a JSON object without its number
   */
  void append(ConferenceId conference, String event, boolean isLast);

  /** Brings text to all followers; it has no number and is not remembered. Does not block. */
  void broadcast(ConferenceId conference, String text);

  /**
   * Forgets what has happened in a conference, as soon as it can; followers hear of a gap. Does not
   * block.
   */
  void forget(ConferenceId conference);

  /**
   * Begins to follow. The follower first hears of a gap, which says where it stands, perhaps before
   * this returns.
   */
  Following follow(ConferenceId conference, Follower follower);

  /**
   * Returns what came after an event, or that this is not known. Blocks for a moment.
   *
   * @param countMax if more came, it counts as not known
   */
  Replay after(ConferenceId conference, long seq, int countMax);

  /**
   * One event.
   *
   * @param event a JSON object without its number
   */
  record Entry(long seq, String event, boolean isLast) {}

  /**
   * What came after an event.
   *
   * @param isKnown false if events may be missing
   * @param hasEnded true if nothing more will come
   */
  record Replay(boolean isKnown, boolean hasEnded, List<Entry> entries) {
    /** The answer when events may be missing. */
    public static final Replay UNKNOWN = new Replay(false, false, List.of());

    public Replay {
      entries = List.copyOf(entries);
    }
  }

  /** Whoever follows a conference. Called by one thread at a time, which must not be held up. */
  interface Follower {
    /** Takes the next event; its number is one more than the one before, or than the gap's. */
    void onEvent(Entry entry);

    void onBroadcast(String text);

    /**
     * Events may be missing: what this follower knows must be read anew. Repeated from time to time
     * with the same number while it may be missing more.
     *
     * @param seq the next event has one more than this
     */
    void onGap(long seq);
  }

  /** One follower's tie to a conference. */
  interface Following extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Returns the number before the first of a log that begins now: larger than all numbers of logs
   * that began in an earlier second, and random, so that it is not taken for one of another log of
   * this second. Below 2^53 until the year 2242, which JavaScript needs.
   */
  static long firstNumber(long epochSecond, RandomGenerator random) {
    return (epochSecond << NUMBERS_PER_SECOND_BITS)
        + random.nextInt(1 << (NUMBERS_PER_SECOND_BITS - 1));
  }
}
