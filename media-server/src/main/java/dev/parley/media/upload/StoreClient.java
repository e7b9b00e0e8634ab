package dev.parley.media.upload;

import dev.parley.common.control.UploadAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends what was signed to object stores, at the pace that is given. Thread-safe; every method
 * blocks.
 */
final class StoreClient implements AutoCloseable {
  private static final int SLICE_LENGTH = 16 << 10;
  private static final int ANSWER_LENGTH_MAX = 1 << 20;
  private static final Duration CONNECT_TIME_MAX = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(30);

  /** The client writes these itself, and lets nobody else. */
  private static final Set<String> NOT_OURS = Set.of("content-length", "host");

  private final HttpClient http;
  private final Pace pace;
  private final Duration longestBody;
  private final LongAdder sentBytes = new LongAdder();

  /**
   * Makes it; nothing is connected yet.
   *
   * @param longestBody how long a body may take at this pace
   */
  StoreClient(Pace pace, Duration longestBody) {
    this.pace = pace;
    this.longestBody = longestBody;
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIME_MAX)
            .executor(
                Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("upload-http-", 0).factory()))
            .build();
  }

  /** What a store answered. */
  @SuppressWarnings("ArrayRecordComponent") // Read at once, never compared.
  record Reply(int status, byte[] body, String entityTag) {
    boolean isDone() {
      return status / 100 == 2;
    }
  }

  /** Bytes of bodies that were given to the network. */
  long sentBytes() {
    return sentBytes.sum();
  }

  /**
   * Sends a request.
   *
   * @throws IOException if the store does not answer; its text holds no URL, which is a right
   */
  Reply send(UploadAnswer.StoreRequest request, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder builder;
    try {
      builder = HttpRequest.newBuilder(URI.create(request.url()));
    } catch (IllegalArgumentException e) {
      throw new IOException("the signed URL is none", e);
    }
    builder.timeout(ANSWER_TIME_MAX.plus(body.length == 0 ? Duration.ZERO : longestBody));
    builder.method(request.method(), body.length == 0 ? BodyPublishers.noBody() : paced(body));
    for (UploadAnswer.Header header : request.headers()) {
      if (!NOT_OURS.contains(header.name().toLowerCase(Locale.ROOT))) {
        builder.header(header.name(), header.value());
      }
    }
    try {
      HttpResponse<byte[]> answer =
          http.send(
              builder.build(),
              BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_LENGTH_MAX));
      return new Reply(
          answer.statusCode(), answer.body(), answer.headers().firstValue("etag").orElse(""));
    } catch (IOException e) {
      throw new IOException("the store does not answer: " + e.getClass().getSimpleName(), e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }

  private BodyPublisher paced(byte[] body) {
    return BodyPublishers.fromPublisher(
        BodyPublishers.ofByteArrays(() -> new Slices(body)), body.length);
  }

  /** A body in slices, each of which waits for its turn. One thread at a time. */
  private final class Slices implements Iterator<byte[]> {
    private final byte[] body;
    private int at;

    Slices(byte[] body) {
      this.body = body;
    }

    @Override
    public boolean hasNext() {
      return at < body.length;
    }

    @Override
    public byte[] next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      byte[] slice = new byte[Math.min(SLICE_LENGTH, body.length - at)];
      System.arraycopy(body, at, slice, 0, slice.length);
      at += slice.length;
      try {
        pace.take(slice.length);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
      sentBytes.add(slice.length);
      return slice;
    }
  }
}
