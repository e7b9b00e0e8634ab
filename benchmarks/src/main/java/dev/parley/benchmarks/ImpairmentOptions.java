package dev.parley.benchmarks;

import dev.parley.benchmarks.client.ImpairedNetwork;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How bad the network is that the clients imitate; a part of {@link LoadOptions}. */
public final class ImpairmentOptions {
  @Option(
      names = "--loss",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description =
          "Of the RTP and RTCP packets, lost by the clients themselves in each direction; not counted as lost "
              + "by the server (default: ${DEFAULT-VALUE}).")
  public double lossPercent = 0;

  @Option(
      names = "--jitter",
      paramLabel = "MS",
      defaultValue = "0",
      description =
          "Delays each packet by 0 to so much, in each direction, and keeps their order (default: "
              + "${DEFAULT-VALUE}).")
  public int jitterMs = 0;

  @Option(
      names = "--reorder",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description =
          "Of the packets, held for 30 ms in each direction while others overtake them (default: "
              + "${DEFAULT-VALUE}).")
  public double reorderPercent = 0;

  @Option(
      names = "--nack",
      description =
          "Ask for lost packets by RTCP (RFC 4585), as browsers do when the page wants it.")
  public boolean nack;

  /** The network of one run, or null if it is left as it is. */
  @Nullable ImpairedNetwork network(long seed) {
    ImpairedNetwork network = new ImpairedNetwork(lossPercent, jitterMs, reorderPercent, seed);
    return lossPercent == 0 && jitterMs == 0 && reorderPercent == 0 ? null : network;
  }

  /** The part of the packets that pass one direction. */
  double passingShare() {
    return 1 - lossPercent / 100;
  }
}
