package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.CountryFile;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import dev.parley.session.harness.ScriptedMediaServer.Place;
import dev.parley.session.object.directory.DirectoryStoreHandle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where objects may be, through the HTTP door, with three hundred stores. */
@Timeout(60)
final class ObjectResidencyIT {
  private static final int STORES = 300;
  private static final String CONTENT_SHA256 =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  @TempDir static Path folder;
  static final HttpClient HTTP = HttpClient.newHttpClient();
  static DirectoryStoreHandle store;
  static RunningService service;
  static ScriptedMediaServer media;
  static ApiClient client;

  @BeforeAll
  static void start() throws IOException {
    Path objects = Files.createDirectory(folder.resolve("objects"));
    InstantSource now = () -> service == null ? RunningService.START : service.clock().instant();
    store = DirectoryStoreHandle.start(objects, now.withZone(ZoneOffset.UTC));
    Path file = folder.resolve("stores.yaml");
    Files.writeString(file, stores(store.address(), objects.resolve("key")));
    Path countries =
        CountryFile.write(
            folder.resolve("country.mmdb"),
            Map.of("203.0.113.0/24", "DE", "2001:db8:5::/48", "BR"));
    service =
        new RunningService(
            folder.resolve("session"),
            "--object-stores=" + file,
            "--geoip-database=" + countries,
            "--trusted-proxies=127.0.0.0/8");
    media = ScriptedMediaServer.dial(service.linkPort(), "ms-eu", new Place("eu", 500, List.of()));
    client = service.client();
  }

  @AfterAll
  static void stop() {
    media.close();
    service.close();
    store.close();
    HTTP.close();
  }

  @BeforeEach
  void letQuotasRefill() {
    service.clock().advance(Duration.ofSeconds(10));
  }

  /** All of them are one place here; what they are called is what counts. */
  private static String stores(String address, Path key) {
    StringBuilder text = new StringBuilder("stores:\n");
    for (int i = 0; i < STORES; i++) {
      text.append(
          "  - {id: s%d, kind: directory, region: %s, endpoint: '%s', key: 'file:%s'}\n"
              .formatted(i, i < 2 ? (i == 0 ? "na" : "eu") : "r" + i, address, key));
    }
    return text.toString();
  }

  @Test
  void threeHundredStoresAreKnownAndEachIsFound() {
    assertThat(client.get("/v1/stores", service.key()).expect(200).json().path("data").size())
        .isEqualTo(STORES);
    for (int i : new int[] {2, 150, STORES - 1}) {
      put("one-" + i, "\"r" + i + "\"");
      assertThat(register("\"residency\":\"one-" + i + "\"").expect(201).text("store"))
          .isEqualTo("s" + i);
    }
  }

  @Test
  void anObjectGoesWhereAllOfItsPoliciesPermit() {
    put("north", "\"na\",\"eu\"");
    put("old", "\"eu\",\"r7\"");
    String conference = service.conference("{\"placement\":{\"residency\":\"north\"}}");
    String of = "\"conference\":\"" + conference + "\"";

    assertThat(register(of).expect(201).text("region")).isEqualTo("na");
    JsonNode both = register(of + ",\"residency\":\"old\"").expect(201).json();
    assertThat(both.path("region").asText()).isEqualTo("eu");
    assertThat(both.path("residency").toString())
        .isEqualTo("{\"policies\":[\"north\",\"old\"],\"regions\":[\"eu\"],\"permitted\":true}");

    ApiClient.Reply refused =
        register(of + ",\"residency\":\"old\",\"region\":\"na\"")
            .expect(422, "residency-unsatisfiable");
    assertThat(refused.json().path("regions").toString()).isEqualTo("[\"eu\"]");
    assertThat(refused.text("detail")).contains("north, old").contains("eu").contains("na");
    register("\"residency\":\"unheard-of\"").expect(422, "invalid");
    register("\"region\":\"nowhere\"").expect(422, "no-object-store");
    put("mars", "\"mars\"");
    ApiClient.Reply nowhere = register("\"residency\":\"mars\"");
    nowhere.expect(422, "residency-unsatisfiable");
    assertThat(nowhere.json().path("regions").size()).isZero();
    assertThat(nowhere.text("detail")).contains("object-stores");
  }

