package dev.parley.media.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of an offer (RFC 3264 §6, RFC 8829 §5.3, RFC 8843 §7.3). The rules, in
 * order:
 *
 * <ul>
 *   <li>an audio line with Opus over DTLS-SRTP can be served, others cannot;
 *   <li>all served lines share one transport: they are of one BUNDLE group, or there is one line;
 *   <li>what cannot be served gets port 0, or, under WHIP, refuses the whole offer;
 *   <li>the client's voice is taken from the first line it sends on, and the first K lines that may
 *       receive are the speaker slots.
 * </ul>
 *
 * <p>One thread, one use; nothing is kept.
 */
public final class Negotiator {
  private final SdpOffer offer;
  private final NegotiationRules rules;

  /** By line index: the line if it is served, else null. */
  private final @Nullable OfferedLine[] served;

  private boolean voiceTaken;
  private int slotCount;

  private Negotiator(SdpOffer offer, NegotiationRules rules) {
    this.offer = offer;
    this.rules = rules;
    this.served = new @Nullable OfferedLine[offer.lines().size()];
  }

  /** Reads the offer and decides. Any text is accepted or refused; none makes it throw. */
  public static Negotiation negotiate(String offer, NegotiationRules rules) {
    try {
      SdpOffer parsed = OfferParser.parse(offer);
      return new Negotiation.Accepted(new Negotiator(parsed, rules).negotiate());
    } catch (OfferFault fault) {
      return new Negotiation.Refused(fault.detail(), fault.line());
    }
  }

  private NegotiatedSession negotiate() throws OfferFault {
    chooseServed();
    NegotiatedSession.Listening listening = listening();
    List<NegotiatedLine> lines = new ArrayList<>();
    boolean anyFlow = false;
    for (OfferedLine line : offer.lines()) {
      if (served[line.index] == null) {
        lines.add(
            new NegotiatedLine.Rejected(
                line.index,
                line.mid == null ? "" : line.mid,
                line.protocol,
                line.media,
                line.formats.getFirst()));
      } else {
        NegotiatedLine.Audio audio = LineNegotiation.accept(offer, line, direction(line));
        anyFlow |= audio.direction() != Direction.INACTIVE;
        lines.add(audio);
      }
    }
    if (!anyFlow && rules.mayTakePart()) {
      throw new OfferFault(0, faultWithoutFlow());
    }
    return new TransportNegotiation(offer, bundledLines()).complete(lines, listening);
  }

  private String faultWithoutFlow() {
    if (!rules.maySend()) {
      return "Offer an audio line that may receive: this participant may not send.";
    }
    return rules.mayReceive()
        ? "Offer an audio line that may send or receive."
        : "Offer an audio line that may send: this participant does not receive.";
  }

  /**
   * Marks the lines that can be served, and refuses the offer if the others may not be left out.
   */
  private void chooseServed() throws OfferFault {
    OfferFault firstAudioFault = null;
    OfferedLine firstServed = null;
    for (OfferedLine line : offer.lines()) {
      if (line.isDisabled()) {
        continue;
      }
      String reason = LineNegotiation.reasonUnserved(line);
      if (reason == null && firstServed != null && !sharesTransport(line)) {
        reason = "Put this line in the BUNDLE group: a client has one transport here.";
      }
      if (reason == null && isOutsideBundle(line)) {
        reason = "Put this line in the BUNDLE group, or leave the group out.";
      }
      if (reason == null) {
        served[line.index] = line;
        firstServed = firstServed == null ? line : firstServed;
        continue;
      }
      OfferFault fault = new OfferFault(line.line, reason);
      if (rules.profile() == NegotiationRules.Profile.WHIP) {
        throw fault;
      }
      if (firstAudioFault == null && line.media.equals("audio")) {
        firstAudioFault = fault;
      }
    }
    if (firstServed == null) {
      throw firstAudioFault != null
          ? firstAudioFault
          : new OfferFault(0, "Add an audio line with Opus to the offer.");
    }
  }

  /** Without a group the first line's transport is the only one. */
  private boolean sharesTransport(OfferedLine line) {
    return !offer.bundle().isEmpty() && !isOutsideBundle(line);
  }

  private boolean isOutsideBundle(OfferedLine line) {
    return !offer.bundle().isEmpty() && (line.mid == null || !offer.bundle().contains(line.mid));
  }

  /** The served lines, in the group's order if there is a group. */
  private List<OfferedLine> bundledLines() {
    List<OfferedLine> ordered = new ArrayList<>();
    for (String mid : offer.bundle()) {
      for (OfferedLine line : served) {
        if (line != null && mid.equals(line.mid)) {
          ordered.add(line);
        }
      }
    }
    for (OfferedLine line : served) {
      if (line != null && offer.bundle().isEmpty()) {
        ordered.add(line);
      }
    }
    return ordered;
  }

  private Direction offeredDirection(OfferedLine line) {
    if (line.direction != null) {
      return line.direction;
    }
    Direction ofSession = offer.session().direction;
    return ofSession == null ? Direction.SENDRECV : ofSession;
  }

  private NegotiatedSession.Listening listening() {
    int receivingCount = 0;
    for (OfferedLine line : served) {
      if (line != null && offeredDirection(line).receives()) {
        receivingCount++;
      }
    }
    if (receivingCount == 0 || !rules.mayReceive()) {
      return NegotiatedSession.Listening.NONE;
    }
    return switch (rules.wish()) {
      case FORWARD -> NegotiatedSession.Listening.FORWARD;
      case MIX -> NegotiatedSession.Listening.MIX;
      case NONE -> NegotiatedSession.Listening.NONE;
      case AUTO ->
          receivingCount >= rules.speakerSlots()
              ? NegotiatedSession.Listening.FORWARD
              : NegotiatedSession.Listening.MIX;
    };
  }

  /** Our side of the line; called once for each served line, in order. */
  private Direction direction(OfferedLine line) throws OfferFault {
    Direction offered = offeredDirection(line);
    switch (rules.profile()) {
      case WHIP -> {
        if (!offered.sends()) {
          throw new OfferFault(line.line, "Offer this line with a=sendonly: WHIP only sends.");
        }
        if (voiceTaken) {
          throw new OfferFault(line.line, "Offer one audio line: WHIP sends one voice.");
        }
      }
      case WHEP -> {
        if (!offered.receives()) {
          throw new OfferFault(line.line, "Offer this line with a=recvonly: WHEP only receives.");
        }
        if (slotCount == rules.speakerSlots()) {
          throw new OfferFault(
              line.line, "Offer at most " + rules.speakerSlots() + " audio lines.");
        }
      }
      case RTC -> {
        // Any direction has an answer.
      }
    }
    boolean receives =
        offered.sends()
            && rules.maySend()
            && rules.profile() != NegotiationRules.Profile.WHEP
            && !voiceTaken;
    boolean sends = offered.receives() && rules.mayReceive() && slotCount < rules.speakerSlots();
    voiceTaken |= receives;
    slotCount += sends ? 1 : 0;
    return Direction.of(sends, receives);
  }
}
