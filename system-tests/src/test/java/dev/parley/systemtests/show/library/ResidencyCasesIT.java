package dev.parley.systemtests.show.library;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.systemtests.nodes.NodeApi;
import dev.parley.systemtests.show.JavaProgram;
import dev.parley.testsupport.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The driver of residency cases: it finds nothing wrong where nothing is, and what is planted. */
@Timeout(120)
final class ResidencyCasesIT {
  private static final List<String> LIBRARIES = List.of("eu");
  private static final int CASES = 200;
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern STORE_READY = Pattern.compile("ready: http port (\\d+),");
  private static final Pattern SERVICE_READY =
      Pattern.compile("ready: http port (\\d+), control link port \\d+, admin port (\\d+)");

  @TempDir static Path folder;
  static ServiceProcess store;
  static ServiceProcess session;
  static NodeApi api;

  @BeforeAll
  static void start() throws IOException {
    store =
        process(
            "dev.parley.session.object.directory.DirectoryStore",
            STORE_READY,
            "--data-dir=" + folder.resolve("objects"),
            "--key-file=" + folder.resolve("key"));
    Path file = folder.resolve("stores.yaml");
    Files.writeString(file, stores());
    session =
        process(
            "dev.parley.session.SessionService",
            SERVICE_READY,
            "--data-dir=" + folder.resolve("session"),
            "--object-stores=" + file,
            "--libraries=eu",
            "--link-port=0");
    api = new NodeApi(URI.create("http://127.0.0.1:" + session.said().group(1)));
  }

  @AfterAll
  static void stop() {
    api.close();
    session.close();
    store.close();
  }

  @Test
  void nothingIsFoundWhereNothingIsWrong() throws Exception {
    ResidencyCases.Result result =
        new ResidencyCases(ResidencyCases.Door.of(api), keys("right", 4), LIBRARIES, 4).run(CASES);

    assertThat(result.leaks()).as("seed %d", result.seed()).isEmpty();
    assertThat(result.refusedTooMuch()).as("seed %d", result.seed()).isEmpty();
    assertThat(result.cases()).isGreaterThanOrEqualTo(CASES);
    assertThat(result.answers())
        .containsKeys("link granted", "link refused", "register granted", "register refused")
        .containsKeys("names in eu", "names in the primary");
  }

  @Test
  void aNameInTheWrongLibraryIsFound() throws Exception {
    ResidencyCases.Door honest = ResidencyCases.Door.of(api);
    ResidencyCases.Door wrong =
        new ResidencyCases.Door() {
          @Override
          public NodeApi.Reply send(
              String method, String path, String key, @Nullable String body, String... headers)
              throws InterruptedException {
            String without = body == null ? null : body.replace(",\"metadataRegion\":\"eu\"", "");
            return honest.send(method, path, key, without, headers);
          }

          @Override
          public int upload(JsonNode upload) throws IOException, InterruptedException {
            return honest.upload(upload);
          }
        };

    ResidencyCases.Result result =
        new ResidencyCases(wrong, keys("names", 4), LIBRARIES, 4).run(CASES);

    assertThat(result.leaks()).isNotEmpty().anyMatch(leak -> leak.startsWith("names of "));
  }

  @Test
  void aLeakThatIsPlantedIsFoundAndSoIsWhatIsRefusedTooMuch() throws Exception {
    JsonNode link = JSON.readTree("{\"url\":\"http://127.0.0.1:9/\",\"region\":\"na\"}");
    NodeApi.Reply granted = new NodeApi.Reply(201, "", link);
    NodeApi.Reply refused =
        new NodeApi.Reply(403, "", JSON.readTree("{\"code\":\"residency-denied\"}"));

    ResidencyCases.Result leaking =
        new ResidencyCases(falsified(403, granted), keys("leaking", 4), LIBRARIES, 2).run(CASES);
    ResidencyCases.Result strict =
        new ResidencyCases(falsified(201, refused), keys("strict", 4), LIBRARIES, 2).run(CASES);

    assertThat(leaking.leaks()).isNotEmpty().allMatch(leak -> leak.startsWith("link "));
    assertThat(leaking.refusedTooMuch()).isEmpty();
    assertThat(strict.refusedTooMuch()).isNotEmpty().allMatch(one -> one.startsWith("link "));
    assertThat(strict.leaks()).isEmpty();
  }

  /** The service, but what it answers to wishes for links with that status is another answer. */
  private static ResidencyCases.Door falsified(int status, NodeApi.Reply instead) {
    ResidencyCases.Door door = ResidencyCases.Door.of(api);
    return new ResidencyCases.Door() {
      @Override
      public NodeApi.Reply send(
          String method, String path, String key, @Nullable String body, String... headers)
          throws InterruptedException {
        NodeApi.Reply reply = door.send(method, path, key, body, headers);
        return path.endsWith("/link") && reply.status() == status ? instead : reply;
      }

      @Override
      public int upload(JsonNode upload) throws IOException, InterruptedException {
        return door.upload(upload);
      }
    };
  }

  /** Server keys of new tenants. */
  private static List<String> keys(String name, int count) throws Exception {
    List<String> keys = new ArrayList<>();
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (int i = 0; i < count; i++) {
        String body =
            "{\"tenant\":\"%s-%d\",\"scopes\":[\"conferences\",\"library\",\"admin\"]}"
                .formatted(name, i);
        HttpRequest request =
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + session.said().group(2) + "/admin/keys"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        keys.add(
            JSON.readTree(http.send(request, BodyHandlers.ofString()).body()).path("key").asText());
      }
    }
    return keys;
  }

  /** Six regions, which are all one place here. */
  private static String stores() {
    StringBuilder text = new StringBuilder("stores:\n");
    for (String region : List.of("na", "eu", "asia", "sa", "af", "oc")) {
      text.append(
          "  - {id: s-%s, kind: directory, region: %s, endpoint: '%s', key: 'file:%s'}\n"
              .formatted(
                  region,
                  region,
                  "http://127.0.0.1:" + store.said().group(1),
                  folder.resolve("key")));
    }
    return text.toString();
  }

  private static ServiceProcess process(String mainClass, Pattern ready, String... settings)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of(settings));
    arguments.add("--http-port=0");
    arguments.add("--admin-port=0");
    return ServiceProcess.start(
        new ServiceProcess.Program(
            mainClass,
            JavaProgram.classPath(),
            List.of(
                "-Xmx256m", "-XX:TieredStopAtLevel=1", "-Dlogback.configurationFile=logback.xml"),
            ready),
        arguments);
  }
}