  @Test
  void aPolicyMadeNarrowerClosesWhatLiesOutsideAndMadeWiderOpensIt() throws Exception {
    put("law", "\"na\",\"eu\"");
    String id = available("\"residency\":\"law\"");
    String pending = register("\"residency\":\"law\"").expect(201).text("id");
    link(id, "{}").expect(201);

    narrow("law", "\"eu\"");

    ApiClient.Reply denied = link(id, "{}").expect(403, "residency-denied");
    assertThat(denied.json().path("regions").toString()).isEqualTo("[\"eu\"]");
    assertThat(denied.json().path("policies").toString()).isEqualTo("[\"law\"]");
    assertThat(denied.text("detail")).contains("lies in na").contains("permits only eu");
    assertThat(
            client
                .post("/v1/objects/batch", service.key(), "{\"ids\":[\"" + id + "\"]}")
                .expect(200)
                .json()
                .at("/data/0/code")
                .asText())
        .isEqualTo("residency-denied");
    JsonNode listed = client.get("/v1/objects?limit=200", service.key()).expect(200).json();
    for (JsonNode object : listed.path("data")) {
      if (object.path("id").asText().equals(id)) {
        assertThat(object.at("/residency/permitted").asBoolean(true)).isFalse();
      }
    }
    assertThat(listed.toString()).contains(id);
    JsonNode waiting = client.get("/v1/objects/" + pending, service.key()).expect(200).json();
    assertThat(waiting.has("upload")).as("nothing more is brought there").isFalse();
    client
        .post("/v1/objects/" + pending + "/commit", service.key(), "")
        .expect(403, "residency-denied");

    narrow("law", "\"na\"");
    link(id, "{}").expect(201);
    client.delete("/v1/residency-policies/law", service.key()).expect(204);
    assertThat(link(id, "{}").expect(403, "residency-denied").text("detail"))
        .contains("law is gone");
    client.delete("/v1/objects/" + id, service.key()).expect(200);
  }

  @Test
  void aDefaultHoldsForAllThatIsTheTenantsAndForNobodyElses() {
    String key = service.key("strict", "conferences", "library", "admin");
    client
        .send(
            "PUT",
            "/v1/residency-policies/house",
            key,
            "application/json",
            "{\"allowedRegions\":[\"eu\",\"r9\"],\"default\":true}")
        .expect(201);

    assertThat(register(key, "").expect(201).text("region")).isEqualTo("eu");
    register(key, "\"region\":\"na\"").expect(422, "residency-unsatisfiable");
    JsonNode conference = client.post("/v1/conferences", key, "{}").expect(201).json();
    assertThat(conference.path("placement").toString())
        .isEqualTo("{\"mode\":\"auto\",\"allowed\":[\"eu\",\"r9\"]}");
    ApiClient.Reply far =
        client.post("/v1/conferences", key, "{\"placement\":{\"regions\":[\"r9\"]}}").expect(201);
    String token =
        client
            .post("/v1/conferences/" + far.text("id") + "/tokens", key, "{\"identity\":\"ana\"}")
            .expect(201)
            .text("token");
    assertThat(
            client
                .post("/v1/conferences/" + far.text("id") + "/participants", token, "{}")
                .expect(403, "residency-denied")
                .text("detail"))
        .contains("house");
    ApiClient.Reply nowhere =
        client
            .post("/v1/conferences", key, "{\"placement\":{\"regions\":[\"na\"]}}")
            .expect(422, "residency-unsatisfiable");
    assertThat(nowhere.json().path("regions").toString()).isEqualTo("[\"eu\",\"r9\"]");
    assertThat(register("").expect(201).text("region")).as("of another tenant").isEqualTo("na");
  }

  @Test
  void aDefaultThatComesBetweenARequestAndItsRepetitionMakesItNoOther() {
    String key = service.key("late", "conferences", "library", "admin");
    String[] once = {"Idempotency-Key", "late-1"};
    String id = client.post("/v1/conferences", key, "{}", once).expect(201).text("id");
    client
        .send(
            "PUT",
            "/v1/residency-policies/house",
            key,
            "application/json",
            "{\"allowedRegions\":[\"eu\"],\"default\":true}")
        .expect(201);

    ApiClient.Reply again = client.post("/v1/conferences", key, "{}", once).expect(201);

    assertThat(again.text("id")).isEqualTo(id);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
  }

  @Test
  void somePoliciesLetObjectsBeReadInTheirRegionsOnly() throws Exception {
    client
        .send(
            "PUT",
            "/v1/residency-policies/closed",
            service.key(),
            "application/json",
            "{\"allowedRegions\":[\"eu\"],\"crossRegionLinks\":false}")
        .expect(201);
    String id = available("\"residency\":\"closed\"");

    assertThat(link(id, "{}").expect(403, "residency-denied").text("detail"))
        .contains("readerRegion");
    assertThat(link(id, "{\"readerRegion\":\"na\"}").expect(403, "residency-denied").text("detail"))
        .contains("the reader is in na");
    link(id, "{\"readerRegion\":\"eu\"}").expect(201);
  }

