package dev.parley.session.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.store.StoreUnavailableException;
import dev.parley.session.store.WriteResult;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

final class GroupCommitTest {
  private static final byte[] VALUE = {1};

  @TempDir Path folder;

  private RocksDB file;
  private GroupCommit commits;
  private final CountDownLatch released = new CountDownLatch(1);

  @BeforeEach
  void open() throws RocksDBException {
    NativeLibrary.await();
    file = RocksDB.open(folder.toString());
    commits = new GroupCommit(file);
  }

  @AfterEach
  void close() {
    released.countDown();
    file.close();
  }

  @Test
  void changesOfOneGroupSeeEachOther() {
    CompletableFuture<WriteResult> busy = commits.add(this::waitForRelease);
    CompletableFuture<WriteResult> first = commits.add(pending -> put(pending, "a"));
    CompletableFuture<WriteResult> second =
        commits.add(pending -> {
          assertThat(pending.get("a")).isEqualTo(VALUE);
          pending.delete("a");
          assertThat(pending.get("a")).isNull();
          return put(pending, "b");
        });
    released.countDown();
    commits.end();

    assertThat(busy).isCompleted();
    assertThat(GroupCommit.await(first)).isInstanceOf(WriteResult.Written.class);
    assertThat(GroupCommit.await(second)).isInstanceOf(WriteResult.Written.class);
    assertThat(stored("a")).isNull();
    assertThat(stored("b")).isEqualTo(VALUE);
  }

  @Test
  void oneThatCannotBeMadeFailsForItself() {
    CompletableFuture<WriteResult> busy = commits.add(this::waitForRelease);
    CompletableFuture<WriteResult> bad =
        commits.add(_ -> {
          throw new IllegalArgumentException("what is there cannot be read");
        });
    CompletableFuture<WriteResult> good = commits.add(pending -> put(pending, "a"));
    released.countDown();
    commits.end();

    assertThat(busy).isCompleted();
    assertThatThrownBy(() -> GroupCommit.await(bad))
        .isInstanceOf(StoreUnavailableException.class)
        .hasRootCauseMessage("what is there cannot be read");
    assertThat(GroupCommit.await(good)).isInstanceOf(WriteResult.Written.class);
    assertThat(stored("a")).isEqualTo(VALUE);
  }

  /** What comes meanwhile is one group. */
  private WriteResult waitForRelease(Pending pending) {
    try {
      released.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return new WriteResult.Written();
  }

  private static WriteResult put(Pending pending, String key) throws RocksDBException {
    pending.put(key, VALUE);
    return new WriteResult.Written();
  }

  private byte[] stored(String key) {
    try {
      return file.get(KeyRange.bytes(key));
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }
}
