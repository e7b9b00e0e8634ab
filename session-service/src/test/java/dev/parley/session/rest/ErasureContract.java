package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.erasure.Erasures;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.EventsClient;
import dev.parley.session.harness.MovableClock;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import dev.parley.session.object.directory.DirectoryStoreHandle;
import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemPage;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.ItemStores;
import dev.parley.session.store.Table;
import dev.parley.testsupport.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Erasing people, through the HTTP door: nothing that is stored has their name afterwards. */
@Timeout(120)
abstract class ErasureContract {
  private static final String IDENTITY = "canary-identity@acme";
  private static final String NAME = "Canary-Name";
  private static final String WORDS = "canary-words";
  private static final List<String> CANARIES = List.of(IDENTITY, NAME, WORDS);
  private static final int PAGE = 1000;

  /**
   * Each kind of item that may name somebody, by their identity or its hash, and the line of the
   * receipt that counts it. Who stores people in another place adds it here, to {@link Erasures},
   * and to its receipt.
   */
  private static final Map<String, String> KINDS =
      Map.of(
          "core C# P#", "erased stays",
          "core C# BAN#", "kept bans",
          "core C# I#", "kept identity-hashes",
          "library V# M#", "erased messages",
          "library O# META", "erased files",
          "library H# M#", "erased channel-memberships",
          "library CP#", "erased conversations",
          "ops W# D#", "erased deliveries");

  /** They name people until what happened is handed on, or go with the hash of an identity. */
  private static final Set<String> PASSING = Set.of("core C# META", "core C# RV#");

  private static final Pattern SORT = Pattern.compile("[A-Z]+#?");

  @TempDir Path folder;
  @TempDir Path objects;

  private final Queue<String> received = new ConcurrentLinkedQueue<>();
  private RunningService service;
  private ScriptedMediaServer media;
  private ApiClient client;
  private HttpServer receiver;
  private DirectoryStoreHandle files;

  /** The arguments that say where the service keeps things. */
  abstract List<String> storage();

  /** Opens what a service keeps that has been closed. */
  abstract ItemStores open(Path folder);

  /** True if what a service keeps can be looked at while it runs. */
  abstract boolean isOpenToOthers();

  /** Fails if what is not in tables has the text. */
  abstract void searchBeside(Path folder, String conference, String text);

  @BeforeEach
  void start() throws IOException {
    files = DirectoryStoreHandle.start(objects, new MovableClock(RunningService.START));
    List<String> arguments = new ArrayList<>(storage());
    arguments.addAll(List.of(files.arguments()));
    arguments.add("--webhooks-anywhere=true");
    service = new RunningService(folder, arguments.toArray(String[]::new));
    media = ScriptedMediaServer.dial(service.linkPort(), "ms-1");
    client = service.client();
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          received.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
  }

  @AfterEach
  void stop() {
    media.close();
    service.close();
    receiver.stop(0);
    files.close();
  }

