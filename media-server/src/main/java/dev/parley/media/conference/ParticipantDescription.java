package dev.parley.media.conference;

import static java.util.Objects.requireNonNull;

import dev.parley.media.packet.Limits;

/**
 * One participant's media session as negotiated. Immutable.
 *
 * @param participantId its name in commands and events
 * @param csrc the number under which others hear this participant (RFC 3550 section 3)
 * @param peerId the peer on its event loop, unique in this process
 * @param loopIndex which event loop serves the peer
 * @param reception how the participant hears the others
 * @param maySend false for a listener: its audio is not taken
 * @param muted true if its audio is taken but not passed on
 * @param payloadType the number under which this participant sends Opus, 0..127; not looked at
 *     unless {@code maySend}
 * @param redPayloadType the number under which this participant may send RED of Opus (RFC 2198), or
 *     {@link #NO_RED}
 * @param side what of the participant's media the session carries
 */
public record ParticipantDescription(
    String participantId,
    int csrc,
    int peerId,
    int loopIndex,
    Reception reception,
    boolean maySend,
    boolean muted,
    int payloadType,
    int redPayloadType,
    Side side) {
  /** A payload type that no packet has. */
  public static final int NO_RED = -1;

  public ParticipantDescription {
    requireNonNull(participantId, "participantId");
    requireNonNull(reception, "reception");
    requireNonNull(side, "side");
    if (loopIndex < 0) {
      throw new IllegalArgumentException("loopIndex must not be negative: " + loopIndex);
    }
  }

  /** Without RED, for a session that carries all. */
  public ParticipantDescription(
      String participantId,
      int csrc,
      int peerId,
      int loopIndex,
      Reception reception,
      boolean maySend,
      boolean muted,
      int payloadType) {
    this(
        participantId,
        csrc,
        peerId,
        loopIndex,
        reception,
        maySend,
        muted,
        payloadType,
        NO_RED,
        Side.BOTH);
  }

  /** What of a participant's media one session carries; it takes the place of those that did. */
  public enum Side {
    BOTH,
    SENDING,
    RECEIVING;

    boolean overlaps(Side other) {
      return this == other || this == BOTH || other == BOTH;
    }
  }

  /** The way a participant hears the others. */
  public enum Listening {
    /** Not at all: it only sends. */
    NOTHING,
    /** The loudest speakers' own packets, one speaker a line. */
    FORWARD,
    /** One mix, on the first line. */
    MIX
  }

  /**
   * How a participant hears the others.
   *
   * @param listening the way, already decided from wish and offer
   * @param lineCount receiving lines, numbered from 0; 0 only with {@link Listening#NOTHING}
   * @param channels what a mix is to have, 1 or 2
   * @param bitrateBps what a mix may have, bits per second (RFC 7587's maxaveragebitrate); 0 for
   *     the server's choice
   * @param fec whether a mix is to carry in-band FEC (RFC 7587's useinbandfec)
   * @param dtx whether the client asked for pauses in silence (RFC 7587's usedtx); silence is not
   *     sent either way, see {@link ConferenceMix}
   * @param red whether the client takes RED (RFC 2198) on every line
   */
  public record Reception(
      Listening listening,
      int lineCount,
      int channels,
      int bitrateBps,
      boolean fec,
      boolean dtx,
      boolean red) {
    /** For a participant that only sends. */
    public static final Reception NOTHING = new Reception(Listening.NOTHING, 0, 1, 0, false, false);

    public Reception {
      requireNonNull(listening, "listening");
      int lineCountMin = listening == Listening.NOTHING ? 0 : 1;
      if (lineCount < lineCountMin || lineCount > Limits.LINES_PER_PEER_MAX) {
        throw new IllegalArgumentException(
            "lineCount must be " + lineCountMin + " to 16: " + lineCount);
      }
      if (channels != 1 && channels != 2) {
        throw new IllegalArgumentException("channels must be 1 or 2: " + channels);
      }
      if (bitrateBps < 0) {
        throw new IllegalArgumentException("bitrateBps must not be negative: " + bitrateBps);
      }
    }

    /** Without RED. */
    public Reception(
        Listening listening,
        int lineCount,
        int channels,
        int bitrateBps,
        boolean fec,
        boolean dtx) {
      this(listening, lineCount, channels, bitrateBps, fec, dtx, false);
    }
  }
}
