package dev.parley.session.access;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Issues and redeems the signed one-time tickets that open an events WebSocket. A ticket carries
 * all that is needed to check it, so any node can; only that it was used is remembered.
 * Thread-safe.
 */
public final class EventTickets {
  /** How long a ticket is good for. */
  public static final Duration LIFETIME = Duration.ofSeconds(30);

  private static final int LENGTH_MAX = 512;
  private static final int FIELD_COUNT = 4;

  /** Who holds a ticket that is no participant's. */
  private static final String BACKEND = "-";

  private static final String VISITOR = "~";

  private final byte[] key;
  private final OneTimeUse used;
  private final Clock clock;

  public EventTickets(ServiceSecret secret, OneTimeUse used, Clock clock) {
    this.key = secret.derive("event-ticket");
    this.used = used;
    this.clock = clock;
  }

  /** A ticket's text, and what it stands for. */
  public record Issued(String text, EventTicket ticket) {}

  /** Makes a ticket for the client of a participant. */
  public Issued issue(ConferenceId conference, ParticipantId participant) {
    return issue(conference, participant, participant.value());
  }

  /** Makes a ticket for the tenant's backend. */
  public Issued issueToBackend(ConferenceId conference) {
    return issue(conference, null, BACKEND);
  }

  /** Makes a ticket for one who might join, and has not. */
  public Issued issueToVisitor(ConferenceId conference) {
    return issue(conference, null, VISITOR);
  }

  private Issued issue(
      ConferenceId conference, @Nullable ParticipantId participant, String holder) {
    Instant expiresAt = clock.instant().plus(LIFETIME);
    String body =
        String.join(
            " ",
            conference.value(),
            holder,
            Long.toString(expiresAt.toEpochMilli()),
            RandomText.base64(12));
    byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    String text =
        encoder.encodeToString(bytes)
            + "."
            + encoder.encodeToString(ServiceSecret.hmac(key, bytes));
    return new Issued(
        text, new EventTicket(conference, participant, holder.equals(BACKEND), expiresAt));
  }

  /** Uses a ticket up; returns null if it is forged, too old, or was used before. */
  public @Nullable EventTicket redeem(String text) {
    int dot = text.indexOf('.');
    if (text.length() > LENGTH_MAX || dot < 0) {
      return null;
    }
    byte[] bytes;
    byte[] signature;
    try {
      bytes = Base64.getUrlDecoder().decode(text.substring(0, dot));
      signature = Base64.getUrlDecoder().decode(text.substring(dot + 1));
    } catch (IllegalArgumentException e) {
      return null;
    }
    if (!MessageDigest.isEqual(signature, ServiceSecret.hmac(key, bytes))) {
      return null;
    }
    // Signed, so it is one of ours and has our shape.
    String[] fields = new String(bytes, StandardCharsets.US_ASCII).split(" ", FIELD_COUNT);
    Instant expiresAt = Instant.ofEpochMilli(Long.parseLong(fields[2]));
    if (!clock.instant().isBefore(expiresAt) || !used.isFirstUse("et:" + fields[3], LIFETIME)) {
      return null;
    }
    boolean isBackend = fields[1].equals(BACKEND);
    ParticipantId participant =
        isBackend || fields[1].equals(VISITOR) ? null : new ParticipantId(fields[1]);
    return new EventTicket(new ConferenceId(fields[0]), participant, isBackend, expiresAt);
  }
}
