package dev.parley.session.event;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Whatever a client sends, reading it answers a value. */
class EventJsonFuzzTest {
  @FuzzTest(maxDuration = "1m")
  void anyFrameFromAClientIsAValue(byte[] frame) {
    EventJson.Request request = EventJson.read(new String(frame, StandardCharsets.UTF_8));
    // A hello's number goes on into arithmetic: whatever it is, that must not overflow into a
    // resume.
    if (request instanceof EventJson.Hello(long resumeSeq)) {
      WatchedConference conference =
          new WatchedConference(Instant.ofEpochSecond(1_800_000_000L), 0);
      if (conference.remembers(resumeSeq) && resumeSeq != 1_800_000_000L << 20) {
        throw new AssertionError("resumes where nothing was: " + resumeSeq);
      }
    }
  }
}
