package dev.parley.session.conversation;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.ConferenceStore;
import dev.parley.session.conference.ConferenceTraces;
import dev.parley.session.conference.ContendedException;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.UsageSink;
import dev.parley.session.conversation.ConversationStore.Visit;
import dev.parley.session.library.ConversationHolds;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What conferences become when they are over: filed, found by tags, channels and categories, and by
 * those who took part. Thread-safe; blocks on the store.
 */
public final class Conversations implements ConferenceTraces, ConversationHolds {
  /** When to look again at what was not done. */
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(30);

  private static final int ATTEMPTS_MAX = 20;
  private static final int BATCH_MAX = 100;
  private static final int ERASED_AT_ONCE = 100;

  private final ConversationStore store;
  private final ConferenceStore conferences;
  private final Channels channels;
  private final Categories categories;
  private final Clock clock;
  private final LongAdder kept = new LongAdder();
  private volatile IntPredicate isOurs = _ -> true;

  /** Takes what it needs. */
  public Conversations(
      ConversationStore store,
      ConferenceStore conferences,
      Channels channels,
      Categories categories,
      Clock clock) {
    this.store = store;
    this.conferences = conferences;
    this.channels = channels;
    this.categories = categories;
    this.clock = clock;
  }

  /** Says which shards of the due work this node looks at though nobody told it to. */
  public void share(IntPredicate ours) {
    isOurs = ours;
  }

  /** How many conferences this node has made conversations of. */
  public long keptCount() {
    return kept.sum();
  }

  /** Returns what hears of stays and conferences that are over, before usage counts them. */
  public UsageSink before(UsageSink next) {
    return (shard, stays, over) -> {
      stays.forEach(this::tookPart);
      for (Conference conference : over) {
        Conversation _ = keep(conference);
      }
      next.add(shard, stays, over);
    };
  }

  private void tookPart(Participant stay) {
    String identity = stay.person().identity();
    Conference conference = conferences.conference(stay.conference());
    if (conference != null && wasIn(stay) && !identity.equals(Participant.Person.ERASED)) {
      store.addVisit(conference.tenant(), identity, visit(conference));
    }
  }

  /** Not if they were never let in. */
  private static boolean wasIn(Participant stay) {
    return stay.csrc() > 0;
  }

  private static Visit visit(Conference conference) {
    return new Visit(conference.id(), conference.times().createdAt());
  }

  /** Makes a conversation of a conference, if it is to be one. Again does no harm. */
  private @Nullable Conversation keep(Conference conference) {
    Conversation made = Conversation.of(conference);
    if (made == null) {
      return null;
    }
    Conversation written = write(made);
    if (written == null) {
      return store.conversation(conference.id());
    }
    kept.increment();
    return settle(written);
  }

  /** Returns a conversation of a tenant; null if there is none, or it goes on. */
  public @Nullable Conversation find(String tenant, ConferenceId id) {
    Conversation there = store.conversation(id);
    if (there == null) {
      // It may have ended just now.
      Conference conference = conferences.conference(id);
      there = conference == null ? null : keep(conference);
    }
    return there == null || !there.tenant().equals(tenant) ? null : there;
  }

  /** True if somebody took part in a conversation, or belongs to its channel. */
  public boolean maySee(Conversation conversation, String identity) {
    String channel = conversation.filing().channel();
    return hasTakenPart(conversation, identity)
        || (channel != null && channels.roleOf(conversation.tenant(), channel, identity) != null);
  }

  private boolean hasTakenPart(Conversation conversation, String identity) {
    Visit visit = new Visit(conversation.conference(), conversation.span().createdAt());
    return store.hasVisit(conversation.tenant(), identity, visit)
        || conferences.staysOf(conversation.conference(), identity).stream()
            .anyMatch(Conversations::wasIn);
  }

  /** Returns conversations, newest first. */
  public Page<Conversation> list(
      ConversationStore.Selection selection, int limit, @Nullable String cursor) {
    return store.list(selection, limit, cursor);
  }

  /**
   * Changes what a conversation is called, and where it is filed.
   *
   * @param wish returns what it is to be called
   * @param filing returns the categories that it is to be filed under: of its tenant, or of its
   *     channel
   * @param expected the revision that the caller saw, or null for any
   */
  public Outcome<Conversation> change(
      Conversation seen,
      UnaryOperator<Label> wish,
      UnaryOperator<SortedSet<String>> filing,
      @Nullable Long expected) {
    for (String category : filing.apply(seen.filing().categories())) {
      if (!seen.filing().categories().contains(category) && !mayBeIn(seen, category)) {
        return new Outcome.Refused<>(new FilingRefusal.NoSuchCategory(category));
      }
    }
    return change(
        seen,
        expected,
        before ->
            before.revised(wish.apply(before.label()), filing.apply(before.filing().categories())));
  }

