package dev.parley.media.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SpeakerRankingTest {
  private static final long TICK_NS = 20_000_000L;
  private static final int TALK_DBOV = -30;
  private static final int ROOM_DBOV = -75;

  private long nowNs = -5_000_000_000L;
  private final TalkerLevels levels = new TalkerLevels(nowNs);

  @Test
  void everyoneIsRankedWhileThereArePlaces() {
    SpeakerRanking ranking = rankingOf(4, 3);

    tick(ranking, ROOM_DBOV, ROOM_DBOV, -127);

    assertThat(ranking.count()).isEqualTo(3);
  }

  @Test
  void aTalkerHasSoundUntilHeHasBeenSilentForLong() {
    levels.add(0);
    assertThat(levels.hasSound(0, nowNs)).isFalse();

    levels.onLevel(0, TalkerLevels.SOUND_DBOV, false, nowNs);
    assertThat(levels.hasSound(0, nowNs)).isFalse();

    levels.onLevel(0, TalkerLevels.SOUND_DBOV + 1, false, nowNs);
    assertThat(levels.hasSound(0, nowNs + TalkerLevels.SOUND_HOLDS_NS)).isTrue();
    assertThat(levels.hasSound(0, nowNs + TalkerLevels.SOUND_HOLDS_NS + 1)).isFalse();
  }

  @Test
  void whoBeginsStandsOutFromHisRoomAndWhoTalksOnDoesNot() {
    levels.add(0);
    assertThat(levels.isOnset(0, TALK_DBOV)).as("his first word").isTrue();

    lasts(3000, -50);
    assertThat(levels.isOnset(0, -48)).as("a room's noise").isFalse();
    assertThat(levels.isOnset(0, TALK_DBOV)).as("the first word above it").isTrue();

    lasts(60, TALK_DBOV);
    assertThat(levels.isOnset(0, TALK_DBOV)).as("still the first syllable").isTrue();

    lasts(300, TALK_DBOV);
    lasts(80, -127);
    assertThat(levels.isOnset(0, TALK_DBOV)).as("a stop within a word").isFalse();

    lasts(400, -127);
    assertThat(levels.isOnset(0, TALK_DBOV)).as("after a pause for breath").isTrue();
  }

  private void lasts(int durationMs, int levelDbov) {
    for (int ms = 0; ms < durationMs; ms += 20) {
      nowNs += TICK_NS;
      levels.onLevel(0, levelDbov, true, nowNs);
      levels.update(nowNs);
    }
  }

  @Test
  void talkerNeverHeardTakesNoPlace() {
    SpeakerRanking ranking = rankingOf(4, 2);

    levels.onLevel(1, TALK_DBOV, true, nowNs);
    tick(ranking);

    assertThat(ranking.count()).isEqualTo(1);
    assertThat(ranking.talkerAt(0)).isEqualTo(1);
  }

  @Test
  void loudNewcomerTakesASilentOnesPlaceWithinSixtyMs() {
    SpeakerRanking ranking = rankingOf(3, 4);
    run(ranking, 2000, ROOM_DBOV, ROOM_DBOV, ROOM_DBOV, ROOM_DBOV);
    int outsider = outsider(ranking, 4);

    int ticks = ticksUntilRanked(ranking, outsider, ROOM_DBOV);

    assertThat(ticks * 20).isLessThanOrEqualTo(60);
  }

  @Test
  void newcomerTenDbLouderTakesATalkersPlaceWithinHundredTwentyMs() {
    SpeakerRanking ranking = rankingOf(3, 4);
    run(ranking, 2000, TALK_DBOV - 10, TALK_DBOV - 10, TALK_DBOV - 10, ROOM_DBOV);

    int ticks = ticksUntilRanked(ranking, 3, TALK_DBOV - 10);

    assertThat(ticks * 20).isLessThanOrEqualTo(120);
  }

  @Test
  void placeJustGotIsSafeForTheHoldTimeAndNotLonger() {
    SpeakerRanking ranking = rankingOf(2, 4);
    run(ranking, 2000, -35, -50, ROOM_DBOV, ROOM_DBOV);
    run(ranking, 200, -35, -50, -40, ROOM_DBOV);
    assertThat(ranking.placeOf(2)).isEqualTo(1);

    run(ranking, 240, -35, -50, -40, -20);
    int placeInHold = ranking.placeOf(3);
    run(ranking, 280, -35, -50, -40, -20);

    assertThat(placeInHold).isEqualTo(-1);
    assertThat(ranking.placeOf(3)).isNotEqualTo(-1);
  }

  @Test
  void silenceKeepsTheLastSpeakers() {
    SpeakerRanking ranking = rankingOf(2, 4);
    run(ranking, 2000, ROOM_DBOV, TALK_DBOV, ROOM_DBOV, TALK_DBOV);
    Set<Integer> speakers = ranked(ranking);

    run(ranking, 30_000, -70, -127, -66, -127);

    assertThat(speakers).containsExactlyInAnyOrder(1, 3);
    assertThat(ranked(ranking)).isEqualTo(speakers);
  }

  @Test
  void nobodyIsDominantInLongSilence() {
    SpeakerRanking ranking = rankingOf(2, 2);
    run(ranking, 1000, ROOM_DBOV, TALK_DBOV);
    int inSpeech = ranking.dominant(nowNs);

    run(ranking, 4000, ROOM_DBOV, ROOM_DBOV);

    assertThat(inSpeech).isEqualTo(1);
    assertThat(ranking.dominant(nowNs)).isEqualTo(-1);
  }

  @Test
  void shortInterjectionDoesNotTakeTheLead() {
    SpeakerRanking ranking = rankingOf(3, 3);
    run(ranking, 5000, TALK_DBOV, ROOM_DBOV, ROOM_DBOV);

    run(ranking, 300, TALK_DBOV, TALK_DBOV + 15, ROOM_DBOV);

    assertThat(ranking.dominant(nowNs)).isZero();
  }

  @Test
  void leadPassesToTheOneWhoTalksOnWithinTwoSeconds() {
    SpeakerRanking ranking = rankingOf(3, 3);
    run(ranking, 5000, TALK_DBOV, ROOM_DBOV, ROOM_DBOV);

    run(ranking, 2000, ROOM_DBOV, TALK_DBOV, ROOM_DBOV);

    assertThat(ranking.dominant(nowNs)).isEqualTo(1);
  }

  @Test
  void firstToTalkAfterSilenceLeadsAtOnce() {
    SpeakerRanking ranking = rankingOf(3, 3);
    run(ranking, 5000, ROOM_DBOV, ROOM_DBOV, ROOM_DBOV);

    run(ranking, 80, ROOM_DBOV, ROOM_DBOV, TALK_DBOV);

    assertThat(ranking.dominant(nowNs)).isEqualTo(2);
  }

  @Test
  void fanLosesToAQuieterVoice() {
    SpeakerRanking ranking = rankingOf(2, 3);
    for (int i = 0; i < 100; i++) {
      levels.onLevel(0, -40, i == 0, nowNs);
      levels.onLevel(1, -45, true, nowNs);
      levels.onLevel(2, -45, true, nowNs);
      tick(ranking);
    }

    assertThat(ranked(ranking)).containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void removedTalkerIsGoneAtOnceAndHisPlaceIsFilled() {
    SpeakerRanking ranking = rankingOf(2, 3);
    run(ranking, 1000, TALK_DBOV, TALK_DBOV, TALK_DBOV);
    int first = ranking.talkerAt(0);

    ranking.remove(first);
    levels.remove(first);

    assertThat(ranking.count()).isEqualTo(1);
    tick(ranking);
    assertThat(ranking.count()).isEqualTo(2);
    assertThat(ranking.placeOf(first)).isEqualTo(-1);
  }

  @Property(tries = 50)
  void nearEqualTalkersDoNotFlap(
      @ForAll long seed, @ForAll @IntRange(min = 4, max = 8) int talkers) {
    Random random = new Random(seed);
    SpeakerRanking ranking = rankingOf(3, talkers);
    int changes = 0;
    Set<Integer> before = Set.of();
    for (int tick = 0; tick < 3000; tick++) {
      for (int talker = 0; talker < talkers; talker++) {
        levels.onLevel(talker, TALK_DBOV - 3 + random.nextInt(7), true, nowNs);
      }
      tick(ranking);
      Set<Integer> after = ranked(ranking);
      changes += tick > 50 && !after.equals(before) ? 1 : 0;
      before = after;
    }

    assertThat(changes).as("changes in a minute").isLessThanOrEqualTo(3);
  }

  @Property(tries = 200)
  void ranksAreDistinctPresentAndNeverMoreThanPlaces(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 9) int places) {
    Random random = new Random(seed);
    SpeakerRanking ranking = new SpeakerRanking(levels, places);
    Set<Integer> present = new HashSet<>();
    for (int step = 0; step < 400; step++) {
      int talker = random.nextInt(20);
      if (random.nextInt(10) > 0 && present.contains(talker)) {
        levels.onLevel(talker, -random.nextInt(128), random.nextBoolean(), nowNs);
      } else if (present.remove(talker)) {
        ranking.remove(talker);
        levels.remove(talker);
      } else {
        present.add(talker);
        levels.add(talker);
      }
      if (random.nextInt(3) == 0) {
        tick(ranking);
      }
      Set<Integer> ranked = ranked(ranking);
      assertThat(ranked).hasSize(ranking.count()).hasSizeLessThanOrEqualTo(places);
      assertThat(present).containsAll(ranked);
    }
    present.forEach(levels::remove);
  }

  private SpeakerRanking rankingOf(int places, int talkers) {
    for (int talker = 0; talker < talkers; talker++) {
      if (levels.isPresent(talker)) {
        levels.remove(talker);
      }
      levels.add(talker);
    }
    return new SpeakerRanking(levels, places);
  }

  private void run(SpeakerRanking ranking, int durationMs, int... levelsDbov) {
    for (int i = 0; i < durationMs / 20; i++) {
      tick(ranking, levelsDbov);
    }
  }

  private void tick(SpeakerRanking ranking, int... levelsDbov) {
    for (int talker = 0; talker < levelsDbov.length; talker++) {
      levels.onLevel(talker, levelsDbov[talker], levelsDbov[talker] > -60, nowNs);
    }
    nowNs += TICK_NS;
    levels.update(nowNs);
    ranking.update(nowNs);
  }

  private int ticksUntilRanked(SpeakerRanking ranking, int loud, int othersDbov) {
    int ticks = 0;
    while (ranking.placeOf(loud) < 0 && ticks < 100) {
      for (int talker = 0; talker < 4; talker++) {
        levels.onLevel(talker, talker == loud ? TALK_DBOV : othersDbov, true, nowNs);
      }
      tick(ranking);
      ticks++;
    }
    return ticks;
  }

  private static int outsider(SpeakerRanking ranking, int talkers) {
    for (int talker = 0; talker < talkers; talker++) {
      if (ranking.placeOf(talker) < 0) {
        return talker;
      }
    }
    throw new AssertionError("all ranked");
  }

  private static Set<Integer> ranked(SpeakerRanking ranking) {
    Set<Integer> talkers = new HashSet<>();
    for (int place = 0; place < ranking.count(); place++) {
      talkers.add(ranking.talkerAt(place));
    }
    return talkers;
  }
}
