package dev.parley.systemtests.nodes;

import dev.parley.testsupport.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The place of one session node: its name and ports, which it keeps when its process is another,
 * and the wire by which media servers reach it. Thread-safe.
 */
public final class NodeSeat implements AutoCloseable {
  private static final int ATTEMPTS = 3;

  private final Deployment deployment;
  private final String name;
  private final Deployment.Ports ports = Deployment.Ports.some();
  private final TcpProxy linkDoor;
  private volatile Deployment.Node node;

  /** Starts the node. */
  public NodeSeat(Deployment deployment, String name) throws IOException {
    this.deployment = deployment;
    this.name = name;
    linkDoor = new TcpProxy(ports.link());
    node = launch();
  }

  /** Its process of now. */
  public Deployment.Node node() {
    return node;
  }

  /** The wire to media servers. */
  public TcpProxy linkDoor() {
    return linkDoor;
  }

  /** Starts it anew on the same ports; waits until it is ready. */
  public void start() {
    try {
      node = launch();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      linkDoor.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a supervisor does, starts one again that did not come up, as when the store is slow. */
  private Deployment.Node launch() throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return deployment.node(
            name,
            ports,
            List.of(
                "--webhooks-anywhere=true",
                "--link-url=ws://127.0.0.1:" + linkDoor.port() + "/control"));
      } catch (IllegalStateException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}
