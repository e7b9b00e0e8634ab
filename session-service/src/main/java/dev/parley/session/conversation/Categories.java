package dev.parley.session.conversation;

import dev.parley.session.conference.ContendedException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The trees of categories: one of each tenant, and one of each of its channels. Thread-safe; blocks
 * on the store.
 */
public final class Categories {
  private static final int ATTEMPTS_MAX = 20;

  private final CategoryStore store;
  private final FilingIds ids;
  private final Clock clock;
  private final BiPredicate<String, String> isUsed;

  /**
   * Takes what it needs.
   *
   * @param isUsed tells of a tenant's category if a conversation is filed under it
   */
  public Categories(
      CategoryStore store, FilingIds ids, Clock clock, BiPredicate<String, String> isUsed) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
    this.isUsed = isUsed;
  }

  /** A category and the tree that it is in. */
  public record Found(Category category, CategoryTree tree) {}

  /** Returns a tree as it is now. */
  public CategoryTree tree(String tenant, @Nullable String channel) {
    return store.tree(tenant, channel);
  }

  /** Returns a category of a tenant, or null if there is none of that id. */
  public @Nullable Found find(String tenant, String id) {
    CategoryTree tree = treeOf(tenant, id);
    Category category = tree == null ? null : tree.find(id);
    return tree == null || category == null ? null : new Found(category, tree);
  }

  private @Nullable CategoryTree treeOf(String tenant, String category) {
    String channel = FilingIds.treeOf(category);
    return channel == null ? null : store.tree(tenant, channel.isEmpty() ? null : channel);
  }

  /**
   * What a category is to be.
   *
   * @param channel in whose tree, or null for the tenant's own
   */
  public record Draft(
      String tenant, @Nullable String channel, String name, @Nullable String parent) {}

  /** Makes a category, or answers what an earlier request with the same key made. */
  public Outcome<Channels.Made<Found>> create(
      Draft draft, @Nullable String idempotencyKey, String requestHash) {
    String id = ids.category(draft.tenant(), draft.channel(), idempotencyKey);
    Category made =
        new Category(
            id,
            draft.parent(),
            draft.name(),
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            requestHash);
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      CategoryTree before = store.tree(draft.tenant(), draft.channel());
      Category there = before.find(id);
      if (there != null) {
        return there.requestHash().equals(requestHash)
            ? new Outcome.Done<>(new Channels.Made<>(new Found(there, before), true))
            : new Outcome.Refused<>(new FilingRefusal.KeyReused());
      }
      if (before.categories().size() >= CategoryTree.COUNT_MAX) {
        return new Outcome.Refused<>(new FilingRefusal.TooMany(CategoryTree.COUNT_MAX));
      }
      FilingRefusal refusal = before.refusal(made);
      if (refusal != null) {
        return new Outcome.Refused<>(refusal);
      }
      CategoryTree written = store.write(before.with(made));
      if (written != null) {
        return new Outcome.Done<>(new Channels.Made<>(new Found(made, written), false));
      }
    }
    throw new ContendedException("categories");
  }

  /**
   * What is to become of a category.
   *
   * @param name null for the one it has
   * @param isMoved true to put it below {@code parent}, which is null for the top
   */
  public record Change(@Nullable String name, boolean isMoved, @Nullable String parent) {}

  /**
   * Renames a category, or moves it with all that is below it.
   *
   * @param expected the version of its tree that the caller saw, or null for any
   */
  public Outcome<Found> change(String tenant, String id, Change wish, @Nullable Long expected) {
    return change(
        tenant,
        id,
        expected,
        found -> {
          Category category = found.category();
          Category named = wish.name() == null ? category : category.renamed(wish.name());
          Category next = wish.isMoved() ? named.below(wish.parent()) : named;
          CategoryTree tree = found.tree().with(next);
          FilingRefusal refusal = tree.refusal(next);
          return refusal == null
              ? new Outcome.Done<>(new Found(next, tree))
              : new Outcome.Refused<>(refusal);
        });
  }

  /** Removes a category that nothing is in, neither another nor a conversation. */
  public Outcome<Found> remove(String tenant, String id, @Nullable Long expected) {
    return change(
        tenant,
        id,
        expected,
        found -> {
          if (found.tree().hasBelow(id)) {
            return new Outcome.Refused<>(new FilingRefusal.NotEmpty("a category"));
          }
          return isUsed.test(tenant, id)
              ? new Outcome.Refused<>(new FilingRefusal.NotEmpty("a conversation"))
              : new Outcome.Done<>(new Found(found.category(), found.tree().without(id)));
        });
  }

  private Outcome<Found> change(
      String tenant, String id, @Nullable Long expected, Function<Found, Outcome<Found>> change) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Found before = find(tenant, id);
      if (before == null) {
        return new Outcome.Refused<>(new FilingRefusal.NotFound("category"));
      }
      CategoryTree tree = before.tree();
      if (expected != null && expected != tree.version()) {
        return new Outcome.Refused<>(new FilingRefusal.VersionMismatch(tree.version()));
      }
      Outcome<Found> outcome = change.apply(before);
      if (!(outcome instanceof Outcome.Done<Found>(Found next)) || next.tree().equals(tree)) {
        return outcome;
      }
      CategoryTree written = store.write(next.tree());
      if (written != null) {
        return new Outcome.Done<>(new Found(next.category(), written));
      }
    }
    throw new ContendedException("categories");
  }
}
