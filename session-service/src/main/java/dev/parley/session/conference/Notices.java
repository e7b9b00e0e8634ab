package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Posts what a tenant's own systems are to be told, and hands it on. Thread-safe; blocks.
 *
 * <p>A notice is born in the write that makes it true, in the outbox of the conference, of the stay
 * or of the object. A conference takes over what those have, which gives it its place in the
 * conference's sequence; then it leaves where it was born; then the sink gets it; then it leaves
 * the conference. Every step may be repeated, so whatever breaks off is taken up where it was. The
 * order of the first two is why no notice gets two places: the conference forgets one only when its
 * stay no longer has it, and whoever takes one over read the stay (or object) after the conference,
 * which then must not have changed.
 */
public final class Notices {
  /** Whoever posts a notice also hands it on; if it is still there after this, nobody does. */
  private static final Duration HAND_ON_TIME_MAX = Duration.ofSeconds(3);

  private static final int HANDING_ON_MAX = 1_000;

  private final ConferenceStore store;
  private final Changes changes;
  private final NoticeSink sink;
  private final Executor background;
  private final LongAdder failures = new LongAdder();
  private volatile ObjectOutboxes objects = ObjectOutboxes.NONE;

  /** Conferences whose notices are being handed on here: 1, or 2 if more have come meanwhile. */
  private final ConcurrentHashMap<ConferenceId, Integer> handingOn = new ConcurrentHashMap<>();

