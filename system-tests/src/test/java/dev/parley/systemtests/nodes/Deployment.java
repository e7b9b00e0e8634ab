package dev.parley.systemtests.nodes;

import dev.parley.systemtests.show.JavaProgram;
import dev.parley.testsupport.DynamoDbLocal;
import dev.parley.testsupport.HaProxy;
import dev.parley.testsupport.RedisServer;
import dev.parley.testsupport.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.regex.Pattern;

/**
 * Session nodes that share DynamoDB Local and Redis, and media servers that dial one of them each;
 * all are processes of their own. Thread-safe.
 */
final class Deployment implements AutoCloseable {
  private static final String SERVICE = "dev.parley.session.SessionService";
  private static final Pattern SERVICE_READY =
      Pattern.compile("ready: http port (\\d+), control link port (\\d+), admin port (\\d+)");
  private static final Pattern MEDIA_READY = Pattern.compile("admin on .*:(\\d+)");
  private static final String PREFIX = "nodes-";

  private final Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Deque<Runnable> ends = new ConcurrentLinkedDeque<>();
  private final RedisServer redis;
  private final DynamoDbLocal store;

  /** Starts what nodes share. */
  Deployment(Path folder) throws IOException {
    this.folder = folder;
    redis = RedisServer.start();
    ends.push(redis::close);
    store = DynamoDbLocal.start();
    ends.push(store::close);
    ServiceProcess tables =
        start("dev.parley.session.Tables", Pattern.compile(PREFIX + "ops +made"), storeArguments());
    tables.close();
  }

  /** A session node that is ready. */
  record Node(ServiceProcess process, int httpPort, int linkPort, int adminPort) {
    URI url() {
      return URI.create("http://127.0.0.1:" + httpPort);
    }
  }

  /** Starts a node on free ports, which it tells the others. */
  Node node(String name) throws IOException {
    List<String> arguments = new ArrayList<>(storeArguments());
    arguments.add("--store=dynamodb");
    arguments.add("--node=" + name);
    arguments.add("--redis=" + redis.address());
    arguments.add("--redis-timeout=2s");
    arguments.add("--data-dir=" + folder.resolve("data"));
    arguments.addAll(List.of("--http-port=0", "--link-port=0", "--admin-port=0"));
    ServiceProcess process = ending(start(SERVICE, SERVICE_READY, arguments));
    int[] ports = new int[3];
    for (int i = 0; i < ports.length; i++) {
      ports[i] = Integer.parseInt(process.said().group(i + 1));
    }
    return new Node(process, ports[0], ports[1], ports[2]);
  }

  /** Starts a media server that knows one node. */
  ServiceProcess media(String name, Node known) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add("--server-id=" + name);
    arguments.add("--control-urls=ws://127.0.0.1:" + known.linkPort() + "/control");
    arguments.addAll(List.of("--bind-addresses=127.0.0.1", "--udp-port=0", "--admin-port=0"));
    arguments.add("--media-threads=1");
    return ending(start("dev.parley.media.MediaServer", MEDIA_READY, arguments));
  }

  HaProxy balancer(List<Node> nodes) throws IOException {
    HaProxy balancer =
        HaProxy.start(
            folder,
            nodes.stream().map(n -> new HaProxy.Node(n.httpPort(), n.adminPort())).toList());
    ends.push(balancer::close);
    return balancer;
  }

  RedisServer redis() {
    return redis;
  }

  /** The first server key, which the first node made. */
  String key() throws IOException {
    return Files.readString(folder.resolve("data").resolve("server-key")).strip();
  }

  /** Waits until a node has links to so many media servers. */
  void awaitMediaServers(Node node, int count) {
    RedisServer.await(
        count + " media servers", () -> metric(node, "parley_media_servers") == count);
  }

  /** Reads a metric of a node; -1 if there is none. */
  double metric(Node node, String name) {
    URI uri = URI.create("http://127.0.0.1:" + node.adminPort() + "/metrics");
    try {
      String text =
          http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
              .body();
      return text.lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElse(-1);
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  @Override
  public void close() {
    while (!ends.isEmpty()) {
      ends.pop().run();
    }
    http.close();
  }

  private static ServiceProcess start(String mainClass, Pattern ready, List<String> arguments)
      throws IOException {
    List<String> flags =
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            // Not the tests' own, which is silent.
            "-Dlogback.configurationFile=logback.xml",
            "-Daws.accessKeyId=tests",
            "-Daws.secretAccessKey=tests");
    return ServiceProcess.start(
        new ServiceProcess.Program(mainClass, JavaProgram.classPath(), flags, ready), arguments);
  }

  private List<String> storeArguments() {
    return List.of(
        "--dynamodb-endpoint=" + store.endpoint(),
        "--dynamodb-region=eu-central-1",
        // A machine that runs many tests starts many processes slowly, which is no fault.
        "--dynamodb-timeout=25s",
        "--dynamodb-table-prefix=" + PREFIX);
  }

  private ServiceProcess ending(ServiceProcess process) {
    ends.push(process::close);
    return process;
  }
}
