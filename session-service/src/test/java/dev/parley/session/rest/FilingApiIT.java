package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.EndedCalls;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Channels, categories and conversations, through the HTTP door. */
@Timeout(120)
final class FilingApiIT {
  private static final String CHANNELS = "/v1/channels";
  private static final String CATEGORIES = "/v1/categories";
  private static final String CONVERSATIONS = "/v1/conversations";

  @TempDir static Path folder;
  static RunningService service;
  static ScriptedMediaServer media;
  static ApiClient client;
  static EndedCalls calls;

  @BeforeAll
  static void start() {
    service = new RunningService(folder);
    media = ScriptedMediaServer.dial(service.linkPort(), "ms-1");
    client = service.client();
    calls = new EndedCalls(service, media);
  }

  @AfterAll
  static void stop() {
    media.close();
    service.close();
  }

  @BeforeEach
  void letQuotasRefill() {
    service.clock().advance(Duration.ofSeconds(10));
  }

  @Test
  void channelsAreMadeReadChangedListedAndDeleted() {
    String body = "{\"name\":\"Sales\",\"tags\":{\"team\":\"north\"},\"attributes\":\"e30=\"}";
    ApiClient.Reply made = post(CHANNELS, body, "Idempotency-Key", "c1").expect(201);
    String id = made.text("id");
    assertThat(made.header("Location")).isEqualTo(CHANNELS + "/" + id);
    ApiClient.Reply again = post(CHANNELS, body, "Idempotency-Key", "c1").expect(201);
    assertThat(again.text("id")).isEqualTo(id);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    post(CHANNELS, "{\"name\":\"X\"}", "Idempotency-Key", "c1")
        .expect(422, "idempotency-key-reused");
    post(CHANNELS, "{}").expect(422, "invalid");
    post(CHANNELS, "{\"name\":\"X\",\"residency\":\"unheard-of\"}").expect(422, "invalid");

    String path = CHANNELS + "/" + id;
    assertThat(get(path).header("ETag")).isEqualTo("\"1\"");
    patch(path, "{\"name\":\"North\"}").expect(428, "if-match-missing");
    patch(path, "{\"name\":\"North\"}", "If-Match", "\"7\"").expect(412, "version-mismatch");
    JsonNode changed = patch(path, "{\"name\":\"North\"}", "If-Match", "\"1\"").expect(200).json();
    assertThat(changed.path("name").asText()).isEqualTo("North");
    assertThat(changed.at("/tags/team").asText()).isEqualTo("north");
    service.clock().advance(Duration.ofSeconds(1));
    String other = post(CHANNELS, "{\"name\":\"Other\"}").expect(201).text("id");
    assertThat(ids(CHANNELS + "?limit=1")).startsWith(other, id);
    assertThat(ids(CHANNELS + "?tag=team:north")).containsExactly(id);
    String strange = service.key("strange", "library");
    client.get(path, strange).expect(404, "not-found");
    client.get(path, service.key("default", "conferences")).expect(403, "scope-missing");

    client.delete(path, service.key(), "If-Match", "\"1\"").expect(412, "version-mismatch");
    client.delete(path, service.key()).expect(204);
    client.get(path, service.key()).expect(404, "not-found");
    client.delete(path, service.key()).expect(404, "not-found");
    assertThat(ids(CHANNELS)).doesNotContain(id);
    client
        .post("/v1/conferences", service.key(), "{\"channel\":\"" + id + "\"}")
        .expect(422, "invalid");
  }

