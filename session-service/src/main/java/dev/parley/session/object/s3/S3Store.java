package dev.parley.session.object.s3;

import dev.parley.common.s3.BucketAddress;
import dev.parley.common.s3.QuerySigner;
import dev.parley.common.s3.UrlRequest;
import dev.parley.common.s3.XmlRows;
import dev.parley.session.object.ObjectStore;
import dev.parley.session.object.ObjectStoreUnavailableException;
import dev.parley.session.object.StoreName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A bucket of S3 or of what speaks its protocol. Thread-safe. */
public final class S3Store implements ObjectStore {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** A list has a thousand uploads at most, of some hundred bytes each. */
  private static final long LIST_MAX = 4 << 20;

  /** The list is asked for again until it is empty: some stores forget late. */
  private static final int ROUNDS_MAX = 5;

  private static final Duration OWN_URLS_GOOD_FOR = Duration.ofMinutes(2);

  private final StoreName name;
  private final QuerySigner forClients;
  private final QuerySigner forUs;
  private final HttpClient http;
  private final Clock clock;

  /**
   * Makes it; nothing is asked yet.
   *
   * @param forClients signs for the address that clients reach
   * @param forUs signs for the one that this node reaches
   */
  public S3Store(
      StoreName name, QuerySigner forClients, QuerySigner forUs, HttpClient http, Clock clock) {
    this.name = name;
    this.forClients = forClients;
    this.forUs = forUs;
    this.http = http;
    this.clock = clock;
  }

  @Override
  public StoreName name() {
    return name;
  }

  @Override
  public BucketAddress address() {
    return forClients.address();
  }

  @Override
  public String signingRegion() {
    return forClients.region();
  }

  @Override
  public String sign(UrlRequest request, Duration goodFor) {
    return sign(forClients, request, goodFor);
  }

  @Override
  public @Nullable Found find(String key) {
    HttpResponse<Void> answer = ask(UrlRequest.head(key));
    return switch (answer.statusCode()) {
      case 200 ->
          new Found(
              answer.headers().firstValueAsLong("content-length").orElse(-1),
              answer.headers().firstValue(UrlRequest.SHA256).orElse(null),
              writtenAt(answer));
      case 404 -> null;
      default -> throw unexpected(answer);
    };
  }

  @Override
  public void remove(String key) {
    HttpResponse<Void> answer = ask(UrlRequest.delete(key));
    // Some stores answer 404 for what was not there.
    if (answer.statusCode() / 100 != 2 && answer.statusCode() != 404) {
      throw unexpected(answer);
    }
  }

  @Override
  public int abortUploads(String key) {
    int count = 0;
    for (int round = 0; round < ROUNDS_MAX; round++) {
      List<String> uploads = uploads(key);
      for (String uploadId : uploads) {
        HttpResponse<Void> answer = ask(UrlRequest.abort(key, uploadId));
        // Somebody else completed or aborted it.
        if (answer.statusCode() / 100 != 2 && answer.statusCode() != 404) {
          throw unexpected(answer);
        }
      }
      count += uploads.size();
      if (uploads.isEmpty()) {
        return count;
      }
    }
    throw new ObjectStoreUnavailableException(
        "object store " + name.id() + " still has uploads that were aborted");
  }

  @Override
  public Listing<Listed> list(String keyPrefix, @Nullable String after, int limit) {
    byte[] xml = listed(UrlRequest.list(keyPrefix, after, limit));
    List<Listed> found = new ArrayList<>();
    for (Map<String, String> row : rows(xml, "Contents")) {
      try {
        found.add(
            new Listed(
                row.getOrDefault("Key", ""),
                Long.parseLong(row.getOrDefault("Size", "")),
                time(row.get("LastModified"))));
      } catch (NumberFormatException e) {
        throw unreadable(e);
      }
    }
    String root = "ListBucketResult";
    return new Listing<>(
        found, isCut(xml, root) ? XmlRows.field(xml, root, "NextContinuationToken") : null);
  }

