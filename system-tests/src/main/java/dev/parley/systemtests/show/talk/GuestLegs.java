package dev.parley.systemtests.show.talk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.systemtests.browser.Browser;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.talk.Caller.Listening;
import java.io.IOException;

/**
 * Others who join a running call of Alice and Bob: one who comes late and leaves early, and one
 * with Firefox.
 */
final class GuestLegs {
  static final int CAROL_HZ = 1500;
  private static final int FIREFOX_HZ = 750;
  private static final double FIREFOX_HEARD_DB = -40;
  private static final long FIREFOX_MEASURE_MS = 3000;
  private static final long POLL_MS = 100;

  /** More than a second of two talkers: the second that a tone is looked for in is then full. */
  private static final long PACKETS_OF_A_WINDOW = 120;

  private static final long CHANGE_WITHIN_MS = 10_000;
  private static final double CHANGE_GAP_LIMIT_MS = 3000;

  private final Caller alice;
  private final Caller bob;
  private final String room;
  private final String url;
  private final Report report;

  GuestLegs(Leg leg, String room, String url, Report report) {
    this.alice = leg.alice();
    this.bob = leg.bob();
    this.room = room;
    this.url = url;
    this.report = report;
  }

  /** Carol joins late, is heard by both and hears both; leaves, and the others go on. */
  void lateGuest(Browser browser) throws IOException, InterruptedException {
    report.step("a third joins late and leaves early");
    Caller carol = Caller.open(browser, url, "Carol", Listening.FORWARD);
    carol.join(room);
    alice.awaitRoster(3);
    Leg.awaitHeard(alice, CAROL_HZ);
    Leg.awaitHeard(bob, CAROL_HZ);
    Leg.awaitHeard(carol, Leg.ALICE_HZ);
    Leg.awaitHeard(carol, Leg.BOB_HZ);
    alice.awaitSpeaking("Carol");
    heard("late guest: Alice hears Carol", alice, CAROL_HZ);
    heard("late guest: Bob hears Carol", bob, CAROL_HZ);
    heard("late guest: Carol hears Alice", carol, Leg.ALICE_HZ);
    heard("late guest: Carol hears Bob", carol, Leg.BOB_HZ);
    silent("late guest: Carol hears herself", carol, CAROL_HZ);
    carol.leave();
    browser.quit();
    alice.awaitRoster(2);
    bob.awaitRoster(2);
    Leg.awaitSilent(alice, CAROL_HZ);
    Leg.awaitSilent(bob, CAROL_HZ);
    silent("after she left: Alice hears Carol", alice, CAROL_HZ);
    heard("after she left: Alice hears Bob", alice, Leg.BOB_HZ);
    heard("after she left: Bob hears Alice", bob, Leg.ALICE_HZ);
  }

  /**
   * A Firefox joins. What Chromium hears of it is found by its tone; what it hears itself is judged
   * by its own statistics.
   */
  void firefox(Browser browser) throws IOException, InterruptedException {
    report.step("a guest with Firefox");
    Caller dora = Caller.open(browser, url, "Dora", Listening.FORWARD);
    dora.join(room);
    Leg.awaitHeard(alice, FIREFOX_HZ);
    // Firefox's own test tone is faint: a tenth of the others'.
    report.atLeast(
        "firefox: Alice hears Dora",
        alice.hearRemote(FIREFOX_HZ).levelsDb().getFirst(),
        FIREFOX_HEARD_DB,
        "dBFS");
    JsonNode before = dora.stats();
    Thread.sleep(FIREFOX_MEASURE_MS);
    JsonNode after = dora.stats();
    double received = growth(before, after, "packetsReceived");
    double lost = growth(before, after, "packetsLost");
    // Two talkers, 50 packets a second each; a tenth less is a machine that is busy.
    report.atLeast(
        "firefox: packets received a second", received * 1000 / FIREFOX_MEASURE_MS, 90, "");
    report.atMost("firefox: packets lost", lost, received / 100, "");
    report.atLeast(
        "firefox: level of what it plays", meanLevelDb(before, after), Leg.HEARD_DB, "dBFS");
    report.atLeast(
        "firefox: packets sent a second",
        growth(before, after, "packetsSent") * 1000 / FIREFOX_MEASURE_MS,
        45,
        "");
    dora.leave();
    browser.quit();
    alice.awaitRoster(2);
  }

  /**
   * Our own client moves to another UDP port in the middle of the call, and audio goes on in both
   * directions.
   */
  void roamingGuest() throws IOException, InterruptedException {
    report.step("our own client changes its UDP port");
    try (RoamingGuest eve = new RoamingGuest(url)) {
      eve.join(room, "Eve");
      alice.awaitRoster(3);
      Leg.awaitHeard(alice, RoamingGuest.TONE_HZ);
      awaitReceived(eve, PACKETS_OF_A_WINDOW);
      heard("before the port changes: Alice hears Eve", alice, RoamingGuest.TONE_HZ);
      report.atLeast(
          "before the port changes: Eve hears Alice",
          eve.hears(Leg.ALICE_HZ),
          Leg.HEARD_DB,
          "dBFS");
      long receivedBefore = eve.figures().received();

      eve.changePort();

      awaitReceived(eve, receivedBefore + PACKETS_OF_A_WINDOW);
      heard("after the port changed: Alice hears Eve", alice, RoamingGuest.TONE_HZ);
      report.atLeast(
          "after the port changed: Eve hears Alice", eve.hears(Leg.ALICE_HZ), Leg.HEARD_DB, "dBFS");
      double gapMs = eve.figures().longestGapNs() / 1e6;
      report.atMost("longest pause that Eve noticed", gapMs, CHANGE_GAP_LIMIT_MS, "ms");
    }
    alice.awaitRoster(2);
  }

  private static void awaitReceived(RoamingGuest guest, long packets)
      throws IOException, InterruptedException {
    long deadlineMs = System.currentTimeMillis() + CHANGE_WITHIN_MS;
    while (guest.figures().received() < packets && System.currentTimeMillis() < deadlineMs) {
      Thread.sleep(POLL_MS);
    }
  }

  private void heard(String claim, Caller listener, int frequencyHz)
      throws IOException, InterruptedException {
    report.atLeast(claim, Leg.loudest(listener, frequencyHz), Leg.HEARD_DB, "dBFS");
  }

  private void silent(String claim, Caller listener, int frequencyHz) throws IOException {
    report.atMost(
        claim, listener.hearRemote(frequencyHz).levelsDb().getFirst(), Leg.SILENT_DB, "dBFS");
  }

  private static double growth(JsonNode before, JsonNode after, String field) {
    return after.path(field).asDouble() - before.path(field).asDouble();
  }

  /** Energy over duration is the mean square of the samples (webrtc-stats, totalAudioEnergy). */
  private static double meanLevelDb(JsonNode before, JsonNode after) {
    double durationSeconds = growth(before, after, "totalSamplesDuration");
    return 10
        * Math.log10(Math.max(1e-20, growth(before, after, "totalAudioEnergy") / durationSeconds));
  }
}
