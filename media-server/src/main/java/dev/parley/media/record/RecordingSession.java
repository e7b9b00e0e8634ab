package dev.parley.media.record;

import dev.parley.media.ogg.OpusTags;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.packet.RecordedMessage;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongUnaryOperator;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One recording while it runs: reads its ring and makes tracks of what it finds. Owned by one
 * thread; knows no clock, disk or key.
 */
final class RecordingSession {
  /** The name of a mix's track. */
  static final String MIX = "mix";

  /** How far a recording is. */
  enum State {
    STARTING,
    RECORDING,
    PAUSED,
    ENDED
  }

  private static final int SAMPLES_PER_MS = 48;
  private static final int MESSAGES_MAX = 8192;

  /** What belongs to one talker's stay. */
  private static final class Stem {
    final String name;
    final TrackAssembler track;
    final StemClock clock = new StemClock();
    int lastSequenceNumber = -1;

    Stem(String name, TrackAssembler track) {
      this.name = name;
      this.track = track;
    }
  }

  private final String recordingId;
  private final RingBuffer ring;
  private final int channels;
  private final boolean isMix;
  private final LongUnaryOperator unixMs;
  private final RecordedMessage message = new RecordedMessage();
  private final MessageHandler onMessage = this::onMessage;
  private final RecordingClock clock = new RecordingClock();
  private final Map<String, TrackAssembler> tracks = new LinkedHashMap<>();
  private final Map<Integer, Stem> stems = new HashMap<>();
  private final Map<String, Integer> stays = new HashMap<>();
  private final SpeakerTurns turns = new SpeakerTurns(this::note);
  private State state = State.STARTING;
  private long beganUnixMs;
  private int trackCount;
  private long longestSamples;

  /**
   * A recording that has not begun.
   *
   * @param unixMs the calendar's time of a time of the process's clock in nanoseconds
   */
  RecordingSession(
      String recordingId, RingBuffer ring, boolean isMix, int channels, LongUnaryOperator unixMs) {
    this.recordingId = recordingId;
    this.ring = ring;
    this.isMix = isMix;
    this.channels = channels;
    this.unixMs = unixMs;
  }

  /**
   * Takes what has come, and gives each track's next chunk away.
   *
   * @param nowNs not later than any time the mix agent has read by now
   */
  void poll(long nowNs, BiConsumer<String, TrackChunk> sink) {
    ring.read(onMessage, MESSAGES_MAX);
    boolean runs = state == State.RECORDING;
    if (runs) {
      turns.advance(clock.at(nowNs));
    }
    tracks.forEach((name, track) -> {
      if (runs && !track.hasEnded()) {
        track.advance(clock.at(nowNs));
        track.flush();
      }
      if (track.hasMore()) {
        sink.accept(name, track.take());
      }
    });
    tracks.values().removeIf(TrackAssembler::hasEnded);
  }

  State state() {
    return state;
  }

  /** What became of it, once it has ended. */
  SegmentEnd summary(TrackNote.EndCause cause) {
    return new SegmentEnd(cause, trackCount, beganUnixMs, longestSamples / SAMPLES_PER_MS);
  }

  private void onMessage(int type, DirectBuffer buffer, int index, int length) {
    message.wrap(buffer, index);
    if (state == State.ENDED || !clock.hasBegun() && type != RecordedMessage.BEGAN) {
      return;
    }
    switch (type) {
      case RecordedMessage.BEGAN -> onBegan();
      case RecordedMessage.MIXED -> onMixed();
      case RecordedMessage.VOICE -> onVoice();
      case RecordedMessage.TALKER_CAME -> onCame();
      case RecordedMessage.TALKER_LEFT -> onLeft();
      case RecordedMessage.PAUSED -> onPaused();
      case RecordedMessage.RESUMED -> onResumed();
      case RecordedMessage.HEARD -> turns.onHeard(message.talker(), clock.at(message.timeNs()));
      case RecordedMessage.SILENT -> turns.onSilent(message.talker(), clock.at(message.timeNs()));
      case RecordedMessage.ENDED ->
          end(message.timeNs(), message.timestampTicks(), TrackNote.EndCause.STOPPED);
      default -> throw new IllegalStateException("no such message: " + type);
    }
  }

  private void onBegan() {
    clock.begin(message.timeNs(), message.timestampTicks());
    beganUnixMs = unixMs.applyAsLong(message.timeNs());
    state = State.RECORDING;
    if (isMix) {
      begin(MIX);
    }
  }