  private boolean mayBeIn(Conversation conversation, String category) {
    Categories.Found found = categories.find(conversation.tenant(), category);
    return found != null
        && (found.tree().channel() == null
            || found.tree().channel().equals(conversation.filing().channel()));
  }

  /** Puts a conversation on hold, or ends that. Again is done too. */
  public Outcome<Conversation> hold(Conversation seen, boolean isOnHold) {
    return change(
        seen, null, before -> before.isHeld() == isOnHold ? before : before.held(isOnHold));
  }

  private Outcome<Conversation> change(
      Conversation seen, @Nullable Long expected, Function<Conversation, Conversation> change) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Conversation before = store.conversation(seen.conference());
      if (before == null) {
        return new Outcome.Refused<>(new FilingRefusal.NotFound("conversation"));
      }
      if (expected != null && expected != before.revision()) {
        return new Outcome.Refused<>(new FilingRefusal.VersionMismatch(before.revision()));
      }
      Conversation next = change.apply(before);
      if (isSame(next, before)) {
        return new Outcome.Done<>(before);
      }
      // What it was found under stays known until it is gone.
      SortedSet<String> rows = new TreeSet<>(before.rows());
      rows.addAll(before.wantedRows());
      Conversation written = write(next.withRows(rows));
      if (written != null) {
        return new Outcome.Done<>(settle(written));
      }
    }
    throw new ContendedException("conversation " + seen.conference());
  }

  private static boolean isSame(Conversation next, Conversation before) {
    return next.label().equals(before.label())
        && next.filing().equals(before.filing())
        && next.isHeld() == before.isHeld();
  }

  /** Brings the rows to what they should be; what breaks off is due. */
  private Conversation settle(Conversation conversation) {
    if (!conversation.hasRowsDue()) {
      return conversation;
    }
    SortedSet<String> wanted = conversation.wantedRows();
    wanted.forEach(row -> store.addRow(conversation, row));
    for (String row : conversation.rows()) {
      if (!wanted.contains(row)) {
        store.removeRow(conversation, row);
      }
    }
    Conversation settled = write(conversation.withRows(wanted));
    return settled == null ? conversation : settled;
  }

  /** Stores it, due if there is something left to do. */
  private @Nullable Conversation write(Conversation conversation) {
    Instant dueAt = conversation.hasRowsDue() ? now().plus(AGAIN_AFTER) : null;
    return store.write(conversation.dueAt(dueAt));
  }

  /** Does what is due now and returns how much that was; one failure does not stop the rest. */
  public int run() {
    int done = 0;
    RuntimeException failure = null;
    for (Conversation due : store.due(now(), BATCH_MAX, isOurs)) {
      try {
        Conversation conversation = store.conversation(due.conference());
        if (conversation != null) {
          Conversation _ = settle(conversation);
        }
        done++;
      } catch (RuntimeException e) {
        store.again(due);
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return done;
  }

  @Override
  public boolean isHeld(ConferenceId conference) {
    Conversation conversation = store.conversation(conference);
    if (conversation == null) {
      return false;
    }
    String channel = conversation.filing().channel();
    return conversation.isHeld() || (channel != null && channels.isHeld(channel));
  }

  @Override
  public boolean forget(ConferenceId conference) {
    if (!store.removeVisits(conference)) {
      return false;
    }
    Conversation conversation = store.conversation(conference);
    if (conversation == null) {
      return true;
    }
    SortedSet<String> rows = new TreeSet<>(conversation.rows());
    rows.addAll(conversation.wantedRows());
    rows.forEach(row -> store.removeRow(conversation, row));
    return store.remove(conversation);
  }

  /**
   * What was forgotten of a person.
   *
   * @param conversations that they had taken part in
   * @param memberships of channels
   */
  public record Forgotten(int conversations, int memberships) {}

  /**
   * Forgets what a person took part in, and takes them out of all channels of a tenant. May be
   * repeated.
   */
  public Forgotten erasePerson(String tenant, String identity) {
    int conversations = 0;
    int removed = ERASED_AT_ONCE;
    while (removed == ERASED_AT_ONCE) {
      removed = store.removeVisits(tenant, identity, ERASED_AT_ONCE);
      conversations += removed;
    }
    return new Forgotten(conversations, channels.erasePerson(tenant, identity));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
