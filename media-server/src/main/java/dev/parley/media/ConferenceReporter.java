package dev.parley.media;

import dev.parley.common.control.Quality;
import dev.parley.common.control.Speakers;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.media.conference.ConferenceEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what mix agents tell, keeps the directory true and passes it on in the control link's
 * words. Runs on a thread of its own, which sleeps until an event wakes it.
 */
final class ConferenceReporter {
  private static final Logger LOG = LoggerFactory.getLogger(ConferenceReporter.class);

  private final ConferenceEventQueue events;
  private final ConferenceDirectory directory;
  private final ConferencesInTalk inTalk;
  private final Consumer<StateEvent> stateEvents;
  private final Consumer<Speakers> speakers;
  private final Consumer<Quality> quality;
  private final Thread thread;
  private volatile boolean isClosing;

  ConferenceReporter(
      ConferenceEventQueue events,
      ConferenceDirectory directory,
      ConferencesInTalk inTalk,
      Consumer<StateEvent> stateEvents,
      Consumer<Speakers> speakers,
      Consumer<Quality> quality) {
    this.events = events;
    this.directory = directory;
    this.inTalk = inTalk;
    this.stateEvents = stateEvents;
    this.speakers = speakers;
    this.quality = quality;
    this.thread = Thread.ofPlatform().name("conference-reporter").daemon().unstarted(this::run);
  }

  void start() {
    events.readBy(thread);
    thread.start();
  }

  /** Passes on what is still in the queue, then ends; nobody may write any more. */
  void finish() throws InterruptedException {
    isClosing = true;
    LockSupport.unpark(thread);
    thread.join();
  }

  private void run() {
    while (true) {
      // Read before draining: whatever was written before the flag is then drained for certain.
      boolean isLast = isClosing;
      if (events.drain(this::onEvent) == 0) {
        if (isLast) {
          return;
        }
        LockSupport.park(this);
      }
    }
  }

  private void onEvent(ConferenceEvent event) {
    ConferenceId conference = new ConferenceId(event.conferenceId());
    switch (event) {
      case ConferenceEvent.ParticipantConnected connected ->
          stateEvents.accept(
              new StateEvent.ParticipantConnected(
                  conference, event.epoch(), new ParticipantId(connected.participantId())));
      case ConferenceEvent.ParticipantReconnecting reconnecting ->
          stateEvents.accept(
              new StateEvent.ParticipantReconnecting(
                  conference, event.epoch(), new ParticipantId(reconnecting.participantId())));
      case ConferenceEvent.ParticipantGone gone -> {
        ParticipantId participant = new ParticipantId(gone.participantId());
        // A participant who came back just now in another session is not gone.
        if (directory.onGone(conference, participant, gone.peerId())) {
          stateEvents.accept(
              new StateEvent.ParticipantGone(
                  conference, event.epoch(), participant, reasonOf(gone.reason())));
        }
      }
      case ConferenceEvent.SessionGone gone -> {
        ParticipantId participant = new ParticipantId(gone.participantId());
        String session = directory.onSessionGone(conference, participant, gone.peerId());
        if (session != null) {
          stateEvents.accept(
              new StateEvent.SessionGone(conference, event.epoch(), participant, session));
        }
      }
      case ConferenceEvent.ConferenceClosed closed -> {
        if (closed.cause() != null) {
          LOG.error("conference {} failed and was closed", conference, closed.cause());
        }
        directory.onClosed(conference);
        inTalk.onClosed(conference);
        stateEvents.accept(
            new StateEvent.ConferenceClosed(conference, event.epoch(), reasonOf(closed.reason())));
      }
      case ConferenceEvent.EncodersChanged changed ->
          stateEvents.accept(
              new StateEvent.EncodersChanged(
                  conference, event.epoch(), changed.complexity(), changed.complexityMax()));
      case ConferenceEvent.SpeakersChanged changed -> {
        inTalk.onSpeakers(conference, !changed.levels().isEmpty());
        speakers.accept(speakersOf(conference, changed));
      }
      case ConferenceEvent.QualityMeasured measured ->
          quality.accept(qualityOf(conference, measured));
    }
  }

  private static Speakers speakersOf(
      ConferenceId conference, ConferenceEvent.SpeakersChanged changed) {
    List<Speakers.Level> levels = new ArrayList<>();
    for (ConferenceEvent.SpeakerLevel level : changed.levels()) {
      levels.add(new Speakers.Level(new ParticipantId(level.participantId()), level.levelDbov()));
    }
    String dominant = changed.dominant();
    return new Speakers(
        conference, changed.epoch(), dominant == null ? null : new ParticipantId(dominant), levels);
  }

  private static Quality qualityOf(
      ConferenceId conference, ConferenceEvent.QualityMeasured measured) {
    List<Quality.Figures> figures = new ArrayList<>();
    for (ConferenceEvent.ParticipantFigures each : measured.figures()) {
      figures.add(
          new Quality.Figures(
              new ParticipantId(each.participantId()),
              each.roundTripUs(),
              wayOf(each.sent()),
              wayOf(each.received())));
    }
    return new Quality(conference, measured.epoch(), figures);
  }

  private static Quality.@Nullable Way wayOf(ConferenceEvent.@Nullable WayFigures way) {
    return way == null ? null : new Quality.Way(way.lostPerMille(), way.jitterUs());
  }

  private static StateEvent.GoneReason reasonOf(ConferenceEvent.GoneReason reason) {
    return switch (reason) {
      case REMOVED -> StateEvent.GoneReason.REMOVED;
      case CLOSED_BY_PEER -> StateEvent.GoneReason.CLIENT;
      case CONNECT_TIMEOUT -> StateEvent.GoneReason.CONNECT_TIMEOUT;
      case CONSENT_EXPIRED -> StateEvent.GoneReason.CONSENT_EXPIRED;
      case DTLS_FAILED -> StateEvent.GoneReason.DTLS_FAILED;
      case CONFERENCE_FAILED -> StateEvent.GoneReason.CONFERENCE_FAILED;
    };
  }

  private static StateEvent.ClosedReason reasonOf(ConferenceEvent.ClosedReason reason) {
    return switch (reason) {
      case ENDED -> StateEvent.ClosedReason.ENDED;
      case FAILED -> StateEvent.ClosedReason.FAILED;
      case SHUTDOWN -> StateEvent.ClosedReason.SHUTDOWN;
    };
  }
}
