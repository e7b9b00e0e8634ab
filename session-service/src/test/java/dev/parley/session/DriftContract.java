package dev.parley.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.common.s3.BucketAddress;
import dev.parley.common.s3.QuerySigner;
import dev.parley.common.s3.UrlRequest;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.object.MultipartContract.Place;
import dev.parley.session.object.StoreKind;
import dev.parley.session.object.StoreName;
import dev.parley.session.object.s3.S3Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./parley library check}, beside stores that were changed behind the Library's back. */
abstract class DriftContract {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Duration GOOD_FOR = Duration.ofMinutes(5);

  /** Some stores say of uploads that they began at the moment of asking, or a second before. */
  private static final Duration AHEAD = Duration.ofSeconds(30);

  private static final String UNKNOWN = "ob_unknown-unknown-unknown1";

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private S3Store store;
  private RunningService service;

  /** Starts the store, with the system's clock. */
  protected abstract Place startStore(Path folder) throws IOException;

  protected abstract StoreKind kind();

  /** True if the store tells what SHA-256 its objects have. */
  protected abstract boolean tellsHashes();

  @BeforeEach
  void start() throws IOException {
    Place place = startStore(Files.createDirectory(folder.resolve("store")));
    QuerySigner signer =
        new QuerySigner(
            BucketAddress.of(place.endpoint(), place.bucket(), true), place.key(), place.region());
    StoreName name = new StoreName("shelf", kind(), "eu");
    store = new S3Store(name, signer, signer, http, Clock.systemUTC());
    Path key = folder.resolve("store-key");
    Files.writeString(key, place.key().id() + ":" + place.key().secret());
    Path stores = folder.resolve("stores.json");
    Files.writeString(
        stores,
        """
        {"stores":[{"id":"shelf","kind":"%s","region":"eu","signingRegion":"%s","bucket":"%s",
          "endpoint":"%s","key":"file:%s"}]}
        """
            .formatted(
                kind() == StoreKind.S3 ? "s3" : "directory",
                place.region(),
                place.bucket(),
                place.endpoint(),
                key));
    service = new RunningService(folder.resolve("session"), "--object-stores=" + stores);
    keepTime();
  }

  @AfterEach
  void stop() {
    service.close();
    http.close();
  }

  @Test
  void nothingIsFoundWhereNothingIs() throws Exception {
    String _ = available("as it should be");
    register("never came");
    put("somebody-elses", "not ours");

    assertThat(check("--deep=true", "--repair=true")).isZero();

    assertThat(found()).isEmpty();
    assertThat(sums())
        .isEqualTo("{\"objects\":1,\"keys\":1,\"uploads\":0,\"mended\":0,\"found\":{}}");
    assertThat(store.find("somebody-elses")).isNotNull();
  }

  @Test
  void whatIsLostIsMarkedAndFoundAgain() throws Exception {
    String gone = available("gone");
    String longer = available("longer");
    String other = available("other");
    String _ = available("as it should be");
    store.remove(gone);
    put(longer, "longer than it was");
    put(other, "rehto");

    assertThat(check("--deep=true")).isEqualTo(1);
    assertThat(found()).isEqualTo(Map.of(gone, "missing", longer, "size", other, "sha256"));
    assertThat(state(gone)).isEqualTo("available");
    if (!tellsHashes()) {
      assertThat(check()).isEqualTo(1);
      assertThat(found()).containsOnlyKeys(gone, longer);
    }

    assertThat(check("--deep=true", "--repair=true")).isEqualTo(1);
    assertThat(sums()).contains("\"mended\":3");
    for (String id : List.of(gone, longer, other)) {
      assertThat(state(id)).isEqualTo("lost");
      service.client().post(object(id) + "/link", service.key(), "{}").expect(409, "object-lost");
    }
    assertThat(check("--repair=true")).isZero();

    put(gone, "gone");
    assertThat(check("--repair=true")).isEqualTo(1);
    assertThat(found()).isEqualTo(Map.of(gone, "returned"));
    assertThat(state(gone)).isEqualTo("available");
    assertThat(state(other)).isEqualTo("lost");
    service.client().delete(object(longer), service.key()).expect(200);
    put(other, "other");
    service.client().post(object(other) + "/commit", service.key(), "").expect(200);
    assertThat(check("--deep=true")).isZero();
  }

