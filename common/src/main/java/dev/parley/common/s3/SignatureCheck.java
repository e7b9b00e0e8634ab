package dev.parley.common.s3;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Judges requests that are signed by AWS Signature Version 4 in their query, with one access key.
 * Thread-safe.
 */
public final class SignatureCheck {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String PREFIX = "X-Amz-";
  private static final String OWN_HEADER = "x-amz-";

  /** How far a signer's clock may be ahead, in seconds; S3 allows as much. */
  private static final long AHEAD_SEC_MAX = 900;

  private static final Pattern DATE = Pattern.compile("[0-9]{8}T[0-9]{6}Z");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");
  private static final Pattern NAMES = Pattern.compile("[a-z0-9;_.-]{1,1024}");
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withResolverStyle(ResolverStyle.STRICT);

  private final AccessKey key;
  private final SigningKey signingKey;
  private final String scopeEnd;

  /** Knows one key, in one region of the store's own naming. */
  public SignatureCheck(AccessKey key, String region) {
    this.key = key;
    signingKey = new SigningKey(key, region);
    scopeEnd = "/" + region + "/s3/aws4_request";
  }

  /** What is to be thought of a request. */
  public enum Verdict {
    GOOD,
    /** No signature at all. */
    UNSIGNED,
    /** Something that a signature needs is missing or is no such thing. */
    MALFORMED,
    /** Signed with a key, or for a region, that is not ours. */
    FOREIGN,
    EXPIRED,
    /** Its time has not come. */
    TOO_EARLY,
    /** The signature is of something else. */
    WRONG
  }

  /** Judges; a request whose signature is wrong is never told that it came too late. */
  public Verdict check(SignedRequest request, long nowSec) {
    if (request.signature().isEmpty()) {
      return Verdict.UNSIGNED;
    }
    String date = request.parameter(PREFIX + "Date");
    String expires = request.parameter(PREFIX + "Expires");
    String names = request.parameter(PREFIX + "SignedHeaders");
    if (!ALGORITHM.equals(request.parameter(PREFIX + "Algorithm"))
        || date == null
        || !DATE.matcher(date).matches()
        || expires == null
        || !NUMBER.matcher(expires).matches()
        || names == null
        || !NAMES.matcher(names).matches()) {
      return Verdict.MALFORMED;
    }
    Long signedAt = epochSec(date);
    int expiresSec = Integer.parseInt(expires);
    if (signedAt == null || expiresSec < 1 || expiresSec > QuerySigner.EXPIRES_SEC_MAX) {
      return Verdict.MALFORMED;
    }
    String day = date.substring(0, 8);
    String credential = key.id() + "/" + day + scopeEnd;
    if (!credential.equals(request.parameter(PREFIX + "Credential"))) {
      return Verdict.FOREIGN;
    }
    String headers = headers(names, request.headers());
    if (headers == null || !isSame(request, canonical(request, headers, names), date, day)) {
      return Verdict.WRONG;
    }
    if (signedAt > nowSec + AHEAD_SEC_MAX) {
      return Verdict.TOO_EARLY;
    }
    return nowSec > signedAt + expiresSec ? Verdict.EXPIRED : Verdict.GOOD;
  }

  private boolean isSame(SignedRequest request, ByteText canonical, String date, String day) {
    MessageDigest sha256 = QuerySigner.sha256();
    sha256.update(canonical.bytes(), 0, canonical.length());
    ByteText toSign = canonical.clear();
    toSign.ascii(ALGORITHM + "\n").ascii(date).ascii('\n').ascii(day).ascii(scopeEnd).ascii('\n');
    toSign.hex(sha256.digest());
    Mac mac = SigningKey.hmac(signingKey.of(day));
    mac.update(toSign.bytes(), 0, toSign.length());
    String expected = new ByteText().hex(mac.doFinal()).toString();
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.US_ASCII),
        request.signature().getBytes(StandardCharsets.UTF_8));
  }

  private static ByteText canonical(SignedRequest request, String headers, String names) {
    ByteText canonical = new ByteText();
    canonical.ascii(request.method()).ascii('\n').encoded(request.path(), true).ascii('\n');
    Map<String, String> sorted = new TreeMap<>();
    request
        .parameters()
        .forEach((name, value) ->
            sorted.put(
                new ByteText().encoded(name, false).toString(),
                new ByteText().encoded(value, false).toString()));
    boolean isFirst = true;
    for (Map.Entry<String, String> parameter : sorted.entrySet()) {
      if (!isFirst) {
        canonical.ascii('&');
      }
      canonical.ascii(parameter.getKey()).ascii('=').ascii(parameter.getValue());
      isFirst = false;
    }
    canonical.ascii('\n').ascii(headers).ascii('\n').ascii(names).ascii("\nUNSIGNED-PAYLOAD");
    return canonical;
  }

  /**
   * Returns the signed headers as they were signed; null if one of them is missing, if {@code host}
   * is not among them, or if the store would heed another that is not.
   */
  private static @Nullable String headers(String names, Map<String, String> headers) {
    ByteText text = new ByteText();
    String before = "";
    boolean hasHost = false;
    int ownHeaders = 0;
    for (String name : names.split(";", -1)) {
      String value = headers.get(name);
      if (value == null || name.compareTo(before) <= 0) {
        return null;
      }
      before = name;
      hasHost |= name.equals("host");
      ownHeaders += name.startsWith(OWN_HEADER) ? 1 : 0;
      text.ascii(name).ascii(':').headerValue(value).ascii('\n');
    }
    long toSign = headers.keySet().stream().filter(name -> name.startsWith(OWN_HEADER)).count();
    return hasHost && ownHeaders == toSign ? text.toString() : null;
  }

  private static @Nullable Long epochSec(String date) {
    try {
      return LocalDateTime.parse(date, FORMAT).toEpochSecond(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
