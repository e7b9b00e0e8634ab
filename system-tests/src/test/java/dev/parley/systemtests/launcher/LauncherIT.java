package dev.parley.systemtests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

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
  void upServesThePageAndCtrlCStopsBothServices() throws Exception {
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
      assertThat(services).hasSize(2);

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

  private Process up(List<Integer> ports) throws IOException {
    return up(ports, data, Map.of());
  }

  /** Starts both services as built, with settings as variables of the environment. */
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

  /** Ports that were free a moment ago, each with a free one after it. */
  static List<Integer> freePorts(int count) throws IOException {
    List<Integer> ports = new ArrayList<>();
    while (ports.size() < count) {
      try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          ServerSocket second =
              new ServerSocket(first.getLocalPort() + 1, 1, InetAddress.getLoopbackAddress())) {
        if (second.isBound()) {
          ports.add(first.getLocalPort());
        }
      } catch (IOException | IllegalArgumentException neighbourTaken) {
        // Another pair will do.
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
