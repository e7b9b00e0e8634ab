package dev.parley.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.store.embedded.EmbeddedStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DeferredItemStoreTest {
  private static final ItemKey KEY = new ItemKey("p", "s");

  @Test
  void whatCannotBeOpenedIsTriedAgainAndThenOpenedOnce() {
    AtomicInteger attempts = new AtomicInteger();
    try (EmbeddedStore file = EmbeddedStore.inMemory()) {
      ItemStore store =
          new DeferredItemStore(() -> {
            if (attempts.incrementAndGet() == 1) {
              throw new StoreUnavailableException("away", null);
            }
            return file.table(Table.LIBRARY);
          });

      assertThatThrownBy(() -> store.get(KEY)).isInstanceOf(StoreUnavailableException.class);
      assertThat(store.create(new Item(KEY, 1, Map.of(), "{}")))
          .isInstanceOf(WriteResult.Written.class);
      assertThat(store.get(KEY)).isNotNull();
      assertThat(attempts).hasValue(2);
    }
  }

  @Test
  void whoeverWaitsForOneAttemptDoesNotMakeAnother() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch refused = new CountDownLatch(1);
    ItemStore store =
        new DeferredItemStore(() -> {
          attempts.incrementAndGet();
          asked.countDown();
          try {
            refused.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          throw new StoreUnavailableException("away", null);
        });

    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread::new)) {
      List<Future<?>> reads = new ArrayList<>();
      List<Thread> waiting = new ArrayList<>();
      reads.add(threads.submit(() -> store.get(KEY)));
      asked.await();
      for (int i = 0; i < 8; i++) {
        CountDownLatch begun = new CountDownLatch(1);
        reads.add(
            threads.submit(() -> {
              waiting.add(Thread.currentThread());
              begun.countDown();
              return store.get(KEY);
            }));
        begun.await();
      }
      for (Thread thread : waiting) {
        while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
          Thread.onSpinWait();
        }
      }
      refused.countDown();
      for (Future<?> read : reads) {
        assertThatThrownBy(read::get)
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(StoreUnavailableException.class);
      }
    }
    assertThat(attempts).hasValue(1);
  }
}
