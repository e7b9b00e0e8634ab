package dev.parley.systemtests.show.talk;

import dev.parley.systemtests.browser.Browser;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.talk.Caller.Listening;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Two people in a room of their own, each listening in a given way: are they heard, how soon, how
 * late?
 */
final class Leg {
  static final int ALICE_HZ = 600;
  static final int BOB_HZ = 1000;
  static final double HEARD_DB = -30;
  static final double SILENT_DB = -55;

  private static final double FIRST_AUDIO_LIMIT_MS = 2000;
  private static final double MOUTH_TO_EAR_LIMIT_MS = 250;
  private static final double BUTTON_MOVES_LIMIT_PX = 1;
  private static final long POLL_MS = 250;
  private static final long HEARD_WITHIN_MS = 6000;
  private static final long LOUDEST_WITHIN_MS = 3000;

  /** The tone is looked for in the last second: after that long, all of it is from the present. */
  private static final long WINDOW_MS = 1100;

  private final String title;
  private final Caller alice;
  private final Caller bob;
  private final Report report;

  private Leg(String title, Caller alice, Caller bob, Report report) {
    this.title = title;
    this.alice = alice;
    this.bob = bob;
    this.report = report;
  }

  /** Who calls from which browser, and how each listens. */
  record Setting(String title, String room, Listening aliceListens, Listening bobListens) {}

  /** Opens both pages; nobody has joined yet. */
  static Leg open(
      Setting setting, String url, Browser aliceBrowser, Browser bobBrowser, Report report)
      throws IOException {
    return new Leg(
        setting.title(),
        Caller.open(aliceBrowser, url, "Alice", setting.aliceListens()),
        Caller.open(bobBrowser, url, "Bob", setting.bobListens()),
        report);
  }

  Caller alice() {
    return alice;
  }

  Caller bob() {
    return bob;
  }

  /** Alice joins, then Bob; time runs from Bob's click to sound, for both. */
  void join(String room) throws IOException, InterruptedException {
    alice.join(room);
    alice.awaitRoster(1);
    Caller.Point aloneAt = alice.leaveButtonAt();
    bob.join(room);
    awaitHeard(alice, BOB_HZ);
    awaitHeard(bob, ALICE_HZ);
    double clickMs = bob.joinClickMs();
    report.atMost(
        title + ": Bob's click to his first sound",
        bob.hearRemote().firstSoundMs() - clickMs,
        FIRST_AUDIO_LIMIT_MS,
        "ms");
    report.atMost(
        title + ": Bob's click until Alice hears him",
        alice.hearRemote().firstSoundMs() - clickMs,
        FIRST_AUDIO_LIMIT_MS,
        "ms");
    alice.awaitRoster(2);
    bob.awaitRoster(2);
    // Whoever is about to click must not miss because somebody comes or goes.
    report.atMost(
        title + ": Alice's buttons moved when Bob came",
        alice.leaveButtonAt().distanceTo(aloneAt),
        BUTTON_MOVES_LIMIT_PX,
        "px");
  }

  /** Each hears the other's tone and not its own. */
  void judgeTones() throws IOException, InterruptedException {
    Thread.sleep(WINDOW_MS);
    report.atLeast(title + ": Alice hears Bob", loudest(alice, BOB_HZ), HEARD_DB, "dBFS");
    report.atLeast(title + ": Bob hears Alice", loudest(bob, ALICE_HZ), HEARD_DB, "dBFS");
    report.atMost(
        title + ": Alice hears herself",
        alice.hearRemote(ALICE_HZ).levelsDb().getFirst(),
        SILENT_DB,
        "dBFS");
    report.atMost(
        title + ": Bob hears himself",
        bob.hearRemote(BOB_HZ).levelsDb().getFirst(),
        SILENT_DB,
        "dBFS");
  }

  /** Collects bursts at both ends until there are enough. */
  void judgeDelay(int bursts) throws IOException, InterruptedException {
    forgetOnsets();
    List<Double> fromAlice = new ArrayList<>();
    List<Double> fromBob = new ArrayList<>();
    List<Double> toAlice = new ArrayList<>();
    List<Double> toBob = new ArrayList<>();
    long deadlineMs = System.currentTimeMillis() + bursts * 1100L + 4000;
    do {
      Thread.sleep(POLL_MS);
      fromAlice.addAll(alice.hearLocal().onsetsMs());
      toBob.addAll(bob.hearRemote().onsetsMs());
      fromBob.addAll(bob.hearLocal().onsetsMs());
      toAlice.addAll(alice.hearRemote().onsetsMs());
    } while (Math.min(toBob.size(), toAlice.size()) < bursts
        && System.currentTimeMillis() < deadlineMs);
    judge("Alice to Bob", MouthToEar.of(fromAlice, toBob), bursts);
    judge("Bob to Alice", MouthToEar.of(fromBob, toAlice), bursts);
  }

  void close() throws IOException {
    alice.leave();
    bob.leave();
    alice.close();
    bob.close();
  }

  /** Waits until somebody hears a tone; if it never comes, the figures will say so. */
  static void awaitHeard(Caller listener, int frequencyHz)
      throws IOException, InterruptedException {
    awaitLevel(listener, frequencyHz, true);
  }

  /**
   * The level at which somebody hears a tone: as soon as it is heard well, else the loudest of the
   * next seconds.
   */
  static double loudest(Caller listener, int frequencyHz) throws IOException, InterruptedException {
    long deadlineMs = System.currentTimeMillis() + LOUDEST_WITHIN_MS;
    double loudestDb = Double.NEGATIVE_INFINITY;
    while (true) {
      loudestDb = Math.max(loudestDb, listener.hearRemote(frequencyHz).levelsDb().getFirst());
      if (loudestDb > HEARD_DB || System.currentTimeMillis() > deadlineMs) {
        return loudestDb;
      }
      Thread.sleep(POLL_MS);
    }
  }

  /** Waits until somebody no longer hears a tone; if it never ends, the figures will say so. */
  static void awaitSilent(Caller listener, int frequencyHz)
      throws IOException, InterruptedException {
    awaitLevel(listener, frequencyHz, false);
  }

  private static void awaitLevel(Caller listener, int frequencyHz, boolean heard)
      throws IOException, InterruptedException {
    long deadlineMs = System.currentTimeMillis() + HEARD_WITHIN_MS;
    while (System.currentTimeMillis() < deadlineMs) {
      double levelDb = listener.hearRemote(frequencyHz).levelsDb().getFirst();
      if (heard ? levelDb > HEARD_DB : levelDb < SILENT_DB) {
        return;
      }
      Thread.sleep(POLL_MS);
    }
  }

  private void judge(String way, MouthToEar measured, int bursts) {
    String name = title + ": mouth to ear, " + way;
    report.atMost(
        name + ", median of " + measured.count(), measured.medianMs(), MOUTH_TO_EAR_LIMIT_MS, "ms");
    report.tell(name + ", worst", String.format(Locale.ROOT, "%.0f ms", measured.worstMs()));
    if (measured.count() < bursts / 2) {
      report.check(name + ": enough bursts heard", false, measured.count() + " of " + bursts);
    }
  }

  private void forgetOnsets() throws IOException {
    alice.hearLocal();
    alice.hearRemote();
    bob.hearLocal();
    bob.hearRemote();
  }
}
