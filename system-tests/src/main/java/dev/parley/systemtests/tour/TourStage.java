package dev.parley.systemtests.tour;

import dev.parley.systemtests.nodes.Deployment;
import dev.parley.testsupport.OpenApiContract;
import dev.parley.testsupport.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Two session nodes behind haproxy, with Redis and DynamoDB Local, two media servers, and the
 * customer's receiver of webhooks: all are real, and processes of their own but for the last.
 */
final class TourStage implements AutoCloseable {
  /** Webhooks go to this machine, and rooms need no key: both are for trying out. */
  private static final List<String> SETTINGS =
      List.of("--webhooks-anywhere=true", "--open-rooms=true");

  private final Deque<AutoCloseable> ends = new ArrayDeque<>();
  private final Deployment deployment;
  private final Deployment.Node one;
  private final Deployment.Node two;
  private final OpenApiContract contract = new OpenApiContract();
  private final TourLog log;
  private final Door door;
  private final SignedMessages messages;
  private final Cast cast;

  TourStage(Path folder, TourLog log) throws IOException, InterruptedException {
    this.log = log;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      deployment = closing(new Deployment(folder, Deployment.Patience.LONG));
      // The first makes the server key that the second finds.
      one = deployment.node("one", Deployment.Ports.some(), SETTINGS);
      Future<Deployment.Node> other =
          threads.submit(() -> deployment.node("two", Deployment.Ports.some(), SETTINGS));
      Future<ServiceProcess> first = threads.submit(() -> deployment.media("ms-1", one));
      Future<ServiceProcess> second = threads.submit(() -> deployment.media("ms-2", one));
      two = other.get();
      first.get();
      second.get();
      deployment.awaitMediaServers(one, 2);
      deployment.awaitMediaServers(two, 2);
      door = door("haproxy", deployment.balancer(List.of(one, two)).port());
      messages = closing(new SignedMessages());
      cast = closing(new Cast());
    } catch (ExecutionException e) {
      close();
      throw new IOException("a process did not start", e);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Where customers and people ask: haproxy, which gives each request to the next node. */
  Door door() {
    return door;
  }

  Door nodeOne() {
    return door("node one", one.httpPort());
  }

  Door nodeTwo() {
    return door("node two", two.httpPort());
  }

  /** Where the operator asks. */
  Door adminOne() {
    return door("admin one", one.adminPort());
  }

  Door adminTwo() {
    return door("admin two", two.adminPort());
  }

  SignedMessages messages() {
    return messages;
  }

  Cast cast() {
    return cast;
  }

  TourLog log() {
    return log;
  }

  OpenApiContract contract() {
    return contract;
  }

  @Override
  public void close() {
    while (!ends.isEmpty()) {
      try {
        ends.pop().close();
      } catch (Exception e) {
        // What is left is closed all the same; processes end with this one at the latest.
        System.err.println("did not close: " + e);
      }
    }
  }

  private Door door(String name, int port) {
    return closing(new Door(name, URI.create("http://127.0.0.1:" + port), contract, log));
  }

  private <T extends AutoCloseable> T closing(T part) {
    ends.push(part);
    return part;
  }
}
