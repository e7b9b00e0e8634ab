package dev.parley.common.s3;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Signs URLs of one bucket by AWS Signature Version 4 in the query, payload unsigned; byte for byte
 * what the AWS SDK's presigner makes. A URL costs two hashes, and little besides its own text is
 * allocated. Thread-safe.
 */
public final class QuerySigner {
  /** The longest that a URL may be good for: seven days. */
  public static final int EXPIRES_SEC_MAX = 604_800;

  private static final int KEPT_MAX = 32;
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";

  private final BucketAddress address;
  private final String region;
  private final SigningKey signingKey;
  private final String credentialStart;
  private final String scopeEnd;

  /** Those not in use: what a signature is written in is worth keeping. */
  private final ArrayBlockingQueue<Desk> desks = new ArrayBlockingQueue<>(KEPT_MAX);

  /**
   * Signs for a bucket.
   *
   * @param region as the store calls it, such as {@code eu-central-1}
   */
  public QuerySigner(BucketAddress address, AccessKey key, String region) {
    this.address = address;
    this.region = region;
    signingKey = new SigningKey(key, region);
    credentialStart = key.id() + "/";
    scopeEnd = "/" + region + "/s3/aws4_request";
  }

  /** Where its URLs lead. */
  public BucketAddress address() {
    return address;
  }

  /** As the store calls it. */
  public String region() {
    return region;
  }

  /**
   * Returns the signed URL.
   *
   * @param epochSec from when it is good
   * @param expiresSec for how long, 1 to {@link #EXPIRES_SEC_MAX}
   */
  public String sign(UrlRequest request, long epochSec, int expiresSec) {
    if (expiresSec < 1 || expiresSec > EXPIRES_SEC_MAX) {
      throw new IllegalArgumentException("a URL is good for 1 s to 7 days, not " + expiresSec);
    }
    Desk desk = desks.poll();
    if (desk == null) {
      desk = new Desk();
    }
    String url = desk.sign(request, epochSec, expiresSec);
    // If there are enough, this one is left to the collector.
    boolean _ = desks.offer(desk);
    return url;
  }

  /** What one signature is written in. One thread at a time. */
  private final class Desk {
    private final ByteText url = new ByteText();
    private final ByteText canonical = new ByteText();
    private final ByteText names = new ByteText();
    private final ByteText values = new ByteText();
    private final ByteText credential = new ByteText();
    private final MessageDigest sha256 = sha256();
    private final byte[] hash = new byte[32];
    private long second = Long.MIN_VALUE;
    private String time = "";
    private String day = "";
    private @Nullable Mac mac;

    String sign(UrlRequest request, long epochSec, int expiresSec) {
      setTime(epochSec);
      writeHeaders(request.headers());
      url.clear().ascii(address.origin());
      int pathStart = url.length();
      url.ascii(address.path()).ascii('/').encoded(request.key(), true);
      int pathEnd = url.length();
      url.ascii('?');
      writeParameters(url, request.parameters(), false);
      if (!request.parameters().isEmpty()) {
        url.ascii('&');
      }
      writeSigned(url, expiresSec);

      canonical.clear().ascii(request.method().name()).ascii('\n');
      canonical.part(url, pathStart, pathEnd).ascii('\n');
      writeCanonicalQuery(expiresSec);
      writeParameters(canonical, request.parameters(), true);
      canonical.ascii('\n').part(values, 0, values.length()).ascii('\n');
      canonical.part(names, 0, names.length()).ascii("\nUNSIGNED-PAYLOAD");
      url.ascii("&X-Amz-Signature=").hex(signature());
      return url.toString();
    }

    private void writeParameters(ByteText to, List<UrlRequest.Field> fields, boolean isMore) {
      for (int i = 0; i < fields.size(); i++) {
        if (i > 0 || isMore) {
          to.ascii('&');
        }
        UrlRequest.Field field = fields.get(i);
        to.encoded(field.name(), false);
        // In the URL a bare name will do, and the SDK leaves it at that.
        if (!field.value().isEmpty() || to == canonical) {
          to.ascii('=').encoded(field.value(), false);
        }
      }
    }

    /** In the order in which the SDK writes them. */
    private void writeSigned(ByteText to, int expiresSec) {
      to.ascii("X-Amz-Algorithm=" + ALGORITHM + "&X-Amz-Date=").ascii(time);
      to.ascii("&X-Amz-SignedHeaders=");
      writeNames(to);
      to.ascii("&X-Amz-Credential=").part(credential, 0, credential.length());
      to.ascii("&X-Amz-Expires=").decimal(expiresSec);
    }

    /** In the order of their names. */
    private void writeCanonicalQuery(int expiresSec) {
      canonical.ascii("X-Amz-Algorithm=" + ALGORITHM + "&X-Amz-Credential=");
      canonical.part(credential, 0, credential.length());
      canonical.ascii("&X-Amz-Date=").ascii(time).ascii("&X-Amz-Expires=").decimal(expiresSec);
      canonical.ascii("&X-Amz-SignedHeaders=");
      writeNames(canonical);
    }

    private void writeNames(ByteText to) {
      byte[] bytes = names.bytes();
      int from = 0;
      for (int i = 0; i < names.length(); i++) {
        if (bytes[i] == ';') {
          to.part(names, from, i).ascii("%3B");
          from = i + 1;
        }
      }
      to.part(names, from, names.length());
    }

    private void writeHeaders(List<UrlRequest.Field> headers) {
      names.clear();
      values.clear();
      boolean isHostDue = true;
      for (int i = 0; i < headers.size(); i++) {
        UrlRequest.Field header = headers.get(i);
        if (isHostDue && header.name().compareTo("host") > 0) {
          writeHeader("host", address.host());
          isHostDue = false;
        }
        writeHeader(header.name(), header.value());
      }
      if (isHostDue) {
        writeHeader("host", address.host());
      }
    }

    private void writeHeader(String name, String value) {
      if (names.length() > 0) {
        names.ascii(';');
      }
      names.ascii(name);
      values.ascii(name).ascii(':').headerValue(value).ascii('\n');
    }

    private byte[] signature() {
      try {
        sha256.update(canonical.bytes(), 0, canonical.length());
        int _ = sha256.digest(hash, 0, hash.length);
        canonical.clear().ascii(ALGORITHM + "\n").ascii(time).ascii('\n');
        canonical.ascii(day).ascii(scopeEnd).ascii('\n').hex(hash);
        Mac ready = mac;
        if (ready == null) {
          throw new IllegalStateException("no time was set");
        }
        ready.update(canonical.bytes(), 0, canonical.length());
        ready.doFinal(hash, 0);
        return hash;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("a hash of 32 bytes has another length", e);
      }
    }

    private void setTime(long epochSec) {
      if (epochSec == second) {
        return;
      }
      LocalDateTime at = LocalDateTime.ofEpochSecond(epochSec, 0, ZoneOffset.UTC);
      ByteText text = canonical.clear().decimal(at.getYear());
      text.twoDigits(at.getMonthValue()).twoDigits(at.getDayOfMonth());
      String newDay = text.toString();
      text.ascii('T').twoDigits(at.getHour()).twoDigits(at.getMinute()).twoDigits(at.getSecond());
      time = text.ascii('Z').toString();
      second = epochSec;
      if (!newDay.equals(day)) {
        day = newDay;
        mac = SigningKey.hmac(signingKey.of(day));
        String scope = credentialStart + day + scopeEnd;
        credential.clear().encoded(scope, false);
      }
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }
}
