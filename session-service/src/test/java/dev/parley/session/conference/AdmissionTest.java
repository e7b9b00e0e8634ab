package dev.parley.session.conference;

import static dev.parley.session.conference.Stage.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
  private static final ConferenceOptions TWO = Stage.options(2, Lifespan.DEFAULT);

  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void noMoreThanAllowedEvenAtOnce() throws Exception {
    ConferenceId conference = stage.conference(TWO);
    List<Future<Answer<Participant>>> joins = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        String identity = "p" + i;
        joins.add(threads.submit(() -> stage.tryJoin(conference, identity, false)));
      }
    }

    int done = 0;
    for (Future<Answer<Participant>> join : joins) {
      done += join.get() instanceof Answer.Done<?> ? 1 : 0;
    }
    assertThat(done).isEqualTo(2);
    assertThat(stage.store.present(conference)).hasSize(2);
    assertThat(stage.read(conference).participantCount()).isEqualTo(2);
  }

  @Test
  void ofManyJoinsOfOneIdentityExactlyOneStays() throws Exception {
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    List<Future<Answer<Participant>>> joins = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        boolean replace = i % 2 == 0;
        joins.add(threads.submit(() -> stage.tryJoin(conference, "ana", replace)));
      }
    }
    for (Future<Answer<Participant>> join : joins) {
      join.get();
    }

    assertThat(stage.store.present(conference)).hasSize(1);
    assertThat(stage.read(conference).participantCount()).isEqualTo(1);
  }

  @Test
  void whoReplacesAStayTakesItsPlaceInTheCall() {
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    Participant first = stage.offer(stage.join(conference, "ana"));
    assertThat(admitted().replaces()).isNull();

    // The second time she goes before she has sent an offer.
    Stage.done(stage.tryJoin(conference, "ana", true));
    Participant third = stage.offer(Stage.done(stage.tryJoin(conference, "ana", true)));
    assertThat(admitted().replaces()).isEqualTo(first.id());

    stage.offer(Stage.done(stage.tryJoin(conference, "ana", true)));
    assertThat(admitted().replaces()).isEqualTo(third.id());
    assertThat(stage.read(third).departure()).isNotNull();
  }

  @Test
  void whoComesBackAfterLeavingTakesNobodysPlace() {
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    Participant first = stage.offer(stage.join(conference, "ana"));
    stage.participants.leave(conference, first.id(), LeaveReason.CLIENT);

    stage.offer(Stage.done(stage.tryJoin(conference, "ana", true)));

    assertThat(admitted().replaces()).isNull();
  }

  private Order.AdmitParticipant admitted() {
    return (Order.AdmitParticipant) stage.ordersOf(Stage.FIRST).getLast();
  }

  @Test
  void refusedJoinLeavesTheIdentityFree() {
    ConferenceId conference = stage.conference(TWO);
    Participant first = stage.join(conference, "a");
    stage.join(conference, "b");
    assertThat(refusal(stage.tryJoin(conference, "c", false))).isInstanceOf(Refusal.Full.class);

    stage.participants.leave(conference, first.id(), LeaveReason.CLIENT);

    stage.join(conference, "c");
  }

  @Test
  void claimLeftByACrashIsFreeAfterAMinute() {
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    stage.store.writeIdentityClaim(
        conference, "ana", new Claim("pt_crashed", stage.clock.instant(), 0));

    assertThat(refusal(stage.tryJoin(conference, "ana", true)))
        .isInstanceOf(Refusal.IdentityPresent.class);
    stage.clock.advance(Duration.ofSeconds(61));

    stage.join(conference, "ana");
  }

  @Test
  void countLeftByACrashIsCorrected() {
    ConferenceId conference = stage.conference(TWO);
    stage.join(conference, "a");
    Conference counted = stage.read(conference);
    stage.store.write(counted.withOneMore(stage.clock.instant()));
    assertThat(refusal(stage.tryJoin(conference, "b", false))).isInstanceOf(Refusal.Full.class);

    stage.clock.advance(Duration.ofSeconds(61));

    stage.join(conference, "b");
    assertThat(stage.read(conference).participantCount()).isEqualTo(2);
  }

  @Test
  void aliasClaimLeftByACrashIsFreeAfterAMinute() {
    stage.store.writeAliasClaim("t", "weekly", new Claim("cf_crashed", stage.clock.instant(), 0));
    Conferences.Wish wish =
        new Conferences.Wish("t", "Weekly", ConferenceOptions.DEFAULT, null, "h");

    assertThat(refusal(stage.conferences.create(wish))).isInstanceOf(Refusal.AliasTaken.class);
    stage.clock.advance(Duration.ofSeconds(61));

    Stage.done(stage.conferences.create(wish));
  }
}
