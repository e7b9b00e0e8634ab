package dev.parley.session.object.s3;

import dev.parley.session.object.ObjectStore;
import dev.parley.session.object.ObjectStoreUnavailableException;
import dev.parley.session.object.StoreName;
import dev.parley.session.object.UrlRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A bucket of S3 or of what speaks its protocol. Thread-safe. */
public final class S3Store implements ObjectStore {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
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

  private HttpResponse<Void> ask(UrlRequest request) {
    String url = sign(forUs, request, OWN_URLS_GOOD_FOR);
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(TIMEOUT)
            .method(request.method().name(), HttpRequest.BodyPublishers.noBody());
    request.headers().forEach(header -> builder.header(header.name(), header.value()));
    try {
      return http.send(builder.build(), HttpResponse.BodyHandlers.discarding());
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

  private ObjectStoreUnavailableException unexpected(HttpResponse<Void> answer) {
    return new ObjectStoreUnavailableException(
        "object store " + name.id() + " answers with status " + answer.statusCode());
  }
}
