package dev.parley.common.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The reference is the AWS SDK's presigner: 10 500 cases, and its URLs must be ours. */
final class QuerySignerTest {
  private static final Pattern DATE = Pattern.compile("X-Amz-Date=([0-9TZ]{16})");
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'");
  private static final int URLS = 20_000;

  private static final Map<Place, S3Presigner> PRESIGNERS = new ConcurrentHashMap<>();

  /** Where to sign for, and with what. */
  record Place(String endpoint, boolean isPathStyle, String region, String bucket, String secret) {
    S3Presigner presigner() {
      return PRESIGNERS.computeIfAbsent(
          this,
          _ ->
              S3Presigner.builder()
                  .endpointOverride(URI.create(endpoint))
                  .region(Region.of(region))
                  .credentialsProvider(
                      StaticCredentialsProvider.create(
                          AwsBasicCredentials.create("AKIDEXAMPLE", secret)))
                  .serviceConfiguration(
                      S3Configuration.builder().pathStyleAccessEnabled(isPathStyle).build())
                  .build());
    }

    QuerySigner signer() {
      return new QuerySigner(
          BucketAddress.of(URI.create(endpoint), bucket, isPathStyle),
          new AccessKey("AKIDEXAMPLE", secret),
          region);
    }
  }

  @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
  void readingIsSignedAsTheSdkDoes(
      @ForAll("places") Place place,
      @ForAll("keys") String key,
      @ForAll("values") String disposition,
      @ForAll("values") String contentType,
      @ForAll @IntRange(min = 1, max = QuerySigner.EXPIRES_SEC_MAX) int expiresSec) {
    String expected =
        place
            .presigner()
            .presignGetObject(wish ->
                wish.signatureDuration(Duration.ofSeconds(expiresSec))
                    .getObjectRequest(get ->
                        get.bucket(place.bucket())
                            .key(key)
                            .responseContentDisposition(disposition)
                            .responseContentType(contentType)))
            .url()
            .toString();

    assertSame(place, UrlRequest.get(key, disposition, contentType), expiresSec, expected);
  }

  @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
  void writingIsSignedAsTheSdkDoes(
      @ForAll("places") Place place,
      @ForAll("keys") String key,
      @ForAll("types") String contentType,
      @ForAll("hashes") String sha256,
      @ForAll @IntRange(min = 0, max = Integer.MAX_VALUE) int lengthBytes) {
    String expected =
        place
            .presigner()
            .presignPutObject(wish ->
                wish.signatureDuration(Duration.ofMinutes(10))
                    .putObjectRequest(put ->
                        put.bucket(place.bucket())
                            .key(key)
                            .contentLength((long) lengthBytes)
                            .contentType(contentType)
                            .checksumSHA256(sha256)))
            .url()
            .toString();

    assertSame(place, UrlRequest.put(key, lengthBytes, contentType, sha256), 600, expected);
  }

  @Property(tries = 1500, shrinking = ShrinkingMode.OFF)
  void partsAreSignedAsTheSdkDoes(
      @ForAll("places") Place place,
      @ForAll("keys") String key,
      @ForAll("values") String uploadId,
      @ForAll("hashes") String sha256,
      @ForAll @IntRange(min = 1, max = 10_000) int part) {
    String expected =
        place
            .presigner()
            .presignUploadPart(wish ->
                wish.signatureDuration(Duration.ofMinutes(10))
                    .uploadPartRequest(put ->
                        put.bucket(place.bucket())
                            .key(key)
                            .uploadId(uploadId)
                            .partNumber(part)
                            .checksumSHA256(sha256)))
            .url()
            .toString();

    assertSame(place, UrlRequest.part(key, uploadId, part, sha256), 600, expected);
  }

  @Property(tries = 1500, shrinking = ShrinkingMode.OFF)
  void askingIsSignedAsTheSdkDoes(@ForAll("places") Place place, @ForAll("keys") String key) {
    String expected =
        place
            .presigner()
            .presignHeadObject(wish ->
                wish.signatureDuration(Duration.ofSeconds(60))
                    .headObjectRequest(head ->
                        head.bucket(place.bucket()).key(key).checksumMode(ChecksumMode.ENABLED)))
            .url()
            .toString();

    assertSame(place, UrlRequest.head(key), 60, expected);
  }

  @Property(tries = 1500, shrinking = ShrinkingMode.OFF)
  void removingIsSignedAsTheSdkDoes(@ForAll("places") Place place, @ForAll("keys") String key) {
    String expected =
        place
            .presigner()
            .presignDeleteObject(wish ->
                wish.signatureDuration(Duration.ofSeconds(60))
                    .deleteObjectRequest(delete -> delete.bucket(place.bucket()).key(key)))
            .url()
            .toString();

    assertSame(place, UrlRequest.delete(key), 60, expected);
  }

  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void uploadsInPartsAreSignedAsTheSdkDoes(
      @ForAll("places") Place place,
      @ForAll("keys") String key,
      @ForAll("values") String uploadId,
      @ForAll("types") String contentType) {
    Duration goodFor = Duration.ofMinutes(10);
    String created =
        place
            .presigner()
            .presignCreateMultipartUpload(wish ->
                wish.signatureDuration(goodFor)
                    .createMultipartUploadRequest(create ->
                        create
                            .bucket(place.bucket())
                            .key(key)
                            .contentType(contentType)
                            .checksumAlgorithm(ChecksumAlgorithm.SHA256)))
            .url()
            .toString();
    String completed =
        place
            .presigner()
            .presignCompleteMultipartUpload(wish ->
                wish.signatureDuration(goodFor)
                    .completeMultipartUploadRequest(
                        complete -> complete.bucket(place.bucket()).key(key).uploadId(uploadId)))
            .url()
            .toString();
    String aborted =
        place
            .presigner()
            .presignAbortMultipartUpload(wish ->
                wish.signatureDuration(goodFor)
                    .abortMultipartUploadRequest(
                        abort -> abort.bucket(place.bucket()).key(key).uploadId(uploadId)))
            .url()
            .toString();

    assertSame(place, UrlRequest.create(key, contentType), 600, created);
    assertSame(place, UrlRequest.complete(key, uploadId), 600, completed);
    assertSame(place, UrlRequest.abort(key, uploadId), 600, aborted);
  }

