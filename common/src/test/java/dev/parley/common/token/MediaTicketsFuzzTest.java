package dev.parley.common.token;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import dev.parley.common.control.TicketKey;
import dev.parley.common.id.Region;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Whatever is presented as a media ticket is judged, never thrown at. */
final class MediaTicketsFuzzTest {
  private static final Instant NOW = Instant.parse("2026-11-22T04:00:00Z");
  private static final TicketKey KEY = TicketKey.of("1", new byte[32]);

  private final MediaTickets tickets = new MediaTickets(new Region("eu"), List.of(KEY));

  @FuzzTest
  void everyTicketIsJudged(FuzzedDataProvider data) {
    byte[] bytes = data.consumeRemainingAsBytes();
    if (tickets.verify(new String(bytes, StandardCharsets.ISO_8859_1), NOW) != null) {
      throw new AssertionError("a forged ticket was taken");
    }
  }

  /** The signature is right and the claims are anything: a newer session node's, or a mistake's. */
  @FuzzTest
  void everyGenuineTicketIsJudged(FuzzedDataProvider data) throws JOSEException {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(KEY.id()).build();
    JWSObject signed = new JWSObject(header, new Payload(data.consumeRemainingAsBytes()));
    signed.sign(new MACSigner(KEY.bytes()));

    MediaTicket ticket = tickets.verify(signed.serialize(), NOW);

    if (ticket != null && ticket.expiresAt().isBefore(NOW.minus(MediaTicket.LEEWAY))) {
      throw new AssertionError("an old ticket was taken: " + ticket);
    }
  }
}
