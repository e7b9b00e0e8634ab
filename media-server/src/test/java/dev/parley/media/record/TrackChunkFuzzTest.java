package dev.parley.media.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

final class TrackChunkFuzzTest {
  /** Not to be met with, for chunks are authenticated; a mistake must not take a server down. */
  @FuzzTest
  void anyBytesAreReadOrRefused(byte[] bytes) {
    TrackChunk chunk = decode(bytes);
    if (chunk == null) {
      return;
    }
    assertThat(chunk.pages().length).isLessThanOrEqualTo(bytes.length);
    assertThat(chunk.notes().size()).isLessThanOrEqualTo(bytes.length);
    summarised(chunk.notes());
  }

  @Property(tries = 500)
  void whatWasWrittenIsRead(
      @ForAll @Size(max = 200) byte[] pages, @ForAll("notes") List<TrackNote> notes)
      throws IOException {
    TrackChunk read = TrackChunk.decode(new TrackChunk(pages, notes).encode());

    assertThat(read.pages()).isEqualTo(pages);
    assertThat(read.notes()).isEqualTo(notes);
  }

  @Property(tries = 500)
  void halfAChunkIsRefusedOrHasLess(@ForAll("notes") List<TrackNote> notes, @ForAll short cut) {
    byte[] whole = new TrackChunk(new byte[0], notes).encode();
    byte[] part = Arrays.copyOf(whole, Math.floorMod(cut, whole.length + 1));

    TrackChunk read = decode(part);

    if (read != null) {
      assertThat(notes.subList(0, read.notes().size())).isEqualTo(read.notes());
    }
  }

  /** Whatever is noted, turns lie within the track, and of one person none overlaps another. */
  @Property(tries = 500)
  void turnsLieWithinTheTrack(@ForAll("notes") List<TrackNote> notes) {
    List<TrackNote> all = new ArrayList<>(notes);
    all.add(new TrackNote.Ended(50_000, 0, TrackNote.EndCause.RECOVERED));

    TrackSummary summary = summarised(all);

    for (SpeakerTurn turn : summary.turns()) {
      assertThat(turn.samples()).isPositive();
      assertThat(turn.position()).isBetween(0L, 50_000L);
      assertThat(turn.position() + turn.samples()).isLessThanOrEqualTo(50_000);
    }
    assertThat(summary.turns().size()).isLessThanOrEqualTo(SpeakerTurns.TURNS_MAX);
  }

  private static TrackSummary summarised(List<TrackNote> notes) {
    TrackSummary summary = new TrackSummary();
    notes.forEach(summary::add);
    summary.turns();
    return summary;
  }

  private static @Nullable TrackChunk decode(byte[] bytes) {
    try {
      return TrackChunk.decode(bytes);
    } catch (IOException _) {
      return null;
    }
  }

  @Provide
  Arbitrary<List<TrackNote>> notes() {
    Arbitrary<Long> positions = Arbitraries.longs().between(0, 100_000);
    Arbitrary<String> people = Arbitraries.of("pt_1", "pt_2", "\u00fc");
    Arbitrary<TrackNote> heard = Combinators.combine(positions, people).as(TrackNote.Heard::new);
    Arbitrary<TrackNote> silent = Combinators.combine(positions, people).as(TrackNote.Silent::new);
    Arbitrary<TrackNote> gaps =
        Combinators.combine(positions, positions, Arbitraries.of(GapCause.values()))
            .as(TrackNote.Gap::new);
    Arbitrary<TrackNote> pauses =
        Combinators.combine(positions, positions).as(TrackNote.Paused::new);
    Arbitrary<TrackNote> resumptions =
        Combinators.combine(positions, positions).as(TrackNote.Resumed::new);
    Arbitrary<TrackNote> levels =
        Arbitraries.bytes().list().ofMaxSize(20).map(TrackNote.Levels::new);
    Arbitrary<TrackNote> began =
        positions.map(at -> new TrackNote.Began(at, "mix", 1, TrackAssembler.PRE_SKIP_SAMPLES));
    return Arbitraries.oneOf(heard, silent, gaps, pauses, resumptions, levels, began)
        .list()
        .ofMaxSize(30);
  }
}
