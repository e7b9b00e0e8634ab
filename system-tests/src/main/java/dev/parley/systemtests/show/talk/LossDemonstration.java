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
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * A browser to which one packet in twenty is lost on the way, with and without asking again; and
 * one in ten, with and without redundancy.
 */
public final class LossDemonstration implements Demonstration {
  private static final double REPAIRED_PERCENT_MAX = 0.5;
  private static final double LOST_PERCENT_MIN = 1;

  /** Of the sound: two packets in a row are lost once in a hundred times, and cannot be made up. */
  private static final double RED_CONCEALED_PERCENT_MAX = 3;

  private static final int QUICK_SECONDS = 8;
  private static final int SECONDS = 30;

  /** Four seconds of sound, in which the jitter buffer finds its size. */
  private static final String SETTLED =
      "(await parleyProbe.figures()).totalSamplesReceived >= 4 * 48000";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Of the packets missing on the way to the server: nine in ten have a successor that came. */
  private static final double RECOVERED_PERCENT_MIN = 60;

  /** What is lost is lost whatever it carries. */
  private static final String LOSE =
      "iptables -F INPUT && iptables -A INPUT -j DROP -p udp -m statistic --mode random ";

  /** The media server's ports. */
  private static final String PORTS = " 7900:7931";

  /** As if the server had refused NACK. */
  private static final String WITHOUT_NACK =
      """
      const accept = RTCPeerConnection.prototype.setRemoteDescription;
      RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
        return accept.call(this, { type, sdp: sdp.replace(/a=rtcp-fb:\\d+ nack\\r\\n/g, '') });
      };
      """;

  /** As a browser that knows no RED. */
  private static final String WITHOUT_RED =
      """
      const create = RTCPeerConnection.prototype.createOffer;
      RTCPeerConnection.prototype.createOffer = async function (...options) {
        const { type, sdp } = await create.apply(this, options);
        const red = /a=rtpmap:(\\d+) red\\/48000\\/2/.exec(sdp)?.[1] ?? 'none';
        const named = new RegExp(`(m=audio [^\\r\\n]*) ${red}(?=[ \\r])`, 'g');
        const described = new RegExp(`a=(rtpmap|fmtp):${red} [^\\r\\n]*\\r\\n`, 'g');
        return { type, sdp: sdp.replace(named, '$1').replace(described, '') };
      };
      """;

  /** What a browser has received, for as long as the page is open. */
  private static final String COUNT =
      """
      parleyProbe.figures = async () => {
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
      };
      """;

  private static final String FIGURES = "return parleyProbe.figures()";

  @Override
  public String name() {
    return "loss";
  }

  @Override
  public String proves() {
    return "A browser that loses packets gets them again, or their sound with the next packet.";
  }

