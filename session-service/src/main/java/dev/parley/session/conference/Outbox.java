package dev.parley.session.conference;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The notices that a record has still to hand on, within the record itself: whoever stores a change
 * stores what is to be told of it, in one write. Immutable.
 *
 * @param lastSequence of the last notice that was ever put in, 0 before the first
 * @param pending in order of their sequence
 * @param quietWrites how many writes of the record only moved notices, so that they can be left out
 *     of the version that clients see
 */
public record Outbox(long lastSequence, List<Notice> pending, long quietWrites) {
  /** Nothing to tell. */
  public static final Outbox EMPTY = new Outbox(0, List.of(), 0);

  /**
   * How many notices of its stays and objects a conference holds at once; the others wait in those.
   * Its own have room beside them: three in all its life, and those of its options.
   */
  static final int ADOPTED_MAX = 64;

  /** How many notices there may be before its options cannot change, for want of a place. */
  private static final int OWN_MAX = 2 * ADOPTED_MAX;

  public Outbox {
    pending = List.copyOf(pending);
  }

  /** True if there is something to tell. Not {@code is…}: JSON would take it for the component. */
  public boolean hasPending() {
    return !pending.isEmpty();
  }

  boolean isFull() {
    return pending.size() >= ADOPTED_MAX;
  }

  boolean hasRoomForUpdate() {
    return pending.size() < OWN_MAX;
  }

  /** When the oldest came in; there must be one. */
  Instant oldestAt() {
    return pending.getFirst().at();
  }

  Outbox with(NoticeType type, Instant at, Map<String, Object> data) {
    List<Notice> next = new ArrayList<>(pending);
    next.add(new Notice(lastSequence + 1, type, at, data, null));
    return new Outbox(lastSequence + 1, next, quietWrites);
  }

  /**
   * Like {@link #with}, but takes the place of one of the same type that is still here, for the
   * newest says all. It gets a number of its own: the one before may have been handed on already.
   */
  Outbox withLatest(NoticeType type, Instant at, Map<String, Object> data) {
    List<Notice> others = pending.stream().filter(notice -> notice.type() != type).toList();
    return new Outbox(lastSequence, others, quietWrites).with(type, at, data);
  }

  /**
   * Takes over the notices of a stay or an object that are not here yet, as many as there is room
   * for.
   *
   * <p>It cannot take one twice: what is here leaves only after it has left where it was born
   * ({@link Notices}).
   *
   * @param source says which; its sequence does not matter
   */
  Outbox adopting(Notice.Origin source, Outbox from) {
    long adopted = 0;
    for (Notice notice : pending) {
      Notice.Origin origin = notice.origin();
      if (origin != null && origin.at(0).equals(source.at(0))) {
        adopted = origin.sequence();
      }
    }
    List<Notice> next = new ArrayList<>(pending);
    long last = lastSequence;
    for (Notice notice : from.pending) {
      if (notice.sequence() > adopted && next.size() < ADOPTED_MAX) {
        Notice.Origin origin = source.at(notice.sequence());
        next.add(new Notice(++last, notice.type(), notice.at(), notice.data(), origin));
      }
    }
    return last == lastSequence ? this : new Outbox(last, next, quietWrites);
  }

  /** Returns it without the notices up to a sequence. */
  public Outbox without(long upTo) {
    List<Notice> left = pending.stream().filter(notice -> notice.sequence() > upTo).toList();
    return new Outbox(lastSequence, left, quietWrites);
  }

  /** Returns it without who its notices about that identity are about. */
  Outbox withoutPerson(String identity) {
    List<Notice> left = pending.stream().map(notice -> notice.withoutPerson(identity)).toList();
    return new Outbox(lastSequence, left, quietWrites);
  }

  /** Returns it with one more write counted that clients need not know of. */
  Outbox quietly() {
    return new Outbox(lastSequence, pending, quietWrites + 1);
  }
}
