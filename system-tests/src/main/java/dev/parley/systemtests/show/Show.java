package dev.parley.systemtests.show;

import dev.parley.systemtests.chaos.HistoryDemonstration;
import dev.parley.systemtests.show.faults.FaultsDemonstration;
import dev.parley.systemtests.show.library.LibraryDemonstration;
import dev.parley.systemtests.show.load.DelayDemonstration;
import dev.parley.systemtests.show.load.EngineDemonstration;
import dev.parley.systemtests.show.load.FlameDemonstration;
import dev.parley.systemtests.show.load.JoinsDemonstration;
import dev.parley.systemtests.show.load.PausesDemonstration;
import dev.parley.systemtests.show.load.SoakDemonstration;
import dev.parley.systemtests.show.peers.PeersDemonstration;
import dev.parley.systemtests.show.recording.RecordingDemonstration;
import dev.parley.systemtests.show.session.SessionDemonstration;
import dev.parley.systemtests.show.talk.LossDemonstration;
import dev.parley.systemtests.show.talk.TalkDemonstration;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Entry point of {@code ./parley show}: lists the demonstrations, or runs one and exits by its
 * verdict.
 */
public final class Show {
  /** In the order in which they are listed. */
  private static final List<Demonstration> DEMONSTRATIONS =
      List.of(
          new TalkDemonstration(),
          new LossDemonstration(),
          new JoinsDemonstration(),
          new SessionDemonstration(),
          new RecordingDemonstration(),
          new LibraryDemonstration(),
          new EngineDemonstration(),
          new DelayDemonstration(),
          new FlameDemonstration(),
          new PausesDemonstration(),
          new PeersDemonstration(),
          new SoakDemonstration(),
          new FaultsDemonstration(),
          new HistoryDemonstration());

  private static final String LOGGING = "logback.configurationFile";
  private static final int HOLDS = 0;
  private static final int FALLS_SHORT = 1;
  private static final int WRONG_USE = 2;

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private Show() {}

  /** Runs the demonstration that the first argument names. */
  public static void main(String[] arguments) {
    if (System.getProperty(LOGGING) == null) {
      // Two services are on the class path, each with a configuration of its own.
      System.setProperty(LOGGING, "logback-show.xml");
    }
    System.exit(new Show().run(List.of(arguments)));
  }

  private int run(List<String> arguments) {
    if (arguments.isEmpty() || arguments.getFirst().startsWith("--")) {
      list();
      return HOLDS;
    }
    String name = arguments.getFirst();
    Optional<Demonstration> named =
        DEMONSTRATIONS.stream().filter(one -> one.name().equals(name)).findFirst();
    if (named.isEmpty()) {
      System.err.println(
          "parley: there is no demonstration '" + name + "'; ./parley show lists them");
      return WRONG_USE;
    }
    List<String> rest = arguments.subList(1, arguments.size());
    if (rest.contains("--help")) {
      describe(named.get());
      return HOLDS;
    }
    try {
      return named.get().needsPrivateNetwork() && !PrivateNetwork.isInside()
          ? PrivateNetwork.runInside(Show.class, arguments)
          : show(named.get(), rest);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FALLS_SHORT;
    } catch (Exception e) {
      System.err.println("parley: " + e.getMessage());
      return FALLS_SHORT;
    }
  }

  private int show(Demonstration demonstration, List<String> arguments) throws Exception {
    Path root = Path.of(System.getProperty("parley.root", ".")).toAbsolutePath().normalize();
    ShowOptions options = ShowOptions.parse(root, arguments);
    Report report = new Report(demonstration.name(), options.json() ? null : out);
    if (!options.json()) {
      out.println(demonstration.name() + ": " + demonstration.proves());
    }
    try {
      demonstration.run(options, report);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      String words = Optional.ofNullable(e.getMessage()).orElse(e.toString());
      report.check("the run came to its end", false, words);
    }
    if (options.json()) {
      report.printJson(out);
    } else {
      report.print(out);
    }
    return report.holds() ? HOLDS : FALLS_SHORT;
  }

  private void list() {
    out.println("./parley show NAME [--quick] [--json]");
    for (Demonstration demonstration : DEMONSTRATIONS) {
      out.printf("  %-9s %s%n", demonstration.name(), demonstration.proves());
    }
  }

  private void describe(Demonstration demonstration) {
    out.println("./parley show " + demonstration.name() + " [--quick] [--json]");
    out.println(demonstration.proves());
    if (!demonstration.help().isEmpty()) {
      out.println(demonstration.help());
    }
  }
}
