package dev.parley.session.object.s3;

import dev.parley.common.s3.XmlRows;
import dev.parley.session.object.ObjectStore;
import dev.parley.session.object.ObjectStoreUnavailableException;
import dev.parley.session.object.StoreName;
import dev.parley.session.object.UrlRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  public String origin() {
    return forClients.origin();
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
              answer.headers().firstValue(UrlRequest.SHA256).orElse(null));
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

  private List<String> uploads(String key) {
    HttpResponse<byte[]> answer =
        ask(UrlRequest.uploads(key), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LIST_MAX));
    List<Map<String, String>> rows = XmlRows.read(answer.body(), "Upload");
    if (answer.statusCode() != 200 || rows == null) {
      throw unexpected(answer);
    }
    List<String> uploads = new ArrayList<>();
    for (Map<String, String> row : rows) {
      String uploadId = row.get("UploadId");
      if (uploadId != null && key.equals(row.get("Key"))) {
        uploads.add(uploadId);
      }
    }
    return uploads;
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

  private ObjectStoreUnavailableException unexpected(HttpResponse<?> answer) {
    return new ObjectStoreUnavailableException(
        "object store " + name.id() + " answers with status " + answer.statusCode());
  }
}
