package dev.parley.media.conference;

import dev.parley.media.conference.ConferenceEvent.SpeakerLevel;
import dev.parley.media.conference.ConferenceEvent.SpeakersChanged;
import dev.parley.media.speaker.SpeakerRanking;
import dev.parley.media.speaker.TalkerLevels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the control plane who is heard: at most four times a second, and only when someone began or
 * stopped, when another leads, or when a level moved by {@link #LEVEL_STEP_DB}. An event is the
 * only garbage a running conference makes. Owned by one mix agent.
 */
final class SpeakersReport {
  /** Four a second. */
  static final long INTERVAL_NS = 250_000_000L;

  /** A smaller change of level is not worth an event. */
  static final int LEVEL_STEP_DB = 3;

  private static final int NOBODY = -1;

  private final TalkerLevels levels;
  private final SpeakerRanking ranking;
  private final ParticipantTable participants;
  private final int[] toldTalkers;
  private final int[] toldLevelsDbov;
  private int toldCount;
  private int toldDominant = NOBODY;
  private long nextNs;

  SpeakersReport(
      TalkerLevels levels, SpeakerRanking ranking, int places, ParticipantTable participants) {
    this.levels = levels;
    this.ranking = ranking;
    this.participants = participants;
    toldTalkers = new int[places];
    toldLevelsDbov = new int[places];
    nextNs = Long.MIN_VALUE;
  }

  /** Forgets what was told of a talker who leaves: his number may be another's soon. */
  void forget(int talker) {
    for (int i = 0; i < toldCount; i++) {
      toldTalkers[i] = toldTalkers[i] == talker ? NOBODY : toldTalkers[i];
    }
    toldDominant = toldDominant == talker ? Integer.MIN_VALUE : toldDominant;
  }

  /** An event if one is due, else null. */
  @Nullable SpeakersChanged poll(ConferenceDescription conference, long nowNs) {
    boolean isDue = nextNs == Long.MIN_VALUE || nowNs - nextNs >= 0;
    if (!isDue || !isChanged(nowNs)) {
      return null;
    }
    nextNs = nowNs + INTERVAL_NS;
    return take(conference, nowNs);
  }

  private boolean isChanged(long nowNs) {
    int active = 0;
    for (int place = 0; place < ranking.count(); place++) {
      int talker = ranking.talkerAt(place);
      if (levels.isActive(talker)) {
        active++;
        if (!wasTold(talker)) {
          return true;
        }
      }
    }
    return active != toldCount || ranking.dominant(nowNs) != toldDominant;
  }

  private boolean wasTold(int talker) {
    for (int i = 0; i < toldCount; i++) {
      if (toldTalkers[i] == talker) {
        return Math.abs(toldLevelsDbov[i] - levels.shownDbov(talker)) < LEVEL_STEP_DB;
      }
    }
    return false;
  }

  private SpeakersChanged take(ConferenceDescription conference, long nowNs) {
    List<SpeakerLevel> speakers = new ArrayList<>(ranking.count());
    toldCount = 0;
    for (int place = 0; place < ranking.count(); place++) {
      int talker = ranking.talkerAt(place);
      if (levels.isActive(talker)) {
        toldTalkers[toldCount] = talker;
        toldLevelsDbov[toldCount] = levels.shownDbov(talker);
        speakers.add(new SpeakerLevel(idOf(talker), toldLevelsDbov[toldCount]));
        toldCount++;
      }
    }
    toldDominant = ranking.dominant(nowNs);
    String dominant = toldDominant == NOBODY ? null : idOf(toldDominant);
    return new SpeakersChanged(conference.conferenceId(), conference.epoch(), dominant, speakers);
  }

  private String idOf(int talker) {
    return participants.get(talker).participantId();
  }
}
