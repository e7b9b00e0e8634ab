package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.media.conference.ConferenceWeights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class AgentBalancerTest {
  private static final long MS = 1_000_000L;
  private static final long STEP_MS = 100;

  private record Move(String conference, int toAgent, long atMs) {}

  private final List<Thread> threads =
      List.of(new Thread(() -> {}), new Thread(() -> {}), new Thread(() -> {}));
  private final Map<Thread, Long> usedNs = new HashMap<>();

  /** What each thread uses besides its conferences. */
  private final double[] otherShare = new double[3];

  private final Map<String, Double> shareOf = new HashMap<>();
  private final Map<String, Integer> agentOf = new HashMap<>();
  private final Map<String, Long> workNs = new HashMap<>();
  private final Set<ConferenceId> inTalk = new HashSet<>();
  private final List<Move> moves = new ArrayList<>();
  private boolean isUnderWay;
  private boolean areScalesBusy;
  private long nowNs;

  private final AgentBalancer.Mover mover =
      new AgentBalancer.Mover() {
        @Override
        public boolean begin(ConferenceId conference, int toAgent) {
          agentOf.put(conference.value(), toAgent);
          return moves.add(new Move(conference.value(), toAgent, nowNs / MS));
        }

        @Override
        public boolean isUnderWay() {
          return isUnderWay;
        }
      };

  private final AgentBalancer balancer =
      new AgentBalancer(
          new MediaThreadLoad(threads, 0.8, () -> nowNs, of -> usedNs.getOrDefault(of, 0L)),
          threads.size(),
          this::weigh,
          mover,
          inTalk::contains,
          nowNs);

  private void weigh(int agent, Consumer<ConferenceWeights> answer) {
    Map<String, Long> own = new HashMap<>();
    workNs.forEach((conference, ns) -> {
      if (agentOf.getOrDefault(conference, 0) == agent) {
        own.put(conference, ns);
      }
    });
    if (!areScalesBusy) {
      answer.accept(new ConferenceWeights(nowNs, own));
    }
  }

  private void conference(String id, int agent, double share) {
    agentOf.put(id, agent);
    shareOf.put(id, share);
  }

  private void run(int seconds) {
    for (long ms = 0; ms < seconds * 1000L; ms += STEP_MS) {
      nowNs += STEP_MS * MS;
      for (int i = 0; i < threads.size(); i++) {
        usedNs.merge(threads.get(i), Math.round(otherShare[i] * STEP_MS * MS), Long::sum);
      }
      shareOf.forEach((id, share) -> {
        long ns = Math.round(share * STEP_MS * MS);
        workNs.merge(id, ns, Long::sum);
        usedNs.merge(threads.get(agentOf.getOrDefault(id, 0)), ns, Long::sum);
      });
      balancer.step(nowNs);
    }
  }

  @Test
  void whatFitsBestGoesFromTheBusiestToTheLeastBusy() {
    conference("huge", 0, 0.5);
    conference("fitting", 0, 0.2);
    conference("small", 0, 0.06);
    conference("elsewhere", 1, 0.3);
    otherShare[2] = 0.1;

    run(9);

    assertThat(moves).extracting(Move::conference).containsExactly("fitting");
    assertThat(moves).extracting(Move::toAgent).containsExactly(2);
  }

  @Test
  void conferenceThatWouldOnlyTurnTheDifferenceRoundStays() {
    conference("only", 0, 0.7);
    otherShare[1] = 0.1;
    otherShare[2] = 0.1;

    run(60);

    assertThat(moves).isEmpty();
  }

  @Test
  void loadThatIsSteadyComesToRest() {
    for (int i = 0; i < 8; i++) {
      conference("room-" + i, 0, 0.1);
    }

    run(120);

    // Of 0.8, 0 and 0: what is left differs by less than is worth a move.
    assertThat(moves).hasSizeBetween(2, 6);
    int before = moves.size();
    run(300);
    assertThat(moves).hasSize(before);
    for (int i = 1; i < moves.size(); i++) {
      assertThat(moves.get(i).atMs() - moves.get(i - 1).atMs()).isGreaterThanOrEqualTo(10_000);
    }
  }

  @Test
  void passingLoadMovesNobody() {
    conference("a", 0, 0.2);
    conference("b", 0, 0.2);
    for (int i = 0; i < 10; i++) {
      otherShare[0] = 0.4;
      run(3);
      otherShare[0] = 0;
      otherShare[1] = 0.4;
      otherShare[2] = 0.4;
      run(3);
      otherShare[1] = 0;
      otherShare[2] = 0;
    }

    assertThat(moves).isEmpty();
  }

  @Test
  void threadWithTimeEnoughKeepsItsConferences() {
    conference("a", 0, 0.19);
    conference("b", 0, 0.19);

    run(60);

    assertThat(moves).isEmpty();
  }

  @Test
  void quietMomentIsWaitedForButNotForLong() {
    conference("a", 0, 0.3);
    conference("b", 0, 0.3);
    inTalk.add(new ConferenceId("a"));
    inTalk.add(new ConferenceId("b"));
    run(6);
    assertThat(moves).isEmpty();
    inTalk.clear();
    run(1);
    assertThat(moves).hasSize(1);

    conference("c", 0, 0.3);
    inTalk.add(new ConferenceId("a"));
    inTalk.add(new ConferenceId("b"));
    inTalk.add(new ConferenceId("c"));
    run(30);

    assertThat(moves).as("they never fall silent").hasSize(2);
  }

  @Test
  void nothingIsBegunWhileAConferenceIsOnItsWay() {
    conference("a", 0, 0.3);
    conference("b", 0, 0.3);
    isUnderWay = true;
    run(30);
    assertThat(moves).isEmpty();

    isUnderWay = false;
    run(10);

    assertThat(moves).hasSize(1);
  }

  @Test
  void agentThatDoesNotAnswerIsAskedAgain() {
    conference("a", 0, 0.3);
    conference("b", 0, 0.3);
    areScalesBusy = true;
    run(30);
    assertThat(moves).isEmpty();

    areScalesBusy = false;
    run(4);

    assertThat(moves).hasSize(1);
  }
}