  @Test
  void membersOfAChannelSeeItsConversationsAndOwnersFileThem() {
    String channel = post(CHANNELS, "{\"name\":\"Sales\"}").expect(201).text("id");
    String members = CHANNELS + "/" + channel + "/members";
    String call = calls.over("{\"channel\":\"" + channel + "\"}", "ana");
    calls.settle();
    String eve = calls.tokenOf("eve");
    String list = CHANNELS + "/" + channel + "/conversations";
    client.get(list, eve).expect(404, "not-found");
    client.get(CONVERSATIONS + "/" + call, eve).expect(404, "not-found");

    JsonNode added = post(members, "{\"identity\":\"eve\"}").expect(201).json();
    assertThat(post(members, "{\"identity\":\"eve\"}").expect(200).text("id"))
        .isEqualTo(added.path("id").asText());
    assertThat(ids(list, eve)).containsExactly(call);
    assertThat(ids(CONVERSATIONS, eve)).as("she did not take part").isEmpty();
    client.get(CONVERSATIONS + "/" + call, eve).expect(200);
    client
        .patch(CONVERSATIONS + "/" + call, eve, "{\"title\":\"x\"}", "If-Match", "*")
        .expect(403, "not-owner");
    post(members, "{\"identity\":\"eve\",\"role\":\"owner\"}").expect(200);
    client.patch(CONVERSATIONS + "/" + call, eve, "{\"title\":\"x\"}", "If-Match", "*").expect(200);
    post(members, "{\"identity\":\"ben\"}").expect(201);
    assertThat(new TreeSet<>(values(members + "?limit=1", service.key(), "identity")))
        .containsExactly("ben", "eve");

    String path = members + "/" + added.path("id").asText();
    client.delete(path, service.key()).expect(204);
    client.delete(path, service.key()).expect(404, "not-found");
    client.get(list, eve).expect(404, "not-found");
    assertThat(ids(list, service.key())).containsExactly(call);
    client.delete(CHANNELS + "/" + channel, service.key()).expect(204);
    client.get(list, service.key()).expect(404, "not-found");
    client.get(CONVERSATIONS + "/" + call, service.key()).expect(200);
  }

  @Test
  void aTreeOfCategoriesKeepsItsShape() {
    String top = category("Interviews", null);
    String year = category("2026", top);
    post(CATEGORIES, "{\"name\":\"Interviews\"}").expect(409, "category-name-taken");
    post(CATEGORIES, "{\"name\":\"x\",\"parent\":\"ca_none\"}").expect(422, "invalid");
    String path = CATEGORIES + "/" + top;
    patch(path, "{\"parent\":\"" + year + "\"}").expect(428, "if-match-missing");
    patch(path, "{\"parent\":\"" + year + "\"}", "If-Match", "*").expect(409, "category-cycle");
    patch(path, "{\"name\":\"x\"}", "If-Match", "\"999\"").expect(412, "version-mismatch");
    String parent = year;
    for (int depth = 3; depth <= 8; depth++) {
      parent = category("level " + depth, parent);
    }
    post(CATEGORIES, "{\"name\":\"deeper\",\"parent\":\"" + parent + "\"}")
        .expect(409, "category-too-deep");

    patch(CATEGORIES + "/" + year, "{\"parent\":null,\"name\":\"Years\"}", "If-Match", "*")
        .expect(200);
    JsonNode moved = get(CATEGORIES + "/" + parent).expect(200).json();
    assertThat(moved.path("path").get(0).asText()).isEqualTo("Years");
    assertThat(moved.path("path").size()).isEqualTo(7);
    client.delete(CATEGORIES + "/" + year, service.key()).expect(409, "category-not-empty");
    client.delete(path, service.key()).expect(204);
    client.get(path, service.key()).expect(404, "not-found");
    ApiClient.Reply tree = get(CATEGORIES).expect(200);
    assertThat(tree.json().at("/data/0/name").asText()).isEqualTo("Years");
    assertThat(tree.header("ETag")).startsWith("\"");

    String channel = post(CHANNELS, "{\"name\":\"Own\"}").expect(201).text("id");
    String own =
        post(CATEGORIES, "{\"name\":\"Years\",\"channel\":\"" + channel + "\"}")
            .expect(201)
            .text("id");
    assertThat(ids(CATEGORIES + "?channel=" + channel)).containsExactly(own);
    client.get(CATEGORIES + "?channel=ch_none", service.key()).expect(404, "not-found");
  }

