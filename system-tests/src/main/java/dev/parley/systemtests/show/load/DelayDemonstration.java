package dev.parley.systemtests.show.load;

import dev.parley.systemtests.show.Demonstration;
import dev.parley.systemtests.show.ParleyUp;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ShowOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What the media server adds to a packet's and to a sound's way. */
public final class DelayDemonstration implements Demonstration {
  private static final String PARTICIPANTS_MAX = "2000";

  @Override
  public String name() {
    return "delay";
  }

  @Override
  public String proves() {
    return "how long the media server keeps a forwarded packet, and a sound that it mixes";
  }

  @Override
  public String help() {
    return """
      --room-size N   people in each room of the forwarded packets (default 10)
      --rooms-max N   where the search for loss ends (default 160)
    The servers have one processor to themselves, the clients another. A forwarded packet's time is from
    the talker's send call to the kernel's stamp at a listener's socket (SO_TIMESTAMPNS), at twelve of
    the listeners; beside it the same of a C program that sends each packet on and does nothing else
    (benchmarks/floor/echo_floor.c). Rooms grow in number until packets are lost; half of those listeners
    are measured. A sound's time is how much later it is heard in the mix than in the talker's own
    packets: marks are searched for in the decoded mix. --quick looks for no loss: five rooms.\
    """;
  }

  @Override
  public void run(ShowOptions options, Report report) throws Exception {
    Path data = Files.createTempDirectory("parley-delay");
    try (LargePages _ = LargePages.grant(report);
        Processors processors = Processors.divide();
        ParleyUp parley =
            ParleyUp.start(
                options.root(),
                data,
                Map.of("PARLEY_PARTICIPANTS_MAX", PARTICIPANTS_MAX),
                processors.entering())) {
      new ForwardDelayRows(options, report, parley.url(), data, processors).measure();
      new MixDelayRows(options, report, parley.url(), data).measure();
    } finally {
      ServerPlaces.delete(data);
    }
  }
}
