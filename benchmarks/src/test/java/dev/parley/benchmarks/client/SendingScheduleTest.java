package dev.parley.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SendingScheduleTest {
  private static final VoiceSource VOICE = VoiceSource.tone(440, -20);
  private static final VoiceSource PAUSE = VoiceSource.tone(50, -70);

  @Test
  void withoutAPatternEachFrameIsSent() {
    SendingSchedule schedule = schedule(20, null);
    for (int i = 0; i < 100; i++) {
      assertThat(schedule.frame()).isEqualTo(i);
      assertThat(schedule.isMarked()).isEqualTo(i == 0);
      schedule.advance();
    }
  }

  @Test
  void theQuietSendRarely() {
    SendingSchedule schedule = schedule(400, null);
    schedule.advance();

    assertThat(schedule.frame()).isEqualTo(20);
  }

  @Test
  void speechAndSilenceHaveTheirMeans() {
    TalkSpurts spurts = new TalkSpurts(1);
    long[] frames = new long[2];
    int[] counts = new int[2];
    long before = 0;
    for (int i = 0; i < 20_000; i++) {
      int kind = spurts.isTalking() ? 0 : 1;
      frames[kind] += spurts.untilFrame() - before;
      counts[kind]++;
      before = spurts.untilFrame();
      spurts.change();
    }

    assertThat((double) frames[0] / counts[0]).isCloseTo(TalkSpurts.SPURT_FRAMES, within(3.0));
    assertThat((double) frames[1] / counts[1]).isCloseTo(TalkSpurts.PAUSE_FRAMES, within(4.5));
  }

  @Test
  void sameSeedSpeaksAtTheSameTimes() {
    SendingSchedule one = schedule(20, new TalkPattern(PAUSE, 400, 5));
    SendingSchedule same = schedule(20, new TalkPattern(PAUSE, 400, 5));
    for (int i = 0; i < 10_000; i++) {
      assertThat(one.frame()).isEqualTo(same.frame());
      assertThat(one.sound()).isSameAs(same.sound());
      one.advance();
      same.advance();
    }
  }

  @Test
  void silenceIsSentRarelyAndSpeechAfterItIsMarked() {
    SendingSchedule schedule = schedule(20, new TalkPattern(PAUSE, 400, 3));
    boolean wasSpeech = false;
    int marked = 0;
    for (int i = 0; i < 10_000; i++) {
      boolean isSpeech = schedule.sound().equals(VOICE);
      assertThat(schedule.isMarked()).isEqualTo(isSpeech && !wasSpeech);
      marked += schedule.isMarked() ? 1 : 0;
      long frame = schedule.frame();
      schedule.advance();
      assertThat(schedule.frame() - frame).isBetween(1L, isSpeech ? 1L : 20L);
      wasSpeech = isSpeech;
    }

    assertThat(marked).isGreaterThan(50);
  }

  @Test
  void silenceMayBeContinuous() {
    SendingSchedule schedule = schedule(20, new TalkPattern(PAUSE, 20, 3));
    for (int i = 0; i < 1_000; i++) {
      assertThat(schedule.frame()).isEqualTo(i);
      schedule.advance();
    }
  }

  @Test
  void silenceMayBeNothingAtAll() {
    SendingSchedule schedule = schedule(20, new TalkPattern(PAUSE, 0, 3));
    long last = -1;
    for (int i = 0; i < 10_000; i++) {
      assertThat(schedule.sound()).isSameAs(VOICE);
      assertThat(schedule.frame()).isGreaterThan(last);
      assertThat(schedule.isMarked()).isEqualTo(i == 0 || schedule.frame() > last + 1);
      last = schedule.frame();
      schedule.advance();
    }

    // Two fifths of the time is speech.
    assertThat(10_000.0 / last).isCloseTo(0.4, within(0.08));
  }

  private static SendingSchedule schedule(int intervalMs, @Nullable TalkPattern pattern) {
    return new SendingSchedule(
        new ClientSettings(
            0, 1, VOICE, intervalMs, false, true, pattern, null, false, PacketWatch.NONE));
  }
}
