package dev.parley.session.webhook;

import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemPage;
import dev.parley.session.store.ItemRange;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.WriteResult;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A table as one process sees it, which dies in the middle of a write, before or after its effect.
 */
final class MortalStore implements ItemStore {

  /** The process is dead. No {@code catch} of the code under test holds it. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1;
  }

  /** What the tables of one process share. */
  static final class Life {
    private int writesLeft = Integer.MAX_VALUE;
    private boolean isLastWritten;
    private boolean isDead;

    /** Lets the process make so many more writes; the last may have its effect. */
    void endAfter(int writes, boolean lastIsWritten) {
      writesLeft = writes;
      isLastWritten = lastIsWritten;
    }

    void end() {
      isDead = true;
      throw new Death();
    }

    boolean isOver() {
      return isDead;
    }
  }

  private final ItemStore store;
  private final Life life;

  MortalStore(ItemStore store, Life life) {
    this.store = store;
    this.life = life;
  }

  @Override
  public @Nullable Item get(ItemKey key) {
    requireLife();
    return store.get(key);
  }

  @Override
  public WriteResult create(Item item) {
    return write(() -> store.create(item));
  }

  @Override
  public WriteResult replace(Item item) {
    return write(() -> store.replace(item));
  }

  @Override
  public WriteResult delete(ItemKey key, long version) {
    return write(() -> store.delete(key, version));
  }

  @Override
  public ItemPage query(ItemRange range) {
    requireLife();
    return store.query(range);
  }

  @Override
  public ItemPage queryIndex(String index, ItemRange range) {
    requireLife();
    return store.queryIndex(index, range);
  }

  @Override
  public ItemPage scan(int limit, @Nullable ItemKey after) {
    requireLife();
    return store.scan(limit, after);
  }

  private WriteResult write(Supplier<WriteResult> effect) {
    requireLife();
    life.writesLeft--;
    if (life.writesLeft > 0) {
      return effect.get();
    }
    if (life.isLastWritten) {
      WriteResult _ = effect.get();
    }
    life.end();
    throw new AssertionError("unreachable");
  }

  private void requireLife() {
    if (life.isDead) {
      throw new Death();
    }
  }
}
