package dev.parley.session.store.embedded;

import dev.parley.session.store.ItemStores;
import dev.parley.session.store.StoreUnavailableException;
import dev.parley.session.store.WriteResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.Env;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksMemEnv;
import org.rocksdb.RocksObject;
import org.rocksdb.TablePropertiesCollectorFactory;

/**
 * A folder with any number of tables, opened by one process. A write that has returned survives the
 * end of the process and the loss of power: it waits for the disk, together with all writes that
 * came while the disk was busy. Thread-safe.
 */
public final class EmbeddedStore implements ItemStores {
  private static final long MEMTABLE_BYTES = 16 << 20;

  /** Most stores of tests and trials hold little. */
  private static final long ARENA_BYTES = 256 << 10;

  private static final int BLOOM_BITS = 10;

  /** Soon after this what was deleted or replaced is on the disk no more. */
  private static final long REWRITTEN_AFTER_S = 86_400;

  /**
   * What is due is deleted from where the next search for it begins: of so many entries in a row no
   * more than half are such before they are taken out.
   */
  private static final int DELETED_WINDOW = 1024;

  private static final String IN_MEMORY = "/facts";

  private final List<RocksObject> parts = new ArrayList<>();
  private final RocksDB file;
  private final GroupCommit commits;
  private final StampedLock use = new StampedLock();

  /** Guarded by {@link #use}. */
  private boolean isClosed;

  private EmbeddedStore(@Nullable Path folder) {
    NativeLibrary.await();
    Options options = options(folder != null);
    if (folder == null) {
      options.setEnv(kept(new RocksMemEnv(Env.getDefault())));
    }
    try {
      file = RocksDB.open(options, folder == null ? IN_MEMORY : folder.toString());
    } catch (RocksDBException e) {
      release();
      throw new StoreUnavailableException(
          "the store " + folder + " cannot be opened: " + e.getMessage(), e);
    }
    commits = new GroupCommit(file);
  }

  private Options options(boolean isOnDisk) {
    BlockBasedTableConfig blocks =
        new BlockBasedTableConfig()
            // The system has one.
            .setNoBlockCache(true)
            .setFilterPolicy(kept(new BloomFilter(BLOOM_BITS)));
    Options options =
        kept(new Options())
            .setCreateIfMissing(true)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            .setKeepLogFileNum(1)
            .setStatsDumpPeriodSec(0)
            .setWriteBufferSize(MEMTABLE_BYTES)
            .setArenaBlockSize(ARENA_BYTES)
            // Read where the system's page cache has them, neither copied nor unpacked.
            .setAllowMmapReads(isOnDisk)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setPeriodicCompactionSeconds(REWRITTEN_AFTER_S)
            .setTableFormatConfig(blocks);
    options.setTablePropertiesCollectorFactory(
        List.of(
            kept(
                TablePropertiesCollectorFactory.NewCompactOnDeletionCollectorFactory(
                    DELETED_WINDOW, DELETED_WINDOW / 2, 0))));
    return options;
  }

  /**
   * Opens the store in the folder, making it if it is not there.
   *
   * @throws StoreUnavailableException if another process has it open, or it is damaged
   */
  public static EmbeddedStore open(Path folder) {
    return new EmbeddedStore(folder);
  }

  /** Opens a store that is gone when it is closed. */
  public static EmbeddedStore inMemory() {
    return new EmbeddedStore(null);
  }

  @Override
  public EmbeddedItemStore table(String name, Set<String> indexes) {
    return new EmbeddedItemStore(this, name, indexes);
  }

  /** Closes the log of writes, in which what was deleted since is still to be read. */
  @Override
  public int tidy() {
    return read(
        "tidying",
        all -> {
          try (FlushOptions options = new FlushOptions()) {
            all.flush(options);
          }
          return 1;
        });
  }

  @Override
  public void close() {
    long stamp = use.writeLock();
    try {
      if (!isClosed) {
        isClosed = true;
        commits.end();
        file.close();
        release();
      }
    } finally {
      use.unlockWrite(stamp);
    }
  }

  /** Something asked of the file. */
  @FunctionalInterface
  interface Reading<T> {
    T from(RocksDB file) throws RocksDBException;
  }

  /** Reads what is there, all of it at once. */
  <T> T read(String what, Reading<T> reading) {
    long stamp = use.readLock();
    try {
      requireOpen();
      return reading.from(file);
    } catch (RocksDBException e) {
      throw new StoreUnavailableException("the embedded store failed at " + what, e);
    } finally {
      use.unlockRead(stamp);
    }
  }

  /** Makes a change that no other interrupts, and waits until it is on the disk. */
  WriteResult write(GroupCommit.Change change) {
    long stamp = use.readLock();
    CompletableFuture<WriteResult> result;
    try {
      requireOpen();
      result = commits.add(change);
    } finally {
      use.unlockRead(stamp);
    }
    return GroupCommit.await(result);
  }

  /** Whoever used what is freed would take the process with him. */
  private void requireOpen() {
    if (isClosed) {
      throw new StoreUnavailableException("the embedded store is closed", null);
    }
  }

  private <T extends RocksObject> T kept(T each) {
    parts.add(each);
    return each;
  }

  private void release() {
    parts.reversed().forEach(RocksObject::close);
  }
}