  @Test
  void whatNobodyKnowsIsRemovedWhenItIsOldEnough() throws Exception {
    String erased = available("erased");
    String kept = available("kept");
    service.client().delete(object(erased), service.key()).expect(200);
    put(erased, "came back");
    put(UNKNOWN, "of another life");
    begin(UNKNOWN);
    begin(UNKNOWN);
    begin(kept);

    assertThat(check("--grace=1h", "--repair=true")).isZero();
    assertThat(check("--grace=0s")).isEqualTo(1);
    assertThat(found())
        .isEqualTo(Map.of(erased, "stray", UNKNOWN, "stray abandoned", kept, "abandoned"));

    assertThat(check("--grace=0s", "--repair=true")).isEqualTo(1);
    assertThat(store.find(erased)).isNull();
    assertThat(store.find(UNKNOWN)).isNull();
    assertThat(store.find(kept)).isNotNull();
    assertThat(store.uploads("ob_", null).found()).isEmpty();
    assertThat(check("--grace=0s")).isZero();
    assertThat(service.admin().get("/admin/audit", null).expect(200).body())
        .contains("DELETE /admin/library/stores/{s}/strays/{k}", UNKNOWN)
        .contains("DELETE /admin/library/stores/{s}/uploads/{k}");
  }

  @Test
  void aRepairIsJudgedAnew() throws Exception {
    ApiClient admin = service.admin();
    String kept = available("kept");
    String pending = register("pending").text("id");
    begin(pending);
    put(UNKNOWN, "young");
    keepTime();
    String strays = "/admin/library/stores/shelf/strays";
    String uploads = "/admin/library/stores/shelf/uploads";

    admin.delete(strays + "/" + kept + "?graceSec=0", null).expect(404, "not-found");
    admin.delete(strays + "/somebody-elses?graceSec=0", null).expect(404, "not-found");
    admin.delete(strays + "/" + UNKNOWN, null).expect(404, "not-found");
    admin.delete(uploads + "/" + pending + "?graceSec=0", null).expect(404, "not-found");
    admin.get("/admin/library/stores/cellar/strays", null).expect(404, "not-found");
    admin.get(strays + "?graceSec=-1", null).expect(422, "invalid");
    admin.get(strays + "?cursor=x", null).expect(400, "cursor-invalid");
    String settle = "/admin/library/objects/" + kept + "/settle";
    assertThat(admin.post(settle, null, "{}").expect(200).text("found")).isEqualTo("same");
    admin.post(settle, null, "{\"sha256\":\"00\"}").expect(422, "invalid");
    admin
        .post("/admin/library/objects/" + pending + "/settle", null, "{}")
        .expect(409, "object-pending");
    admin.get("/admin/library/objects/" + UNKNOWN, null).expect(404, "not-found");

    assertThat(state(kept)).isEqualTo("available");
    assertThat(
            admin.get("/admin/library/stores", null).expect(200).json().at("/data/0/id").asText())
        .isEqualTo("shelf");
    assertThat(
            admin.get(strays + "?graceSec=0", null).expect(200).json().at("/data/0/key").asText())
        .isEqualTo(UNKNOWN);
    admin.delete(strays + "/" + UNKNOWN + "?graceSec=0", null).expect(204);
    begin(UNKNOWN);
    keepTime();
    assertThat(
            admin.get(uploads + "?graceSec=0", null).expect(200).json().at("/data/0/key").asText())
        .isEqualTo(UNKNOWN);
    admin.delete(uploads + "/" + UNKNOWN + "?graceSec=0", null).expect(204);
    assertThat(store.uploads("ob_", null).found()).hasSize(1);
    JsonNode page = admin.get("/admin/library/objects", null).expect(200).json();
    assertThat(page.at("/data/0/id").asText()).isEqualTo(kept);
    assertThat(admin.get("/admin/library/objects/" + kept, null).expect(200).body())
        .doesNotContain("plan.txt");
  }