  @Test
  void aTreeHasARoomForSoManyCategories() {
    String key = service.key("collector", "library");
    for (int i = 0; i < 500; i++) {
      if (i % 20 == 0) {
        service.clock().advance(Duration.ofSeconds(2));
      }
      client.post(CATEGORIES, key, "{\"name\":\"drawer " + i + "\"}").expect(201);
    }
    service.clock().advance(Duration.ofSeconds(2));

    client.post(CATEGORIES, key, "{\"name\":\"one more\"}").expect(409, "too-many-categories");
    assertThat(client.get(CATEGORIES, key).expect(200).json().path("data").size()).isEqualTo(500);
  }

  @Test
  void aCallThatIsOverIsFiledAndFound() {
    String running = service.conference("{\"alias\":\"running\"}");
    client.get(CONVERSATIONS + "/" + running, service.key()).expect(404, "not-found");
    String call = calls.over("{\"alias\":\"standup\",\"tags\":{\"project\":\"x\"}}", "ana", "ben");

    String path = CONVERSATIONS + "/" + call;
    JsonNode read = get(path).expect(200).json();
    assertThat(read.path("title").asText()).isEqualTo("standup");
    assertThat(read.at("/tags/project").asText()).isEqualTo("x");
    assertThat(read.path("messageCount").asInt()).isEqualTo(2);
    calls.settle();
    assertThat(ids(CONVERSATIONS + "?tag=project:x")).contains(call);
    String category = category("Calls", null);
    patch(path, "{\"categories\":[\"ca_none\"]}", "If-Match", "*").expect(422, "invalid");
    String tooMany = "\"ca_1\"" + ",\"ca_2\"".repeat(20);
    patch(path, "{\"categories\":[" + tooMany + "]}", "If-Match", "*").expect(422, "invalid");
    patch(path, "{\"title\":\"x\"}").expect(428, "if-match-missing");
    String filed =
        "{\"title\":\"With Eve\",\"tags\":{\"project\":\"y\",\"lang\":\"fr\"},\"categories\":[\""
            + category
            + "\"],\"attributes\":\"e30=\"}";
    ApiClient.Reply changed = patch(path, filed, "If-Match", "\"1\"").expect(200);
    assertThat(changed.header("ETag")).isEqualTo("\"2\"");
    patch(path, filed, "If-Match", "\"1\"").expect(412, "version-mismatch");

    assertThat(ids(CONVERSATIONS + "?tag=project:x")).doesNotContain(call);
    assertThat(ids(CONVERSATIONS + "?tag=project:y&tag=lang:fr")).containsExactly(call);
    assertThat(ids(CONVERSATIONS + "?category=" + category)).containsExactly(call);
    assertThat(ids(CONVERSATIONS + "?category=" + category + "&tag=lang:de")).isEmpty();
    client.delete(CATEGORIES + "/" + category, service.key()).expect(409, "category-not-empty");
    patch(path, "{\"categories\":[]}", "If-Match", "*").expect(200);
    assertThat(ids(CONVERSATIONS + "?category=" + category)).isEmpty();
    client.delete(CATEGORIES + "/" + category, service.key()).expect(204);
    client.get(path, service.key("strange", "library")).expect(404, "not-found");
    client.get(CONVERSATIONS, service.key("default", "usage")).expect(403, "scope-missing");
    client.get(CONVERSATIONS + "?cursor=abc", service.key()).expect(400, "cursor-invalid");
  }

