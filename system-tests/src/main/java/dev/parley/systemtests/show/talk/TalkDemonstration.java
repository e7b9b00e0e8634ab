package dev.parley.systemtests.show.talk;

import dev.parley.systemtests.browser.Browser;
import dev.parley.systemtests.browser.BrowserDriver;
import dev.parley.systemtests.browser.ToneFile;
import dev.parley.systemtests.show.Demonstration;
import dev.parley.systemtests.show.ParleyUp;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ShowOptions;
import dev.parley.systemtests.show.talk.Caller.Listening;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Browsers meet in the default set-up and hear each other: forwarded, mixed and one of each. */
public final class TalkDemonstration implements Demonstration {
  private static final int QUICK_BURSTS = 5;
  private static final int BURSTS = 20;

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
    Path work = Files.createTempDirectory("parley-show-talk-");
    try (ParleyUp parley = ParleyUp.start(options.root(), work);
        BrowserDriver driver = BrowserDriver.start(options.root())) {
      report.step("starting two browsers");
      Browser alice = driver.chromium(ToneFile.write(work, Leg.ALICE_HZ));
      Browser bob = driver.chromium(ToneFile.write(work, Leg.BOB_HZ));
      report.tell("browser", alice.version());
      for (Leg.Setting setting : LEGS) {
        report.step(setting.title());
        Leg leg = Leg.open(setting, parley.url(), alice, bob, report);
        leg.join(setting.room());
        leg.judgeTones();
        leg.judgeDelay(options.quick() ? QUICK_BURSTS : BURSTS);
        if (setting.equals(LEGS.getFirst())) {
          GuestLegs guests = new GuestLegs(leg, setting.room(), parley.url(), report);
          guests.lateGuest(driver, work);
          guests.firefox(driver);
          guests.roamingGuest();
        }
        leg.close();
      }
      report.note(
          "Mouth to ear is from the microphone's samples to the loudspeaker's, both inside the browsers.");
      report.note(
          "The microphone was open when Join was clicked, as it is for whoever allowed it before.");
    } finally {
      delete(work);
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
