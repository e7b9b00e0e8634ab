package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.MetadataRegion;
import dev.parley.common.id.ParticipantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes ids that nobody can guess. Those of conferences begin with the time, as a ULID does, so
 * that a store whose items are in order has those together that are new; by random ones, each
 * create would change a page of its own. Thread-safe.
 */
public final class ConferenceIds {
  /** Crockford's base 32: no letter that is easily taken for a digit. */
  private static final char[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();

  private static final int BITS_PER_CHARACTER = 5;
  private static final int CHARACTERS = 26;
  private static final int BYTES = 17;

  /** Of these, milliseconds since 1970 take so many; 80 random bits are left. */
  private static final int TIME_CHARACTERS = 10;

  private final SecureRandom random = new SecureRandom();
  private final byte[] key;
  private final MetadataRegions regions;
  private final InstantSource clock;

  /**
   * Takes the key that turns idempotency keys into ids.
   *
   * @param key the same on every node
   * @param regions in whose libraries what is made may be
   * @param clock by which conferences are made
   */
  public ConferenceIds(byte[] key, MetadataRegions regions, InstantSource clock) {
    this.key = key.clone();
    this.regions = regions;
    this.clock = clock;
  }

  /** Where there is one library for all. */
  public ConferenceIds(byte[] key, InstantSource clock) {
    this(key, MetadataRegions.NONE, clock);
  }

  /** Returns a new id for a conference whose names are in the primary region's library. */
  public ConferenceId conference() {
    return conference((String) null);
  }

  /** Returns a new id for a conference whose names are in that region's library. */
  ConferenceId conference(@Nullable String region) {
    return new ConferenceId(MetadataRegion.mark("cf_" + timed(), region));
  }

  /**
   * Returns the id of the conference that this key makes: always the same, so that the conference
   * is its own record of the request.
   *
   * @param region in whose library its names are; null for the primary's
   */
  public ConferenceId conference(String tenant, String idempotencyKey, @Nullable String region) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] hash = mac.doFinal((tenant + '\0' + idempotencyKey).getBytes(StandardCharsets.UTF_8));
      return new ConferenceId(MetadataRegion.mark("cf_" + text(hash), region));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no HmacSHA256", e);
    }
  }

  /** Returns what the id would be if policies had said something else when it was made. */
  List<ConferenceId> elsewhere(String tenant, ConferenceId id) {
    return regions.elsewhere(tenant, id.value()).stream().map(ConferenceId::new).toList();
  }

  /** Returns a new id for a participant. */
  public ParticipantId participant() {
    return new ParticipantId("pt_" + random());
  }

  /** Returns a new secret id for a media session. */
  public String mediaSession() {
    return random();
  }

  /** Makes the id of a media ticket. */
  String mediaTicket() {
    return "mt_" + random();
  }

  private String timed() {
    StringBuilder text = new StringBuilder(CHARACTERS);
    long now = clock.millis();
    for (int i = TIME_CHARACTERS - 1; i >= 0; i--) {
      text.append(ALPHABET[(int) (now >>> i * BITS_PER_CHARACTER) & 31]);
    }
    return text.append(random(), 0, CHARACTERS - TIME_CHARACTERS).toString();
  }

  private String random() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return text(bytes);
  }

  /** The first 130 bits. */
  private static String text(byte[] bytes) {
    StringBuilder text = new StringBuilder(CHARACTERS);
    int bits = 0;
    int bitCount = 0;
    int index = 0;
    while (text.length() < CHARACTERS) {
      if (bitCount < BITS_PER_CHARACTER) {
        bits = (bits << Byte.SIZE) | (bytes[index++] & 0xFF);
        bitCount += Byte.SIZE;
      }
      bitCount -= BITS_PER_CHARACTER;
      text.append(ALPHABET[(bits >>> bitCount) & 31]);
    }
    return text.toString();
  }
}
