package dev.parley.systemtests.show.talk;

import dev.parley.systemtests.browser.Browser;
import dev.parley.systemtests.browser.BrowserDriver;
import dev.parley.systemtests.browser.ToneFile;
import dev.parley.systemtests.show.Demonstration;
import dev.parley.systemtests.show.ParleyUp;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ShowOptions;
import dev.parley.systemtests.show.talk.Caller.Listening;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Browsers meet in the default set-up and hear each other: forwarded, mixed and one of each. */
public final class TalkDemonstration implements Demonstration {
  private static final int QUICK_BURSTS = 4;
  private static final int BURSTS = 20;

  private static final Leg.Setting WITH_GUESTS =
      new Leg.Setting("with guests", "talk-with-guests", Listening.FORWARD, Listening.FORWARD);

  private static final List<Leg.Setting> LEGS =
      List.of(
          new Leg.Setting("both forwarded", "talk-forwarded", Listening.FORWARD, Listening.FORWARD),
          new Leg.Setting("both mixed", "talk-mixed", Listening.MIX, Listening.MIX),
          new Leg.Setting("one of each", "talk-one-of-each", Listening.FORWARD, Listening.MIX));

  @Override
  public String name() {
    return "talk";
  }

  @Override
  public String proves() {
    return "Two people at the page hear each other within 2 s of joining and 250 ms of speaking, never themselves;"
        + " others come, go, change address, or use Firefox.";
  }

  @Override
  public void run(ShowOptions options, Report report) throws Exception {
    try (WorkFolder folder = WorkFolder.create("parley-show-talk-");
        BrowserDriver driver = BrowserDriver.start(options.root());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Path work = folder.path();
      report.step("starting both services and four browsers");
      Future<Browser> alice =
          threads.submit(() -> driver.chromium(ToneFile.write(work, Leg.ALICE_HZ)));
      Future<Browser> bob = threads.submit(() -> driver.chromium(ToneFile.write(work, Leg.BOB_HZ)));
      Future<Browser> carol =
          threads.submit(() -> driver.chromium(ToneFile.write(work, GuestLegs.CAROL_HZ)));
      Future<Browser> dora = threads.submit(driver::firefox);
      try (ParleyUp parley = ParleyUp.start(options.root(), work)) {
        // All have started before the first call, for a browser that starts takes the processors
        // from one that talks.
        report.tell("browser", alice.get().version());
        report.tell("firefox", dora.get().version());
        report.tell("processors", Runtime.getRuntime().availableProcessors() + ", load " + load());
        bob.get();
        carol.get();
        // The call with guests comes first: what it costs the virtual machines to start is then
        // paid for.
        report.step(WITH_GUESTS.title());
        Leg first = Leg.open(WITH_GUESTS, parley.url(), alice.get(), bob.get(), report);
        first.join(WITH_GUESTS.room());
        first.judgeTones();
        GuestLegs guests = new GuestLegs(first, WITH_GUESTS.room(), parley.url(), report);
        guests.lateGuest(carol.get());
        guests.firefox(dora.get());
        guests.roamingGuest();
        first.close();
        for (Leg.Setting setting : LEGS) {
          report.step(setting.title());
          Leg leg = Leg.open(setting, parley.url(), alice.get(), bob.get(), report);
          leg.join(setting.room());
          leg.judgeTones();
          leg.judgeDelay(options.quick() ? QUICK_BURSTS : BURSTS);
          leg.close();
        }
      }
      report.note(
          "Mouth to ear is from the microphone's samples to the loudspeaker's, both inside the browsers.");
      report.note(
          "The microphone was open when Join was clicked, as it is for whoever allowed it before.");
    }
  }

  /**
   * How many processes wanted a processor in the last minute: what a reader must know to judge a
   * delay.
   */
  private static String load() {
    return String.format(
        Locale.ROOT, "%.1f", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }
}
