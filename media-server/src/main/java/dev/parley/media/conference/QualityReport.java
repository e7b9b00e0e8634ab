package dev.parley.media.conference;

import dev.parley.media.conference.ConferenceEvent.ParticipantFigures;
import dev.parley.media.conference.ConferenceEvent.QualityMeasured;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the control plane how people's packets travel: each five seconds those of whom RTCP told
 * something, so many at once as a message holds. Owned by one mix agent.
 */
final class QualityReport {
  /** 0.2 a second. */
  static final long INTERVAL_NS = 5_000_000_000L;

  /** Of more people it tells in turn. */
  static final int FIGURES_MAX = 512;

  private final ParticipantTable participants;
  private final List<ParticipantFigures> figures = new ArrayList<>();
  private final Consumer<Participant> taking = this::take;
  private long nextNs;
  private int skipCount;
  private int seenCount;

  QualityReport(ParticipantTable participants, long firstTickNs) {
    this.participants = participants;
    nextNs = firstTickNs + INTERVAL_NS;
  }

  /** An event if one is due and there is news, else null. */
  @Nullable QualityMeasured poll(ConferenceDescription conference, long nowNs) {
    if (nowNs - nextNs < 0) {
      return null;
    }
    nextNs = nowNs + INTERVAL_NS;
    seenCount = 0;
    participants.forEachInPlace(taking);
    skipCount = figures.size() < FIGURES_MAX ? 0 : skipCount + FIGURES_MAX;
    if (skipCount >= seenCount) {
      skipCount = 0;
    }
    if (figures.isEmpty()) {
      return null;
    }
    QualityMeasured event =
        new QualityMeasured(conference.conferenceId(), conference.epoch(), figures);
    figures.clear();
    return event;
  }

  private void take(Participant participant) {
    if (!participant.sent().isNew() && !participant.received().isNew()) {
      return;
    }
    if (seenCount++ < skipCount || figures.size() == FIGURES_MAX) {
      return;
    }
    long roundTripNs = participant.roundTripNs();
    figures.add(
        new ParticipantFigures(
            participant.participantId(),
            roundTripNs < 0 ? null : (int) TimeUnit.NANOSECONDS.toMicros(roundTripNs),
            participant.sent().take(),
            participant.received().take()));
  }
}
