package dev.parley.common.token;

import static java.util.Objects.requireNonNull;

import dev.parley.common.control.Order.AdmitParticipant;
import dev.parley.common.control.Order.ConferenceSettings;
import dev.parley.common.control.Order.Listening;
import dev.parley.common.control.Order.SignallingProfile;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.ServerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Leave to begin one media session on one media server, which the server can check without asking
 * anybody: all that {@link AdmitParticipant} says, but for the offer (RFC 7519 claims in brackets).
 *
 * @param ticketId unique to this ticket, 1 to 48 letters, digits, dashes or underscores, of which
 *     the first is a letter or digit [jti]
 * @param place where
 * @param terms for whom, and how
 * @param iceServers what the answer says of STUN and TURN servers: values of {@code Link} (RFC 9725
 *     §4.6) [ice]
 * @param issuedAt not good before [iat], whole seconds; good for {@link #LIFETIME}
 */
public record MediaTicket(
    String ticketId, Place place, Terms terms, List<String> iceServers, Instant issuedAt) {
  /** How long it is good for. */
  public static final Duration LIFETIME = Duration.ofSeconds(60);

  /** How far apart the clocks of who signs and who checks may be. */
  public static final Duration LEEWAY = JoinTokenVerifier.LEEWAY;

  /** ICE servers in one ticket. */
  public static final int ICE_SERVERS_MAX = 8;

  /** Characters of what is said of one ICE server. */
  public static final int ICE_SERVER_LENGTH_MAX = 512;

  private static final Pattern TICKET_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,47}");
  private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern TOKEN = Pattern.compile("[!-~]{1,64}");
  private static final Pattern LINK = Pattern.compile("[ -~]{1," + ICE_SERVER_LENGTH_MAX + "}");

  /**
   * The one process that may take the ticket: another of its region would begin the conference a
   * second time.
   *
   * @param server the media server [srv]
   * @param incarnation which process of that name [inc]
   * @param conference in which [conf]
   * @param epoch of the conference when it was made; a server that knows a newer one refuses
   *     [epoch]
   */
  public record Place(ServerId server, String incarnation, ConferenceId conference, long epoch) {
    public Place {
      requireNonNull(server, "server");
      require(TOKEN, incarnation, "incarnation");
      requireNonNull(conference, "conference");
      if (epoch < 0) {
        throw new IllegalArgumentException("epoch must be 0 or above: " + epoch);
      }
    }
  }

  /**
   * Whose media, and on what terms; as {@link AdmitParticipant} has it.
   *
   * @param participant whose media [sub]
   * @param csrc the number under which others hear it [csrc]
   * @param listening how it wants to hear the others [listen]
   * @param profile which m-lines are acceptable [profile]
   * @param maySend false for a listener [send]
   * @param muted true if its audio is not to be passed on [muted]
   * @param held true if it neither hears nor is heard for now [held]
   * @param settings what holds if this begins the conference [slots, mixed]
   * @param replaces who has been taken out so that this one may take the place, or null [replaces]
   * @param session names what the offer begins; cannot be guessed [leg]
   */
  public record Terms(
      ParticipantId participant,
      long csrc,
      Listening listening,
      SignallingProfile profile,
      boolean maySend,
      boolean muted,
      boolean held,
      ConferenceSettings settings,
      @Nullable ParticipantId replaces,
      String session) {
    public Terms {
      requireNonNull(participant, "participant");
      requireNonNull(listening, "listening");
      requireNonNull(profile, "profile");
      requireNonNull(settings, "settings");
      require(SESSION, session, "session");
      if (csrc < 0 || csrc > 0xFFFF_FFFFL) {
        throw new IllegalArgumentException("csrc must fit 32 bits, unsigned: " + csrc);
      }
    }

    /** Returns the order that a session node would give with this offer. */
    public AdmitParticipant admit(String offer) {
      return new AdmitParticipant(
          participant,
          csrc,
          offer,
          listening,
          profile,
          maySend,
          muted,
          settings,
          replaces,
          session);
    }
  }

  public MediaTicket {
    require(TICKET_ID, ticketId, "ticketId");
    requireNonNull(place, "place");
    requireNonNull(terms, "terms");
    requireNonNull(issuedAt, "issuedAt");
    iceServers = List.copyOf(iceServers);
    if (iceServers.size() > ICE_SERVERS_MAX) {
      throw new IllegalArgumentException("too many ICE servers: " + iceServers.size());
    }
    if (!iceServers.stream().allMatch(LINK.asMatchPredicate())) {
      throw new IllegalArgumentException("an ICE server is no field value");
    }
  }

  /** From then on it is of no use [exp]. */
  public Instant expiresAt() {
    return issuedAt.plus(LIFETIME);
  }

  private static void require(Pattern shape, String value, String name) {
    if (!shape.matcher(requireNonNull(value, name)).matches()) {
      throw new IllegalArgumentException(name + " must fit " + shape);
    }
  }
}
