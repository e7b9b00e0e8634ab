package dev.parley.media.conference;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The recordings that run of one conference. Owned by one mix agent. */
final class ConferenceRecordings {
  private final ConferenceMix mix;
  private final List<RecordingTap> taps = new ArrayList<>(1);
  private long nowNs;

  ConferenceRecordings(ConferenceMix mix) {
    this.mix = mix;
  }

  /** Tells the time of what follows. */
  void onTime(long timeNs) {
    nowNs = timeNs;
  }

  RecordingStart begin(RecordingTap tap, boolean mayStartMix) {
    if (find(tap.recordingId()) != null) {
      return RecordingStart.BEGUN;
    }
    if (tap.takesMix() && !mayStartMix && !mix.isMade(tap.channels())) {
      return RecordingStart.NO_TIME_FOR_MIX;
    }
    taps.add(tap);
    tap.begin(nowNs, mix.timestampTicks());
    if (tap.takesMix()) {
      mix.addTap(tap);
    }
    return RecordingStart.BEGUN;
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