  @Test
  void nothingThatIsStoredNamesWhomItErased() throws InterruptedException {
    webhooks(receiver.getAddress().getPort());
    webhooks(9);
    // Endpoints hear of what happens from five seconds on.
    service.clock().advance(Duration.ofSeconds(6));
    String over = service.conference("{}");
    join(over, IDENTITY, NAME);
    say(over, IDENTITY, NAME, "K1");
    RedisServer.await(
        "it is live",
        () -> client.get(path(over), service.key()).expect(200).text("state").equals("live"));
    client.delete(path(over), service.key()).expect(200);
    awaitListed(over);
    String running = service.conference("{}");
    String there = join(running, IDENTITY, NAME);
    String ben = join(running, "ben", "Ben");
    say(running, IDENTITY, NAME, "K2");
    say(running, "ben", "Ben", "K3");
    String mix =
        client
            .post(path(running) + "/recordings", service.key(), "{\"mode\":\"mix\"}")
            .expect(201)
            .text("id");
    String banned = service.conference("{}");
    String out = join(banned, IDENTITY, NAME);
    client.delete(path(banned) + "/participants/" + out + "?ban=3600", service.key()).expect(204);
    String channel =
        client.post("/v1/channels", service.key(), "{\"name\":\"x\"}").expect(201).text("id");
    String members = "/v1/channels/" + channel + "/members";
    client.post(members, service.key(), "{\"identity\":\"" + IDENTITY + "\"}").expect(201);
    share(running);
    EventsClient watching = watch(running);
    watching.next("welcome");
    RedisServer.await("both webhooks of the ban", () -> count(received, "participant.left") == 2);

    if (isOpenToOthers()) {
      Set<String> naming = kindsNaming();
      naming.removeAll(PASSING);
      assertThat(naming).as("kinds of items that name somebody").isEqualTo(KINDS.keySet());
    }

    JsonNode receipt = erase(IDENTITY);

    itTellsWhatItFound(receipt, mix, running);
    assertThat(watching.next("participant.left").at("/data/id").asText()).isEqualTo(there);
    whatIsLeftIsWhole(over, running, banned, ben);
    assertThat(client.get(members, service.key()).expect(200).json().path("data").size()).isZero();
    JsonNode again = erase(IDENTITY);
    for (String what : List.of("stays", "files", "channel-memberships", "conversations")) {
      assertThat(count(again, "erased", what)).as("%s, once more", what).isZero();
    }

    media.close();
    service.close();
    nobodyIsNamed(over, running);
  }

  @Test
  void anErasureIsItsTenantsOwnAndMadeOnce() {
    String conference = service.conference("{}");
    join(conference, IDENTITY, NAME);
    String body = "{\"subject\":\"" + IDENTITY + "\"}";
    String other = service.key("other", "admin");

    client
        .post("/v1/erasures", service.key("default", "conferences"), body)
        .expect(403, "scope-missing");
    client.post("/v1/erasures", service.key(), "{}").expect(422, "invalid");
    ApiClient.Reply made =
        client.post("/v1/erasures", other, body, "Idempotency-Key", "e1").expect(201);
    ApiClient.Reply again =
        client.post("/v1/erasures", other, body, "Idempotency-Key", "e1").expect(201);

    assertThat(again.text("id")).isEqualTo(made.text("id"));
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    client
        .post("/v1/erasures", other, "{\"subject\":\"ben\"}", "Idempotency-Key", "e1")
        .expect(422, "idempotency-key-reused");
    client.get(made.header("Location"), service.key()).expect(404, "not-found");
    JsonNode receipt = done(made.header("Location"), other, 0);
    assertThat(receipt.at("/conferences/searched").asInt()).isZero();
    // Another tenant's person of that identity is another person.
    assertThat(client.get(path(conference) + "/participants", service.key()).expect(200).body())
        .contains(NAME);
  }

  @Test
  void aRecordedMixIsErasedIfThatIsWished() {
    String conference = service.conference("{}");
    join(conference, IDENTITY, NAME);
    join(conference, "ben", "Ben");
    String recordings = path(conference) + "/recordings";
    String mix =
        client.post(recordings, service.key(), "{\"mode\":\"mix\"}").expect(201).text("id");
    String wish = "{\"subject\":\"" + IDENTITY + "\",\"mixes\":\"%s\"}";
    client.post("/v1/erasures", service.key(), wish.formatted("burn")).expect(422, "invalid");

    ApiClient.Reply made =
        client
            .post("/v1/erasures", service.key(), wish.formatted("erase"), "Idempotency-Key", "m")
            .expect(201);
    client
        .post("/v1/erasures", service.key(), wish.formatted("keep"), "Idempotency-Key", "m")
        .expect(422, "idempotency-key-reused");
    JsonNode receipt = done(made.header("Location"), service.key(), 1);

    assertThat(count(receipt, "erased", "recorded-mixes")).isEqualTo(1);
    assertThat(receipt.at("/mixes/0/recording").asText()).isEqualTo(mix);
    assertThat(receipt.at("/mixes/0/now").asText()).isEqualTo("erased");
    assertThat(client.get(recordings + "/" + mix, service.key()).expect(200).text("state"))
        .isEqualTo("stopping");
  }

