package dev.parley.common.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Signs and checks the media tickets of one region (HS256). A key is one region's alone, and the
 * ticket names the region, so that one region's servers cannot make or take another's. Thread-safe.
 */
public final class MediaTickets {
  private static final int LENGTH_MAX = 2_048;
  private static final String AUDIENCE = "media:";
  private static final String CONFERENCE = "conf";
  private static final String EPOCH = "epoch";
  private static final String GRANTS = "grants";
  private static final JWSHeader HEADER =
      new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).build();
  private static final Grants NOTHING = new Grants(AudioGrant.NONE, false, false, false);

  private final String audience;
  private final MACSigner signer;
  private final MACVerifier verifier;

  /**
   * Takes a region's key.
   *
   * @param key at least 32 bytes (RFC 7518 §3.2)
   */
  public MediaTickets(Region region, byte[] key) {
    audience = AUDIENCE + region.value();
    try {
      signer = new MACSigner(key);
      verifier = new MACVerifier(key);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("the key must have 32 bytes or more", e);
    }
  }

  /** Returns the ticket in its compact form. */
  public String sign(MediaTicket ticket) {
    JWTClaimsSet set =
        new JWTClaimsSet.Builder()
            .audience(audience)
            .subject(ticket.participant().value())
            .claim(CONFERENCE, ticket.conference().value())
            .claim(EPOCH, ticket.epoch())
            .claim(GRANTS, GrantClaims.write(ticket.grants()))
            .issueTime(Date.from(ticket.issuedAt()))
            .expirationTime(Date.from(ticket.expiresAt()))
            .jwtID(ticket.ticketId())
            .build();
    SignedJWT signed = new SignedJWT(HEADER, set);
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
      if (!JWSAlgorithm.HS256.equals(header.getAlgorithm())
          || header.getCriticalParams() != null
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
        !now.plus(JoinTokenVerifier.LEEWAY).isBefore(ticket.issuedAt())
            && now.minus(JoinTokenVerifier.LEEWAY).isBefore(ticket.expiresAt());
    return isGood ? ticket : null;
  }

  private static MediaTicket ticket(JWTClaimsSet set) throws ParseException {
    Map<String, Object> grants = set.getJSONObjectClaim(GRANTS);
    return new MediaTicket(
        set.getJWTID(),
        new ConferenceId(set.getStringClaim(CONFERENCE)),
        new ParticipantId(set.getSubject()),
        set.getLongClaim(EPOCH),
        GrantClaims.read(grants, NOTHING),
        set.getIssueTime().toInstant());
  }
}
