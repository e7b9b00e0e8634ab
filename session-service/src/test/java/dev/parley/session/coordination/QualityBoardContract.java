package dev.parley.session.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.conference.QualityBoard;
import dev.parley.session.conference.StayQuality;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a quality board must be, whoever keeps it. */
public abstract class QualityBoardContract {
  private static final ConferenceId CONFERENCE = new ConferenceId("cf_quality");
  private static final ParticipantId ANA = new ParticipantId("pt_ana");
  private static final ParticipantId BEN = new ParticipantId("pt_ben");
  private static final Instant NOW = Instant.parse("2026-11-21T04:00:00.123Z");
  private static final StayQuality GOOD =
      new StayQuality(
          NOW,
          4.3217,
          23_456,
          new StayQuality.Way(NOW, 12, 3_400),
          new StayQuality.Way(NOW.minusSeconds(5), 0, 0),
          new StayQuality.Summary(60_000, 259_302.5, 3.99, 720.25, 45, 5_000));
  private static final StayQuality BARE =
      new StayQuality(
          NOW, 4.4, null, null, null, new StayQuality.Summary(5_000, 22_000, 4.4, 0, 0, 0));

  protected abstract QualityBoard board();

  @Test
  void whatIsPutIsReadAndTakenOnce() {
    board().put(CONFERENCE, Map.of(ANA, BARE));
    board().put(CONFERENCE, Map.of(ANA, GOOD, BEN, BARE));

    assertThat(board().all(CONFERENCE)).isEqualTo(Map.of(ANA, GOOD, BEN, BARE));
    assertThat(board().take(CONFERENCE, ANA)).isEqualTo(GOOD);
    assertThat(board().take(CONFERENCE, ANA)).isNull();
    assertThat(board().all(CONFERENCE)).isEqualTo(Map.of(BEN, BARE));
  }

  @Test
  void ofAConferenceThatWasNotMeasuredNothingIsKnown() {
    ConferenceId quiet = new ConferenceId("cf_unmeasured");

    assertThat(board().all(quiet)).isEmpty();
    assertThat(board().take(quiet, ANA)).isNull();
  }
}
