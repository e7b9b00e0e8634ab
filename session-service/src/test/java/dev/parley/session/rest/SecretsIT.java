package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.ControlCodec;
import dev.parley.common.control.Decoded;
import dev.parley.common.control.MediaMessage;
import dev.parley.common.control.Order;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.EventsClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemPage;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.Table;
import dev.parley.session.store.embedded.EmbeddedStore;
import dev.parley.testsupport.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * A whole call with every kind of secret in it, after which none of them is anywhere but where it
 * was given: not in the log at its most talkative, not in a problem, a metric, a stored item or
 * Redis.
 */
@Timeout(60)
final class SecretsIT {
  private static final String OFFER =
      "v=0\r\na=ice-ufrag:uFrA\r\na=ice-pwd:offerPwdCanary0123456789\r\n";
  private static final String ANSWER =
      "v=0\\r\\na=ice-ufrag:sErV\\r\\na=ice-pwd:answerPwdCanary012345678\\r\\n";

  @TempDir Path folder;

  private final Map<String, String> secrets = new LinkedHashMap<>();
  private final Queue<String> problems = new ConcurrentLinkedQueue<>();
  private final Queue<String> log = new ConcurrentLinkedQueue<>();
  private final Queue<String> redisCommands = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<String> posted = new LinkedBlockingQueue<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final List<Appender<ILoggingEvent>> others = new ArrayList<>();
  private final Level usual = root.getLevel();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          String thrown =
              event.getThrowableProxy() == null
                  ? ""
                  : ThrowableProxyUtil.asString(event.getThrowableProxy());
          log.add(event.getLoggerName() + " " + event.getFormattedMessage() + " " + thrown);
        }
      };

  @BeforeEach
  void logEverything() {
    // As logback.xml has it for the service: these two log requests whole at DEBUG.
    level("org.eclipse.jetty", Level.WARN);
    level("io.javalin", Level.WARN);
    appender.setContext(root.getLoggerContext());
    appender.start();
    // None of it is for the console.
    root.iteratorForAppenders().forEachRemaining(others::add);
    others.forEach(root::detachAppender);
    root.addAppender(appender);
    root.setLevel(Level.DEBUG);
  }

  @AfterEach
  void logAsUsual() {
    root.setLevel(usual);
    root.detachAppender(appender);
    others.forEach(root::addAppender);
    level("org.eclipse.jetty", null);
    level("io.javalin", null);
  }

  @Test
  void secretsStayWhereTheyWereGiven() throws Exception {
    String metrics;
    HttpServer receiver = receiver();
    try (RedisServer redis = RedisServer.start();
        Socket monitor = monitor(redis);
        RunningService service =
            new RunningService(
                folder,
                "--ice-servers=turn:turn.example:3478",
                "--turn-secret=turnSecretCanary",
                "--redis=" + redis.address(),
                "--redis-timeout=2s",
                "--webhooks-anywhere=true");
        ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1")) {
      media.answer(command ->
          command.order() instanceof Order.AdmitParticipant
              ? accepted()
              : ScriptedMediaServer.accept(command));
      call(service, "http://127.0.0.1:" + receiver.getAddress().getPort() + "/");
      failures(service);
      assertThat(posted.poll(20, TimeUnit.SECONDS)).isNotNull();
      metrics = service.admin().sendUnchecked("GET", "/metrics", null, null, null).body();
      assertThat(redisCommands).isNotEmpty();
      assertThat(monitor.isConnected()).isTrue();
    } finally {
      receiver.stop(0);
    }

    assertThat(secrets).hasSizeGreaterThan(10);
    assertThat(problems).hasSizeGreaterThan(5);
    assertNowhere(metrics);
  }

  /** Whoever holds one opens the door of a media server with it. */
  @Test
  void mediaTicketsStayWhereTheyWereGiven() throws Exception {
    String metrics;
    ScriptedMediaServer.Place place =
        new ScriptedMediaServer.Place(
            "local", 500, List.of(), URI.create("http://127.0.0.1:9/door"));
    try (RedisServer redis = RedisServer.start();
        Socket monitor = monitor(redis);
        RunningService service =
            new RunningService(
                folder,
                "--signalling=redirect",
                "--redis=" + redis.address(),
                "--redis-timeout=2s");
        ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1", place)) {
      String conference = service.conference("{}");
      String path = "/v1/conferences/" + conference;
      for (String profile : List.of("/rtc", "/whip", "/whep")) {
        String token = service.tokenFor(conference, "ana" + profile.length());
        service.client().post(path + "/participants", token, "{\"replace\":true}").expect(201);
        ApiClient.Reply directed =
            service.client().postSdp(path + profile, token, OFFER).expect(307);
        String ticket = directed.header("Location");
        assertThat(ticket).startsWith("http://127.0.0.1:9/door/rtc/");
        secret("media ticket for " + profile, ticket.substring(ticket.lastIndexOf('.') + 1));
      }
      problem(service.client().postSdp(path + "/rtc", "no.token.Canary", OFFER).expect(401));
      metrics = service.admin().sendUnchecked("GET", "/metrics", null, null, null).body();
      assertThat(redisCommands).isNotEmpty();
      assertThat(monitor.isConnected()).isTrue();
      assertThat(media).isNotNull();
    }

    assertThat(secrets).hasSize(3);
    assertNowhere(metrics);
  }

  private void assertNowhere(String metrics) {
    assertThat(log.toString()).contains("io.lettuce");
    String items = items();
    assertThat(items).contains("cf_");
    secrets.forEach((what, secret) -> {
      assertThat(String.join("\n", log)).as("%s in the log", what).doesNotContain(secret);
      assertThat(String.join("\n", problems)).as("%s in a problem", what).doesNotContain(secret);
      assertThat(metrics).as("%s in a metric", what).doesNotContain(secret);
      assertThat(String.join("\n", redisCommands)).as("%s in Redis", what).doesNotContain(secret);
      // Messages to the endpoint are signed with it for ever, so it is kept: operations.md says so.
      if (!what.equals("webhook secret")) {
        assertThat(items).as("%s in a stored item", what).doesNotContain(secret);
      }
    });
  }

  /** A call in which everything goes well. */
  private void call(RunningService service, String receiver) throws Exception {
    ApiClient client = service.client();
    secret("first server key", service.key().split("_", 3)[2]);
    String key = service.key("default", "conferences", "moderation", "webhooks", "admin");
    secret("server key", key.split("_", 3)[2]);
    secret(
        "webhook secret",
        client
            .post("/v1/webhook-endpoints", key, "{\"url\":\"" + receiver + "\"}")
            .expect(201)
            .text("secret")
            .substring(6));
    ApiClient.Reply issuer =
        client.post("/v1/token-issuers", key, "{\"algorithm\":\"HS256\"}").expect(201);
    secret("issuer secret", issuer.text("secret"));
    // The endpoint is asked about each 5 s.
    service.clock().advance(Duration.ofSeconds(6));
    String conference = client.post("/v1/conferences", key, "{}").expect(201).text("id");
    String path = "/v1/conferences/" + conference;
    String minted =
        client
            .post(path + "/tokens", key, "{\"identity\":\"ana\",\"role\":\"host\"}")
            .expect(201)
            .text("token");
    secret("minted token", minted.substring(minted.lastIndexOf('.') + 1));
    String offline = offline(issuer, conference, service.clock().instant());
    secret("offline token", offline.substring(offline.lastIndexOf('.') + 1));
    secret("password of an offer", "offerPwdCanary0123456789");
    secret("password of an answer", "answerPwdCanary012345678");
    String sdp = "{\"sdp\":\"" + OFFER.replace("\r\n", "\\r\\n") + "\"}";
    ApiClient.Reply joined = client.post(path + "/participants", minted, sdp).expect(201);
    String ticket = joined.json().at("/media/ticket").asText();
    secret("TURN secret", "turnSecretCanary");
    secret("TURN password", joined.json().at("/media/iceServers/0/credential").asText());
    secret("event ticket", ticket.substring(ticket.lastIndexOf('.') + 1));
    EventsClient.connect(service.httpPort(), conference, ticket, -1).next("welcome");
    client.postSdp(path + "/rtc", offline, OFFER).expect(201);
    String spare = client.post(path + "/event-tickets", minted, "{}").expect(201).text("ticket");
    secret("spare ticket", spare.substring(spare.lastIndexOf('.') + 1));
    String ben = "";
    for (JsonNode each : client.get(path + "/participants", key).json().path("data")) {
      ben = each.path("identity").asText().equals("ben") ? each.path("id").asText() : ben;
    }
    client.delete(path + "/participants/" + ben, minted).expect(204);
    problem(client.get(path, offline).expect(401, "token-revoked"));
    client.delete(path, key).expect(200);
  }

  /** Everything that can be presented wrongly. */
  private void failures(RunningService service) throws Exception {
    ApiClient client = service.client();
    String conference = service.conference("{}");
    String path = "/v1/conferences/" + conference;
    String token = service.tokenFor(conference, "eve");
    secret("token of another", token.substring(token.lastIndexOf('.') + 1));
    String forged =
        token.substring(0, token.lastIndexOf('.') + 1) + "forgedSignatureCanary0123456789";
    secret("forged signature", "forgedSignatureCanary0123456789");
    problem(client.get(path, forged).expect(401));
    String wrongKey = service.key().substring(0, 16) + "wrongKeyCanary" + "x".repeat(29);
    secret("wrong key", "wrongKeyCanary");
    problem(client.get(path, wrongKey).expect(401));
    problem(client.get(path, "not.a.tokenCanary").expect(401));
    secret("nonsense", "tokenCanary");
    problem(
        client
            .post(path + "/participants", token, "{\"sdp\":\"a=ice-pwd:brokenPwdCanary\",}")
            .expect(400, "malformed"));
    secret("password in a broken body", "brokenPwdCanary");
    problem(
        client
            .post(
                "/v1/webhook-endpoints",
                service.key(),
                "{\"url\":\"http://u:urlPwdCanary@127.0.0.1\"}")
            .expect(422, "invalid"));
    secret("password in a URL", "urlPwdCanary");
    problem(client.delete(path, token).expect(403, "grant-missing"));
    problem(
        client
            .post(
                "/v1/token-issuers",
                service.key(),
                "{\"algorithm\":\"HS256\",\"secret\":\"ownSecretCanary\"}")
            .expect(422));
    secret("secret of one's own", "ownSecretCanary");
    int closed =
        EventsClient.connect(service.httpPort(), conference, "e30.ticketCanary", -1).closeCode();
    assertThat(closed).isEqualTo(4401);
    secret("wrong ticket", "ticketCanary");
  }

  private void secret(String what, String text) {
    assertThat(text).as(what).hasSizeGreaterThan(10);
    secrets.put(what, text);
  }

  private void problem(ApiClient.Reply reply) {
    problems.add(reply.body() + reply.headers().map());
  }

  private static CommandResult.Outcome accepted() {
    String json =
        "{\"type\":\"result\",\"id\":\"c\",\"outcome\":{\"type\":\"accepted\",\"answer\":\""
            + ANSWER
            + "\",\"listening\":\"FORWARD\",\"clientFragment\":\"EsAw\"}}";
    if (new ControlCodec().decodeMedia(json) instanceof Decoded.Message<MediaMessage> decoded
        && decoded.message() instanceof CommandResult result) {
      return result.outcome();
    }
    throw new AssertionError("no result: " + json);
  }

  private static String offline(ApiClient.Reply issuer, String conference, Instant now)
      throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder()
                .issuer(issuer.text("id"))
                .audience("conf")
                .subject("ben")
                .claim("conf", conference)
                .jwtID("tk_1")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(60)))
                .build());
    token.sign(new MACSigner(issuer.text("secret").getBytes(StandardCharsets.US_ASCII)));
    return token.serialize();
  }

  private HttpServer receiver() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          posted.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(500, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  /** Has Redis repeat every command that it is sent. */
  private Socket monitor(RedisServer redis) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port());
    socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    assertThat(lines.readLine()).isEqualTo("+OK");
    Thread.ofVirtual()
        .start(() -> {
          try {
            lines.lines().forEach(redisCommands::add);
          } catch (UncheckedIOException e) {
            // The test is over.
          }
        });
    return socket;
  }

  /** Returns all that is stored, keys and bodies. */
  private String items() {
    StringBuilder text = new StringBuilder();
    try (EmbeddedStore store = EmbeddedStore.open(folder.resolve("facts.rocksdb"))) {
      for (Table table : Table.ALL) {
        ItemStore items = store.table(table);
        ItemKey after = null;
        do {
          ItemPage page = items.scan(100, after);
          for (Item item : page.items()) {
            text.append(item.key()).append(item.indexes()).append(item.body()).append('\n');
          }
          after = page.next();
        } while (after != null);
      }
    }
    return text.toString();
  }

  private static void level(String logger, @Nullable Level level) {
    ((Logger) LoggerFactory.getLogger(logger)).setLevel(level);
  }
}
