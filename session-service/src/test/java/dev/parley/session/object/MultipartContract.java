package dev.parley.session.object;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.parley.common.s3.AccessKey;
import dev.parley.common.s3.BucketAddress;
import dev.parley.common.s3.QuerySigner;
import dev.parley.common.s3.UrlRequest;
import dev.parley.common.s3.XmlRows;
import dev.parley.session.object.ObjectStore.Found;
import dev.parley.session.object.s3.S3Store;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Uploads in parts by signed URLs, as every store must do them; each in a process of its own. */
public abstract class MultipartContract {
  private static final Duration GOOD_FOR = Duration.ofMinutes(5);
  private static final String KEY = "ob_1";
  private static final String TYPE = "audio/ogg; codecs=opus";
  private static final int PART_BYTES = 5 << 20;

  private final HttpClient http = HttpClient.newHttpClient();

  /** Where the store is, and what opens it. */
  public record Place(URI endpoint, String bucket, AccessKey key, String region) {}

  protected abstract Place place();

  /** True if it compares SHA-256, and demands that parts have a length. */
  protected abstract boolean isStrict();

  /** False if it takes requests that are signed for another purpose. */
  protected boolean checksSignatures() {
    return true;
  }

  /** What it says where S3 says this. */
  protected String codeFor(String code) {
    return code;
  }

  /** Kills it and starts it again. */
  protected abstract void restart() throws IOException;

  @AfterEach
  void closeClient() {
    http.close();
  }

