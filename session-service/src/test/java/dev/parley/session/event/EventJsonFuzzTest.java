package dev.parley.session.event;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.common.id.ConferenceId;
import dev.parley.session.coordination.RecordingFollower;
import dev.parley.session.coordination.local.LocalCoordination;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Random;

/** Whatever a client sends, reading it answers a value. */
class EventJsonFuzzTest {
  private static final ConferenceId CONFERENCE = new ConferenceId("cf_1");

  @FuzzTest(maxDuration = "1m")
  void anyFrameFromAClientIsAValue(byte[] frame) throws InterruptedException {
    EventJson.Request request = EventJson.read(new String(frame, StandardCharsets.UTF_8));
    // A hello's number goes on into arithmetic: whatever it is, that must not overflow into a
    // resume.
    if (request instanceof EventJson.Hello(long resumeSeq)) {
      EventLog log =
          new LocalCoordination(Clock.systemUTC(), System::nanoTime, new Random(1)).eventLog();
      RecordingFollower follower = new RecordingFollower();
      var _ = log.follow(CONFERENCE, follower);
      if (log.after(CONFERENCE, resumeSeq, EventLimits.REPLAY_MAX).isKnown()
          && resumeSeq != follower.gap()) {
        throw new AssertionError("resumes where nothing was: " + resumeSeq);
      }
    }
  }
}
