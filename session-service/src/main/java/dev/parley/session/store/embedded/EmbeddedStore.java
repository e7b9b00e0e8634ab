package dev.parley.session.store.embedded;

import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemStores;
import dev.parley.session.store.StoreUnavailableException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * One file with any number of tables, opened by one process. A write that has returned survives the
 * end of the process and the loss of power: it waits for the disk, together with all writes that
 * came while the disk was busy. Thread-safe.
 */
public final class EmbeddedStore implements ItemStores {
  /** Time for which space is not used again; every commit is synced, so little is enough. */
  private static final int RETENTION_MS = 2_000;

  private static final int COMPACTION_AT_CLOSE_MS = 500;

  /**
   * What the file's housekeeping moves at once, while nobody can commit, grows with this: with the
   * library's megabyte it took 20 to 40 ms three times a second.
   */
  private static final int BUFFER_KIB = 64;

  /**
   * A write takes the page it is in to disk anew, with all that is on it: with a third of the
   * library's keys on a page, creates write a third less.
   */
  private static final int KEYS_PER_PAGE = 16;

  /**
   * Of the heap, one part in so many keeps pages that were read or written. Among a million
   * conferences it does twice as many reads, and twice as many joins, as with the library's 16 MiB.
   */
  private static final int CACHE_SHARE = 8;

  private static final int CACHE_MIB_MIN = 16;

  /**
   * Pages that leave a large cache are old by then, and cost the collector more than young ones.
   */
  private static final int CACHE_MIB_MAX = 256;

  private final MVStore file;
  private final boolean isOnDisk;
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock flushing = new ReentrantLock();
  private final Condition flushed = flushing.newCondition();

  /** Guarded by {@link #writing}. */
  private long writeCount;

  /** Guarded by {@link #flushing}, as is the next. */
  private long durableCount;

  private boolean isFlushing;

  private EmbeddedStore(@Nullable Path path) {
    MVStore.Builder builder =
        new MVStore.Builder()
            .autoCommitBufferSize(BUFFER_KIB)
            .keysPerPage(KEYS_PER_PAGE)
            .cacheSize(cacheMib(Runtime.getRuntime().maxMemory()));
    if (path != null) {
      builder.fileName(path.toString());
    }
    try {
      file = builder.open();
    } catch (MVStoreException e) {
      throw new StoreUnavailableException(
          "the store file " + path + " cannot be opened: " + e.getMessage(), e);
    }
    file.setRetentionTime(RETENTION_MS);
    isOnDisk = path != null;
  }

  /**
   * Opens the file, making it if it is not there.
   *
   * @throws StoreUnavailableException if another process has it open, or it is damaged
   */
  public static EmbeddedStore open(Path path) {
    return new EmbeddedStore(path);
  }

  /** Opens a store that is gone when it is closed. */
  public static EmbeddedStore inMemory() {
    return new EmbeddedStore(null);
  }

  /** How many MiB of a heap of so many bytes keep pages. */
  static int cacheMib(long heap) {
    return Math.clamp((heap >> 20) / CACHE_SHARE, CACHE_MIB_MIN, CACHE_MIB_MAX);
  }

  /** Opens a table, making it if it is not there and reading all of it to build its indexes. */
  @Override
  public EmbeddedItemStore table(String name, Set<String> indexes) {
    MVMap<String, String> items =
        file.openMap(
            name,
            new MVMap.Builder<String, String>()
                .keyType(TextType.INSTANCE)
                .valueType(TextType.INSTANCE));
    return new EmbeddedItemStore(this, items, indexes);
  }

  @Override
  public void close() {
    try {
      file.close(COMPACTION_AT_CLOSE_MS);
    } catch (MVStoreException e) {
      throw new StoreUnavailableException("the store file did not close: " + e.getMessage(), e);
    }
  }

  /** Reads what is there. What others change meanwhile may be seen or not. */
  <T extends @Nullable Object> T read(String what, Supplier<T> reading) {
    requireOpen();
    try {
      return pinned(reading);
    } catch (MVStoreException e) {
      throw unavailable(what, e);
    }
  }

  /** Makes a change that no other interrupts, then waits until it is on disk. */
  <T> T write(ItemKey key, Supplier<T> change) {
    requireOpen();
    T result;
    long mine;
    try {
      writing.lock();
      try {
        result = pinned(change);
        mine = ++writeCount;
      } finally {
        writing.unlock();
      }
      flush(mine);
    } catch (MVStoreException e) {
      throw unavailable(key.partition(), e);
    }
    return result;
  }

  /**
   * Keeps the pages of the present version in the file until this has been done. Without, whoever
   * is still on his way through them five commits later may find them gone.
   */
  private <T extends @Nullable Object> T pinned(Supplier<T> work) {
    MVStore.TxCounter version = file.registerVersionUsage();
    try {
      return work.get();
    } finally {
      file.deregisterVersionUsage(version);
    }
  }

  /** Refuses what comes after the end: a closed file would answer from what it remembers. */
  private void requireOpen() {
    if (file.isClosed()) {
      throw new StoreUnavailableException("the embedded store is closed", null);
    }
  }

  private static StoreUnavailableException unavailable(String what, MVStoreException e) {
    return new StoreUnavailableException("the embedded store failed at " + what, e);
  }

  /**
   * Waits until a write is on disk. One thread at a time takes all to it that has been written by
   * then; those who came later wait for the next, which one of them makes.
   */
  private void flush(long mine) {
    if (!isOnDisk) {
      return;
    }
    flushing.lock();
    try {
      while (durableCount < mine) {
        if (isFlushing) {
          flushed.awaitUninterruptibly();
        } else {
          flushAll();
        }
      }
    } finally {
      flushing.unlock();
    }
  }

  /** Others go on writing meanwhile; what they write may be taken along, and is not counted on. */
  private void flushAll() {
    isFlushing = true;
    flushing.unlock();
    long durable = 0;
    try {
      long upTo = writeCount();
      file.commit();
      file.sync();
      durable = upTo;
    } finally {
      flushing.lock();
      isFlushing = false;
      durableCount = Math.max(durableCount, durable);
      flushed.signalAll();
    }
  }

  private long writeCount() {
    writing.lock();
    try {
      return writeCount;
    } finally {
      writing.unlock();
    }
  }
}