  @Test
  void aUrlCostsLittleMemoryBesideItself() {
    QuerySigner signer =
        new Place("https://s3.example.com", true, "eu-central-1", "bucket", "secretsecret")
            .signer();
    UrlRequest request = UrlRequest.get("ob_1/plan.pdf", "attachment", null);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int lengthBytes = 0;
    for (int i = 0; i < URLS; i++) {
      lengthBytes = signer.sign(request, 1_800_000_000 + i / 1000, 600).length();
    }

    long beforeBytes = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < URLS; i++) {
      lengthBytes = signer.sign(request, 1_800_100_000 + i / 1000, 600).length();
    }
    long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - beforeBytes;

    // The text itself, and what the JDK's hashes take for themselves.
    assertThat(allocatedBytes / URLS).isLessThan(lengthBytes + 400L);
  }

  @Test
  void daysHaveTheirOwnKeysInAnyOrder() {
    Place place = new Place("https://s3.example.com", true, "eu", "bucket", "secretsecret");
    QuerySigner signer = place.signer();
    UrlRequest request = UrlRequest.delete("key");
    long day = 86_400;

    String first = signer.sign(request, 100 * day, 60);
    String second = signer.sign(request, 101 * day, 60);

    assertThat(second).isNotEqualTo(first);
    assertThat(signer.sign(request, 100 * day, 60)).isEqualTo(first);
    assertThat(place.signer().sign(request, 101 * day, 60)).isEqualTo(second);
  }

  @Test
  void noUrlIsGoodForNoTimeOrForMoreThanAWeek() {
    QuerySigner signer = new Place("http://127.0.0.1", true, "eu", "bucket", "secret12").signer();

    assertThatThrownBy(() -> signer.sign(UrlRequest.delete("k"), 0, 0)).hasMessageContaining("0");
    assertThatThrownBy(
            () -> signer.sign(UrlRequest.delete("k"), 0, QuerySigner.EXPIRES_SEC_MAX + 1))
        .hasMessageContaining("604801");
  }

  @Test
  void aKeyNeverShowsItsSecret() {
    assertThat(AccessKey.parse("AKID:top-secret").toString()).isEqualTo("AccessKey[AKID]");
    assertThatThrownBy(() -> AccessKey.parse("top secret")).message().doesNotContain("top");
  }

  private static void assertSame(Place place, UrlRequest request, int expiresSec, String expected) {
    Matcher date = DATE.matcher(expected);
    assertThat(date.find()).isTrue();
    long epochSec = LocalDateTime.parse(date.group(1), FORMAT).toEpochSecond(ZoneOffset.UTC);
    assertThat(place.signer().sign(request, epochSec, expiresSec)).isEqualTo(expected);
  }

  @Provide
  Arbitrary<Place> places() {
    return Combinators.combine(
            Arbitraries.of(
                "http://127.0.0.1:9000",
                "http://localhost:80",
                "https://s3.example.com",
                "https://objects.example.com:8443",
                "https://example.com/deep/path/"),
            Arbitraries.of(true, false),
            Arbitraries.of("eu-central-1", "us-east-2"),
            Arbitraries.of("bucket", "my-bucket-7"),
            Arbitraries.of("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "other+secret=="))
        .as(Place::new)
        // The SDK puts no bucket before an address.
        .filter(place -> place.isPathStyle() || !place.endpoint().contains("127.0.0.1"));
  }

  @Provide
  Arbitrary<String> keys() {
    return Arbitraries.oneOf(
            Arbitraries.strings().all().ofMinLength(1).ofMaxLength(40).map(QuerySignerTest::whole),
            Arbitraries.strings().ascii().ofMinLength(1).ofMaxLength(80),
            Arbitraries.strings().withChars("abc/._-~+ %'()*!").ofMinLength(1).ofMaxLength(200),
            Arbitraries.integers().map(number -> "ob_" + number + "/rec \uD83C\uDFA4 é.ogg"))
        // Behind an endpoint with a path, the SDK swallows a key's first slash, so signs another
        // key.
        .map(key -> key.startsWith("/") ? "x" + key : key);
  }

  @Provide
  Arbitrary<String> values() {
    return Arbitraries.oneOf(
        Arbitraries.strings().all().ofMinLength(1).ofMaxLength(30).map(QuerySignerTest::whole),
        Arbitraries.of("attachment; filename=\"a b.txt\"; filename*=UTF-8''%c3%a9", "text/plain"));
  }

  @Provide
  Arbitrary<String> types() {
    return Arbitraries.oneOf(
        Arbitraries.of("text/plain;  charset=utf-8", "audio/ogg; codecs=opus", " a/b "),
        Arbitraries.strings().withCharRange(' ', '~').ofMinLength(1).ofMaxLength(40));
  }

  @Provide
  Arbitrary<String> hashes() {
    return Arbitraries.bytes()
        .array(byte[].class)
        .ofSize(32)
        .map(Base64.getEncoder()::encodeToString);
  }

  /** No halves of surrogate pairs: they are no characters. */
  private static String whole(String text) {
    String whole = text.replaceAll("[\\uD800-\\uDFFF]", "x");
    return whole.isBlank() ? "x" : whole;
  }
}
