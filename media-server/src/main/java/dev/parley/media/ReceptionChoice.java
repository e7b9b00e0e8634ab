package dev.parley.media;

import dev.parley.common.control.Order.Listening;
import dev.parley.media.conference.ParticipantDescription;
import dev.parley.media.conference.ParticipantDescription.Reception;
import dev.parley.media.sdp.NegotiatedLine;
import dev.parley.media.sdp.NegotiatedSession;
import dev.parley.media.sdp.NegotiationRules;
import dev.parley.media.sdp.OpusParameters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Translates how a participant hears the others between the control link's words, the offer's and
 * the conference's, which know nothing of each other. Stateless.
 */
final class ReceptionChoice {
  private ReceptionChoice() {}

  static NegotiationRules.Wish wishOf(Listening listening) {
    return switch (listening) {
      case FORWARD -> NegotiationRules.Wish.FORWARD;
      case MIX -> NegotiationRules.Wish.MIX;
      case AUTO -> NegotiationRules.Wish.AUTO;
      case NONE -> NegotiationRules.Wish.NONE;
    };
  }

  /** What the control link is told: null for one who only sends. */
  static @Nullable Listening listeningOf(NegotiatedSession session) {
    return switch (session.listening()) {
      case NONE -> null;
      case FORWARD -> Listening.FORWARD;
      case MIX -> Listening.MIX;
    };
  }

  private static boolean takeRed(List<NegotiatedLine.Audio> lines) {
    boolean takeRed = true;
    for (NegotiatedLine.Audio line : lines) {
      takeRed &= line.red() != null;
    }
    return takeRed;
  }

  /** What the conference is told. A mix takes its form from the line it goes out on, the first. */
  static Reception receptionOf(NegotiatedSession session) {
    List<NegotiatedLine.Audio> lines = session.sendingLines();
    if (session.listening() == NegotiatedSession.Listening.NONE || lines.isEmpty()) {
      return Reception.NOTHING;
    }
    OpusParameters opus = lines.getFirst().opus();
    boolean isBitrateAsked = opus.averageBitrateMax() < OpusParameters.DEFAULT.averageBitrateMax();
    return new Reception(
        session.listening() == NegotiatedSession.Listening.FORWARD
            ? ParticipantDescription.Listening.FORWARD
            : ParticipantDescription.Listening.MIX,
        lines.size(),
        opus.stereo() ? 2 : 1,
        isBitrateAsked ? opus.averageBitrateMax() : 0,
        opus.inbandFec(),
        opus.dtx(),
        takeRed(lines));
  }
}
