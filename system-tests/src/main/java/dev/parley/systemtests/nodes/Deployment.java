package dev.parley.systemtests.nodes;

import dev.parley.testsupport.DynamoDbLocal;
import dev.parley.testsupport.DynamoDbThrottle;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.regex.Pattern;

/**
 * Session nodes that share DynamoDB Local and Redis, and media servers that dial one of them each;
 * all are processes of their own. Thread-safe.
 */
public final class Deployment implements AutoCloseable {
  private static final String SERVICE = "dev.parley.session.SessionService";
  private static final Pattern SERVICE_READY =
      Pattern.compile("ready: http port (\\d+), control link port (\\d+), admin port (\\d+)");
  private static final Pattern MEDIA_READY = Pattern.compile("admin on .*:(\\d+)");
  private static final Duration ASKING = Duration.ofSeconds(2);
  private static final String PREFIX = "nodes-";

  private final Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Deque<Runnable> ends = new ConcurrentLinkedDeque<>();
  private final Patience patience;
  private final RedisServer redis;
  private final DynamoDbThrottle storeDoor;
  private volatile DynamoDbLocal store;

  /**
   * How long nodes wait, as their settings say it.
   *
   * @param store such as 3s
   * @param redis such as 250ms
   */
  public record Patience(String store, String redis) {
    /** What operators get who set nothing. */
    public static final Patience USUAL = new Patience("3s", "250ms");

    /** A machine that runs many tests starts many processes slowly, which is no fault. */
    public static final Patience LONG = new Patience("25s", "2s");
  }

  /** Where a node is to listen; 0 takes a free port. */
  public record Ports(int http, int link, int admin) {
    private static final Ports FREE = new Ports(0, 0, 0);

    /** Some that are free now. */
    public static Ports some() {
      return new Ports(RedisServer.freePort(), RedisServer.freePort(), RedisServer.freePort());
    }
  }

  /** Starts what nodes share; the store keeps all in memory. */
  public Deployment(Path folder, Patience patience) throws IOException {
    this(folder, patience, DynamoDbLocal.start());
  }

  /** Starts what nodes share, but for the store, which is closed with the rest. */
  public Deployment(Path folder, Patience patience, DynamoDbLocal store) throws IOException {
    this.folder = folder;
    this.patience = patience;
    this.store = store;
    ends.push(() -> this.store.close());
    redis = RedisServer.start();
    ends.push(redis::close);
    storeDoor = new DynamoDbThrottle(store);
    ends.push(storeDoor::close);
    ServiceProcess tables =
        start("dev.parley.session.Tables", Pattern.compile(PREFIX + "ops +made"), storeArguments());
    tables.close();
  }

  /** A session node that is ready. */
  public record Node(ServiceProcess process, int httpPort, int linkPort, int adminPort) {
    public URI url() {
      return URI.create("http://127.0.0.1:" + httpPort);
    }
  }

  /** Starts a node on free ports, which it tells the others. */
  public Node node(String name) throws IOException {
    return node(name, Ports.FREE, List.of());
  }

  /** Starts a node, with more settings. */
  public Node node(String name, Ports at, List<String> more) throws IOException {
    List<String> arguments = new ArrayList<>(storeArguments());
    arguments.add("--store=dynamodb");
    arguments.add("--node=" + name);
    arguments.add("--redis=" + redis.address());
    arguments.add("--redis-timeout=" + patience.redis());
    arguments.add("--data-dir=" + folder.resolve("data"));
    arguments.add("--http-port=" + at.http());
    arguments.add("--link-port=" + at.link());
    arguments.add("--admin-port=" + at.admin());
    arguments.addAll(more);
    ServiceProcess process = ending(start(SERVICE, SERVICE_READY, arguments));
    int[] ports = new int[3];
    for (int i = 0; i < ports.length; i++) {
      ports[i] = Integer.parseInt(process.said().group(i + 1));
    }
    return new Node(process, ports[0], ports[1], ports[2]);
  }

  /** Starts a media server that knows one node. */
  public ServiceProcess media(String name, Node known) throws IOException {
    return media(name, known.linkPort());
  }

  /** Starts a media server that dials this port first. */
  public ServiceProcess media(String name, int linkPort) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add("--server-id=" + name);
    arguments.add("--control-urls=ws://127.0.0.1:" + linkPort + "/control");
    arguments.addAll(List.of("--bind-addresses=127.0.0.1", "--udp-port=0", "--admin-port=0"));
    arguments.add("--probe-port=0");
    arguments.add("--media-threads=1");
    return ending(start("dev.parley.media.MediaServer", MEDIA_READY, arguments));
  }

  /** Starts a load balancer before nodes. */
  public HaProxy balancer(List<Node> nodes) throws IOException {
    HaProxy balancer =
        HaProxy.start(
            folder,
            nodes.stream().map(n -> new HaProxy.Node(n.httpPort(), n.adminPort())).toList());
    ends.push(balancer::close);
    return balancer;
  }

  public RedisServer redis() {
    return redis;
  }

  /** The process of the store. */
  public DynamoDbLocal store() {
    return store;
  }

  /** What every request to the store passes. */
  public DynamoDbThrottle storeDoor() {
    return storeDoor;
  }

  /** Puts another process in the place of the store's, which was closed. */
  public void storeIs(DynamoDbLocal again) {
    store = again;
    storeDoor.leadTo(again);
  }

  /** The first server key, which the first node made. */
  public String key() throws IOException {
    return Files.readString(folder.resolve("data").resolve("server-key")).strip();
  }

  /** Waits until a node has links to so many media servers. */
  public void awaitMediaServers(Node node, int count) {
    RedisServer.await(
        count + " media servers", () -> metric(node, "parley_media_servers") == count);
  }

  /** Reads a metric of a node; -1 if there is none. */
  public double metric(Node node, String name) {
    return metric(node.adminPort(), name);
  }

  /** Reads a metric at an admin port; -1 if there is none. */
  public double metric(int adminPort, String name) {
    URI uri = URI.create("http://127.0.0.1:" + adminPort + "/metrics");
    try {
      String text =
          http.send(
                  HttpRequest.newBuilder(uri).timeout(ASKING).build(),
                  HttpResponse.BodyHandlers.ofString())
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
        new ServiceProcess.Program(mainClass, classPath(), flags, ready), arguments);
  }

  /** In tests Surefire hides it behind a jar of its own. */
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private List<String> storeArguments() {
    return List.of(
        "--dynamodb-endpoint=http://127.0.0.1:" + storeDoor.port(),
        "--dynamodb-region=eu-central-1",
        "--dynamodb-timeout=" + patience.store(),
        "--dynamodb-table-prefix=" + PREFIX);
  }

  private ServiceProcess ending(ServiceProcess process) {
    ends.push(process::close);
    return process;
  }
}
