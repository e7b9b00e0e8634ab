package dev.parley.media.record;

import dev.parley.media.ogg.FillerPacket;
import dev.parley.media.ogg.OggOpusWriter;
import dev.parley.media.ogg.OpusHead;
import dev.parley.media.ogg.OpusTags;
import dev.parley.media.opus.OpusPacket;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts one track's packets in their places on the clock, fills the places between them, and makes
 * pages and notes of it. All positions are samples at 48 kHz since the track's beginning, pauses
 * left out. Owned by one thread; knows no clock, disk or key.
 */
final class TrackAssembler {
  /** A decoder puts out what went into the encoder so much later: libopus at 48 kHz. */
  static final int PRE_SKIP_SAMPLES = 312;

  /** Packets wait so long for those before them, 200 ms: a conference's move, or reordering. */
  static final int WINDOW_SAMPLES = 9600;

  /**
   * Where nothing comes at all, silence is written so late, 1 s: when a network that stood still
   * goes on, all that it held comes at once.
   */
  static final int SILENCE_WINDOW_SAMPLES = 48_000;

  /** A page is full, 500 ms. */
  static final int PAGE_SAMPLES = 24_000;

  /** Of more gaps only the sum is kept, so that a manifest stays small. */
  static final int GAPS_MAX = 4096;

  /** Two ticks: a track that has a packet for each may end between them. */
  private static final int QUIET_SAMPLES_MAX = 1920;

  private static final int WAITING_MAX = 256;
  private static final int SILENCE_LEVEL = 127;

  /** Of a packet with nothing in it, before any other came: CELT, full band. */
  private static final int FIRST_TOC = 0xF8;

  /**
   * A packet that waits for its turn.
   *
   * @param missing why sound is missing if the place before it is empty; null if that was silence
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
  private record Waiting(
      long position, byte[] packet, int samples, int levelDbov, @Nullable GapCause missing) {}

  private final ByteArrayOutputStream pages = new ByteArrayOutputStream();
  private final List<TrackNote> notes = new ArrayList<>();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final FillerPacket filler = new FillerPacket();
  private final OpusPacket opus = new OpusPacket();
  private final OggOpusWriter writer;
  private final @Nullable GapCause quietCause;
  private final List<Byte> levels = new ArrayList<>();
  private long written;

  /** Where the last packet's sound ended. */
  private long soundEnd;

  /** Packets came too late since the last one that was written: they are missing. */
  private boolean isAfterLate;

  private int toc = FIRST_TOC;
  private int loudestDb = SILENCE_LEVEL;
  private int gapCount;
  private long latePackets;
  private boolean hasEnded;

  /**
   * Begins a track.
   *
   * @param quietCause what it means that nothing comes at the end; null if that is silence
   */
  TrackAssembler(int serial, TrackNote.Began began, @Nullable GapCause quietCause, OpusTags tags) {
    this.quietCause = quietCause;
    OpusHead head = new OpusHead(began.channels(), began.preSkipSamples());
    toc |= began.channels() == 2 ? 4 : 0;
    notes.add(began);
    writer =
        OggOpusWriter.begin(
            (page, length, _) -> pages.write(page, 0, length), serial, PAGE_SAMPLES, head, tags);
  }

  /**
   * Takes a packet, in whatever order; one that comes too late for its place is left out.
   *
   * @param levelDbov of its sound, -127 to 0
   * @param missing why sound is missing if nothing comes before it; null if that was silence
   */
  void add(long position, byte[] packet, int levelDbov, @Nullable GapCause missing) {
    assert !hasEnded : "ended";
    if (!opus.wrap(packet, 0, packet.length)) {
      return;
    }
    int samples = opus.durationSamples();
    if (isLate(position)) {
      return;
    }
    Deque<Waiting> later = new ArrayDeque<>();
    while (!waiting.isEmpty() && waiting.peekLast().position() > position) {
      later.addFirst(waiting.removeLast());
    }
    boolean isKnown = !waiting.isEmpty() && waiting.peekLast().position() == position;
    if (!isKnown) {
      waiting.addLast(new Waiting(position, packet, samples, levelDbov, missing));
    }
    waiting.addAll(later);
    if (waiting.size() > WAITING_MAX) {
      write(waiting.removeFirst());
    }
  }

  /** Writes what will not change any more, now that the clock is at a position. */
  void advance(long now) {
    long due = now - WINDOW_SAMPLES;
    while (!waiting.isEmpty() && isNext(waiting.peekFirst(), due)) {
      write(waiting.removeFirst());
    }
    // Between what waits and what is written there may yet come something.
    long silent = now - SILENCE_WINDOW_SAMPLES;
    if (waiting.isEmpty() && silent - written >= FillerPacket.QUANTUM_SAMPLES) {
      fill(silent);
    }
  }

