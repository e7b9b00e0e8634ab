package dev.parley.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Asks stores for objects by the requests that a session service signed, as anybody with a link
 * would, and compares. No byte of what it reads passes through the session service. Thread-safe;
 * blocks.
 */
final class StoreProbe implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final int CHUNK_BYTES = 64 << 10;
  private static final String SHA256 = "x-amz-checksum-sha256";

  private final boolean isDeep;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  /**
   * Opens what asks.
   *
   * @param isDeep true to read every object's bytes, not only what the store says of them
   */
  StoreProbe(boolean isDeep) {
    this.isDeep = isDeep;
  }

  /** How what a store has compares with what is known of it. */
  enum Verdict {
    SAME,
    MISSING,
    SIZE,
    SHA256,
    /** The store did not say; nothing is known. */
    UNREACHABLE,
    /** The configuration does not name its store any more. */
    NO_STORE
  }

  /**
   * What was found.
   *
   * @param sha256 of the bytes that were read, in hex; null if they were not
   * @param detail for the operator; empty if there is none
   */
  record Answer(Verdict verdict, @Nullable String sha256, String detail) {
    static Answer of(Verdict verdict, String detail) {
      return new Answer(verdict, null, detail);
    }
  }

  /** Asks for an object as {@code /admin/library/objects} describes it. */
  Answer ask(JsonNode object) {
    if (!object.has("head")) {
      return Answer.of(Verdict.NO_STORE, "no store of that name");
    }
    try {
      Answer told = head(object);
      // What is lost is only believed to be back if its bytes are.
      boolean isReadWanted = isDeep || object.path("state").asText().equals("lost");
      return isReadWanted && told.verdict() == Verdict.SAME ? read(object) : told;
    } catch (IOException e) {
      // Its text may hold the URL, which is a right.
      return Answer.of(Verdict.UNREACHABLE, e.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.of(Verdict.UNREACHABLE, "interrupted");
    }
  }

  @Override
  public void close() {
    http.close();
  }

  private Answer head(JsonNode object) throws IOException, InterruptedException {
    HttpResponse<Void> answer =
        http.send(request("HEAD", object.path("head")), BodyHandlers.discarding());
    if (answer.statusCode() != 200) {
      return refused(answer);
    }
    long length = answer.headers().firstValueAsLong("content-length").orElse(-1);
    if (length != object.path("size").asLong()) {
      return size(object, length);
    }
    String told = answer.headers().firstValue(SHA256).orElse(null);
    // A dash is in the hash of parts' hashes, with which there is nothing to compare.
    boolean isSame = told == null || told.contains("-") || told.equals(sha256(object));
    return Answer.of(isSame ? Verdict.SAME : Verdict.SHA256, isSame ? "" : "the store says so");
  }

  private Answer read(JsonNode object) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer =
        http.send(request("GET", object.path("get")), BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      if (answer.statusCode() != 200) {
        return refused(answer);
      }
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] chunk = new byte[CHUNK_BYTES];
      long length = 0;
      for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
        sha256.update(chunk, 0, count);
        length += count;
      }
      if (length != object.path("size").asLong()) {
        return size(object, length);
      }
      String hash = HexFormat.of().formatHex(sha256.digest());
      boolean isSame = hash.equals(object.path("sha256").asText());
      return new Answer(
          isSame ? Verdict.SAME : Verdict.SHA256, hash, isSame ? "" : "its bytes say so");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  private static Answer refused(HttpResponse<?> answer) {
    return answer.statusCode() == 404
        ? Answer.of(Verdict.MISSING, "the store has nothing of that name")
        : Answer.of(Verdict.UNREACHABLE, "the store answers " + answer.statusCode());
  }

  private static Answer size(JsonNode object, long length) {
    return Answer.of(
        Verdict.SIZE, "the store has " + length + " bytes, not " + object.path("size").asLong());
  }

  private static String sha256(JsonNode object) {
    byte[] hash = HexFormat.of().parseHex(object.path("sha256").asText());
    return Base64.getEncoder().encodeToString(hash);
  }

  private static HttpRequest request(String method, JsonNode signed) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(signed.path("url").asText()))
            .timeout(TIMEOUT)
            .method(method, HttpRequest.BodyPublishers.noBody());
    signed
        .path("headers")
        .properties()
        .forEach(header -> request.header(header.getKey(), header.getValue().asText()));
    return request.build();
  }
}
