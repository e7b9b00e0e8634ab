package dev.parley.media.conference;

import static java.util.Objects.requireNonNull;

import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.packet.RecordedMessage;
import dev.parley.media.packet.RecordedMessageWriter;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where one recording of a conference takes its packets: the encoded mix, or what each talker sent,
 * as it came. Hands them to a recorder by a ring, and never waits for it. Made anywhere, then owned
 * by the mix agent that has the conference.
 */
public final class RecordingTap {
  /** What a recording takes. */
  public enum Kind {
    /** The mix that everybody hears who does not talk. */
    MIX,
    /** Each talker's own packets. */
    TRACKS
  }

  /**
   * On what terms is recorded.
   *
   * @param announced true to have a tone in all mixes of the conference when it begins
   * @param consenting the participants who may be recorded and nobody else, or null for everybody
   */
  public record Terms(boolean announced, @Nullable Set<String> consenting) {
    /** Everybody is recorded, and nothing is heard of it. */
    public static final Terms NONE = new Terms(false, null);

    public Terms {
      consenting = consenting == null ? null : Set.copyOf(consenting);
    }
  }

  /** An encoder gives a little of a tick's sound away with the next one. */
  private static final int WITHHELD_TICKS = 2;

  private final String recordingId;
  private final Kind kind;
  private final int channels;
  private final boolean isAnnounced;
  private final RecordedMessageWriter writer;
  private final BitSet known = new BitSet();
  private final BitSet closed = new BitSet();
  private final BitSet heard = new BitSet();
  private final BitSet permitted = new BitSet();
  private @Nullable Set<String> consenting;
  private int withheldTicks;
  private final UnsafeBuffer text = new UnsafeBuffer(0, 0);
  private boolean isPaused;

  /** A tap that has not begun, for everybody. */
  public RecordingTap(String recordingId, Kind kind, int channels, RingBuffer ring) {
    this(recordingId, kind, channels, ring, Terms.NONE);
  }

  /**
   * A tap that has not begun.
   *
   * @param channels of the mix, 1 or 2
   * @param ring from the conference's agent, whichever that will be, to one recorder
   */
  public RecordingTap(String recordingId, Kind kind, int channels, RingBuffer ring, Terms terms) {
    isAnnounced = terms.announced();
    consenting = terms.consenting();
    this.recordingId = requireNonNull(recordingId, "recordingId");
    this.kind = requireNonNull(kind, "kind");
    this.channels = channels;
    if (channels < 1 || channels > 2) {
      throw new IllegalArgumentException("channels must be 1 or 2: " + channels);
    }
    writer = new RecordedMessageWriter(ring);
  }

  String recordingId() {
    return recordingId;
  }

  boolean takesMix() {
    return kind == Kind.MIX;
  }

  int channels() {
    return channels;
  }

  boolean isAnnounced() {
    return isAnnounced;
  }

  /** Somebody may talk from now on. */
  void onTalker(int number, String participantId) {
    permitted.set(number, consenting == null || consenting.contains(participantId));
  }

  /** Says anew who may be recorded: whoever talks is shown again, and those who were not left. */
  void consents(Set<String> participantIds) {
    consenting = participantIds;
  }

  /** True if a talker must not be recorded. */
  private boolean isForbidden(int number) {
    return consenting != null && !permitted.get(number);
  }

  /** Ends what is recorded of talkers who must not be recorded any more. */
  void leaveOutForbidden(long nowNs) {
    for (int number = known.nextSetBit(0); number >= 0; number = known.nextSetBit(number + 1)) {
      if (isForbidden(number)) {
        leave(number, nowNs);
      }
    }
  }

