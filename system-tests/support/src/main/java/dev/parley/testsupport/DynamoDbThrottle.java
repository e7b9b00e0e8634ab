package dev.parley.testsupport;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A door to DynamoDB Local that refuses requests as DynamoDB does when there are too many, which
 * DynamoDB Local itself never does. Thread-safe.
 */
public final class DynamoDbThrottle implements AutoCloseable {
  private static final double BURST_SEC = 0.1;
  private static final double NS_PER_SEC = 1e9;
  private static final String TARGET = "X-Amz-Target";
  private static final String REFUSAL =
      """
      {"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",\
      "message":"Slow down."}\
      """;

  private final HttpServer door;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI target;
  private final AtomicInteger toRefuse = new AtomicInteger();
  private final LongAdder passed = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private double perSec = Double.MAX_VALUE;
  private double credit;
  private long creditedNs;

  /** Listens on a free port of loopback. */
  public DynamoDbThrottle(DynamoDbLocal target) throws IOException {
    this.target = target.endpoint();
    door = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    door.setExecutor(threads);
    door.createContext("/", this::pass);
    door.start();
  }

  public int port() {
    return door.getAddress().getPort();
  }

  /** Refuses the next requests, so many. */
  public void refuse(int count) {
    toRefuse.set(count);
  }

  /** Lets so many requests a second pass, and a tenth of that at once; 0 for as many as come. */
  public void limit(int requestsPerSec) {
    lock.lock();
    try {
      perSec = requestsPerSec == 0 ? Double.MAX_VALUE : requestsPerSec;
      credit = perSec * BURST_SEC;
      creditedNs = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /** Requests that were let pass. */
  public long passedCount() {
    return passed.sum();
  }

  /** Requests that were refused. */
  public long refusedCount() {
    return refused.sum();
  }

  @Override
  public void close() {
    door.stop(0);
    threads.close();
    http.close();
  }

  private void pass(HttpExchange exchange) throws IOException {
    byte[] request = exchange.getRequestBody().readAllBytes();
    boolean isRefused = toRefuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0 || !hasCredit();
    (isRefused ? refused : passed).increment();
    try (exchange) {
      if (isRefused) {
        answer(exchange, 400, REFUSAL.getBytes(StandardCharsets.UTF_8));
        return;
      }
      HttpRequest onward =
          HttpRequest.newBuilder(target)
              .header(TARGET, exchange.getRequestHeaders().getFirst(TARGET))
              .header("Authorization", exchange.getRequestHeaders().getFirst("Authorization"))
              .header("Content-Type", exchange.getRequestHeaders().getFirst("Content-Type"))
              .POST(HttpRequest.BodyPublishers.ofByteArray(request))
              .build();
      HttpResponse<byte[]> response = http.send(onward, HttpResponse.BodyHandlers.ofByteArray());
      answer(exchange, response.statusCode(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean hasCredit() {
    lock.lock();
    try {
      long nowNs = System.nanoTime();
      credit = Math.min(perSec * BURST_SEC, credit + perSec * (nowNs - creditedNs) / NS_PER_SEC);
      creditedNs = nowNs;
      if (credit < 1) {
        return false;
      }
      credit -= 1;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
