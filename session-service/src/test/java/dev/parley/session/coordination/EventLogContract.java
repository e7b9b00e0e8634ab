package dev.parley.session.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.event.EventLog;
import dev.parley.session.event.EventLog.Entry;
import dev.parley.session.event.EventLog.Following;
import dev.parley.session.event.EventLog.Replay;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the event log must be, seen from two nodes. */
public abstract class EventLogContract {
  private final ConferenceId conference = new ConferenceId("cf_" + UUID.randomUUID());

  protected abstract EventLog here();

  protected abstract EventLog there();

  @Test
  void eachNodeHearsAllEventsOnceInOrder() throws Exception {
    RecordingFollower near = new RecordingFollower();
    RecordingFollower far = new RecordingFollower();
    try (Following _ = here().follow(conference, near);
        Following _ = there().follow(conference, far)) {
      long start = near.gap();
      assertThat(far.gap()).isEqualTo(start);

      for (int i = 1; i <= 100; i++) {
        (i % 2 == 0 ? here() : there()).append(conference, "{\"n\":" + i + "}", false);
        // One after the other, or who numbers them first is chance.
        assertThat(near.event()).isEqualTo(new Entry(start + i, "{\"n\":" + i + "}", false));
      }

      for (int i = 1; i <= 100; i++) {
        assertThat(far.event()).isEqualTo(new Entry(start + i, "{\"n\":" + i + "}", false));
      }
    }
  }

  @Test
  void whatIsForgottenIsNotReplayed() throws Exception {
    RecordingFollower far = new RecordingFollower();
    try (Following _ = there().follow(conference, far);
        Following _ = here().follow(conference, new RecordingFollower())) {
      long start = far.gap();
      here().append(conference, "{\"n\":1}", false);
      here().append(conference, "{\"n\":2}", false);
      long last = far.event().seq() + 1;
      assertThat(far.event().seq()).isEqualTo(last);

      here().forget(conference);

      long gap = far.gap();
      assertThat(there().after(conference, start, 100).entries()).isEmpty();
      here().append(conference, "{\"n\":3}", false);
      assertThat(far.event()).isEqualTo(new Entry(gap + 1, "{\"n\":3}", false));
    }
  }

  @Test
  void whatOneNodeAppendsInABurstKeepsItsOrder() throws Exception {
    RecordingFollower far = new RecordingFollower();
    try (Following _ = there().follow(conference, far);
        Following _ = here().follow(conference, new RecordingFollower())) {
      far.gap();

      for (int i = 0; i < 300; i++) {
        here().append(conference, "{\"n\":" + i + "}", false);
      }

      for (int i = 0; i < 300; i++) {
        assertThat(far.event().event()).isEqualTo("{\"n\":" + i + "}");
      }
    }
  }

  @Test
  void whatFollowedAnEventIsKnownOnEveryNode() throws Exception {
    RecordingFollower near = new RecordingFollower();
    try (Following _ = here().follow(conference, near)) {
      long start = near.gap();
      for (int i = 1; i <= 5; i++) {
        here().append(conference, "{\"n\":" + i + "}", false);
        near.event();
      }

      Replay missed = there().after(conference, start + 3, 10);

      assertThat(missed.isKnown()).isTrue();
      assertThat(missed.hasEnded()).isFalse();
      assertThat(missed.entries())
          .containsExactly(
              new Entry(start + 4, "{\"n\":4}", false), new Entry(start + 5, "{\"n\":5}", false));
      assertThat(there().after(conference, start + 5, 10))
          .isEqualTo(new Replay(true, false, List.of()));
      assertThat(there().after(conference, start, 5).entries()).hasSize(5);
    }
  }

  @Test
  void numbersThatWereNeverGivenAndTooManyEventsAreNotKnown() throws Exception {
    RecordingFollower near = new RecordingFollower();
    try (Following _ = here().follow(conference, near)) {
      long start = near.gap();
      here().append(conference, "{}", false);
      here().append(conference, "{}", false);
      near.event();
      near.event();

      assertThat(here().after(conference, start, 1)).isEqualTo(Replay.UNKNOWN);
      assertThat(here().after(conference, start - 1, 10)).isEqualTo(Replay.UNKNOWN);
      assertThat(here().after(conference, start + 3, 10)).isEqualTo(Replay.UNKNOWN);
      assertThat(here().after(conference, 3, 10)).isEqualTo(Replay.UNKNOWN);
      assertThat(here().after(new ConferenceId("cf_none"), start, 10)).isEqualTo(Replay.UNKNOWN);
    }
  }

  @Test
  void nothingFollowsTheLastEvent() throws Exception {
    RecordingFollower near = new RecordingFollower();
    try (Following _ = here().follow(conference, near)) {
      long start = near.gap();

      here().append(conference, "{\"n\":1}", true);
      assertThat(near.event()).isEqualTo(new Entry(start + 1, "{\"n\":1}", true));
      there().append(conference, "{\"n\":2}", false);
      there().broadcast(conference, "after");

      assertThat(near.broadcast()).isEqualTo("after");
      assertThat(near.isQuiet()).isTrue();
      Replay missed = here().after(conference, start, 10);
      assertThat(missed.hasEnded()).isTrue();
      assertThat(missed.entries()).hasSize(1);
    }
  }

  @Test
  void broadcastsReachAllAndAreNotRemembered() throws Exception {
    RecordingFollower near = new RecordingFollower();
    RecordingFollower far = new RecordingFollower();
    try (Following _ = here().follow(conference, near);
        Following _ = there().follow(conference, far)) {
      long start = near.gap();
      far.gap();

      here().broadcast(conference, "speakers");

      assertThat(near.broadcast()).isEqualTo("speakers");
      assertThat(far.broadcast()).isEqualTo("speakers");
      assertThat(here().after(conference, start, 10).entries()).isEmpty();
    }
  }

  @Test
  void whoNoLongerFollowsHearsNothing() throws Exception {
    RecordingFollower near = new RecordingFollower();
    RecordingFollower far = new RecordingFollower();
    try (Following _ = there().follow(conference, far)) {
      far.gap();
      Following following = here().follow(conference, near);
      near.gap();
      following.close();

      there().append(conference, "{}", false);
      far.event();

      assertThat(near.isQuiet()).isTrue();
    }
  }
}
