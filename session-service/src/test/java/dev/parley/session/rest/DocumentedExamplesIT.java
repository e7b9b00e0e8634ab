package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.CurlExamples;
import dev.parley.session.harness.MovableClock;
import dev.parley.session.harness.OpenApiExamples;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import dev.parley.session.object.directory.DirectoryStoreHandle;
import dev.parley.testsupport.OpenApiContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation shows works: each example of a request is sent. */
final class DocumentedExamplesIT {
  /** Nobody answers for the hosts that examples name, so others take their place. */
  private static final Map<String, String> HOSTS =
      Map.of(
          "https://hooks.example.com", "http://127.0.0.1:9",
          "https://id.example.com", "http://127.0.0.1:9");

  private static final String MEDIA_SERVER = "ms-1";

  @TempDir static Path folder;
  @TempDir static Path objects;
  static DirectoryStoreHandle store;
  static RunningService service;
  static ScriptedMediaServer media;
  static ApiClient client;

  @BeforeAll
  static void start() throws IOException {
    store = DirectoryStoreHandle.start(objects, new MovableClock(RunningService.START));
    service = new RunningService(folder, arguments("--open-rooms=true"));
    media = ScriptedMediaServer.dial(service.linkPort(), MEDIA_SERVER);
    client = service.client();
  }

  @AfterAll
  static void stop() {
    media.close();
    service.close();
    store.close();
  }

  @BeforeEach
  void letQuotasRefill() {
    service.clock().advance(Duration.ofSeconds(10));
  }

  static List<OpenApiExamples.Request> requests() {
    return new OpenApiExamples(new OpenApiContract()).requests();
  }

  @ParameterizedTest
  @MethodSource("requests")
  void requestIsDone(OpenApiExamples.Request request) {
    Scene scene = new Scene();
    String path = scene.fill(request.path());
    String credential = request.needsToken() ? scene.token() : service.key();

    String body = withHosts(request.body());

    ApiClient door = path.startsWith("/admin/") ? service.admin() : client;

    ApiClient.Reply reply =
        door.send(request.method(), path, credential, request.contentType(), body);

    assertThat(reply.status()).as("%s%n%s", request.body(), reply.body()).isBetween(200, 299);
    if (reply.status() == 201 && reply.json().has("alias")) {
      client.delete(reply.header("Location"), service.key()).expect(200);
    }
    if (path.endsWith("/drain")) {
      String undo = path.replace("/drain", "/undrain");
      service.admin().send("POST", undo, credential, "application/json", "{}").expect(200);
    }
  }

  @Test
  void everyExampleFitsItsSchema() {
    OpenApiExamples examples = new OpenApiExamples(new OpenApiContract());

    assertThat(examples.check()).isGreaterThan(examples.requests().size());
  }

  @Test
  void commandsOfTheGuideWork(@TempDir Path fresh) throws IOException {
    String guide = Files.readString(Path.of("../docs/api.md"));
    int count;
    try (RunningService empty = new RunningService(fresh, arguments());
        ScriptedMediaServer server = ScriptedMediaServer.dial(empty.linkPort(), MEDIA_SERVER)) {
      count = new CurlExamples(empty.client(), () -> scene(empty, server)).run(guide);
    }

    assertThat(count).isGreaterThanOrEqualTo(guide.split("\ncurl ", -1).length - 1);
  }

  private static String[] arguments(String... more) {
    List<String> arguments = new ArrayList<>(List.of(store.arguments()));
    arguments.add("--webhooks-anywhere=true");
    arguments.add("--libraries=eu");
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  /** What each section of the guide may speak of: a live conference with Ana, who is its host. */
  private static Map<String, String> scene(RunningService empty, ScriptedMediaServer server) {
    empty.clock().advance(Duration.ofSeconds(10));
    String conference = empty.conference("{}");
    String ana = "{\"identity\":\"ana@acme\",\"name\":\"Ana\",\"role\":\"host\"}";
    String token = empty.token(conference, ana);
    String participant =
        empty
            .client()
            .post("/v1/conferences/" + conference + "/participants", token, "{\"sdp\":\"v=0\"}")
            .expect(201)
            .text("id");
    server.report(
        new StateEvent.ParticipantConnected(
            new ConferenceId(conference), 1, new ParticipantId(participant)));
    Map<String, String> scene = new HashMap<>(HOSTS);
    scene.put("$API", "/v1");
    scene.put("$KEY", empty.key());
    scene.put("$TOKEN", token);
    scene.put("cf_2GK8…", conference);
    scene.put("pt_7H2K…", participant);
    return scene;
  }

  private static @Nullable String withHosts(@Nullable String body) {
    String filled = body;
    for (Map.Entry<String, String> host : HOSTS.entrySet()) {
      filled = filled == null ? null : filled.replace(host.getKey(), host.getValue());
    }
    return filled;
  }

  /** What a request needs to be there before it, made anew for each. */
  private static final class Scene {
    private @Nullable String conference;
    private @Nullable String token;

    String conference() {
      if (conference == null) {
        conference = service.conference("{}");
      }
      return conference;
    }

    /** A host's. */
    String token() {
      if (token == null) {
        token = service.token(conference(), "{\"identity\":\"ana@acme\",\"role\":\"host\"}");
      }
      return token;
    }

    private String participant() {
      return client
          .post("/v1/conferences/" + conference() + "/participants", token(), "{\"sdp\":\"v=0\"}")
          .expect(201)
          .text("id");
    }

    private static String endpoint() {
      return client
          .post("/v1/webhook-endpoints", service.key(), "{\"url\":\"http://127.0.0.1:9/\"}")
          .expect(201)
          .text("id");
    }

    private static String object() {
      String empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
      return client
          .post(
              "/v1/objects",
              service.key(),
              "{\"name\":\"a\",\"size\":0,\"contentType\":\"a/b\",\"sha256\":\"" + empty + "\"}")
          .expect(201)
          .text("id");
    }

    /** Puts into a path what its names in braces stand for. */
    String fill(String path) {
      String filled = path;
      if (filled.contains("{c}")) {
        filled = filled.replace("{c}", conference());
      }
      if (filled.contains("{p}")) {
        filled = filled.replace("{p}", participant());
      }
      if (filled.contains("{e}")) {
        filled = filled.replace("{e}", endpoint());
      }
      if (filled.contains("{o}")) {
        filled = filled.replace("{o}", object());
      }
      filled =
          filled.replace("{alias}", "room").replace("{s}", MEDIA_SERVER).replace("{n}", "a-policy");
      assertThat(filled).as("say here how to make what this path names").doesNotContain("{");
      return filled;
    }
  }
}
