package dev.parley.session.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.session.conference.CallStatus;
import dev.parley.session.conference.CallStatuses;
import dev.parley.session.conference.CallStatuses.Delivery;
import dev.parley.session.conference.ParticipantState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the delivery of call statuses must be, whoever carries them. */
public abstract class CallStatusesContract {
  private static final Duration WAIT = Duration.ofSeconds(5);

  private final Region region = new Region("r" + UUID.randomUUID());

  protected abstract CallStatuses statuses();

  /** Lets so much time pass that what was taken counts as not done. */
  protected abstract void pauseUntilOverdue();

  @Test
  void eachGoesToOneNodeInOrder() {
    for (int i = 1; i <= 6; i++) {
      assertThat(statuses().send(region, status("ana", i))).isTrue();
    }

    List<Delivery> first = statuses().take(region, "node-a", 4, WAIT);
    List<Delivery> second = statuses().take(region, "node-b", 4, WAIT);

    List<Delivery> all = new ArrayList<>(first);
    all.addAll(second);
    assertThat(first).hasSize(4);
    assertThat(all)
        .extracting(delivery -> delivery.status().number())
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(all.getFirst().status()).isEqualTo(status("ana", 1));
  }

  @Test
  void whatWasSentBeforeIsNotSentAgain() {
    assertThat(statuses().send(region, status("ana", 2))).isTrue();
    assertThat(statuses().send(region, status("ana", 2))).isFalse();
    assertThat(statuses().send(region, status("ana", 1))).isFalse();
    assertThat(statuses().send(region, status("ben", 1))).isTrue();

    assertThat(statuses().take(region, "node-a", 9, WAIT)).hasSize(2);
  }

  @Test
  void whatANodeDoesNotDoAnotherGets() {
    statuses().send(region, status("ana", 1));
    statuses().send(region, status("ana", 2));
    List<Delivery> taken = statuses().take(region, "node-a", 9, WAIT);
    statuses().done(region, taken.subList(0, 1));
    pauseUntilOverdue();

    List<Delivery> again = statuses().take(region, "node-b", 9, WAIT);

    assertThat(again).extracting(delivery -> delivery.status().number()).containsExactly(2L);
  }

  @Test
  void whoWaitsGetsAStatusWhenItIsSent() throws Exception {
    // The first take of all makes what there is to wait for.
    statuses().take(region, "node-a", 1, Duration.ofMillis(1));
    CompletableFuture<List<Delivery>> waiting =
        CompletableFuture.supplyAsync(() -> statuses().take(region, "node-a", 1, WAIT));

    statuses().send(region, status("ana", 1));

    assertThat(waiting.get(WAIT.toSeconds(), TimeUnit.SECONDS)).hasSize(1);
  }

  private static CallStatus status(String participant, long number) {
    return new CallStatus(
        new ConferenceId("cf_1"),
        new ParticipantId(participant),
        number,
        ParticipantState.CONNECTED);
  }
}
