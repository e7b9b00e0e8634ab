package dev.parley.session.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.session.conference.JoinQueues;
import dev.parley.session.conference.JoinQueues.Taken;
import dev.parley.session.conference.JoinQueues.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What join queues must do, whoever keeps them. */
public abstract class JoinQueuesContract {
  private static final Duration KEEP = Duration.ofMinutes(1);
  private static final ConferenceId CONFERENCE = new ConferenceId("cf_1");

  private final Region region = new Region("r" + UUID.randomUUID());

  protected abstract JoinQueues queues();

  protected abstract void pause(Duration duration);

  @Test
  void theMostUrgentGoFirstThenWhoCameFirst() {
    assertThat(enter("late", 2)).isZero();
    assertThat(enter("first", 1)).isZero();
    assertThat(enter("second", 1)).isEqualTo(1);
    assertThat(enter("urgent", 0)).isZero();
    assertThat(enter("last", 3)).isEqualTo(4);

    assertThat(names(queues().take(region, 2))).containsExactly("urgent", "first");
    assertThat(names(queues().take(region, 9))).containsExactly("second", "late", "last");
    assertThat(queues().take(region, 1)).isEmpty();
  }

  @Test
  void enteringAgainKeepsThePlace() {
    enter("ana", 1);
    enter("ben", 1);

    assertThat(enter("ana", 1)).isZero();
    assertThat(enter("ben", 1)).isEqualTo(1);
    assertThat(queues().length(region)).isEqualTo(2);
  }

  @Test
  void whoDoesNotEnterAgainIsForgotten() {
    Duration brief = Duration.ofMillis(100);
    queues().enter(region, waiting("gone", 0), brief);
    enter("here", 1);

    pause(brief.plusMillis(1));

    assertThat(queues().length(region)).isEqualTo(1);
    assertThat(enter("new", 1)).isEqualTo(1);
    assertThat(names(queues().take(region, 9))).containsExactly("here", "new");
  }

  @Test
  void whoIsGivenBackHasItsOldPlace() {
    enter("ana", 1);
    enter("ben", 1);
    Taken ana = queues().take(region, 1).getFirst();
    assertThat(ana.waiting()).isEqualTo(waiting("ana", 1));

    queues().giveBack(region, ana, KEEP);

    assertThat(names(queues().take(region, 2))).containsExactly("ana", "ben");
  }

  @Test
  void whoLeavesIsOut() {
    enter("ana", 1);
    enter("ben", 1);

    queues().leave(region, new ParticipantId("ana"));
    queues().leave(region, new ParticipantId("ana"));

    assertThat(names(queues().take(region, 2))).containsExactly("ben");
  }

  @Test
  void regionsHaveQueuesOfTheirOwn() {
    enter("ana", 1);

    assertThat(queues().take(new Region("other-" + region), 1)).isEmpty();
    assertThat(queues().length(region)).isEqualTo(1);
  }

  @Test
  void nobodyIsTakenTwice() {
    for (int i = 0; i < 200; i++) {
      enter("p" + i, 1);
    }
    Set<String> taken = ConcurrentHashMap.newKeySet();

    long count =
        IntStream.range(0, 100)
            .parallel()
            .mapToObj(_ -> queues().take(region, 2))
            .flatMap(List::stream)
            .peek(one -> taken.add(one.waiting().participant().value()))
            .count();

    assertThat(count).isEqualTo(200);
    assertThat(taken).hasSize(200);
  }

  private int enter(String name, int urgency) {
    return queues().enter(region, waiting(name, urgency), KEEP);
  }

  private static Waiting waiting(String name, int urgency) {
    return new Waiting(new ParticipantId(name), CONFERENCE, urgency);
  }

  private static List<String> names(List<Taken> taken) {
    return taken.stream().map(one -> one.waiting().participant().value()).toList();
  }
}
