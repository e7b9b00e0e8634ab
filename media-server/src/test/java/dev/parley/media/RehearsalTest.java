package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.conference.ConferenceCounter;
import dev.parley.media.conference.ConferenceCounters;
import dev.parley.media.opus.OpusCodec;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  @Test
  void allThatACallNeedsTakesPartAndNothingFails() {
    ConferenceCounters counters = new Rehearsal(OpusCodec.best()).play();

    assertThat(counters.get(ConferenceCounter.FRAMES_ENCODED)).isGreaterThan(200);
    assertThat(counters.get(ConferenceCounter.FRAMES_DECODED)).isGreaterThan(200);
    assertThat(counters.get(ConferenceCounter.FORWARDED_TARGETS)).isGreaterThan(200);
    assertThat(counters.get(ConferenceCounter.MIXED_TARGETS)).isGreaterThan(200);
    assertThat(counters.get(ConferenceCounter.DROPPED_TARGETS)).isZero();
    assertThat(counters.get(ConferenceCounter.LATE_TICKS)).isZero();
    assertThat(counters.get(ConferenceCounter.CONFERENCES_FAILED)).isZero();
    assertThat(counters.get(ConferenceCounter.CONFERENCES)).isZero();
  }
}
