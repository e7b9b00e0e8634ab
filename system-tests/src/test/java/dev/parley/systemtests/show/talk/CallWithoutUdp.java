package dev.parley.systemtests.show.talk;

import dev.parley.systemtests.browser.Browser;
import dev.parley.systemtests.browser.BrowserDriver;
import dev.parley.systemtests.browser.ToneFile;
import dev.parley.systemtests.show.ParleyUp;
import dev.parley.systemtests.show.PrivateNetwork;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ServerNamespace;
import dev.parley.systemtests.show.talk.Caller.Listening;
import dev.parley.testsupport.TcpProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The program that {@link WithoutUdpIT} runs: goes into a private network, has its firewall drop
 * UDP, and lets two browsers call each other through servers on the other side, twice.
 */
final class CallWithoutUdp {
  private static final int HTTP_PORT = 7880;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "PARLEY_HTTP_ADDRESS",
          ServerNamespace.ADDRESS,
          "PARLEY_OPEN_ROOMS_ANYWHERE",
          "true",
          "PARLEY_ICE_SERVERS",
          CoturnUp.URL,
          "PARLEY_TURN_SECRET",
          CoturnUp.SECRET);

  /** Nothing that a browser sends by UDP is answered. */
  private static final List<String> DROP_UDP =
      List.of("iptables", "-A", "INPUT", "-i", "parley0", "-p", "udp", "-j", "DROP");

  /** The media server's TCP ports, too, are out of reach. */
  private static final List<String> DROP_MEDIA_TCP =
      List.of(
          "iptables",
          "-A",
          "INPUT",
          "-i",
          "parley0",
          "-p",
          "tcp",
          "--sport",
          "7900:7963",
          "-j",
          "DROP");

  /** The protocols of the candidates that each open connection's media goes by. */
  private static final String WAY =
      """
      const ways = [];
      for (const connection of parleyProbe.connections) {
        if (connection.connectionState !== 'connected') continue;
        const stats = await connection.getStats();
        for (const one of stats.values()) {
          if (one.type !== 'transport' || !one.selectedCandidatePairId) continue;
          const local = stats.get(stats.get(one.selectedCandidatePairId).localCandidateId);
          ways.push(local.relayProtocol ? 'relayed by ' + local.relayProtocol : local.protocol);
        }
      }
      return ways.join();
      """;

  private CallWithoutUdp() {}

  public static void main(String[] arguments) throws Exception {
    System.exit(
        PrivateNetwork.isInside()
            ? call(Path.of(arguments[0]))
            : PrivateNetwork.runInside(CallWithoutUdp.class, List.of(arguments)));
  }

  private static int call(Path root) throws Exception {
    Report report = new Report("without UDP", System.out);
    try (WorkFolder folder = WorkFolder.create("parley-without-udp-");
        ServerNamespace servers = ServerNamespace.open();
        CoturnUp _ = CoturnUp.start(folder.path(), servers);
        ParleyUp _ = ParleyUp.start(root, folder.path(), SETTINGS, servers.entering());
        // A browser gives the microphone to pages from its own machine.
        TcpProxy page = new TcpProxy(new InetSocketAddress(ServerNamespace.ADDRESS, HTTP_PORT));
        BrowserDriver driver = BrowserDriver.start(root)) {
      Browser alice = driver.chromium(ToneFile.write(folder.path(), Leg.ALICE_HZ));
      Browser bob = driver.chromium(ToneFile.write(folder.path(), Leg.BOB_HZ));
      String url = "http://127.0.0.1:" + page.port() + "/";
      run(DROP_UDP);
      call("by TCP", "tcp", url, alice, bob, report);
      run(DROP_MEDIA_TCP);
      call("by TURN", "relayed by tcp", url, alice, bob, report);
    }
    report.print(System.out);
    return report.holds() ? 0 : 1;
  }

  private static void call(
      String title, String way, String url, Browser aliceBrowser, Browser bobBrowser, Report report)
      throws IOException, InterruptedException {
    report.step(title);
    Caller alice = Caller.open(aliceBrowser, url, "Alice", Listening.FORWARD);
    Caller bob = Caller.open(bobBrowser, url, "Bob", Listening.MIX);
    alice.join("without-udp");
    bob.join("without-udp");
    Leg.awaitHeard(alice, Leg.BOB_HZ);
    Leg.awaitHeard(bob, Leg.ALICE_HZ);
    report.atLeast(
        title + ": Alice hears Bob", Leg.loudest(alice, Leg.BOB_HZ), Leg.HEARD_DB, "dBFS");
    report.atLeast(
        title + ": Bob hears Alice", Leg.loudest(bob, Leg.ALICE_HZ), Leg.HEARD_DB, "dBFS");
    for (Caller caller : List.of(alice, bob)) {
      String taken = caller.page().evaluate(WAY).asText();
      report.check(title + ": " + caller.name() + "'s media goes so", taken.equals(way), taken);
    }
    alice.leave();
    bob.leave();
    alice.close();
    bob.close();
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException(String.join(" ", command) + " ended with status " + status);
    }
  }
}
