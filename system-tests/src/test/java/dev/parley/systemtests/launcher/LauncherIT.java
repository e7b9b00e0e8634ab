package dev.parley.systemtests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.benchmarks.Load;
import dev.parley.systemtests.show.JavaProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs {@code ./parley} as a user does. */
@Timeout(90)
class LauncherIT {
  private static final Path LAUNCHER = launcher();

  @TempDir Path data;

  @Test
  void upServesThePageAndCtrlCStopsAllServices() throws Exception {
    List<Integer> ports = freePorts(4);
    Process up = up(ports);
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(up.getInputStream(), StandardCharsets.UTF_8))) {
      String first = output.readLine();

      assertThat(first)
          .startsWith("Parley is up:")
          .endsWith("http://127.0.0.1:" + ports.getFirst() + "/");
      assertThat(get("http://127.0.0.1:" + ports.getFirst() + "/")).contains("<html");
      assertThat(get("http://127.0.0.1:" + ports.get(2) + "/ready")).isNotNull();
      List<ProcessHandle> services = up.children().toList();
      assertThat(services).hasSize(3);
      fileGoesThroughTheDirectoryStore(ports.getFirst());

      signal(up.pid(), "INT");

      assertThat(up.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(up.exitValue()).isEqualTo(130);
      assertThat(services).noneMatch(ProcessHandle::isAlive);
    } finally {
      up.destroy();
      up.waitFor(20, TimeUnit.SECONDS);
    }
  }

  /** A call over a bad network, in which people pause, leave and join, measured and reported. */
  @Test
  void loadMeasuresARunningParley() throws Exception {
    List<Integer> ports = freePorts(4);
    Path report = data.resolve("load.html");
    Process up = up(ports);
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(up.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(output.readLine()).startsWith("Parley is up:");
      List<String> arguments = new ArrayList<>();
      arguments.addAll(List.of("--url", "http://127.0.0.1:" + ports.getFirst()));
      arguments.addAll(
          List.of("--metrics", "media=http://127.0.0.1:" + (ports.get(2) + 1) + "/metrics"));
      arguments.addAll(List.of("--html", report.toString(), "--participants", "6", "--mixed", "2"));
      arguments.addAll(List.of("--join-seconds", "1", "--seconds", "8", "--interval", "4"));
      arguments.addAll(List.of("--loss", "5", "--jitter", "10", "--reorder", "1", "--nack"));
      arguments.addAll(List.of("--talk-spurts", "--quiet-interval", "400", "--churn", "60"));

      JavaProgram.Ended load =
          new JavaProgram(Load.class, data).run(arguments, Duration.ofSeconds(60));

      assertThat(load.status()).as("it said:%n%s", load.said()).isZero();
      assertThat(load.said())
          .contains("load: passed")
          .containsPattern("\"cameAgain\":[1-9]")
          .containsPattern("\"lostIn\":[1-9]")
          .containsPattern("joinedLater +[1-9]");
      assertThat(report).content().contains("<svg", "on purpose", "--talk-spurts");
    } finally {
      up.destroy();
      up.waitFor(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void aServiceThatDiesEndsTheOtherAndIsNamed() throws Exception {
    Process up = up(freePorts(4));
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(up.getInputStream(), StandardCharsets.UTF_8))) {
      output.readLine();
      List<ProcessHandle> services = up.children().toList();
      ProcessHandle media =
          services.stream()
              .filter(service ->
                  service.info().commandLine().orElse("").contains("dev.parley.media.MediaServer"))
              .findFirst()
              .orElseThrow();

      media.destroyForcibly();

      assertThat(up.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(up.exitValue()).isEqualTo(1);
      assertThat(output.lines().collect(Collectors.joining("\n")))
          .contains("the media-server ended by itself");
      assertThat(services).noneMatch(ProcessHandle::isAlive);
    } finally {
      up.destroy();
      up.waitFor(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void aTakenPortIsSaidPlainly() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<Integer> ports = new ArrayList<>(freePorts(4));
      ports.set(0, taken.getLocalPort());

      Process up = up(ports);

      assertThat(textOf(up))
          .contains("port " + taken.getLocalPort())
          .contains("is taken")
          .contains("--http-port");
      assertThat(up.exitValue()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"up", "test", "show", "load", "bench", "tables", "build", "format"})
  void eachCommandExplainsItself(String command) throws Exception {
    Process help = start(List.of(command, "--help"));

    assertThat(textOf(help)).contains("./parley " + command);
    assertThat(help.exitValue()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"up --udp-port many", "up --bogus", "up --http-port", "sing"})
  void aMistypedCommandSaysWhatIsWrong(String commandLine) throws Exception {
    Process wrong = start(List.of(commandLine.split(" ")));

    assertThat(textOf(wrong)).startsWith("parley: ");
    assertThat(wrong.exitValue()).isEqualTo(2);
  }

  /** Registered at the session service, it lies and is read where that one leads. */
  private void fileGoesThroughTheDirectoryStore(int port) throws Exception {
    String objects = "http://127.0.0.1:" + port + "/v1/objects";
    String hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    String wish =
        "{\"name\":\"a\",\"size\":4,\"contentType\":\"text/plain\",\"sha256\":\"" + hash + "\"}";
    JsonNode registered = post(objects, wish);
    JsonNode upload = registered.path("upload");
    HttpRequest.Builder put =
        HttpRequest.newBuilder(URI.create(upload.path("url").asText()))
            .PUT(HttpRequest.BodyPublishers.ofString("test"));
    upload
        .path("headers")
        .properties()
        .forEach(header -> {
          put.header(header.getKey(), header.getValue().asText());
        });
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(put.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
    String object = objects + "/" + registered.path("id").asText();

    assertThat(post(object + "/commit", "").path("state").asText()).isEqualTo("available");
    assertThat(get(post(object + "/link", "{}").path("url").asText())).isEqualTo("test");
  }

  /** Sends what the tenant's backend would, with the key that was made at the start. */
  private JsonNode post(String address, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address))
            .header(
                "Authorization",
                "Bearer " + Files.readString(data.resolve("session/server-key")).strip())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isBetween(200, 201);
      return new JsonMapper().readTree(response.body());
    }
  }

  private Process up(List<Integer> ports) throws IOException {
    return up(ports, data, Map.of());
  }

  /** Starts the services as built, with settings as variables of the environment. */
  static Process up(List<Integer> ports, Path data, Map<String, String> settings)
      throws IOException {
    return start(
        List.of(
            "up",
            "--no-build",
            "--http-port",
            ports.get(0).toString(),
            "--link-port",
            ports.get(1).toString(),
            "--object-port",
            Integer.toString(ports.get(1) + 1),
            "--admin-port",
            ports.get(2).toString(),
            "--udp-port",
            ports.get(3).toString(),
            "--data",
            data.toString()),
        settings);
  }

  private static Process start(List<String> arguments) throws IOException {
    return start(arguments, Map.of());
  }

  private static Process start(List<String> arguments, Map<String, String> settings)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(LAUNCHER.toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(settings);
    return builder.start();
  }

  private static String textOf(Process process) throws IOException, InterruptedException {
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text;
  }

  private static void signal(long pid, String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
  }

  private static String get(String address) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      return response.body();
    }
  }

  /** Ports that were free a moment ago, each with three free ones after it. */
  static List<Integer> freePorts(int count) throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    List<Integer> ports = new ArrayList<>();
    while (ports.size() < count) {
      try (ServerSocket first = new ServerSocket(0, 1, here);
          ServerSocket second = new ServerSocket(first.getLocalPort() + 1, 1, here);
          ServerSocket third = new ServerSocket(first.getLocalPort() + 2, 1, here);
          ServerSocket fourth = new ServerSocket(first.getLocalPort() + 3, 1, here)) {
        if (second.isBound() && third.isBound() && fourth.isBound()) {
          ports.add(first.getLocalPort());
        }
      } catch (IOException | IllegalArgumentException neighbourTaken) {
        // Others will do.
      }
    }
    return ports;
  }

  private static Path launcher() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isExecutable(folder.resolve("parley"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("no ./parley above " + Path.of("").toAbsolutePath());
      }
    }
    return folder.resolve("parley");
  }
}
