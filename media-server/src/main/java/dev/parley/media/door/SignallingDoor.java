package dev.parley.media.door;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.parley.media.ice.AddressRateLimiter;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server by which clients bring offers with a ticket to this media server themselves, and
 * change and end the sessions that those begin. What it is asked stands in paths, so paths are
 * never logged. Thread-safe; a virtual thread for each request.
 */
public final class SignallingDoor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SignallingDoor.class);

  /** Of a request body, in bytes: the longest SDP that is taken from a client. */
  static final int BODY_LENGTH_MAX = 64 << 10;

  /** Of one address: an office that joins one meeting is behind one. */
  private static final int REQUESTS_PER_SECOND_MAX = 100;

  private static final int AT_ONCE_MAX = 128;
  private static final int BACKLOG = 128;
  private static final String RETRY_SEC = "1";
  private static final String SEEN = "ETag, Link, Location, Retry-After";

  private final DoorSettings settings;
  private final HttpServer server;
  private final URI url;
  private final LongSupplier nanoClock;
  private final AddressRateLimiter limiter;
  private final ReentrantLock limiterLock = new ReentrantLock();
  private final Semaphore places = new Semaphore(AT_ONCE_MAX);
  private final Map<DoorCounter, LongAdder> counts = new EnumMap<>(DoorCounter.class);
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("door-", 0).factory());
  private volatile int sessionCount;

  private SignallingDoor(
      DoorSettings settings, HttpServer server, LongSupplier nanoClock, int seed) {
    this.settings = settings;
    this.server = server;
    this.nanoClock = nanoClock;
    this.limiter = new AddressRateLimiter(REQUESTS_PER_SECOND_MAX, seed);
    URI given = settings.url();
    this.url = given == null ? ownUrl(settings, server.getAddress()) : withoutSlash(given);
    for (DoorCounter counter : DoorCounter.values()) {
      counts.put(counter, new LongAdder());
    }
  }

  /**
   * Takes the address; {@link #open} begins to answer there.
   *
   * @param nanoClock monotonic time in nanoseconds
   * @param seed hard to guess
   * @throws BindException naming the address if something else listens there
   */
  public static SignallingDoor bind(DoorSettings settings, LongSupplier nanoClock, int seed)
      throws IOException {
    boundTheServer();
    SSLContext tls = settings.tls();
    try {
      if (tls == null) {
        HttpServer plain = HttpServer.create(settings.address(), BACKLOG);
        return new SignallingDoor(settings, plain, nanoClock, seed);
      }
      HttpsServer secure = HttpsServer.create(settings.address(), BACKLOG);
      secure.setHttpsConfigurator(new HttpsConfigurator(tls));
      return new SignallingDoor(settings, secure, nanoClock, seed);
    } catch (BindException e) {
      InetSocketAddress address = settings.address();
      BindException named =
          new BindException(
              "door address "
                  + address.getAddress().getHostAddress()
                  + " port "
                  + address.getPort()
                  + " cannot be used: "
                  + e.getMessage());
      named.initCause(e);
      throw named;
    }
  }

  /**
   * Limits that the JDK's server reads once from the system's properties: who opens a connection
   * and says nothing, or too little, holds one of so many for so long.
   */
  private static void boundTheServer() {
    Map<String, String> limits =
        Map.of(
            "sun.net.httpserver.maxReqTime", "10",
            "jdk.httpserver.maxConnections", "2048",
            "sun.net.httpserver.maxReqHeaders", "64",
            "jdk.http.maxHeaderSize", "32768");
    limits.forEach((name, value) -> {
      if (System.getProperty(name) == null) {
        System.setProperty(name, value);
      }
    });
  }

  /** What clients are sent to, without a slash at its end. */
  public URI url() {
    return url;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Begins to answer. */
  public void open(DoorOrders orders, Supplier<Instant> clock) {
    DoorDesk desk = new DoorDesk(orders, url.toString(), clock, this::count);
    server.setExecutor(executor);
    server.createContext("/", exchange -> handle(exchange, desk));
    server.start();
  }

  public long value(DoorCounter counter) {
    return adder(counter).sum();
  }

  /** Requests being answered now. */
  public int inFlightCount() {
    return AT_ONCE_MAX - places.availablePermits();
  }

  /** Sessions that were begun here, but for those of which it is not known yet that they ended. */
  public int sessionCount() {
    return sessionCount;
  }

  @Override
  public void close() {
    server.stop(0);
    executor.close();
  }

  private void handle(HttpExchange exchange, DoorDesk desk) throws IOException {
    try (exchange) {
      DoorAnswer answer;
      try {
        answer = answerInTurn(exchange, desk);
      } catch (DoorRefusal e) {
        count(e.counter());
        answer = e.answer();
      } catch (RuntimeException e) {
        // Without the path, which holds the ticket.
        LOG.error("a {} at the door failed", exchange.getRequestMethod(), e);
        count(DoorCounter.FAILED);
        answer =
            DoorAnswer.problem(500, "internal", "Our fault", "Something failed here; try again.");
      }
      write(exchange, answer);
    }
  }

  private DoorAnswer answerInTurn(HttpExchange exchange, DoorDesk desk)
      throws DoorRefusal, IOException {
    if (!isAllowed(exchange)) {
      throw new DoorRefusal(
          DoorCounter.REFUSED_RATE,
          DoorAnswer.problem(
                  429,
                  "quota-exceeded",
                  "Too many requests",
                  "More than " + REQUESTS_PER_SECOND_MAX + " requests in a second; wait.")
              .with("Retry-After", RETRY_SEC));
    }
    if (!places.tryAcquire()) {
      throw new DoorRefusal(
          DoorCounter.REFUSED_AT_ONCE,
          DoorAnswer.unavailable("busy", "Too many ask at once; try again.", 1));
    }
    try {
      DoorAnswer answer = desk.answer(request(exchange));
      sessionCount = desk.sessionCount();
      return answer;
    } finally {
      places.release();
    }
  }

  private boolean isAllowed(HttpExchange exchange) {
    int host = hostHash(exchange);
    limiterLock.lock();
    try {
      return limiter.tryAcquire(host, nanoClock.getAsLong());
    } finally {
      limiterLock.unlock();
    }
  }

  /** What a proxy adds to the header stands last; what comes before it, anyone may have written. */
  private int hostHash(HttpExchange exchange) {
    InetAddress peer = exchange.getRemoteAddress().getAddress();
    List<String> forwarded =
        settings.isBehindProxy() ? exchange.getRequestHeaders().get("X-Forwarded-For") : null;
    if (forwarded == null || forwarded.isEmpty()) {
      return peer.hashCode();
    }
    String last = forwarded.getLast();
    return last.substring(last.lastIndexOf(',') + 1).strip().hashCode();
  }

  private DoorRequest request(HttpExchange exchange) throws DoorRefusal, IOException {
    String rawPath = exchange.getRequestURI().getRawPath();
    DoorPath path = DoorPath.parse(rawPath == null ? "" : rawPath, url.getRawPath());
    if (path == null) {
      throw DoorRefusal.ofRequest(DoorAnswer.notFound());
    }
    return new DoorRequest(
        exchange.getRequestMethod(),
        path,
        exchange.getRequestHeaders().getFirst("Content-Type"),
        exchange.getRequestHeaders().getFirst("If-Match"),
        body(exchange.getRequestBody()));
  }

  private static String body(InputStream stream) throws DoorRefusal, IOException {
    byte[] bytes = stream.readNBytes(BODY_LENGTH_MAX + 1);
    if (bytes.length > BODY_LENGTH_MAX) {
      throw DoorRefusal.ofRequest(
          DoorAnswer.problem(
              413,
              "too-large",
              "Body too large",
              "The body may have " + (BODY_LENGTH_MAX >> 10) + " KiB here; send less."));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw DoorRefusal.ofRequest(DoorAnswer.malformed("The body is not UTF-8."));
    }
  }

  /**
   * Any page may read the answers, as WHIP and WHEP demand: what opens the door is the ticket,
   * which no browser adds by itself.
   */
  private static void write(HttpExchange exchange, DoorAnswer answer) throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.set("Access-Control-Allow-Origin", "*");
    headers.set("Access-Control-Expose-Headers", SEEN);
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    answer.headers().forEach(header -> headers.add(header.getKey(), header.getValue()));
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private void count(DoorCounter counter) {
    adder(counter).increment();
  }

  private LongAdder adder(DoorCounter counter) {
    return java.util.Objects.requireNonNull(counts.get(counter));
  }

  private static URI ownUrl(DoorSettings settings, InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    String digits = host.contains(":") ? "[" + host + "]" : host;
    String scheme = settings.tls() == null ? "http" : "https";
    return URI.create(scheme + "://" + digits + ":" + address.getPort());
  }

  private static URI withoutSlash(URI given) {
    String text = given.toString();
    return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : given;
  }
}
