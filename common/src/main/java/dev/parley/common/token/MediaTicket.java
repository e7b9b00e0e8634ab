package dev.parley.common.token;

import static java.util.Objects.requireNonNull;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.time.Duration;
import java.time.Instant;

/**
 * Leave to have media on a server of one region, which the server can check without asking anybody
 * (RFC 7519 claims in brackets).
 *
 * @param ticketId unique to this ticket [jti]
 * @param conference in which [conf]
 * @param participant whose media [sub]
 * @param epoch of the conference when it was made; a server that knows a newer one refuses [epoch]
 * @param grants what the participant may do [grants]
 * @param issuedAt not good before [iat], whole seconds; good for {@link #LIFETIME}
 */
public record MediaTicket(
    String ticketId,
    ConferenceId conference,
    ParticipantId participant,
    long epoch,
    Grants grants,
    Instant issuedAt) {
  /** How long it is good for. */
  public static final Duration LIFETIME = Duration.ofSeconds(60);

  public MediaTicket {
    requireNonNull(ticketId, "ticketId");
    requireNonNull(conference, "conference");
    requireNonNull(participant, "participant");
    requireNonNull(grants, "grants");
    if (epoch < 0) {
      throw new IllegalArgumentException("epoch must be 0 or above: " + epoch);
    }
  }

  /** From then on it is of no use [exp]. */
  public Instant expiresAt() {
    return issuedAt.plus(LIFETIME);
  }
}
