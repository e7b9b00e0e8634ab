package dev.parley.common.control;

import static java.util.Objects.requireNonNull;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How packets travel between a media server and a conference's people, each five seconds: those of
 * whom there is news. Not sequenced: the newest replaces the others, and it is dropped, after the
 * speakers, when a link is slow.
 */
public record Quality(ConferenceId conference, long epoch, List<Figures> participants)
    implements MediaMessage {
  public Quality {
    requireNonNull(conference, "conference");
    Ranges.requireAtLeast(0, epoch, "epoch");
    if (participants.size() > ControlLimits.FIGURES_MAX) {
      throw new IllegalArgumentException("too many figures: " + participants.size());
    }
    participants = List.copyOf(participants);
  }

  /**
   * One participant's figures.
   *
   * @param roundTripUs between the server and the client by RTCP's reports, microseconds, or null
   *     if none has told
   * @param sent what the client sent, as it arrived at the server, or null if nothing is new
   * @param received what the client was sent, as it arrived there, or null if nothing is new
   */
  public record Figures(
      ParticipantId participant,
      @Nullable Integer roundTripUs,
      @Nullable Way sent,
      @Nullable Way received) {
    public Figures {
      requireNonNull(participant, "participant");
      if (roundTripUs != null) {
        Ranges.requireAtLeast(0, roundTripUs, "roundTripUs");
      }
    }
  }

  /**
   * One way's figures: the worst of the reports of the last seconds.
   *
   * @param lostPerMille packets that did not arrive, of a thousand, before any was sent again
   * @param jitterUs interarrival jitter (RFC 3550 section 6.4.1), microseconds
   */
  public record Way(int lostPerMille, int jitterUs) {
    public Way {
      Ranges.requireBetween(0, 1000, lostPerMille, "lostPerMille");
      Ranges.requireAtLeast(0, jitterUs, "jitterUs");
    }
  }
}
