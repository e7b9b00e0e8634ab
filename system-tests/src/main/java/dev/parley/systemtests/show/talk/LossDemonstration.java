package dev.parley.systemtests.show.talk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.systemtests.browser.Browser;
import dev.parley.systemtests.browser.BrowserDriver;
import dev.parley.systemtests.browser.ToneFile;
import dev.parley.systemtests.show.Demonstration;
import dev.parley.systemtests.show.ParleyUp;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ShowOptions;
import dev.parley.systemtests.show.talk.Caller.Listening;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A browser to which one packet in twenty is lost on the way, with and without asking again. */
public final class LossDemonstration implements Demonstration {
  private static final double REPAIRED_PERCENT_MAX = 0.5;
  private static final double LOST_PERCENT_MIN = 1;
  private static final int QUICK_SECONDS = 10;
  private static final int SECONDS = 30;

  /** Joining, and the first seconds, in which the jitter buffer finds its size. */
  private static final long SETTLE_MS = 4000;

  /** From any of the media server's ports, whatever it carries. */
  private static final List<String> LOSE_ONE_IN_TWENTY =
      List.of(
          "sh",
          "-c",
          "iptables -A INPUT -p udp --sport 7900:7931"
              + " -m statistic --mode random --probability 0.05 -j DROP");

  /** As if the server had refused NACK. */
  private static final String WITHOUT_NACK =
      """
      const accept = RTCPeerConnection.prototype.setRemoteDescription;
      RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
        return accept.call(this, { type, sdp: sdp.replace(/a=rtcp-fb:\\d+ nack\\r\\n/g, '') });
      };
      """;

  private static final String FIGURES =
      """
      const sums = {
        concealedSamples: 0, totalSamplesReceived: 0, packetsReceived: 0, packetsLost: 0, nackCount: 0,
      };
      for (const connection of parleyProbe.connections) {
        for (const [, stat] of await connection.getStats()) {
          if (stat.type === 'inbound-rtp' && stat.packetsReceived > 0) {
            for (const name of Object.keys(sums)) sums[name] += stat[name] ?? 0;
          }
        }
      }
      return sums;
      """;

  @Override
  public String name() {
    return "loss";
  }

  @Override
  public String proves() {
    return "A browser that loses one packet in twenty asks for them and gets them.";
  }

  @Override
  public void run(ShowOptions options, Report report) throws Exception {
    int seconds = options.quick() ? QUICK_SECONDS : SECONDS;
    try (WorkFolder folder = WorkFolder.create("parley-show-loss-");
        BrowserDriver driver = BrowserDriver.start(options.root());
        ParleyUp parley = ParleyUp.start(options.root(), folder.path())) {
      report.step("starting two browsers");
      Browser alice = driver.chromium(ToneFile.write(folder.path(), Leg.ALICE_HZ));
      Browser bob = driver.chromium(ToneFile.write(folder.path(), Leg.BOB_HZ));
      report.tell("browser", bob.version());
      int status = new ProcessBuilder(LOSE_ONE_IN_TWENTY).inheritIO().start().waitFor();
      report.check("packets are lost on purpose", status == 0, "iptables: " + status);
      for (Listening listening : Listening.values()) {
        String way = listening.name().toLowerCase(Locale.ROOT);
        report.step(way + ", without NACK");
        Caller deaf = Caller.open(bob, parley.url(), "Bob", listening);
        deaf.page().evaluate(WITHOUT_NACK);
        Caller talker = Caller.open(alice, parley.url(), "Alice", listening);
        Figures without = measure(talker, deaf, "loss-" + way + "-without", seconds);
        report.tell(way + ", without NACK", without.words());
        report.step(way + ", with NACK");
        Caller asking = Caller.open(bob, parley.url(), "Bob", listening);
        Caller again = Caller.open(alice, parley.url(), "Alice", listening);
        Figures with = measure(again, asking, "loss-" + way + "-with", seconds);
        report.tell(way + ", with NACK", with.words());
        report.atMost(
            way + ", with NACK: never came", with.missingPercent(), REPAIRED_PERCENT_MAX, "%");
        report.atLeast(
            way + ", without: never came", without.missingPercent(), LOST_PERCENT_MIN, "%");
      }
      report.note(
          "What comes again may still come too late: until the browser has made its buffer longer, it conceals.");
    }
  }

  /** Both join, and what reaches the listener is counted for so long. */
  private static Figures measure(Caller talker, Caller listener, String room, int seconds)
      throws IOException, InterruptedException {
    talker.join(room);
    listener.join(room);
    Thread.sleep(SETTLE_MS);
    Figures before = Figures.of(listener.page().evaluate(FIGURES));
    Thread.sleep(Duration.ofSeconds(seconds));
    Figures after = Figures.of(listener.page().evaluate(FIGURES));
    talker.leave();
    listener.leave();
    talker.close();
    listener.close();
    return after.since(before);
  }

  /** What a browser counts; samples as they were played. */
  private record Figures(
      long concealedSamples, long samples, long packetsReceived, long packetsLost, long nacks) {
    static Figures of(JsonNode sums) {
      return new Figures(
          sums.path("concealedSamples").asLong(),
          sums.path("totalSamplesReceived").asLong(),
          sums.path("packetsReceived").asLong(),
          sums.path("packetsLost").asLong(),
          sums.path("nackCount").asLong());
    }

    Figures since(Figures before) {
      return new Figures(
          concealedSamples - before.concealedSamples,
          samples - before.samples,
          packetsReceived - before.packetsReceived,
          packetsLost - before.packetsLost,
          nacks - before.nacks);
    }

    double missingPercent() {
      long sent = packetsReceived + packetsLost;
      return sent == 0 ? Double.NaN : 100.0 * packetsLost / sent;
    }

    String words() {
      return String.format(
          Locale.ROOT,
          "%d packets came, %d never, %d NACKs; %.2f %% of the sound concealed",
          packetsReceived,
          packetsLost,
          nacks,
          100.0 * concealedSamples / Math.max(1, samples));
    }
  }
}
