package dev.parley.common.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.parley.common.control.Order.ConferenceSettings;
import dev.parley.common.control.Order.Listening;
import dev.parley.common.control.Order.SignallingProfile;
import dev.parley.common.control.TicketKey;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Signs and checks the media tickets of one region (HS256). A key is one region's alone, and the
 * ticket names the region, so that one region's servers cannot make or take another's. Thread-safe.
 */
public final class MediaTickets {
  /** Longest ticket, in characters: one with many TURN servers. */
  public static final int LENGTH_MAX = 8_192;

  private static final String AUDIENCE = "media:";
  private static final String SERVER = "srv";
  private static final String INCARNATION = "inc";
  private static final String CONFERENCE = "conf";
  private static final String EPOCH = "epoch";
  private static final String CSRC = "csrc";
  private static final String LISTENING = "listen";
  private static final String PROFILE = "profile";
  private static final String MAY_SEND = "send";
  private static final String MUTED = "muted";
  private static final String HELD = "held";
  private static final String SPEAKER_SLOTS = "slots";
  private static final String MIXED_SPEAKERS = "mixed";
  private static final String REPLACES = "replaces";
  private static final String SESSION = "leg";
  private static final String ICE_SERVERS = "ice";

  private final String audience;
  private final TicketKey signingKey;
  private final MACSigner signer;
  private final Map<String, MACVerifier> verifiers = new HashMap<>();

  /**
   * Takes a region's keys.
   *
   * @param keys those that are good now; the first signs
   */
  public MediaTickets(Region region, List<TicketKey> keys) {
    audience = AUDIENCE + region.value();
    signingKey = keys.getFirst();
    try {
      signer = new MACSigner(signingKey.bytes());
      for (TicketKey key : keys) {
        verifiers.put(key.id(), new MACVerifier(key.bytes()));
      }
    } catch (JOSEException e) {
      throw new IllegalStateException("a TicketKey is long enough for HS256", e);
    }
  }

  /** Returns the ticket in its compact form, which may stand in a path as it is. */
  public String sign(MediaTicket ticket) {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.HS256)
            .type(JOSEObjectType.JWT)
            .keyID(signingKey.id())
            .build();
    SignedJWT signed = new SignedJWT(header, claims(ticket));
    try {
      signed.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException("HMAC with SHA-256 failed", e);
    }
    return signed.serialize();
  }

  /**
   * Returns what a ticket says if it is genuine, of this region and good now, otherwise null. Who
   * holds a bad one learns nothing of why.
   */
  public @Nullable MediaTicket verify(String text, Instant now) {
    if (text.length() > LENGTH_MAX) {
      return null;
    }
    try {
      SignedJWT signed = SignedJWT.parse(text);
      JWSHeader header = signed.getHeader();
      MACVerifier verifier = verifiers.get(header.getKeyID());
      if (!JWSAlgorithm.HS256.equals(header.getAlgorithm())
          || header.getCriticalParams() != null
          || verifier == null
          || !signed.verify(verifier)) {
        return null;
      }
      JWTClaimsSet set = signed.getJWTClaimsSet();
      return set.getAudience().contains(audience) ? inTime(ticket(set), now) : null;
    } catch (ParseException | JOSEException | RuntimeException e) {
      // The parser lets some unchecked exceptions of its JSON reader through.
      return null;
    }
  }

  /** Two hosts' clocks may differ, so the leeway is that of join tokens. */
  private static @Nullable MediaTicket inTime(MediaTicket ticket, Instant now) {
    boolean isGood =
        !now.plus(MediaTicket.LEEWAY).isBefore(ticket.issuedAt())
            && now.minus(MediaTicket.LEEWAY).isBefore(ticket.expiresAt());
    return isGood ? ticket : null;
  }

  /** What is usual is left out: the ticket stands in a URL. */
  private JWTClaimsSet claims(MediaTicket ticket) {
    MediaTicket.Place place = ticket.place();
    MediaTicket.Terms terms = ticket.terms();
    ParticipantId replaces = terms.replaces();
    JWTClaimsSet.Builder set =
        new JWTClaimsSet.Builder()
            .audience(audience)
            .jwtID(ticket.ticketId())
            .issueTime(Date.from(ticket.issuedAt()))
            .expirationTime(Date.from(ticket.expiresAt()))
            .claim(SERVER, place.server().value())
            .claim(INCARNATION, place.incarnation())
            .claim(CONFERENCE, place.conference().value())
            .claim(EPOCH, place.epoch())
            .subject(terms.participant().value())
            .claim(CSRC, terms.csrc())
            .claim(LISTENING, terms.listening().name())
            .claim(PROFILE, terms.profile().name())
            .claim(SPEAKER_SLOTS, terms.settings().speakerSlots())
            .claim(MIXED_SPEAKERS, terms.settings().mixedSpeakers())
            .claim(REPLACES, replaces == null ? null : replaces.value())
            .claim(SESSION, terms.session())
            .claim(ICE_SERVERS, ticket.iceServers().isEmpty() ? null : ticket.iceServers());
    putIfTrue(set, MAY_SEND, terms.maySend());
    putIfTrue(set, MUTED, terms.muted());
    putIfTrue(set, HELD, terms.held());
    return set.build();
  }

  private static void putIfTrue(JWTClaimsSet.Builder set, String claim, boolean value) {
    if (value) {
      set.claim(claim, true);
    }
  }

  private static MediaTicket ticket(JWTClaimsSet set) throws ParseException {
    List<String> iceServers = set.getStringListClaim(ICE_SERVERS);
    return new MediaTicket(
        set.getJWTID(),
        new MediaTicket.Place(
            new ServerId(set.getStringClaim(SERVER)),
            set.getStringClaim(INCARNATION),
            new ConferenceId(set.getStringClaim(CONFERENCE)),
            set.getLongClaim(EPOCH)),
        terms(set),
        iceServers == null ? List.of() : iceServers,
        set.getIssueTime().toInstant());
  }

  private static MediaTicket.Terms terms(JWTClaimsSet set) throws ParseException {
    String replaces = set.getStringClaim(REPLACES);
    return new MediaTicket.Terms(
        new ParticipantId(set.getSubject()),
        set.getLongClaim(CSRC),
        Listening.valueOf(set.getStringClaim(LISTENING)),
        SignallingProfile.valueOf(set.getStringClaim(PROFILE)),
        isTrue(set, MAY_SEND),
        isTrue(set, MUTED),
        isTrue(set, HELD),
        new ConferenceSettings(
            set.getIntegerClaim(SPEAKER_SLOTS), set.getIntegerClaim(MIXED_SPEAKERS)),
        replaces == null ? null : new ParticipantId(replaces),
        set.getStringClaim(SESSION));
  }

  private static boolean isTrue(JWTClaimsSet set, String claim) throws ParseException {
    return Boolean.TRUE.equals(set.getBooleanClaim(claim));
  }
}
