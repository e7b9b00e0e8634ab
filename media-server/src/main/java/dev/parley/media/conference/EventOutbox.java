package dev.parley.media.conference;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Events on their way to the control plane. State is never lost: what the bounded queue does not
 * take waits here, and a participant's newer state replaces an older one that still waits, so no
 * more than three wait for each participant, and two for each conference. Owned by one mix agent.
 */
final class EventOutbox {
  /** Whom a waiting event is about; the participant is his name, or what it is else. */
  private record Subject(String conferenceId, long epoch, String participantId) {}

  private static final String CONFERENCE_ITSELF = "";

  /** No participant's name. */
  private static final String ENCODERS = " encoders";

  private final Queue<ConferenceEvent> queue;
  private final ConferenceCounters counters;
  private final Map<Subject, ConferenceEvent> waiting = new LinkedHashMap<>();

  EventOutbox(Queue<ConferenceEvent> queue, ConferenceCounters counters) {
    this.queue = queue;
    this.counters = counters;
  }

  /** Tells a participant's new state. */
  void tell(String participantId, ConferenceEvent event) {
    if (waiting.isEmpty() && queue.offer(event)) {
      return;
    }
    counters.increment(ConferenceCounter.STATE_EVENTS_DELAYED);
    Subject subject = new Subject(event.conferenceId(), event.epoch(), participantId);
    waiting.remove(subject);
    waiting.put(subject, event);
  }

  /** Tells with what effort a conference's mixes are encoded. */
  void tell(ConferenceEvent.EncodersChanged event) {
    tell(ENCODERS, event);
  }

  /** Tells a conference's end. */
  void tell(ConferenceEvent.ConferenceClosed event) {
    tell(CONFERENCE_ITSELF, event);
  }

  /** Tells who speaks, or forgets it if there is no room: newer news will come. */
  void tell(ConferenceEvent.SpeakersChanged event) {
    if (!waiting.isEmpty() || !queue.offer(event)) {
      counters.increment(ConferenceCounter.SPEAKER_EVENTS_DROPPED);
    }
  }

  /** Tells how packets travel, or forgets it if there is no room: newer news will come. */
  void tell(ConferenceEvent.QualityMeasured event) {
    if (!waiting.isEmpty() || !queue.offer(event)) {
      counters.increment(ConferenceCounter.QUALITY_EVENTS_DROPPED);
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Offers again what waits; how many events went. */
  int flush() {
    if (waiting.isEmpty()) {
      return 0;
    }
    int count = 0;
    Iterator<ConferenceEvent> events = waiting.values().iterator();
    while (events.hasNext() && queue.offer(events.next())) {
      events.remove();
      count++;
    }
    return count;
  }
}