  private static void itTellsWhatItFound(JsonNode receipt, String mix, String running) {
    for (String line : KINDS.values()) {
      String[] words = line.split(" ", 2);
      assertThat(count(receipt, words[0], words[1])).as(line).isPositive();
    }
    assertThat(receipt.at("/conferences/searched").asInt()).isEqualTo(4);
    assertThat(receipt.at("/conferences/found").asInt()).isEqualTo(3);
    assertThat(count(receipt, "erased", "stays")).isEqualTo(3);
    assertThat(count(receipt, "erased", "messages")).isEqualTo(2);
    assertThat(count(receipt, "erased", "files")).isEqualTo(1);
    assertThat(count(receipt, "erased", "channel-memberships")).isEqualTo(1);
    assertThat(count(receipt, "erased", "conversations")).isEqualTo(1);
    assertThat(count(receipt, "erased", "deliveries")).isGreaterThanOrEqualTo(10);
    assertThat(count(receipt, "kept", "bans")).isEqualTo(1);
    assertThat(count(receipt, "kept", "identity-hashes")).isEqualTo(2);
    assertThat(count(receipt, "kept", "delivered")).isGreaterThanOrEqualTo(5);
    assertThat(count(receipt, "kept", "recorded-mixes")).isEqualTo(1);
    assertThat(receipt.at("/mixes/0/recording").asText()).isEqualTo(mix);
    assertThat(receipt.at("/mixes/0/conference").asText()).isEqualTo(running);
    assertThat(receipt.at("/mixes/0/now").asText()).isEqualTo("kept");
    assertThat(receipt.path("interrupted").asBoolean()).isFalse();
  }

  private void nobodyIsNamed(String over, String running) {
    assertThat(kindsNaming())
        .as("what is kept by a hash")
        .isSubsetOf("core C# I#", "core C# RV#", "core C# BAN#");
    for (String canary : CANARIES) {
      search(canary);
      searchBeside(folder, running, canary);
      searchBeside(folder, over, canary);
    }
  }

  private void whatIsLeftIsWhole(String over, String running, String banned, String ben) {
    JsonNode roster = client.get(path(running) + "/participants", service.key()).expect(200).json();
    assertThat(roster.path("data").findValuesAsText("id")).containsExactly(ben);
    JsonNode messages = client.get(path(running) + "/messages", service.key()).expect(200).json();
    assertThat(messages.path("data").findValuesAsText("text")).containsExactly("", WORDS + "ben");
    assertThat(messages.at("/data/0/sender/identity").asText()).isEqualTo("erased");
    JsonNode bans = client.get(path(banned) + "/bans", service.key()).expect(200).json();
    assertThat(bans.at("/data/0/identity").asText()).isEqualTo("erased");
    String token = token(banned, IDENTITY, NAME);
    client.post(path(banned) + "/participants", token, "{}").expect(403, "banned");
    assertThat(client.get(path(over), service.key()).expect(200).text("state")).isEqualTo("ended");
    assertThat(service.admin().get("/admin/audit?limit=100", null).expect(200).body())
        .contains("POST /v1/erasures", "erasure done")
        .doesNotContain(IDENTITY);
  }

  private JsonNode erase(String subject) {
    ApiClient.Reply made =
        client.post("/v1/erasures", service.key(), "{\"subject\":\"" + subject + "\"}").expect(201);
    assertThat(made.body()).doesNotContain(subject);
    return done(made.header("Location"), service.key(), 4);
  }

  private JsonNode done(String location, String key, int conferences) {
    JsonNode[] receipt = new JsonNode[1];
    RedisServer.await(
        "the first walk",
        () -> {
          receipt[0] = client.get(location, key).expect(200).json();
          return receipt[0].at("/conferences/searched").asInt() == conferences;
        });
    service.clock().advance(Erasures.SETTLE_TIME);
    RedisServer.await(
        "the receipt",
        () -> {
          receipt[0] = client.get(location, key).expect(200).json();
          return receipt[0].path("state").asText().equals("done");
        });
    return receipt[0];
  }

