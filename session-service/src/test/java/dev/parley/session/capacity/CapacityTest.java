package dev.parley.session.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testsupport.RedisServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CapacityTest {
  private static final int FIRST = AdaptiveLimit.FIRST;

  private final AtomicLong nowNs = new AtomicLong();
  private final Capacity capacity = new Capacity(1, nowNs::get);

  @Test
  void whatCanWaitLongestIsRefusedFirst() {
    fill(FIRST / 2 - 1);
    assertAdmits(true, true, true);
    fill(1);
    assertAdmits(true, true, false);
    fill((int) (FIRST * 0.8) - FIRST / 2);
    assertAdmits(true, false, false);
    fill(FIRST - (int) (FIRST * 0.8));
    assertAdmits(true, false, false);

    assertThat(capacity.shedCount(Priority.P0)).isZero();
    assertThat(capacity.shedCount(Priority.P1)).isEqualTo(2);
    assertThat(capacity.shedCount(Priority.P2)).isEqualTo(3);
    capacity.leave(0, 1);
    assertThat(capacity.inFlight()).isEqualTo(FIRST - 1);
  }

  @Test
  void whatCanWaitIsLetInWhenThereIsRoomAMomentLater() throws Exception {
    int atMost = (int) (FIRST * 0.8);
    fill(atMost);
    try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      // One place that is free lets in one of them.
      Future<Boolean> first = others.submit(() -> capacity.admits(Priority.P1));
      RedisServer.await("it waits", () -> capacity.arrivingCount() == 1);
      Future<Boolean> list = others.submit(() -> capacity.admits(Priority.P2));
      RedisServer.await("so does the other", () -> capacity.arrivingCount() == 2);
      capacity.leave(0, 1);

      assertThat(first.get(10, TimeUnit.SECONDS)).isTrue();
      assertThat(list.get(10, TimeUnit.SECONDS)).isFalse();
    }
    assertThat(capacity.shedCount(Priority.P1)).isZero();
    assertThat(capacity.shedCount(Priority.P2)).isEqualTo(1);
    assertThat(capacity.arrivingCount()).isZero();
  }

  @Test
  void lastPlacesAreForWhatCannotWait() throws Exception {
    fill((int) (FIRST * 0.8));
    try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> waits = others.submit(() -> capacity.enter(Priority.P1));
      RedisServer.await("it waits", () -> capacity.waitingCount() == 1);
      assertThat(capacity.enter(Priority.P0)).isTrue();
      capacity.leave(0, 1);
      assertThat(waits.isDone()).isFalse();
      capacity.leave(0, 1);
      assertThat(waits.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void freePlacesGoToWhatCannotWaitFirst() throws Exception {
    fill(FIRST);
    List<Priority> order = Collections.synchronizedList(new ArrayList<>());
    try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (Priority priority : List.of(Priority.P2, Priority.P1, Priority.P0)) {
        int before = capacity.waitingCount();
        all.add(
            others.submit(() -> {
              assertThat(capacity.enter(priority)).isTrue();
              order.add(priority);
              capacity.leave(0, 1);
            }));
        RedisServer.await("it waits", () -> capacity.waitingCount() == before + 1);
      }
      // With more than one place free at a time, more than one would be first.
      capacity.leave(0, 1);
      RedisServer.await("the first has its turn", () -> order.size() == 1);
      for (int i = 1; i < FIRST; i++) {
        capacity.leave(0, 1);
      }
      for (Future<?> one : all) {
        one.get(10, TimeUnit.SECONDS);
      }
    }
    assertThat(order.getFirst()).isEqualTo(Priority.P0);
    assertThat(order).containsExactlyInAnyOrder(Priority.values());
    assertThat(capacity.inFlight()).isZero();
    assertThat(capacity.waitingCount()).isZero();
  }

  @Test
  void whoFindsNoPlaceInTimeIsTold() {
    fill(FIRST);
    assertThat(capacity.enter(Priority.P0)).isFalse();
    assertThat(capacity.lateCount()).isEqualTo(1);
    assertThat(capacity.waitingCount()).isZero();
    for (int i = 0; i < FIRST; i++) {
      capacity.leave(0, 1);
    }
    assertThat(capacity.enter(Priority.P2)).isTrue();
  }

  @Test
  void interruptedWaitingTakesNoPlace() throws Exception {
    fill(FIRST);
    Thread waits =
        Thread.ofVirtual()
            .start(() -> {
              assertThat(capacity.enter(Priority.P0)).isFalse();
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
            });
    RedisServer.await("it waits", () -> capacity.waitingCount() == 1);
    waits.interrupt();
    waits.join();
    assertThat(capacity.waitingCount()).isZero();
    assertThat(capacity.inFlight()).isEqualTo(FIRST);
  }

  @Test
  void lineOfWhatCannotWaitIsBounded() throws Exception {
    fill(FIRST);
    int more = 50;
    AtomicInteger entered = new AtomicInteger();
    try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < Capacity.WAITING_MAX + more; i++) {
        Future<?> _ =
            others.submit(() -> {
              if (capacity.enter(Priority.P0)) {
                entered.incrementAndGet();
                capacity.leave(0, 1);
              }
            });
      }
      RedisServer.await("the line is full", () -> capacity.lateCount() == more);
      assertAdmits(false, false, false);
      for (int i = 0; i < FIRST; i++) {
        capacity.leave(0, 1);
      }
    }
    assertThat(entered.get()).isEqualTo(Capacity.WAITING_MAX);
    assertThat(capacity.inFlight()).isZero();
    assertAdmits(true, true, true);
  }

  @Test
  void manyAtOnceLeaveNoPlaceTaken() {
    AtomicInteger most = new AtomicInteger();
    AtomicInteger now = new AtomicInteger();
    List<Priority> priorities = List.of(Priority.values());
    try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 3_000; i++) {
        Priority priority = priorities.get(i % priorities.size());
        Future<?> _ =
            many.submit(() -> {
              if (capacity.enter(priority)) {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                LockSupport.parkNanos(1_000);
                now.decrementAndGet();
                capacity.leave(0, 1);
              }
            });
      }
    }
    assertThat(most.get()).isLessThanOrEqualTo(FIRST);
    assertThat(capacity.inFlight()).isZero();
    assertThat(capacity.waitingCount()).isZero();
  }

  @Test
  void refusalsOfTheStoreLowerTheLimitWhileThePlaceIsHeld() {
    fill(1);
    for (int i = 0; i < 30; i++) {
      nowNs.addAndGet(AdaptiveLimit.WINDOW_NS);
      capacity.onThrottled();
    }
    assertThat(capacity.limit()).isLessThan(FIRST);
    assertThat(capacity.inFlight()).isEqualTo(1);
    capacity.leaveUnanswered();
    assertThat(capacity.inFlight()).isZero();
  }

  @Test
  void priorityBelongsToTheThreadAndItsWork() {
    assertThat(Priority.current()).isEqualTo(Priority.P0);
    Priority seen =
        Priority.P2.call(() -> {
          Priority outer = Priority.current();
          assertThat(Priority.P1.<Priority, RuntimeException>call(Priority::current))
              .isEqualTo(Priority.P1);
          return outer;
        });
    assertThat(seen).isEqualTo(Priority.P2);
    assertThat(Priority.current()).isEqualTo(Priority.P0);
  }

  private void fill(int places) {
    for (int i = 0; i < places; i++) {
      assertThat(capacity.enter(Priority.P0)).isTrue();
    }
  }

  private void assertAdmits(boolean... expected) {
    List<Priority> priorities = List.of(Priority.values());
    for (int i = 0; i < expected.length; i++) {
      Priority priority = priorities.get(i);
      assertThat(capacity.admits(priority)).as(priority.name()).isEqualTo(expected[i]);
    }
  }
}
