package dev.parley.session.store.embedded;

import dev.parley.session.store.StoreUnavailableException;
import dev.parley.session.store.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Makes changes one after the other, on a thread of its own, and takes all that have come while the
 * disk was busy to it at once. So a change sees all before it, and nobody sees one that is not on
 * the disk. There are no more changes than requests that wait for them.
 */
final class GroupCommit {
  private static final int CHANGES_MAX = 512;

  private final RocksDB file;
  private final WriteOptions durably = new WriteOptions().setSync(true);
  private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
  private final Thread writer;
  private volatile boolean isEnding;

  GroupCommit(RocksDB file) {
    this.file = file;
    this.writer = Thread.ofPlatform().name("store-writer").daemon(true).start(this::run);
  }

  /** Reads what is there, and then says what it is to be; may fail while it reads. */
  @FunctionalInterface
  interface Change {
    WriteResult on(Pending pending) throws RocksDBException;
  }

  /** A change, and what whoever asked for it waits for. */
  private record Waiting(Change change, CompletableFuture<WriteResult> result) {}

  /** Returns what waits for the change to be made, and on the disk. Not after the end. */
  CompletableFuture<WriteResult> add(Change change) {
    Waiting waiting = new Waiting(change, new CompletableFuture<>());
    queue.add(waiting);
    return waiting.result;
  }

  /** Waits for what was added. */
  static WriteResult await(CompletableFuture<WriteResult> result) {
    try {
      return result.join();
    } catch (CompletionException e) {
      throw new StoreUnavailableException("the embedded store failed to write", e.getCause());
    }
  }

  /** Makes what was added, and ends. Once, when nothing is added any more. */
  void end() {
    isEnding = true;
    CompletableFuture<WriteResult> _ = add(_ -> new WriteResult.Conflict(null));
    boolean isInterrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    durably.close();
  }

  private void run() {
    List<Waiting> group = new ArrayList<>();
    while (!isEnding || !queue.isEmpty()) {
      try {
        group.add(queue.take());
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts this thread", e);
      }
      queue.drainTo(group, CHANGES_MAX - 1);
      commit(group);
      group.clear();
    }
  }

  private void commit(List<Waiting> group) {
    List<Runnable> answers = new ArrayList<>(group.size());
    try (WriteBatch writes = new WriteBatch()) {
      Pending pending = new Pending(file, writes);
      group.forEach(each -> answers.add(made(each, pending)));
      if (writes.count() > 0) {
        file.write(durably, writes);
      }
    } catch (RocksDBException | RuntimeException e) {
      group.forEach(each -> each.result.completeExceptionally(e));
    }
    answers.forEach(Runnable::run);
  }

  /** Makes a change; one that cannot be made fails for itself. Returns what tells how it went. */
  private static Runnable made(Waiting waiting, Pending pending) {
    try {
      WriteResult result = waiting.change.on(pending);
      return () -> waiting.result.complete(result);
    } catch (RocksDBException | RuntimeException e) {
      return () -> waiting.result.completeExceptionally(e);
    }
  }
}