  @Override
  public Listing<Unfinished> uploads(String keyPrefix, @Nullable String after) {
    // Neither keys of ours nor upload ids hold a line's end.
    int end = after == null ? -1 : after.indexOf('\n');
    byte[] xml =
        listed(
            after == null || end < 0
                ? UrlRequest.uploads(keyPrefix)
                : UrlRequest.uploadsAfter(
                    keyPrefix, after.substring(0, end), after.substring(end + 1)));
    List<Unfinished> found = new ArrayList<>();
    for (Map<String, String> row : rows(xml, "Upload")) {
      String key = row.getOrDefault("Key", "");
      // Some stores leave the prefix to whoever asks.
      if (key.startsWith(keyPrefix)) {
        found.add(new Unfinished(key, time(row.get("Initiated"))));
      }
    }
    String root = "ListMultipartUploadsResult";
    String nextKey = XmlRows.field(xml, root, "NextKeyMarker");
    String nextUpload = XmlRows.field(xml, root, "NextUploadIdMarker");
    return new Listing<>(
        found,
        isCut(xml, root) && nextKey != null && nextUpload != null
            ? nextKey + '\n' + nextUpload
            : null);
  }

  private List<String> uploads(String key) {
    List<String> uploads = new ArrayList<>();
    for (Map<String, String> row : rows(listed(UrlRequest.uploads(key)), "Upload")) {
      String uploadId = row.get("UploadId");
      if (uploadId != null && key.equals(row.get("Key"))) {
        uploads.add(uploadId);
      }
    }
    return uploads;
  }

  /** Asks for a list, which is XML. */
  private byte[] listed(UrlRequest request) {
    HttpResponse<byte[]> answer =
        ask(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LIST_MAX));
    if (answer.statusCode() != 200) {
      throw unexpected(answer);
    }
    return answer.body();
  }

  private List<Map<String, String>> rows(byte[] xml, String row) {
    List<Map<String, String>> rows = XmlRows.read(xml, row);
    if (rows == null) {
      throw unreadable(null);
    }
    return rows;
  }

  private static boolean isCut(byte[] xml, String root) {
    return "true".equals(XmlRows.field(xml, root, "IsTruncated"));
  }

  private Instant time(@Nullable String text) {
    try {
      return Instant.parse(Objects.requireNonNullElse(text, ""));
    } catch (DateTimeParseException e) {
      throw unreadable(e);
    }
  }

  /** Told in whole seconds (RFC 9110, section 8.8.2); null if it is not, or not so. */
  private static @Nullable Instant writtenAt(HttpResponse<?> answer) {
    try {
      return DateTimeFormatter.RFC_1123_DATE_TIME.parse(
          answer.headers().firstValue("last-modified").orElse(""), Instant::from);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private HttpResponse<Void> ask(UrlRequest request) {
    return ask(request, BodyHandlers.discarding());
  }

  private <T> HttpResponse<T> ask(UrlRequest request, BodyHandler<T> body) {
    String url = sign(forUs, request, OWN_URLS_GOOD_FOR);
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(TIMEOUT)
            .method(request.method().name(), HttpRequest.BodyPublishers.noBody());
    request.headers().forEach(header -> builder.header(header.name(), header.value()));
    try {
      return http.send(builder.build(), body);
    } catch (IOException e) {
      // Its text may hold the URL, which is a right.
      throw new ObjectStoreUnavailableException(
          "object store " + name.id() + " does not answer: " + e.getClass().getSimpleName(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreUnavailableException("interrupted", e);
    }
  }

  private String sign(QuerySigner signer, UrlRequest request, Duration goodFor) {
    return signer.sign(request, clock.instant().getEpochSecond(), (int) goodFor.toSeconds());
  }

  private ObjectStoreUnavailableException unreadable(@Nullable Exception cause) {
    return new ObjectStoreUnavailableException(
        "object store " + name.id() + " answers with no list that can be read", cause);
  }

  private ObjectStoreUnavailableException unexpected(HttpResponse<?> answer) {
    return new ObjectStoreUnavailableException(
        "object store " + name.id() + " answers with status " + answer.statusCode());
  }
}