  private TrackAssembler begin(String name) {
    int trackChannels = isMix ? channels : 2;
    TrackAssembler track =
        assembler(
            31 * recordingId.hashCode() + name.hashCode(),
            new TrackNote.Began(beganUnixMs, name, trackChannels, TrackAssembler.PRE_SKIP_SAMPLES),
            isMix ? GapCause.NOT_MIXED : null);
    tracks.put(name, track);
    trackCount++;
    return track;
  }

  static TrackAssembler assembler(
      int serial, TrackNote.Began began, @Nullable GapCause quietCause) {
    return new TrackAssembler(
        serial, began, quietCause, new OpusTags("Parley", List.of("ENCODER=Parley")));
  }

  private @Nullable GapCause missing(GapCause otherwise) {
    return message.hasOverflowed() ? GapCause.OVERFLOW : otherwise;
  }

  private void onMixed() {
    TrackAssembler track = tracks.get(MIX);
    if (track != null) {
      long position = clock.mixed(message.timestampTicks());
      GapCause cause = message.isAfterWithheld() ? GapCause.WITHHELD : missing(GapCause.NOT_MIXED);
      track.add(position, message.payload(), message.levelDbov(), cause);
    }
  }

  private void onCame() {
    String id = new String(message.payload(), StandardCharsets.US_ASCII);
    if (isMix) {
      turns.onCame(message.talker(), id);
      return;
    }
    int stay = stays.merge(id, 1, Integer::sum);
    String name = stay == 1 ? id : id + '.' + stay;
    stems.put(message.talker(), new Stem(name, begin(name)));
  }

  private void onVoice() {
    Stem stem = stems.get(message.talker());
    if (stem == null) {
      return;
    }
    int number = message.sequenceNumber();
    long position =
        stem.clock.position(message.ssrc(), message.timestampTicks(), clock.at(message.timeNs()));
    boolean isNext =
        message.isOpening()
            || stem.lastSequenceNumber < 0
            || (number - stem.lastSequenceNumber & 0xFFFF) == 1;
    boolean isKnown = isNext && !message.hasOverflowed();
    int levelDbov =
        message.levelDbov() == ReceivedPacket.LEVEL_UNKNOWN ? -127 : message.levelDbov();
    stem.track.add(
        Math.max(0, position),
        message.payload(),
        levelDbov,
        isKnown ? null : missing(GapCause.LOST));
    stem.lastSequenceNumber = number;
  }

  /** The mix's track has who is heard in it; tracks of one talker say it by themselves. */
  private void note(TrackNote note) {
    TrackAssembler track = tracks.get(MIX);
    if (track != null) {
      track.note(note);
    }
  }

  private void onLeft() {
    if (isMix) {
      turns.onLeft(message.talker(), clock.at(message.timeNs()));
      return;
    }
    Stem stem = stems.remove(message.talker());
    if (stem != null && tracks.get(stem.name) == stem.track) {
      end(stem.track, clock.at(message.timeNs()), message.timeNs(), TrackNote.EndCause.STOPPED);
    }
  }

  private void onPaused() {
    long position = isMix ? clock.mark(message.timeNs(), message.timestampTicks()) : -1;
    long at = position < 0 ? clock.at(message.timeNs()) : position;
    clock.pause(message.timeNs(), message.timestampTicks());
    long unix = unixMs.applyAsLong(message.timeNs());
    turns.endAll(at);
    tracks.values().forEach(track -> track.pause(at, unix));
    state = State.PAUSED;
  }

  private void onResumed() {
    clock.resume(message.timeNs(), message.timestampTicks());
    long unix = unixMs.applyAsLong(message.timeNs());
    tracks.values().forEach(track -> track.resume(unix));
    state = State.RECORDING;
  }

  /** Ends what has not ended, because nobody will say so any more. */
  void end(long nowNs, TrackNote.EndCause cause) {
    if (state == State.ENDED) {
      return;
    }
    turns.endAll(clock.at(nowNs));
    tracks.values().forEach(track -> end(track, clock.at(nowNs), nowNs, cause));
    stems.clear();
    state = State.ENDED;
  }

  private void end(long timeNs, int mixTimestampTicks, TrackNote.EndCause cause) {
    long position = isMix ? clock.mark(timeNs, mixTimestampTicks) : clock.at(timeNs);
    turns.endAll(position);
    tracks.values().forEach(track -> end(track, position, timeNs, cause));
    stems.clear();
    state = State.ENDED;
  }

  private void end(TrackAssembler track, long position, long timeNs, TrackNote.EndCause cause) {
    if (!track.hasEnded()) {
      track.end(position, unixMs.applyAsLong(timeNs), cause);
      longestSamples = Math.max(longestSamples, track.written());
    }
  }
}
