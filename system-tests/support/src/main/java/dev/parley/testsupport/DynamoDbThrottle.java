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
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A door to DynamoDB Local that refuses requests as DynamoDB does when there are too many, which
 * DynamoDB Local itself never does. It can also be made to break its word, to show that somebody
 * would notice. Thread-safe.
 */
public final class DynamoDbThrottle implements AutoCloseable {
  private static final double BURST_SEC = 0.1;
  private static final double NS_PER_SEC = 1e9;
  private static final long SLOWNESS_NS = 150_000_000;
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
  private volatile URI target;
  private final AtomicInteger toRefuse = new AtomicInteger();
  private volatile Throttle throttle = new Throttle(0, new Random());
  private volatile String unconditional = "";
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

  /** A share of requests to refuse, drawn at random. */
  private record Throttle(double share, Random random) {
    boolean refuses() {
      return share > 0 && random.nextDouble() < share;
    }
  }

  /**
   * Refuses a share of all requests from now on.
   *
   * @param share 0 to 1; 0 ends it
   */
  public void refuseShare(double share, long seed) {
    throttle = new Throttle(share, new Random(seed));
  }

  /** Leads elsewhere from now on: to the same tables, in a process that was started again. */
  public void leadTo(DynamoDbLocal other) {
    target = other.endpoint();
  }

  /**
   * Carries out writes of items with this sort key whatever their condition says, as a store does
   * that loses updates, and takes its time, so that those who write at once are sure to meet; empty
   * ends it.
   */
  public void ignoreConditions(String sortKey) {
    unconditional = sortKey;
  }

  @Override
  public void close() {
    door.stop(0);
    threads.close();
    http.close();
  }

  private void pass(HttpExchange exchange) throws IOException {
    byte[] request = exchange.getRequestBody().readAllBytes();
    boolean isRefused =
        toRefuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0
            || throttle.refuses()
            || !hasCredit();
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
              .POST(HttpRequest.BodyPublishers.ofByteArray(asked(request)))
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

  /** The condition stays in form, for what it names must be used, and means nothing any more. */
  private byte[] asked(byte[] request) {
    String sortKey = unconditional;
    if (sortKey.isEmpty()) {
      return request;
    }
    String text = new String(request, StandardCharsets.UTF_8);
    boolean isWrite = text.contains("\"ConditionExpression\"");
    if (!isWrite || !text.contains("\"sk\":{\"S\":\"" + sortKey + "\"}")) {
      return request;
    }
    LockSupport.parkNanos(SLOWNESS_NS);
    return text.replace(
            "\"attribute_not_exists(#p)\"", "\"attribute_not_exists(#p) OR attribute_exists(#p)\"")
        .replace("\"#v = :before\"", "\"#v = :before OR attribute_exists(#v)\"")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