  private boolean isNext(Waiting first, long due) {
    return first.position() <= due || first.position() - written < FillerPacket.QUANTUM_SAMPLES;
  }

  private void write(Waiting next) {
    if (isLate(next.position())) {
      return;
    }
    fill(next.position());
    GapCause cause = next.missing() == null && isAfterLate ? GapCause.LOST : next.missing();
    isAfterLate = false;
    if (cause != null) {
      noteGap(cause);
    }
    toc = next.packet()[0] & 0xFF;
    put(next.packet(), next.packet().length, next.samples(), -next.levelDbov());
    soundEnd = written;
  }

  /**
   * True if something is at a position already. Written after that, all that follows would be late
   * for good, if only by as much as its place was taken.
   */
  private boolean isLate(long position) {
    if (position < written) {
      latePackets++;
      isAfterLate = true;
      return true;
    }
    return false;
  }

  /** Notes that what was filled in since the last packet is missing, if there is room. */
  private void noteGap(GapCause cause) {
    long missing = written - soundEnd;
    if (missing < FillerPacket.QUANTUM_SAMPLES) {
      return;
    }
    gapCount++;
    if (gapCount <= GAPS_MAX) {
      notes.add(new TrackNote.Gap(soundEnd, missing, cause));
    }
  }

  /** Fills the time up to a position, to 2.5 ms. */
  private void fill(long position) {
    while (position - written >= FillerPacket.QUANTUM_SAMPLES) {
      filler.make(toc, (int) Math.min(position - written, FillerPacket.SAMPLES_MAX));
      put(filler.bytes(), filler.length(), filler.samples(), SILENCE_LEVEL);
    }
  }

  private void put(byte[] packet, int length, int samples, int levelDb) {
    writer.add(packet, 0, length, samples);
    long end = written + samples;
    loudestDb = Math.min(loudestDb, Math.clamp(levelDb, 0, SILENCE_LEVEL));
    while (written / TrackNote.LEVEL_SAMPLES != end / TrackNote.LEVEL_SAMPLES) {
      levels.add((byte) loudestDb);
      written = Math.min(end, (written / TrackNote.LEVEL_SAMPLES + 1) * TrackNote.LEVEL_SAMPLES);
      loudestDb = written < end ? Math.clamp(levelDb, 0, SILENCE_LEVEL) : SILENCE_LEVEL;
    }
    written = end;
  }

  /** Writes all there is up to a position; what was said afterwards is not recorded. */
  void pause(long position, long unixMs) {
    finishAt(position);
    notes.add(new TrackNote.Paused(written, unixMs));
  }

  /** Goes on where it was paused. */
  void resume(long unixMs) {
    soundEnd = written;
    notes.add(new TrackNote.Resumed(written, unixMs));
  }

  private void finishAt(long position) {
    while (!waiting.isEmpty()) {
      Waiting next = waiting.removeFirst();
      if (next.position() < position) {
        write(next);
      }
    }
    fill(position);
    if (quietCause != null && position - soundEnd > QUIET_SAMPLES_MAX) {
      noteGap(quietCause);
    }
  }

  /** Notes something about the track, beside what it notes by itself. */
  void note(TrackNote note) {
    if (!hasEnded) {
      notes.add(note);
    }
  }

  /** Ends the track at a position; only {@link #take} may follow. */
  void end(long position, long unixMs, TrackNote.EndCause cause) {
    finishAt(position);
    noteLevels();
    // What the decoder still holds back of the last packet's sound comes with one more.
    filler.make(toc, 960);
    writer.end(filler.bytes(), 0, filler.length(), 960, written + PRE_SKIP_SAMPLES);
    notes.add(new TrackNote.Ended(written, unixMs, cause));
    hasEnded = true;
  }

  private void noteLevels() {
    if (!levels.isEmpty()) {
      notes.add(new TrackNote.Levels(levels));
      levels.clear();
    }
  }

  /** True once it has been ended. */
  boolean hasEnded() {
    return hasEnded;
  }

  /** Makes a page of what there is, however little, for {@link #take}. */
  void flush() {
    writer.flush();
  }

  /** True if there are pages or notes to take. */
  boolean hasMore() {
    return pages.size() > 0 || !notes.isEmpty();
  }

  /** Bytes of the pages to take. */
  int pendingLength() {
    return pages.size();
  }

  /** Gives away pages and notes since the last time. */
  TrackChunk take() {
    noteLevels();
    TrackChunk chunk = new TrackChunk(pages.toByteArray(), notes);
    pages.reset();
    notes.clear();
    return chunk;
  }

  /** Samples per channel written, or filled in. */
  long written() {
    return written;
  }

  /** Packets that came too late for their place. */
  long latePackets() {
    return latePackets;
  }

  /** Gaps, listed or not. */
  int gapCount() {
    return gapCount;
  }
}