  @Test
  void pagesFollowEachOther() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(available("content " + i));
    }

    List<String> listed = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page =
          service.admin().get("/admin/library/objects?limit=2" + cursor, null).expect(200).json();
      page.path("data").forEach(object -> listed.add(object.path("id").asText()));
      cursor = page.has("next") ? "&cursor=" + page.path("next").asText() : "";
    } while (!cursor.isEmpty());
    List<String> kept = new ArrayList<>();
    String after = null;
    do {
      var page = store.list("ob_", after, 2);
      page.found().forEach(object -> kept.add(object.key()));
      after = page.next();
    } while (after != null);

    assertThat(listed).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(kept).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(store.list("no_", null, 2).found()).isEmpty();
  }

  @Test
  void whatCannotBeDoneIsTold() throws Exception {
    String id = available("content");
    stopStore();

    assertThat(check("--repair=true")).isEqualTo(1);
    assertThat(err.toString(UTF_8) + out.toString(UTF_8)).contains("unreachable", id);
    assertThat(state(id)).isEqualTo("available");
    assertThat(check("--store=cellar")).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("no object store of that name");
    assertThat(LibraryCheck.run(List.of("mend"), Map.of(), stream(out), stream(err))).isEqualTo(2);
    assertThat(LibraryCheck.run(List.of("--help"), Map.of(), stream(out), stream(err))).isZero();
    assertThat(out.toString(UTF_8)).contains("--repair", "--deep", "--grace");
  }

  /** Ends the store for good. */
  protected abstract void stopStore();

  private int check(String... more) {
    keepTime();
    out.reset();
    err.reset();
    List<String> arguments =
        new ArrayList<>(List.of("check", "--admin-port=" + service.adminPort(), "--json=true"));
    arguments.addAll(List.of(more));
    return LibraryCheck.run(arguments, Map.of(), stream(out), stream(err));
  }

  /** The service's clock stands still; what stores tell is by the system's. */
  private void keepTime() {
    service.clock().advance(Duration.between(service.clock().instant(), Instant.now().plus(AHEAD)));
  }

  /** What was found of each name, in the order of the lines. */
  private Map<String, String> found() throws IOException {
    Map<String, String> found = new TreeMap<>();
    for (String line : out.toString(UTF_8).lines().toList()) {
      JsonNode node = MAPPER.readTree(line);
      if (node.has("key")) {
        found.merge(
            node.path("key").asText(), node.path("kind").asText(), (one, next) -> one + " " + next);
      }
    }
    return found;
  }

  private String sums() {
    return out.toString(UTF_8).lines().toList().getLast();
  }

  private String available(String content) throws Exception {
    ApiClient.Reply registered = register(content);
    String id = registered.text("id");
    put(id, content);
    service.client().post(object(id) + "/commit", service.key(), "").expect(200);
    return id;
  }

  private ApiClient.Reply register(String content) {
    keepTime();
    return service
        .client()
        .post(
            "/v1/objects",
            service.key(),
            "{\"name\":\"plan.txt\",\"contentType\":\"text/plain\",\"size\":%d,\"sha256\":\"%s\"}"
                .formatted(content.length(), HexFormat.of().formatHex(sha256(content))))
        .expect(201);
  }

  private String state(String id) {
    return service.client().get(object(id), service.key()).expect(200).text("state");
  }

  private static String object(String id) {
    return "/v1/objects/" + id;
  }

  private void put(String key, String content) throws Exception {
    String hash = Base64.getEncoder().encodeToString(sha256(content));
    send(UrlRequest.put(key, content.length(), "text/plain", hash), content);
  }

  private void begin(String key) throws Exception {
    send(UrlRequest.create(key, "audio/ogg"), "");
  }

  private void send(UrlRequest request, String body) throws Exception {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(store.sign(request, GOOD_FOR)))
            .method(
                request.method().name(),
                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    request.headers().stream()
        .filter(header -> !header.name().equals("content-length"))
        .forEach(header -> builder.header(header.name(), header.value()));
    assertThat(http.send(builder.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  private static byte[] sha256(String content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, UTF_8);
  }
}
