package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.EndedCalls;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemPage;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.Table;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In whose library names and texts are, through the HTTP door and in the files. */
@Timeout(120)
final class MetadataRegionIT {
  private static final String CANARY = "canary";
  private static final String EMPTY_SHA256 =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @TempDir Path folder;
  private RunningService service;
  private ScriptedMediaServer media;
  private ApiClient client;

  @BeforeEach
  void start() {
    service =
        new RunningService(
            folder,
            "--libraries=asia,eu",
            "--library-region=us",
            "--webhooks-anywhere=true",
            // Nobody is there: URLs are signed without asking anybody.
            "--directory-store=http://127.0.0.1:9/",
            "--directory-store-key=" + folder.resolve("object-key"));
    media = ScriptedMediaServer.dial(service.linkPort(), "ms-1");
    client = service.client();
  }

  @AfterEach
  void stop() {
    media.close();
    service.close();
  }

  @Test
  void namesAndTextsAreInTheLibraryOfTheirRegionAndInNoOther() {
    policy("eu-names", "eu", false);
    String told = id("/v1/webhook-endpoints", "{\"url\":\"http://127.0.0.1:9/\"}");
    String channel = id("/v1/channels", "{\"name\":\"canary-channel\",\"residency\":\"eu-names\"}");
    id("/v1/channels/" + channel + "/members", "{\"identity\":\"canary-ana\"}");
    id("/v1/categories", "{\"name\":\"canary-category\",\"channel\":\"" + channel + "\"}");
    EndedCalls calls = new EndedCalls(service, media);
    String call =
        calls.live(
            "{\"alias\":\"canary-title\",\"channel\":\"" + channel + "\"}", "canary-ana", "ben");
    String object =
        id(
            "/v1/objects",
            "{\"name\":\"canary-file\",\"tags\":{\"canary-tag\":\"canary-value\"},"
                + "\"attributes\":\"Y2FuYXJ5\",\"size\":0,\"contentType\":\"text/plain\","
                + "\"sha256\":\""
                + EMPTY_SHA256
                + "\",\"conference\":\""
                + call
                + "\"}");
    String recording =
        id("/v1/conferences/" + call + "/recordings", "{\"tags\":{\"canary-tag\":\"x\"}}");
    JsonNode roster = get("/v1/conferences/" + call + "/participants").expect(200).json();
    assertThat(roster.findValuesAsText("identity")).contains("canary-ana");
    client.delete("/v1/conferences/" + call, service.key()).expect(200);
    calls.settle();
    String conversation = "/v1/conversations/" + call;
    String title = "{\"title\":\"canary-new-title\",\"tags\":{\"canary-tag\":\"y\"}}";
    client.patch(conversation, service.key(), title, "If-Match", "*").expect(200);

    assertThat(List.of(channel, call, object, recording)).allMatch(id -> id.endsWith(".eu"));
    service.clock().advance(Duration.ofSeconds(10));
    assertThat(ids("/v1/objects?conference=" + call)).containsExactly(object);
    assertThat(ids("/v1/recordings")).containsExactly(recording);
    assertThat(ids("/v1/channels")).containsExactly(channel);
    assertThat(ids("/v1/conversations?tag=canary-tag:y")).containsExactly(call);
    assertThat(ids("/v1/conversations?channel=" + channel)).containsExactly(call);
    assertThat(ids("/v1/categories?channel=" + channel)).hasSize(1);
    JsonNode messages = get(conversation + "/messages").expect(200).json().path("data");
    assertThat(messages.findValuesAsText("text")).contains("Hello from canary-ana");

    assertThat(get("/v1/webhook-endpoints/" + told + "/deliveries").expect(200).body())
        .contains(call);

    service.close();
    for (Table table : Table.ALL) {
      assertThat(items("facts.rocksdb", table)).noneMatch(item -> item.contains(CANARY));
    }
    assertThat(items("facts.rocksdb", Table.CORE)).anyMatch(item -> item.contains("sealed"));
    assertThat(items("facts.rocksdb", Table.OPS)).anyMatch(item -> item.contains("sealed"));
    assertThat(items("library-asia.rocksdb", Table.LIBRARY)).isEmpty();
    List<String> there = items("library-eu.rocksdb", Table.LIBRARY);
    for (String kept :
        List.of(
            "canary-channel",
            "canary-category",
            "canary-file",
            "canary-new-title",
            "canary-tag",
            "Hello from canary-ana")) {
      assertThat(there).as(kept).anyMatch(body -> body.contains(kept));
    }
  }

  @Test
  void mediaSessionsOfSuchACallAreFound() {
    policy("all", "eu", true);
    String call = service.conference("{}");
    String token = service.tokenFor(call, "ana");
    ApiClient.Reply offered =
        client.postSdp("/v1/conferences/" + call + "/rtc", token, "v=0").expect(201);
    String session = offered.header("Location");

    assertThat(session).contains(call);
    client.get(session, token).expect(204);
    client.delete(session, token).expect(200);
    client.get(session + ".x", token).expect(404, "not-found");
    client.get("/v1/rtc-sessions/" + call, token).expect(404, "not-found");
  }