  @Test
  void peopleAreWhereTheCountryOfTheirAddressIs() throws Exception {
    client
        .send(
            "PUT",
            "/v1/residency-policies/inside",
            service.key(),
            "application/json",
            "{\"allowedRegions\":[\"eu\"],\"crossRegionLinks\":false}")
        .expect(201);
    String conference = entered("{\"placement\":{\"residency\":\"inside\"}}");
    String token = service.tokenFor(conference, "ana");
    String files = "/v1/conferences/" + conference + "/files";
    String id = client.post(files, token, "{" + content() + "}").expect(201).text("id");
    upload(client.get("/v1/objects/" + id, service.key()).expect(200).json().path("upload"));
    client.post(files + "/" + id + "/commit", token, "").expect(200);

    String ids = "{\"ids\":[\"" + id + "\"]}";
    for (String address : new String[] {"203.0.113.9", "2001:db8:5::7", "192.0.2.1"}) {
      JsonNode answer =
          client
              .post(files + "/links", token, ids, "X-Forwarded-For", address)
              .expect(200)
              .json()
              .at("/data/0");
      assertThat(answer.has("url"))
          .as("from %s: %s", address, answer)
          .isEqualTo(address.equals("203.0.113.9"));
    }
    client
        .post(files + "/links", token, "{\"ids\":[\"" + id + "\"],\"readerRegion\":\"eu\"}")
        .expect(422, "invalid");
  }

  @Test
  void filesOfACallKeepToItsPolicyAndPeopleAreTold() throws Exception {
    put("call", "\"eu\"");
    String conference = entered("{\"placement\":{\"residency\":\"call\"}}");
    String token = service.tokenFor(conference, "ana");
    String files = "/v1/conferences/" + conference + "/files";

    ApiClient.Reply shared = client.post(files, token, "{" + content() + "}").expect(201);
    String id = shared.text("id");
    upload(shared.json().path("upload"));
    client.post(files + "/" + id + "/commit", token, "").expect(200);
    String ids = "{\"ids\":[\"" + id + "\"]}";
    assertThat(client.post(files + "/links", token, ids).expect(200).json().at("/data/0/region"))
        .hasToString("\"eu\"");

    narrow("call", "\"na\"");

    assertThat(client.post(files + "/links", token, ids).expect(200).json().at("/data/0/code"))
        .hasToString("\"residency-denied\"");
    assertThat(client.post(files, token, "{" + content() + "}").expect(201).text("state"))
        .as("what is shared from now on lies elsewhere")
        .isEqualTo("pending");
    narrow("call", "\"mars\"");
    client.post(files, token, "{" + content() + "}").expect(422, "residency-unsatisfiable");
  }

  /** A conference with Ana in it. */
  private static String entered(String options) {
    String conference = service.conference(options);
    client
        .post(
            "/v1/conferences/" + conference + "/participants",
            service.tokenFor(conference, "ana"),
            "{}")
        .expect(201);
    return conference;
  }

  private static String content() {
    return "\"name\":\"a\",\"size\":4,\"contentType\":\"text/plain\",\"sha256\":\"%s\""
        .formatted(CONTENT_SHA256);
  }

  private static ApiClient.Reply register(String more) {
    return register(service.key(), more);
  }

  private static ApiClient.Reply register(String key, String more) {
    String fields = more.isEmpty() ? content() : content() + "," + more;
    return client.post("/v1/objects", key, "{" + fields + "}");
  }

  private static String available(String more) throws Exception {
    JsonNode object = register(more).expect(201).json();
    upload(object.path("upload"));
    String id = object.path("id").asText();
    client.post("/v1/objects/" + id + "/commit", service.key(), "").expect(200);
    return id;
  }

  private static void upload(JsonNode upload) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(upload.path("url").asText()))
            .PUT(HttpRequest.BodyPublishers.ofString("test"));
    upload
        .path("headers")
        .properties()
        .forEach(header -> request.header(header.getKey(), header.getValue().asText()));
    assertThat(HTTP.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  private static ApiClient.Reply link(String id, String body) {
    return client.post("/v1/objects/" + id + "/link", service.key(), body);
  }

  private static void put(String name, String regions) {
    policy(name, regions).expect(201);
  }

  private static void narrow(String name, String regions) {
    policy(name, regions, "If-Match", "*").expect(200);
  }

  private static ApiClient.Reply policy(String name, String regions, String... headers) {
    return client.send(
        "PUT",
        "/v1/residency-policies/" + name,
        service.key(),
        "application/json",
        "{\"allowedRegions\":[" + regions + "]}",
        headers);
  }
}