  private void search(String canary) {
    eachItem((_, item) ->
        assertThat(text(item)).doesNotContain(canary.equals(WORDS) ? WORDS + IDENTITY : canary));
  }

  /** Kinds of items that have the identity, or its hash. */
  private Set<String> kindsNaming() {
    Set<String> kinds = new TreeSet<>();
    eachItem((table, item) -> {
      String text = text(item);
      if (text.contains(IDENTITY) || text.contains(hash(IDENTITY))) {
        String partition = item.key().partition();
        Matcher sort = SORT.matcher(item.key().sort());
        String kind = table.name() + " " + partition.substring(0, partition.indexOf('#') + 1);
        kinds.add(sort.lookingAt() ? kind + " " + sort.group() : kind);
      }
    });
    return kinds;
  }

  private void eachItem(BiConsumer<Table, Item> look) {
    try (ItemStores stores = open(folder)) {
      for (Table table : Table.ALL) {
        ItemStore items = stores.table(table);
        ItemKey after = null;
        do {
          ItemPage page = items.scan(PAGE, after);
          page.items().forEach(item -> look.accept(table, item));
          after = page.next();
        } while (after != null);
      }
    }
  }

  private static String text(Item item) {
    return item.key() + " " + item.indexes() + " " + item.body();
  }

  /** As it is in keys. */
  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until a call that is over is in the person's list. */
  private void awaitListed(String conference) {
    String own = token(service.conference("{}"), IDENTITY, NAME);
    RedisServer.await(
        "their conversations are listed",
        () -> {
          service.clock().advance(Duration.ofSeconds(1));
          ApiClient.Reply list = client.get("/v1/conversations", own);
          // Redis' time goes by of itself, and its quota is for so much of it.
          return list.status() != 429 && list.expect(200).body().contains(conference);
        });
  }

  /** Has the person share a file. */
  private void share(String conference) {
    client
        .post(
            path(conference) + "/files",
            token(conference, IDENTITY, NAME),
            "{\"name\":\"%s\",\"size\":0,\"contentType\":\"a/b\",\"sha256\":\"%s\"}"
                .formatted(NAME, "0".repeat(64)))
        .expect(201);
  }

  private void webhooks(int port) {
    String url = "http://127.0.0.1:" + port + "/";
    client.post("/v1/webhook-endpoints", service.key(), "{\"url\":\"" + url + "\"}").expect(201);
  }

  private String join(String conference, String identity, String name) {
    String token = token(conference, identity, name);
    String id =
        client
            .post(path(conference) + "/participants", token, "{\"sdp\":\"v=0\",\"replace\":true}")
            .expect(201)
            .text("id");
    media.report(
        new StateEvent.ParticipantConnected(
            new ConferenceId(conference), 1, new ParticipantId(id)));
    return id;
  }

  private void say(String conference, String identity, String name, String key) {
    String token = token(conference, identity, name);
    String body = "{\"text\":\"" + WORDS + identity + "\"}";
    client.post(path(conference) + "/messages", token, body, "Idempotency-Key", key).expect(201);
  }

  private String token(String conference, String identity, String name) {
    service.clock().advance(Duration.ofSeconds(1));
    return service.token(
        conference, "{\"identity\":\"%s\",\"name\":\"%s\"}".formatted(identity, name));
  }

  private EventsClient watch(String conference) {
    String ticket =
        client
            .post(path(conference) + "/event-tickets", service.key(), "{}")
            .expect(201)
            .text("ticket");
    return EventsClient.connect(service.httpPort(), conference, ticket, -1);
  }

  private static String path(String conference) {
    return "/v1/conferences/" + conference;
  }

  private static long count(Queue<String> bodies, String type) {
    return bodies.stream().filter(body -> body.contains("\"" + type + "\"")).count();
  }

  private static int count(JsonNode receipt, String list, String what) {
    for (JsonNode line : receipt.path(list)) {
      if (line.path("what").asText().equals(what)) {
        return line.path("count").asInt();
      }
    }
    throw new AssertionError(what + " is not in " + receipt);
  }
}