  @Test
  void peopleSeeWhatTheyTookPartInAsTheirGrantsLetThem() {
    String first = calls.over("{}", "kim", "lou");
    service.clock().advance(Duration.ofSeconds(1));
    String second = calls.over("{}", "kim");
    calls.settle();
    String kim = calls.tokenOf("kim");
    String lou = calls.tokenOf("lou");

    calls.awaitListed(kim, second, first);
    calls.awaitListed(lou, first);
    assertThat(ids(CONVERSATIONS + "?limit=1", kim)).containsExactly(second, first);
    client.get(CONVERSATIONS + "/" + second, lou).expect(404, "not-found");
    client.get(CONVERSATIONS + "/" + second + "/messages", lou).expect(404, "not-found");
    JsonNode read = client.get(CONVERSATIONS + "/" + first, lou).expect(200).json();
    assertThat(read.path("messageCount").asInt()).isEqualTo(2);
    assertThat(read.has("recordings")).as("speakers have no such grant").isFalse();
    assertThat(read.has("files")).isTrue();
    assertThat(read.has("attributes")).isFalse();
    assertThat(values(CONVERSATIONS + "/" + first + "/messages?limit=1&order=newest", lou, "text"))
        .containsExactly("Hello from lou", "Hello from kim");

    String silent = calls.tokenOf("lou", "{\"chat\":false,\"files\":false}");
    client.get(CONVERSATIONS, silent).expect(403, "grant-missing");
    String listener = calls.tokenOf("lou", "{\"chat\":false}");
    client.get(CONVERSATIONS + "/" + first + "/messages", listener).expect(403, "grant-missing");
    assertThat(
            client
                .get(CONVERSATIONS + "/" + first, listener)
                .expect(200)
                .json()
                .has("messageCount"))
        .isFalse();
    service.clock().advance(Duration.ofHours(2));
    client.get(CONVERSATIONS, lou).expect(401, "token-expired");
  }

  @Test
  void aPersonThatIsErasedHasNoConversationsAndNoChannels() {
    String channel = post(CHANNELS, "{\"name\":\"Sales\"}").expect(201).text("id");
    String members = CHANNELS + "/" + channel + "/members";
    post(members, "{\"identity\":\"gone\"}").expect(201);
    String call = calls.over("{}", "gone", "stays");
    calls.settle();
    calls.awaitListed(calls.tokenOf("gone"), call);
    calls.awaitListed(calls.tokenOf("stays"), call);

    calls.erase("gone");

    assertThat(values(members, service.key(), "identity")).isEmpty();
    assertThat(ids(CONVERSATIONS, calls.tokenOf("gone"))).isEmpty();
    assertThat(ids(CONVERSATIONS, calls.tokenOf("stays"))).containsExactly(call);
  }

  private static String category(String name, @Nullable String parent) {
    String below = parent == null ? "" : ",\"parent\":\"" + parent + "\"";
    return post(CATEGORIES, "{\"name\":\"" + name + "\"" + below + "}").expect(201).text("id");
  }

  private static ApiClient.Reply get(String path) {
    return client.get(path, service.key());
  }

  private static ApiClient.Reply post(String path, String body, String... headers) {
    return client.post(path, service.key(), body, headers);
  }

  private static ApiClient.Reply patch(String path, String body, String... headers) {
    return client.patch(path, service.key(), body, headers);
  }

  private static List<String> ids(String path) {
    return ids(path, service.key());
  }

  private static List<String> ids(String path, String credential) {
    return values(path, credential, "id");
  }

  /** A field of all entries of a list, whatever its pages are. */
  private static List<String> values(String path, String credential, String field) {
    List<String> values = new ArrayList<>();
    String cursor = "";
    do {
      service.clock().advance(Duration.ofSeconds(1));
      JsonNode page = client.get(path + cursor, credential).expect(200).json();
      page.path("data").forEach(entry -> values.add(entry.path(field).asText()));
      cursor =
          page.has("next")
              ? (path.contains("?") ? "&" : "?") + "cursor=" + page.path("next").asText()
              : "";
    } while (!cursor.isEmpty());
    return values;
  }
}