  @Test
  void partsBecomeOneObject() throws Exception {
    byte[] first = bytes(PART_BYTES, 1);
    byte[] second = bytes(1000, 2);
    String upload = create();
    String firstTag = part(upload, 1, first);
    restart();
    String secondTag = part(upload, 2, second);

    assertThat(parts(upload))
        .extracting(row -> row.get("PartNumber"), row -> row.get("Size"))
        .containsExactly(tuple("1", Integer.toString(PART_BYTES)), tuple("2", "1000"));
    assertThat(store().find(KEY)).isNull();
    HttpResponse<byte[]> answer =
        send(
            UrlRequest.complete(KEY, upload),
            list(List.of(firstTag, secondTag), List.of(first, second)));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(XmlRows.field(answer.body(), "Error", "Code")).isNull();
    Found found = Objects.requireNonNull(store().find(KEY));
    assertThat(found.lengthBytes()).isEqualTo(PART_BYTES + 1000L);
    if (isStrict()) {
      assertThat(found.sha256()).isEqualTo(ofParts(List.of(first, second)));
    }
    byte[] whole = send(UrlRequest.get(KEY, null, null), new byte[0]).body();
    assertThat(hash(whole)).isEqualTo(hash(concatenated(first, second)));
    assertThat(store().abortUploads(KEY)).isZero();
    if (isStrict()) {
      assertThat(send(UrlRequest.parts(KEY, upload, 0), new byte[0]).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aPartMayBeSentAgain() throws Exception {
    String upload = create();
    String _ = part(upload, 1, bytes(2000, 3));
    byte[] second = bytes(3000, 4);
    String tag = part(upload, 1, second);

    assertThat(send(UrlRequest.complete(KEY, upload), list(List.of(tag), List.of(second))))
        .returns(200, HttpResponse::statusCode);
    assertThat(Objects.requireNonNull(store().find(KEY)).lengthBytes()).isEqualTo(3000);
  }

  @Test
  void whatIsGivenUpIsGone() throws Exception {
    String one = create();
    String other = create();
    String _ = part(one, 1, bytes(1000, 5));

    assertThat(store().abortUploads("ob_")).isZero();
    assertThat(store().abortUploads(KEY)).isEqualTo(2);

    assertThat(store().abortUploads(KEY)).isZero();
    // S3Proxy takes parts of what is gone, but makes nothing of them.
    for (String upload : isStrict() ? List.of(one, other) : List.<String>of()) {
      assertThat(send(UrlRequest.parts(KEY, upload, 0), new byte[0]).statusCode()).isEqualTo(404);
      byte[] late = bytes(1000, 6);
      assertThat(send(UrlRequest.part(KEY, upload, 2, hash(late)), late).statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void aUrlIsForOnePartOnly() throws Exception {
    if (!checksSignatures()) {
      return;
    }
    String upload = create();
    byte[] content = bytes(1000, 7);
    UrlRequest request = UrlRequest.part(KEY, upload, 1, hash(content));
    String url = store().sign(request, GOOD_FOR);

    for (String other :
        List.of(
            url.replace("partNumber=1", "partNumber=2"),
            url.replace(upload, create()),
            url.replace("/" + KEY, "/ob_2"))) {
      assertThat(send(request, other, content).statusCode()).as(other).isEqualTo(403);
    }
    assertThat(parts(upload)).isEmpty();
  }

  @Test
  void aTamperedPartIsRefused() throws Exception {
    if (!isStrict()) {
      return;
    }
    String upload = create();
    byte[] announced = bytes(1000, 8);
    byte[] tampered = announced.clone();
    tampered[500] ^= 1;

    HttpResponse<byte[]> answer = send(UrlRequest.part(KEY, upload, 1, hash(announced)), tampered);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(XmlRows.field(answer.body(), "Error", "Code")).isEqualTo(codeFor("BadDigest"));
    assertThat(parts(upload)).isEmpty();
  }

  @Test
  void aTamperedObjectIsRefused() throws Exception {
    if (!isStrict()) {
      return;
    }
    byte[] announced = bytes(1000, 11);
    byte[] tampered = announced.clone();
    tampered[500] ^= 1;

    HttpResponse<byte[]> answer =
        send(UrlRequest.put(KEY, announced.length, TYPE, hash(announced)), tampered);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(XmlRows.field(answer.body(), "Error", "Code")).isEqualTo(codeFor("BadDigest"));
    assertThat(store().find(KEY)).isNull();
  }

  @Test
  void aListThatIsNotOfItsPartsIsRefused() throws Exception {
    String upload = create();
    byte[] first = bytes(1000, 9);
    byte[] second = bytes(1000, 10);
    String firstTag = part(upload, 1, first);
    String secondTag = part(upload, 2, second);

    if (isStrict()) {
      assertThat(complete(upload, list(List.of(firstTag, secondTag), List.of(first, second))))
          .isEqualTo("EntityTooSmall");
      assertThat(complete(upload, list(List.of(secondTag), List.of(second))))
          .isEqualTo(codeFor("InvalidPart"));
      assertThat(complete(upload, list(List.of(firstTag), List.of(second))))
          .isEqualTo(codeFor("InvalidPart"));
    }
    assertThat(complete(upload, "<no".getBytes(UTF_8))).isEqualTo(codeFor("MalformedXML"));
    assertThat(store().find(KEY)).isNull();
  }

  private String complete(String upload, byte[] list) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = send(UrlRequest.complete(KEY, upload), list);
    return Objects.requireNonNullElse(XmlRows.field(answer.body(), "Error", "Code"), "");
  }

  private String create() throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = send(UrlRequest.create(KEY, TYPE), new byte[0]);
    assertThat(answer.statusCode()).isEqualTo(200);
    return Objects.requireNonNull(
        XmlRows.field(answer.body(), "InitiateMultipartUploadResult", "UploadId"));
  }

  private String part(String upload, int number, byte[] content)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        send(UrlRequest.part(KEY, upload, number, hash(content)), content);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.headers().firstValue("etag").orElseThrow();
  }

  private List<Map<String, String>> parts(String upload) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = send(UrlRequest.parts(KEY, upload, 0), new byte[0]);
    assertThat(answer.statusCode()).isEqualTo(200);
    return Objects.requireNonNull(XmlRows.read(answer.body(), "Part"));
  }

  private static byte[] list(List<String> tags, List<byte[]> contents) {
    StringBuilder xml = new StringBuilder("<CompleteMultipartUpload>");
    for (int i = 0; i < tags.size(); i++) {
      xml.append("<Part><PartNumber>").append(i + 1).append("</PartNumber><ETag>");
      xml.append(tags.get(i).replace("\"", "&quot;")).append("</ETag><ChecksumSHA256>");
      xml.append(hash(contents.get(i))).append("</ChecksumSHA256></Part>");
    }
    return xml.append("</CompleteMultipartUpload>").toString().getBytes(UTF_8);
  }

  private HttpResponse<byte[]> send(UrlRequest request, byte[] body)
      throws IOException, InterruptedException {
    return send(request, store().sign(request, GOOD_FOR), body);
  }

  private HttpResponse<byte[]> send(UrlRequest request, String url, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(url))
            .method(
                request.method().name(),
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    request.headers().stream()
        .filter(header -> !header.name().equals("content-length"))
        .forEach(header -> builder.header(header.name(), header.value()));
    return http.send(builder.build(), BodyHandlers.ofByteArray());
  }

  private S3Store store() {
    Place place = place();
    QuerySigner signer =
        new QuerySigner(
            BucketAddress.of(place.endpoint(), place.bucket(), true), place.key(), place.region());
    return new S3Store(
        new StoreName("s", StoreKind.S3, "eu"), signer, signer, http, Clock.systemUTC());
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] concatenated(byte[] first, byte[] second) {
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static String ofParts(List<byte[]> parts) {
    List<byte[]> hashes = new ArrayList<>();
    parts.forEach(part -> hashes.add(Base64.getDecoder().decode(hash(part))));
    return hash(concatenated(hashes.get(0), hashes.get(1))) + "-2";
  }

  private static String hash(byte[] content) {
    try {
      return Base64.getEncoder()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
