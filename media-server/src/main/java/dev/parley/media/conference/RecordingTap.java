package dev.parley.media.conference;

import static java.util.Objects.requireNonNull;

import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.packet.RecordedMessage;
import dev.parley.media.packet.RecordedMessageWriter;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

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

  private final String recordingId;
  private final Kind kind;
  private final int channels;
  private final RecordedMessageWriter writer;
  private final BitSet known = new BitSet();
  private final BitSet closed = new BitSet();
  private final UnsafeBuffer text = new UnsafeBuffer(0, 0);
  private boolean isPaused;

  /**
   * A tap that has not begun.
   *
   * @param channels of the mix, 1 or 2
   * @param ring from the conference's agent, whichever that will be, to one recorder
   */
  public RecordingTap(String recordingId, Kind kind, int channels, RingBuffer ring) {
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

  /** Takes a talker's packet. False if the ring is full. */
  boolean onVoice(Participant participant, VoicePacket voice) {
    int number = participant.number();
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
    if (known.get(number)) {
      known.clear(number);
      closed.clear(number);
      writer.at(nowNs, 0, number).mark(RecordedMessage.TALKER_LEFT);
    }
  }
}