  /**
   * Takes what it needs.
   *
   * @param background hands on what nobody waits for, on threads that may block
   */
  public Notices(ConferenceStore store, Clock clock, NoticeSink sink, Executor background) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.sink = sink;
    this.background = background;
  }

  /** Says where objects keep what they have to tell; once, at the start. */
  public void adoptFrom(ObjectOutboxes outboxes) {
    objects = outboxes;
  }

  /** How often notices could not be handed on at once and were left to the due work. */
  public long failureCount() {
    return failures.sum();
  }

  /** When a record's notices are overdue, or null if it has none. */
  public static @Nullable Instant dueAt(Outbox outbox) {
    return outbox.hasPending() ? outbox.oldestAt().plus(HAND_ON_TIME_MAX) : null;
  }

  /** Returns a conference that has just come to be so, with the notice of it. */
  Conference post(Conference conference, NoticeType type) {
    if (!sink.wants(conference.tenant(), type)) {
      return conference;
    }
    return conference.withOutbox(
        conference.outbox().with(type, changes.now(), describe(conference)));
  }

  /**
   * Returns a conference with options that have just been changed, with the notice of it.
   *
   * @param changed the names of the options
   */
  Conference postUpdate(Conference conference, List<String> changed) {
    if (!sink.wants(conference.tenant(), NoticeType.CONFERENCE_UPDATED)) {
      return conference;
    }
    if (!conference.outbox().hasRoomForUpdate()) {
      throw new ContendedException("outbox of " + conference.id());
    }
    Map<String, Object> data = describe(conference);
    data.put("changed", changed);
    put(data, "locked", conference.options().locked());
    put(data, "lobby", conference.options().lobby());
    put(data, "maxParticipants", conference.options().maxParticipants());
    return conference.withOutbox(
        conference.outbox().with(NoticeType.CONFERENCE_UPDATED, changes.now(), data));
  }

  /** Returns a participant that has just come to be so, with the notice of it. */
  Participant post(Participant participant, NoticeType type) {
    if (!sink.wants(participant.tenant(), type)) {
      return participant;
    }
    Map<String, Object> data = describe(participant);
    Outbox outbox = participant.outbox();
    return participant.withOutbox(
        type == NoticeType.PARTICIPANT_UPDATED
            ? outbox.withLatest(type, changes.now(), data)
            : outbox.with(type, changes.now(), data));
  }

  /** Returns an object's outbox with the notice of what has just come to be so. */
  public Outbox post(String tenant, Outbox outbox, NoticeType type, Map<String, Object> data) {
    return sink.wants(tenant, type) ? outbox.with(type, changes.now(), data) : outbox;
  }

  /** Takes over what an object has to tell and hands it on; nobody waits for it. */
  public void tell(ConferenceId id, String object) {
    background.execute(() -> {
      try {
        handOnObject(id, object);
      } catch (RuntimeException e) {
        // What could not be told is still in the object, which makes it due.
        failures.increment();
      }
    });
  }

  /** Takes over and hands on whatever an object has to tell. */
  public void handOnObject(ConferenceId id, String object) {
    Changes.Changed<Conference> changed =
        changes.conference(
            id, before -> adopting(before, null, Notice.Origin.of(object), objects.outbox(object)));
    if (changed.before() == null) {
      // Nobody is left to tell it.
      objects.clear(object, Long.MAX_VALUE);
      return;
    }
    handOn(id);
  }

  /**
   * Changes a conference and takes over what a stay has to tell, in one write.
   *
   * @param change returns null if there is nothing else to change
   */
  Changes.Changed<Conference> change(
      ConferenceId id,
      @Nullable Participant stay,
      Function<Conference, @Nullable Conference> change) {
    boolean isTelling = stay != null && stay.outbox().hasPending();
    Changes.Changed<Conference> changed =
        changes.conference(
            id,
            before -> {
              Conference next = change.apply(before);
              return isTelling && stay != null ? adopting(before, next, stay.id()) : next;
            });
    Conference after = changed.after();
    if (after != null && after.outbox().isFull()) {
      // Whoever fills it makes room: of a thousand who leave at once, none is to wait in a stay.
      handOnNow(id);
    } else if (after != null) {
      wake(after);
    }
    return changed;
  }

  /** Takes over what a stay has to tell and hands it on; nobody waits for it. */
  void tell(Participant stay) {
    if (stay.outbox().hasPending()) {
      background.execute(() -> {
        try {
          change(stay.conference(), stay, _ -> null);
        } catch (RuntimeException e) {
          // What could not be told is still in the stay, which makes it due.
          failures.increment();
        }
      });
    }
  }

  /** Hands a conference's notices on, soon; nobody waits for it. */
  void wake(Conference conference) {
    // What finds no place here is due soon enough.
    if (conference.outbox().hasPending()
        && handingOn.size() < HANDING_ON_MAX
        && handingOn.merge(conference.id(), 1, (_, _) -> 2) == 1) {
      background.execute(() -> handOnUntilDone(conference.id()));
    }
  }

  /** Takes over and hands on whatever a record has to tell. */
  void handOn(ConferenceId id, @Nullable ParticipantId stay) {
    Participant teller = stay == null ? null : store.participant(id, stay);
    if (teller != null && teller.outbox().hasPending()) {
      changes.conference(id, before -> adopting(before, null, teller.id()));
    }
    handOn(id);
  }

  private void handOnUntilDone(ConferenceId id) {
    do {
      handOnNow(id);
    } while (!handingOn.remove(id, 1) && handingOn.replace(id, 2, 1));
  }

  private void handOnNow(ConferenceId id) {
    try {
      handOn(id);
    } catch (RuntimeException e) {
      // What was not handed on is still in the conference, which makes it due.
      failures.increment();
    }
  }

  private void handOn(ConferenceId id) {
    Conference conference = store.conference(id);
    if (conference == null || !conference.outbox().hasPending()) {
      return;
    }
    Outbox outbox = conference.outbox();
    Map<Notice.Origin, Long> origins = new LinkedHashMap<>();
    for (Notice notice : outbox.pending()) {
      Notice.Origin origin = notice.origin();
      if (origin != null) {
        origins.put(origin.at(0), origin.sequence());
      }
    }
    origins.forEach((origin, sequence) -> clear(id, origin, sequence));
    sink.accept(conference.tenant(), id, outbox.pending());
    long last = outbox.pending().getLast().sequence();
    changes.conference(
        id,
        c ->
            c.outbox().hasPending() && c.outbox().pending().getFirst().sequence() <= last
                ? c.withOutbox(c.outbox().without(last).quietly())
                : null);
  }

  /** Takes out of a stay or an object what its conference has taken over. */
  private void clear(ConferenceId id, Notice.Origin origin, long upTo) {
    if (origin.object() != null) {
      objects.clear(origin.object(), upTo);
    } else if (origin.stay() != null) {
      clear(id, origin.stay(), upTo);
    }
  }

  private void clear(ConferenceId id, ParticipantId stay, long upTo) {
    changes.participant(
        id,
        stay,
        p ->
            p.outbox().hasPending() && p.outbox().pending().getFirst().sequence() <= upTo
                ? p.withOutbox(p.outbox().without(upTo).quietly())
                : null);
  }

  /** The stay is read only here, after the conference. */
  private @Nullable Conference adopting(
      Conference before, @Nullable Conference next, ParticipantId id) {
    Participant stay = store.participant(before.id(), id);
    return stay == null ? next : adopting(before, next, Notice.Origin.of(id), stay.outbox());
  }

  private static @Nullable Conference adopting(
      Conference before, @Nullable Conference next, Notice.Origin source, Outbox from) {
    Conference base = next == null ? before : next;
    Outbox outbox = base.outbox().adopting(source, from);
    if (outbox.equals(base.outbox())) {
      return next;
    }
    return next == null ? before.withOutbox(outbox.quietly()) : next.withOutbox(outbox);
  }

  private static Map<String, Object> describe(Conference conference) {
    Map<String, Object> data = new LinkedHashMap<>();
    put(data, "alias", conference.alias());
    put(data, "endReason", conference.endReason());
    return data;
  }

  private static Map<String, Object> describe(Participant participant) {
    Map<String, Object> data = new LinkedHashMap<>();
    put(data, "participantId", participant.id().value());
    put(data, Notice.IDENTITY, participant.person().identity());
    put(data, Notice.NAME, participant.person().name());
    put(data, "role", participant.person().role());
    put(data, "state", participant.state());
    put(data, "muted", participant.muted());
    Participant.Departure departure = participant.departure();
    put(data, "leaveReason", departure == null ? null : departure.reason());
    return data;
  }

  /** Enums are told by the names that the API has for them. */
  private static void put(Map<String, Object> data, String name, @Nullable Object value) {
    if (value instanceof Enum<?> constant) {
      data.put(name, constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    } else if (value != null) {
      data.put(name, value);
    }
  }
}
