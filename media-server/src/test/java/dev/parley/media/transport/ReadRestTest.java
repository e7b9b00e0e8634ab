package dev.parley.media.transport;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.packet.MediaRing;
import io.netty.channel.SelectStrategy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReadRestTest {
  private static final long FAR_BACK_NS = -SECONDS.toNanos(3600);

  private final TransportCounters counters = new TransportCounters();
  private final AtomicLong nowNs = new AtomicLong();
  private boolean isPrompt;
  private final ReadRest rest = new ReadRest(new AgentRings[] {rings()}, counters, nowNs::get);

  @Test
  void aQuietLoopDoesNotRest() throws Exception {
    rest.onRead(1, 0);

    select();

    assertThat(rests()).isZero();
  }

  @Test
  void aLoopWithMuchToReadRestsUntilTheNextReadIsDue() throws Exception {
    rest.onRead(2, 0);
    select();
    assertThat(rests()).isEqualTo(1);

    nowNs.set(ReadRest.REST_NS);
    select();
    assertThat(rests()).isEqualTo(1);
  }

  @Test
  void packetsInCloseSuccessionAreMuchToRead() throws Exception {
    rest.onRead(1, 0);
    nowNs.set(ReadRest.REST_NS / 4);
    rest.onRead(1, nowNs.get());

    select();

    assertThat(rests()).isEqualTo(1);
  }

  @Test
  void itStopsRestingWhenReadsBringLittleAgain() throws Exception {
    rest.onRead(5, 0);
    nowNs.set(ReadRest.REST_NS);
    rest.onRead(1, nowNs.get());

    select();

    assertThat(rests()).isZero();
  }

  @Test
  void whoIsForwardedPacketsDoesNotWait() throws Exception {
    isPrompt = true;
    rest.onRead(50, 0);

    select();

    assertThat(rests()).isZero();
  }

  @Test
  void tasksAreNotKeptWaiting() throws Exception {
    rest.onRead(50, 0);

    assertThat(rest.calculateStrategy(() -> 3, true)).isEqualTo(3);
    rest.wake();
    select();

    assertThat(rests()).isZero();
  }

  @Test
  void aTaskEndsTheRest() throws Exception {
    rest.onRead(50, 0);
    nowNs.set(FAR_BACK_NS);
    CompletableFuture<Integer> strategy = new CompletableFuture<>();
    Thread loop =
        Thread.ofPlatform()
            .start(() -> {
              try {
                strategy.complete(rest.calculateStrategy(() -> 0, false));
              } catch (Exception e) {
                strategy.completeExceptionally(e);
              }
            });
    while (loop.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }

    rest.wake();

    assertThat(strategy.get(10, SECONDS)).isEqualTo(SelectStrategy.SELECT);
    loop.join();
  }

  private void select() throws Exception {
    assertThat(rest.calculateStrategy(() -> 0, false)).isEqualTo(SelectStrategy.SELECT);
  }

  private long rests() {
    return counters.get(TransportCounter.READ_RESTS);
  }

  private AgentRings rings() {
    RingBuffer ring = MediaRing.ofCapacity(1024);
    return new AgentRings(
        ring,
        ring,
        new AgentRings.Wake() {
          @Override
          public void wake(boolean isFilling) {}

          @Override
          public boolean isPrompt() {
            return isPrompt;
          }
        });
  }
}
