package dev.parley.systemtests.nodes;

import dev.parley.testsupport.ServiceProcess;
import java.io.IOException;

/** The place of one media server, whose process may be another. Thread-safe. */
public final class MediaSeat {
  private final Deployment deployment;
  private final String name;
  private final int linkPort;
  private volatile ServiceProcess process;

  /** Starts it. */
  public MediaSeat(Deployment deployment, String name, int linkPort) throws IOException {
    this.deployment = deployment;
    this.name = name;
    this.linkPort = linkPort;
    process = deployment.media(name, linkPort);
  }

  public ServiceProcess process() {
    return process;
  }

  /** Starts it again, as another incarnation; waits until it is ready. */
  public void restart() throws IOException {
    process = deployment.media(name, linkPort);
  }

  /** One of its metrics; -1 if it does not answer. */
  public double metric(String metric) {
    return deployment.metric(Integer.parseInt(process.said().group(1)), metric);
  }

  public double participants() {
    return metric("parley_participants");
  }
}
