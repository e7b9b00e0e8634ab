package dev.parley.media.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.ogg.OpusTags;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TrackAssemblerTest {
  private static final int FRAME = 960;

  /** Less than what is filled in at a time, so that no packet is quite at its place. */
  private static final int ASKEW = 93;

  private final TrackAssembler track =
      new TrackAssembler(
          77,
          new TrackNote.Began(1_000_000, "pt_1", 2, TrackAssembler.PRE_SKIP_SAMPLES),
          null,
          new OpusTags("test", List.of()));

  private void packet(int number, @Nullable GapCause missing) {
    track.add(ASKEW + (long) number * FRAME, new byte[] {(byte) 0xF8, 1}, -30, missing);
  }

  private List<TrackNote.Gap> gaps() {
    return track.take().notes().stream()
        .filter(TrackNote.Gap.class::isInstance)
        .map(TrackNote.Gap.class::cast)
        .toList();
  }

  @Test
  void aGapIsAsLongAsWhatIsMissing() {
    packet(0, null);
    packet(2, GapCause.LOST);
    packet(3, null);
    packet(6, GapCause.LOST);
    track.advance(1_000_000);

    assertThat(gaps()).extracting(TrackNote.Gap::samples).containsExactly((long) FRAME, 2L * FRAME);
  }

  @Test
  void whatComesWhenItsPlaceIsTakenMovesNothing() {
    for (int i = 0; i < 10; i++) {
      packet(i, null);
    }
    // Nothing came for long, and time went on in the midst of a packet; then all of it came.
    track.advance(20 * FRAME + 300 + TrackAssembler.SILENCE_WINDOW_SAMPLES);
    assertThat(track.written()).isEqualTo(20L * FRAME + 240);
    for (int i = 10; i < 100; i++) {
      packet(i, null);
    }
    track.advance(100 * FRAME + TrackAssembler.SILENCE_WINDOW_SAMPLES);

    assertThat(track.latePackets()).isEqualTo(11);
    // Those that came in time are where they would be had the others come in time, too.
    assertThat(track.written()).isEqualTo(100L * FRAME);
    assertThat(gaps()).containsExactly(new TrackNote.Gap(10L * FRAME, 11L * FRAME, GapCause.LOST));
  }

  @Test
  void nothingIsMissingAfterANetworkStoodStill() {
    for (int i = 0; i < 10; i++) {
      packet(i, null);
    }
    // It is looked after each half second, whatever comes.
    track.advance(20 * FRAME);
    track.advance(45 * FRAME);
    assertThat(track.written()).isEqualTo(10L * FRAME);
    for (int i = 10; i < 45; i++) {
      packet(i, null);
    }
    track.advance(70 * FRAME);

    assertThat(track.latePackets()).isZero();
    assertThat(track.written()).isEqualTo(45L * FRAME);
    assertThat(gaps()).isEmpty();
  }

  @Test
  void whatWasLostIsMissingThoughTheNetworkStoodStill() {
    packet(0, null);
    track.advance(25 * FRAME);
    packet(1, null);
    packet(3, GapCause.LOST);
    track.advance(50 * FRAME);

    assertThat(gaps()).containsExactly(new TrackNote.Gap(2L * FRAME, FRAME, GapCause.LOST));
  }

  @Test
  void whatComesTwiceIsNotMissing() {
    packet(0, null);
    packet(1, null);
    track.advance(2 * FRAME);
    packet(0, null);
    packet(2, null);
    track.advance(3 * FRAME + TrackAssembler.WINDOW_SAMPLES);

    assertThat(track.latePackets()).isEqualTo(1);
    assertThat(gaps()).isEmpty();
  }
}
