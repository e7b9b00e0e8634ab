package dev.parley.media.conference;

import dev.parley.media.jitter.ArrivedPacket;
import dev.parley.media.opus.OpusPacket;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.rtp.RedPacket;
import org.jspecify.annotations.Nullable;

/**
 * Flyweight over one talker's packet as a conference needs it: the Opus packet in it and, if it
 * came as RED (RFC 2198), the older ones beside. Wrap it, read it, never keep it. Owned by one mix
 * agent.
 */
final class VoicePacket {
  /** Why a packet cannot be read. */
  enum Fault {
    NONE,
    /** Under a payload type that was not negotiated. */
    NOT_PERMITTED,
    /** No Opus packet. */
    MALFORMED,
    /** Came as RED and is none, or holds what is no Opus packet. */
    MALFORMED_RED
  }

  /** Older sound is taken for a packet lost at most so many packets ago: 100 ms. */
  private static final int DISTANCE_MAX = 5;

  private final OpusPacket opus = new OpusPacket();
  private final RedPacket red = new RedPacket();
  private ReceivedPacket packet = new ReceivedPacket();
  private @Nullable Talker talker;
  private boolean isRed;
  private int payloadOffset;
  private int payloadLength;
  private int durationTicks;

  /** Takes a packet; unless there is no fault, nothing may be read. */
  Fault wrap(Talker sender, ReceivedPacket received) {
    talker = sender;
    packet = received;
    isRed = received.payloadType() == sender.redPayloadType();
    if (isRed) {
      return wrapRed(sender.payloadType());
    }
    if (received.payloadType() != sender.payloadType()) {
      return Fault.NOT_PERMITTED;
    }
    payloadOffset = received.payloadOffset();
    payloadLength = received.payloadLength();
    return wrapOpus() ? Fault.NONE : Fault.MALFORMED;
  }

  private Fault wrapRed(int opusPayloadType) {
    int length = packet.payloadLength();
    if (!red.wrap(packet.buffer(), packet.payloadOffset(), length, opusPayloadType)) {
      return Fault.MALFORMED_RED;
    }
    for (int i = 0; i < red.redundantCount(); i++) {
      if (red.redundantLength(i) > 0 && !wrapRedundant(i)) {
        return Fault.MALFORMED_RED;
      }
    }
    payloadOffset = red.primaryOffset();
    payloadLength = red.primaryLength();
    return wrapOpus() ? Fault.NONE : Fault.MALFORMED_RED;
  }

  private boolean wrapOpus() {
    boolean isOpus = opus.wrap(packet.buffer(), payloadOffset, payloadLength);
    durationTicks = isOpus ? opus.durationSamples() : 0;
    return isOpus;
  }

  private boolean wrapRedundant(int index) {
    return opus.wrap(packet.buffer(), red.redundantOffset(index), red.redundantLength(index));
  }

  /** Whose it is. */
  Talker talker() {
    assert talker != null : "wrap first";
    return talker;
  }

  /** What the header said, and when it came. */
  ReceivedPacket packet() {
    return packet;
  }

  /** True if it came as RED, with or without older sound. */
  boolean isRed() {
    return isRed;
  }

  /** True if it came as RED and nothing in it is older than what may be heard of the talker. */
  boolean isPassable() {
    if (!isRed) {
      return false;
    }
    for (int i = 0; i < red.redundantCount(); i++) {
      if (!talker().mayRepeat(packet.timestampTicks(), red.timestampOffsetTicks(i))) {
        return false;
      }
    }
    return true;
  }

  /** Where the Opus packet starts in the packet's buffer. */
  int payloadOffset() {
    return payloadOffset;
  }

  /** The Opus packet's length. */
  int payloadLength() {
    return payloadLength;
  }

  /** How long its sound lasts, in ticks of 48 kHz. */
  int durationTicks() {
    return durationTicks;
  }

  /** How many older packets came with it. */
  int redundantCount() {
    return isRed ? red.redundantCount() : 0;
  }

  /** Shows the Opus packet to a jitter buffer. */
  void primaryTo(ArrivedPacket arrived) {
    arrived
        .header(packet.ssrc(), packet.sequenceNumber(), packet.timestampTicks(), packet.arrivalNs())
        .payload(packet.buffer(), payloadOffset, payloadLength, durationTicks);
  }

  /**
   * Shows an older packet to a jitter buffer under the number it had. False if that cannot be told:
   * RFC 2198 gives times alone, so all packets from there on must have lasted as long as this one.
   */
  boolean redundantTo(int index, ArrivedPacket arrived) {
    int olderTicks = red.timestampOffsetTicks(index);
    int distance = olderTicks / durationTicks;
    if (distance < 1 || distance > DISTANCE_MAX || distance * durationTicks != olderTicks) {
      return false;
    }
    if (red.redundantLength(index) == 0
        || !wrapRedundant(index)
        || opus.durationSamples() != durationTicks
        || !talker().mayRepeat(packet.timestampTicks(), olderTicks)) {
      return false;
    }
    arrived
        .header(
            packet.ssrc(),
            packet.sequenceNumber() - distance,
            packet.timestampTicks() - olderTicks,
            packet.arrivalNs())
        .payload(
            packet.buffer(), red.redundantOffset(index), red.redundantLength(index), durationTicks);
    return true;
  }
}
