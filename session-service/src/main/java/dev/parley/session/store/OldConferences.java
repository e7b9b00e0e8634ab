package dev.parley.session.store;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.Claim;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.DueShards;
import dev.parley.session.conference.Participant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Conferences that are over, in the table {@code core}: when and how to forget them. Thread-safe.
 */
final class OldConferences {
  /** Items removed at once; the rest is still due. */
  private static final int REMOVED_AT_ONCE_MAX = 500;

  private static final int LOOKED_AT_ONCE_MAX = 200;

  private final ItemStore items;
  private final @Nullable Duration keep;
  private final DueShards dueShards = new DueShards();
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock: how far the walk through the table has come.
  private @Nullable ItemKey lookedAt;
  private boolean isLookedThrough;

  OldConferences(ItemStore items, @Nullable Duration keep) {
    this.items = items;
    this.keep = keep;
    this.isLookedThrough = keep == null;
  }

  /** Returns where in the index {@code due} it is listed. */
  static ItemKey dueKey(int shard, Instant forgetAt, ConferenceId id) {
    return new ItemKey("OLD#" + shard, KeyText.number(forgetAt.toEpochMilli()) + "#" + id);
  }

  /** Has a shard looked at when something in it is to be forgotten; null for never. */
  void wake(int shard, @Nullable Instant forgetAt) {
    if (forgetAt != null) {
      dueShards.wake(shard, forgetAt);
    }
  }

  /** Returns what is listed as due, as in {@code ConferenceStore}. */
  List<ConferenceId> due(Instant now, int limit, IntPredicate isOurs) {
    List<ConferenceId> due = new ArrayList<>();
    for (int shard : dueShards.take(now, isOurs)) {
      String to = KeyText.number(now.toEpochMilli() + 1);
      ItemRange range = new ItemRange("OLD#" + shard, null, to, false, limit, null);
      List<Item> found = items.queryIndex(ConferenceItems.DUE, range).items();
      found.forEach(item -> due.add(ConferenceItems.idOf(item)));
      if (found.size() == limit) {
        dueShards.again(shard);
      }
    }
    return due;
  }

  /** Returns when it is to be forgotten, or null if never, or something is to be done before. */
  @Nullable Instant forgetAt(Conference conference) {
    Instant overSince = conference.overSince();
    if (keep == null || overSince == null) {
      return null;
    }
    Instant usual = overSince.plus(keep);
    Instant keptUntil = conference.keptUntil();
    return keptUntil != null && keptUntil.isAfter(usual) ? keptUntil : usual;
  }

  /** Removes what there is of it, as in {@code ConferenceStore}. */
  boolean forget(Conference conference, ItemKey meta, @Nullable ItemKey alias) {
    ItemRange range = ItemRange.all(meta.partition(), REMOVED_AT_ONCE_MAX);
    ItemPage page = items.query(range);
    for (Item item : page.items()) {
      if (isUnfinished(item)) {
        return false;
      }
    }
    for (Item item : page.items()) {
      if (!item.key().equals(meta)) {
        // A conflict says that somebody else removes it.
        items.delete(item.key(), item.version());
      }
    }
    if (page.next() != null) {
      return false;
    }
    if (alias != null) {
      release(alias, conference);
    }
    return items.delete(meta, conference.version()) instanceof WriteResult.Written;
  }

  /** Looks at some more of the table; returns false once all of it was seen. */
  boolean schedule(Consumer<Conference> writeAgain) {
    lock.lock();
    try {
      if (isLookedThrough) {
        return false;
      }
      ItemPage page = items.scan(LOOKED_AT_ONCE_MAX, lookedAt);
      for (Item item : page.items()) {
        Conference conference = conferenceOf(item);
        if (conference != null && !isListedRightly(item, conference)) {
          // If somebody is faster, that write knows when it is to be forgotten, too.
          writeAgain.accept(conference);
        }
      }
      lookedAt = page.next();
      isLookedThrough = lookedAt == null;
      return !isLookedThrough;
    } finally {
      lock.unlock();
    }
  }

  private static @Nullable Conference conferenceOf(Item item) {
    boolean isOne =
        item.key().sort().equals(ConferenceItems.META) && item.key().partition().startsWith("C#");
    return isOne ? ConferenceItems.conference(item) : null;
  }

  /** Whether it is not to be forgotten, or will be found when it is. */
  private boolean isListedRightly(Item item, Conference conference) {
    Instant forgetAt = forgetAt(conference);
    return forgetAt == null
        || dueKey(ConferenceItems.shard(item.key()), forgetAt, conference.id())
            .equals(item.indexes().get(ConferenceItems.DUE));
  }

  /** A stay of which something is still to be told or counted. */
  private static boolean isUnfinished(Item item) {
    if (!item.key().sort().startsWith(ConferenceItems.STAY)) {
      return false;
    }
    Participant stay = ConferenceItems.participant(item);
    return stay.dueAt() != null;
  }

  /** Whoever took the alias after it keeps it. */
  private void release(ItemKey alias, Conference conference) {
    Item claim = items.get(alias);
    if (claim != null
        && ItemJson.read(claim, Claim.class).holder().equals(conference.id().value())) {
      items.delete(alias, claim.version());
    }
  }
}
