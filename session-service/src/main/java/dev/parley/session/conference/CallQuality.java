package dev.parley.session.conference;

import dev.parley.common.control.Quality;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How calls sound: takes in what media servers measure, keeps it on the board that all nodes share,
 * and tells those who watch. Nothing of it is written to the store, until a stay ends: then its
 * summary goes with the write that ends it. Thread-safe; blocks for a moment.
 */
public final class CallQuality {
  private final QualityBoard board;
  private final Clock clock;
  private final ConferenceEventSink events;
  private final Meter meter;

  /** Counts measurements. Thread-safe; must not block. */
  @FunctionalInterface
  public interface Meter {
    void measured(Region region, double mos, double lossPercent);
  }

  public CallQuality(QualityBoard board, Clock clock, ConferenceEventSink events, Meter meter) {
    this.board = board;
    this.clock = clock;
    this.events = events;
    this.meter = meter;
  }

  /** Takes in what a media server measured. */
  void onMeasured(MediaServer server, Quality quality) {
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Map<ParticipantId, StayQuality> known = board.all(quality.conference());
    Map<ParticipantId, StayQuality> next = new LinkedHashMap<>();
    for (Quality.Figures figures : quality.participants()) {
      ParticipantId id = figures.participant();
      StayQuality stay = StayQuality.after(known.get(id), figures, now);
      next.put(id, stay);
      meter.measured(server.region(), stay.mos(), stay.lostPerMille() / 10.0);
    }
    if (!next.isEmpty()) {
      board.put(quality.conference(), next);
      events.publish(quality.conference(), new ConferenceEvent.QualityChanged(next));
    }
  }

  /** Returns how those sound who are in a conference, as far as it is known. */
  public Map<ParticipantId, StayQuality> of(ConferenceId conference) {
    return board.all(conference);
  }

  /** Returns how a stay sounds, or sounded until it ended, or null if nothing is known. */
  public @Nullable StayQuality of(Participant stay) {
    return stay.departure() != null
        ? stay.departure().quality()
        : board.all(stay.conference()).get(stay.id());
  }

  /** Returns how a stay sounded that ends now. */
  @Nullable StayQuality takeLast(ConferenceId conference, ParticipantId stay) {
    return board.take(conference, stay);
  }
}