  /** True if nothing of a tick's mix may be recorded: somebody is in it who has not consented. */
  boolean withholds(Talker[] mixed, int count) {
    if (consenting == null) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (isForbidden(mixed[i].number())) {
        withheldTicks = WITHHELD_TICKS;
      }
    }
    if (withheldTicks == 0) {
      return false;
    }
    withheldTicks--;
    writer.withhold();
    return true;
  }

  /** True if the next tick may be recorded, as far as one can say. */
  boolean goesOn() {
    return withheldTicks == 0;
  }

  void begin(long nowNs, int mixTimestampTicks) {
    writer.at(nowNs, mixTimestampTicks, 0).mark(RecordedMessage.BEGAN);
  }

  /** Takes nothing more until it is resumed, or does again. */
  void pause(boolean paused, long nowNs, int mixTimestampTicks) {
    if (paused == isPaused) {
      return;
    }
    isPaused = paused;
    closed.or(known);
    heard.clear();
    writer
        .at(nowNs, mixTimestampTicks, 0)
        .mark(paused ? RecordedMessage.PAUSED : RecordedMessage.RESUMED);
  }

  void end(long nowNs, int mixTimestampTicks) {
    writer.at(nowNs, mixTimestampTicks, 0).mark(RecordedMessage.ENDED);
  }

  /** Takes a tick's packet of the mix. False if the ring is full. */
  boolean onMix(MixOutput output, long nowNs, int mixTimestampTicks) {
    if (isPaused || output.packetLength() <= 0) {
      return true;
    }
    return writer
        .at(nowNs, mixTimestampTicks, 0)
        .header(0, 0, output.levelDbov(), false)
        .packet(RecordedMessage.MIXED, output.packet(), 0, output.packetLength());
  }

  /**
   * Takes who is heard in the mix from this tick on. What finds the ring full is told at a later
   * one.
   */
  void onSpeakers(BitSet speakers, ParticipantTable participants, long nowNs) {
    if (isPaused || heard.equals(speakers)) {
      return;
    }
    for (int number = heard.nextSetBit(0); number >= 0; number = heard.nextSetBit(number + 1)) {
      if (!speakers.get(number)) {
        heard.set(number, !writer.at(nowNs, 0, number).aside(RecordedMessage.SILENT));
      }
    }
    for (int number = speakers.nextSetBit(0);
        number >= 0;
        number = speakers.nextSetBit(number + 1)) {
      if (!heard.get(number)
          && !isForbidden(number)
          && (known.get(number) || introduced(participants.get(number)))) {
        heard.set(number, writer.at(nowNs, 0, number).aside(RecordedMessage.HEARD));
      }
    }
  }

  /** Tells who a talker of the mix is, once. */
  private boolean introduced(Participant participant) {
    byte[] id = participant.participantId().getBytes(StandardCharsets.US_ASCII);
    text.wrap(id);
    int number = participant.number();
    writer.at(0, 0, number);
    known.set(number, writer.aside(RecordedMessage.TALKER_CAME, text, 0, id.length));
    return known.get(number);
  }

  /** Takes a talker's packet. False if the ring is full. */
  boolean onVoice(Participant participant, VoicePacket voice) {
    int number = participant.number();
    if (isForbidden(number)) {
      return true;
    }
    if (isPaused || !known.get(number) && !came(participant)) {
      return isPaused;
    }
    boolean isOpening = closed.get(number);
    ReceivedPacket packet = voice.packet();
    boolean isTaken =
        writer
            .at(packet.arrivalNs(), packet.timestampTicks(), number)
            .header(packet.ssrc(), packet.sequenceNumber(), packet.levelDbov(), isOpening)
            .packet(
                RecordedMessage.VOICE,
                packet.buffer(),
                voice.payloadOffset(),
                voice.payloadLength());
    if (isTaken && isOpening) {
      closed.clear(number);
    }
    return isTaken;
  }

  private boolean came(Participant participant) {
    int number = participant.number();
    byte[] id = participant.participantId().getBytes(StandardCharsets.US_ASCII);
    text.wrap(id);
    boolean isTaken =
        writer
            .at(0, 0, number)
            .header(0, 0, 0, false)
            .packet(RecordedMessage.TALKER_CAME, text, 0, id.length);
    known.set(number, isTaken);
    closed.set(number, isTaken);
    return isTaken;
  }

  /** What the talker says for a while is not to be heard: it is not missing. */
  void onSilenced(int number) {
    closed.set(number, known.get(number));
  }

  void onLeft(int number, long nowNs) {
    permitted.clear(number);
    if (known.get(number)) {
      leave(number, nowNs);
    }
  }

  private void leave(int number, long nowNs) {
    known.clear(number);
    closed.clear(number);
    heard.clear(number);
    writer.at(nowNs, 0, number).mark(RecordedMessage.TALKER_LEFT);
  }
}