  @Test
  void listsAreOneWhereverTheirEntriesAre() {
    policy("eu-names", "eu", false);
    policy("asia-names", "asia", false);
    policy("us-names", "us", false);
    List<String> channels = new ArrayList<>();
    List<String> objects = new ArrayList<>();
    for (String policy :
        new String[] {"eu-names", "", "asia-names", "us-names", "eu-names", "asia-names", ""}) {
      service.clock().advance(Duration.ofSeconds(1));
      String under = policy.isEmpty() ? "" : ",\"residency\":\"" + policy + "\"";
      channels.addFirst(id("/v1/channels", "{\"name\":\"x\"" + under + "}"));
      objects.addFirst(id("/v1/objects", object("x", under)));
    }

    assertThat(ids("/v1/channels?limit=2")).isEqualTo(channels);
    assertThat(ids("/v1/objects?limit=3")).isEqualTo(objects);
    assertThat(ids("/v1/objects?limit=200")).isEqualTo(objects);
    assertThat(objects.get(0)).doesNotContain(".");
    assertThat(objects.get(3)).endsWith(".us");
  }

  @Test
  void whatBelongsTogetherIsTogetherAndWhatCannotBeIsRefused() {
    policy("eu-names", "eu", false);
    policy("asia-names", "asia", false);
    put("bad", "\"metadataRegion\":\"mars\"").expect(422, "invalid");
    String placed = "{\"placement\":{\"residency\":\"eu-names\"}}";
    ApiClient.Reply made = client.post("/v1/conferences", service.key(), placed).expect(201);
    String call = made.text("id");
    assertThat(made.json().at("/placement/metadataRegion").asText()).isEqualTo("eu");
    String of = ",\"conference\":\"" + call + "\"";

    assertThat(id("/v1/objects", object("in a call", of))).endsWith(".eu");
    ApiClient.Reply torn =
        client
            .post(
                "/v1/objects", service.key(), object("torn", of + ",\"residency\":\"asia-names\""))
            .expect(422, "residency-unsatisfiable");
    assertThat(torn.json().path("regions").toString()).isEqualTo("[\"asia\",\"eu\"]");
    assertThat(torn.text("detail")).contains("metadataRegion");

    policy("all", "asia", true);
    client.post("/v1/conferences", service.key(), placed).expect(422, "residency-unsatisfiable");
    client
        .post("/v1/channels", service.key(), "{\"name\":\"x\",\"residency\":\"eu-names\"}")
        .expect(422, "residency-unsatisfiable");
    assertThat(id("/v1/conferences", "{}")).endsWith(".asia");
  }

  @Test
  void aRequestThatIsRepeatedUnderAnotherPolicyIsTheSame() {
    String conference = again("/v1/conferences", "{}");
    String channel = again("/v1/channels", "{\"name\":\"x\"}");
    String object = again("/v1/objects", object("x", ""));
    policy("all", "eu", true);

    assertThat(again("/v1/conferences", "{}")).isEqualTo(conference).doesNotContain(".");
    assertThat(again("/v1/channels", "{\"name\":\"x\"}")).isEqualTo(channel);
    assertThat(again("/v1/objects", object("x", ""))).isEqualTo(object);
    client
        .post("/v1/channels", service.key(), "{\"name\":\"y\"}", "Idempotency-Key", "k")
        .expect(422, "idempotency-key-reused");
    assertThat(id("/v1/objects", object("x", ""))).endsWith(".eu");
  }

  private void policy(String name, String region, boolean isDefault) {
    put(name, "\"metadataRegion\":\"" + region + "\",\"default\":" + isDefault).expect(201);
  }

  private ApiClient.Reply put(String name, String more) {
    service.clock().advance(Duration.ofSeconds(1));
    String body = "{\"allowedRegions\":[\"local\"]," + more + "}";
    return client.send(
        "PUT", "/v1/residency-policies/" + name, service.key(), "application/json", body);
  }

  private static String object(String name, String more) {
    return "{\"name\":\"%s\",\"size\":0,\"contentType\":\"text/plain\",\"sha256\":\"%s\"%s}"
        .formatted(name, EMPTY_SHA256, more);
  }

  private String id(String path, String body) {
    return client.post(path, service.key(), body).expect(201).text("id");
  }

  private String again(String path, String body) {
    return client.post(path, service.key(), body, "Idempotency-Key", "k").expect(201).text("id");
  }

  private ApiClient.Reply get(String path) {
    return client.get(path, service.key());
  }

  /** The ids of a list, whatever its pages are. */
  private List<String> ids(String path) {
    List<String> ids = new ArrayList<>();
    String cursor = "";
    do {
      service.clock().advance(Duration.ofSeconds(1));
      JsonNode page = get(path + cursor).expect(200).json();
      page.path("data").forEach(entry -> ids.add(entry.path("id").asText()));
      cursor =
          page.has("next")
              ? (path.contains("?") ? "&" : "?") + "cursor=" + page.path("next").asText()
              : "";
    } while (!cursor.isEmpty());
    return ids;
  }

  /** All items of a table of a file, with their keys. */
  private List<String> items(String file, Table name) {
    List<String> items = new ArrayList<>();
    try (EmbeddedStore store = EmbeddedStore.open(folder.resolve(file))) {
      ItemStore table = store.table(name);
      @Nullable ItemKey after = null;
      do {
        ItemPage page = table.scan(100, after);
        page.items().stream().map(Item::toString).forEach(items::add);
        after = page.next();
      } while (after != null);
    }
    return items;
  }
}