  @Override
  public String help() {
    return """
    --quick leaves out what NACK does for a mix, and the call without redundancy to which those with
    it are compared; it measures the others for 8 s each instead of 30.\
    """;
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
      report.check("packets are lost on purpose", lose("--sport", "0.05") == 0, "iptables");
      askAgain(alice, bob, parley.url(), Listening.FORWARD, seconds, report);
      if (!options.quick()) {
        askAgain(alice, bob, parley.url(), Listening.MIX, seconds, report);
      }
      report.check("more packets are lost", lose("--sport", "0.1") == 0, "iptables");
      double without = RED_CONCEALED_PERCENT_MAX;
      if (!options.quick()) {
        without = withoutRed(alice, bob, parley.url(), seconds, report);
      }
      makeUp(alice, bob, parley.url(), seconds, without, report);
      report.check("the other way", lose("--dport", "0.1") == 0, "iptables");
      recover(alice, bob, parley.url(), seconds, report);
      report.note(
          "What comes again may still come too late: until the browser has made its buffer longer, it conceals.");
    }
  }

  private static int lose(String side, String share) throws IOException, InterruptedException {
    String command = LOSE + "--probability " + share + ' ' + side + PORTS;
    return new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor();
  }

  private static void askAgain(
      Browser alice, Browser bob, String url, Listening listening, int seconds, Report report)
      throws IOException, InterruptedException {
    String way = listening.name().toLowerCase(Locale.ROOT);
    report.step(way + ", without NACK");
    Caller talker = open(alice, url, "Alice", listening, WITHOUT_RED);
    Caller deaf = open(bob, url, "Bob", listening, WITHOUT_NACK, WITHOUT_RED);
    Figures without = measure(talker, deaf, "loss-" + way + "-without", seconds);
    report.tell(way + ", without NACK", without.words());
    report.step(way + ", with NACK");
    Caller asking = open(bob, url, "Bob", listening, WITHOUT_RED);
    Caller again = open(alice, url, "Alice", listening, WITHOUT_RED);
    Figures with = measure(again, asking, "loss-" + way + "-with", seconds);
    report.tell(way + ", with NACK", with.words());
    report.atMost(
        way + ", with NACK: never came", with.missingPercent(), REPAIRED_PERCENT_MAX, "%");
    report.atLeast(way + ", without: never came", without.missingPercent(), LOST_PERCENT_MIN, "%");
  }

  /** One packet in ten is lost and not asked for. Returns how much of the sound is concealed. */
  private static double withoutRed(
      Browser alice, Browser bob, String url, int seconds, Report report)
      throws IOException, InterruptedException {
    report.step("one in ten, without NACK and RED");
    Caller talker = open(alice, url, "Alice", Listening.FORWARD, WITHOUT_RED);
    Caller deaf = open(bob, url, "Bob", Listening.FORWARD, WITHOUT_NACK, WITHOUT_RED);
    Figures without = measure(talker, deaf, "loss-red-without", seconds);
    report.tell("one in ten, without NACK and RED", without.words());
    return without.concealedPercent();
  }

  /**
   * The same with redundancy.
   *
   * @param without how much of the sound is concealed without
   */
  private static void makeUp(
      Browser alice, Browser bob, String url, int seconds, double without, Report report)
      throws IOException, InterruptedException {
    report.step("one in ten, RED from the talker");
    Caller sender = open(alice, url, "Alice", Listening.FORWARD);
    Caller listener = open(bob, url, "Bob", Listening.FORWARD, WITHOUT_NACK);
    Figures passed =
        measure(sender, listener, "loss-red-passed", MediaCounters::redPassed, seconds);
    tellRed("RED from the talker", passed, without, report);
    report.step("one in ten, RED from the server");
    Caller plain = open(alice, url, "Alice", Listening.FORWARD, WITHOUT_RED);
    Caller losing = open(bob, url, "Bob", Listening.FORWARD, WITHOUT_NACK);
    Figures added = measure(plain, losing, "loss-red-added", MediaCounters::redAdded, seconds);
    tellRed("RED from the server", added, without, report);
  }

  /** One packet in ten is lost on the way to the server, which mixes. */
  private static void recover(Browser alice, Browser bob, String url, int seconds, Report report)
      throws IOException, InterruptedException {
    report.step("one in ten on the way to the server, mixed");
    MediaCounters before = MediaCounters.read();
    Caller talker = open(alice, url, "Alice", Listening.MIX);
    Caller listener = open(bob, url, "Bob", Listening.MIX);
    Figures heard = measure(talker, listener, "loss-red-mixed", seconds);
    MediaCounters counted = MediaCounters.read().since(before);
    report.tell("on the way to the server, mixed", heard.words());
    report.tell(
        "on the way to the server, mixed: taken in",
        counted.received() + " packets, " + counted.red() + " as RED");
    report.atLeast(
        "on the way to the server, mixed: recovered",
        counted.recoveredPercent(10),
        RECOVERED_PERCENT_MIN,
        "%");
  }

  private static void tellRed(String way, Figures with, double without, Report report) {
    report.tell("one in ten, " + way, with.words());
    report.atLeast(way + ": packets never came", with.missingPercent(), LOST_PERCENT_MIN, "%");
    double limit = Math.min(RED_CONCEALED_PERCENT_MAX, without);
    report.atMost(way + ": of the sound concealed", with.concealedPercent(), limit, "%");
  }

  private static Caller open(
      Browser browser, String url, String name, Listening listening, String... changes)
      throws IOException {
    Caller caller = Caller.open(browser, url, name, listening);
    for (String change : changes) {
      caller.page().evaluate(change);
    }
    return caller;
  }

  /** Both join; once the sound has settled, what reaches the listener is counted for so long. */
  private static Figures measure(Caller talker, Caller listener, String room, int seconds)
      throws IOException, InterruptedException {
    return measure(talker, listener, room, MediaCounters::received, seconds);
  }

  /**
   * The same, counted from when the server has sent packets of the kind that is to be judged. It
   * adds redundancy once the browser has reported its losses, which that does each 5 s.
   *
   * @param kind what the server counts of them
   */
  private static Figures measure(
      Caller talker, Caller listener, String room, ToLongFunction<MediaCounters> kind, int seconds)
      throws IOException, InterruptedException {
    MediaCounters started = MediaCounters.read();
    talker.join(room);
    listener.join(room);
    listener.page().evaluate(COUNT);
    listener.page().await(SETTLED, PATIENCE);
    MediaCounters.await(now -> kind.applyAsLong(now.since(started)) > 0, PATIENCE);
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

    double concealedPercent() {
      return 100.0 * concealedSamples / Math.max(1, samples);
    }

    String words() {
      return String.format(
          Locale.ROOT,
          "%d packets came, %d never, %d NACKs; %.2f %% of the sound concealed",
          packetsReceived,
          packetsLost,
          nacks,
          concealedPercent());
    }
  }
}
