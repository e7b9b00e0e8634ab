package dev.parley.media.conference;

import dev.parley.media.speaker.SpeakerRanking;
import dev.parley.media.speaker.TalkerLevels;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The recordings that run of one conference. Owned by one mix agent. */
final class ConferenceRecordings {
  /** Who is not louder at the moment says nothing, though he may have a place in the mix. */
  private static final int VOICE_DBOV = -50;

  private final ConferenceMix mix;
  private final ParticipantTable participants;
  private final List<RecordingTap> taps = new ArrayList<>(1);
  private final BitSet speakers = new BitSet();
  private long nowNs;

  ConferenceRecordings(ConferenceMix mix, ParticipantTable participants) {
    this.mix = mix;
    this.participants = participants;
  }

  /** Tells the time of what follows. */
  void onTime(long timeNs) {
    nowNs = timeNs;
  }

  /** Whether anything is recorded. */
  boolean isRunning() {
    return !taps.isEmpty();
  }

  RecordingStart begin(RecordingTap tap, boolean mayStartMix) {
    if (find(tap.recordingId()) != null) {
      return RecordingStart.BEGUN;
    }
    if (tap.takesMix() && !mayStartMix && !mix.isMade(tap.channels())) {
      return RecordingStart.NO_TIME_FOR_MIX;
    }
    taps.add(tap);
    showTalkers(tap);
    tap.begin(nowNs, mix.timestampTicks());
    if (tap.takesMix()) {
      mix.addTap(tap);
    }
    if (tap.isAnnounced()) {
      mix.announce();
    }
    return RecordingStart.BEGUN;
  }

  private void showTalkers(RecordingTap tap) {
    participants.forEachInPlace(participant -> {
      if (participant.talker() != null) {
        tap.onTalker(participant.number(), participant.participantId());
      }
    });
  }

  /** Somebody may talk from now on. */
  void onTalker(Participant participant) {
    for (int i = 0; i < taps.size(); i++) {
      taps.get(i).onTalker(participant.number(), participant.participantId());
    }
  }

  /** Says who may be recorded from now on. */
  void consents(String recordingId, Set<String> participantIds) {
    RecordingTap tap = find(recordingId);
    if (tap != null) {
      tap.consents(participantIds);
      showTalkers(tap);
      tap.leaveOutForbidden(nowNs);
    }
  }

  void pause(String recordingId, boolean paused) {
    RecordingTap tap = find(recordingId);
    if (tap != null) {
      tap.pause(paused, nowNs, mix.timestampTicks());
    }
  }

  void end(String recordingId) {
    RecordingTap tap = find(recordingId);
    if (tap != null) {
      taps.remove(tap);
      end(tap);
    }
  }

  void endAll() {
    taps.forEach(this::end);
    taps.clear();
  }

  private void end(RecordingTap tap) {
    mix.removeTap(tap);
    tap.end(nowNs, mix.timestampTicks());
  }

  private @Nullable RecordingTap find(String recordingId) {
    for (RecordingTap tap : taps) {
      if (tap.recordingId().equals(recordingId)) {
        return tap;
      }
    }
    return null;
  }

  void onVoice(Participant participant, VoicePacket voice, ConferenceCounters counters) {
    for (int i = 0; i < taps.size(); i++) {
      RecordingTap tap = taps.get(i);
      if (!tap.takesMix() && !tap.onVoice(participant, voice)) {
        counters.increment(ConferenceCounter.RECORDED_PACKETS_DROPPED);
      }
    }
  }

  /**
   * Tells recordings of the mix who is heard in it: those of its places who talk.
   *
   * @param places how many are heard at once
   */
  void tellSpeakers(SpeakerRanking ranking, TalkerLevels levels, int places) {
    for (int i = 0; i < taps.size(); i++) {
      RecordingTap tap = taps.get(i);
      if (tap.takesMix()) {
        findSpeakers(ranking, levels, places);
        tap.onSpeakers(speakers, participants, nowNs);
      }
    }
  }

  private void findSpeakers(SpeakerRanking ranking, TalkerLevels levels, int places) {
    speakers.clear();
    for (int place = 0; place < ranking.count() && place < places; place++) {
      int talker = ranking.talkerAt(place);
      if (levels.isActive(talker) && levels.shownDbov(talker) > VOICE_DBOV) {
        speakers.set(talker);
      }
    }
  }

  void onSilenced(int number) {
    for (int i = 0; i < taps.size(); i++) {
      taps.get(i).onSilenced(number);
    }
  }

  void onLeft(int number) {
    for (int i = 0; i < taps.size(); i++) {
      taps.get(i).onLeft(number, nowNs);
    }
  }
}
