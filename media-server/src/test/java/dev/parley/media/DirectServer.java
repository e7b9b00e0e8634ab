package dev.parley.media;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.config.SettingsReader;
import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.Order;
import dev.parley.common.control.Speakers;
import dev.parley.common.control.StateEvent;
import dev.parley.common.control.UploadAnswer;
import dev.parley.common.id.CommandId;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.metrics.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The whole media server on loopback, ordered by the test itself where the control link would: its
 * sockets, threads, keys and codecs are the real ones.
 */
final class DirectServer {
  static final ConferenceId ROOM = new ConferenceId("room");

  private final MediaServerContext context;
  private final MediaPlane plane;
  private final ConferenceDirectory directory;
  private final MediaCommandExecutor executor;
  private final ConferenceReporter reporter;
  private final ConferenceMover mover;
  private final @Nullable Recordings recordings;
  private final Metrics metrics = new Metrics();
  private final BlockingQueue<StateEvent> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Speakers> speakers = new LinkedBlockingQueue<>();
  private int commandCount;
  private boolean isClosed;

  DirectServer(String... arguments) throws IOException {
    List<String> commandLine = new java.util.ArrayList<>(List.of(arguments));
    commandLine.addAll(List.of("--bind-addresses=127.0.0.1", "--udp-port=0", "--media-threads=2"));
    context =
        MediaServerContext.of(new SettingsReader(MediaSettings.ALL).read(commandLine, Map.of()));
    ConferenceEventQueue queue = new ConferenceEventQueue();
    plane = new MediaPlane(context, queue);
    directory = new ConferenceDirectory(100, 2, Headroom.UNLIMITED);
    RecordingSettings spool = context.recordings();
    recordings = spool == null ? null : new Recordings(context, spool);
    executor =
        new MediaCommandExecutor(
            directory,
            plane.agents(),
            new ParticipantAdmission(
                directory, plane.doors(), plane.agents(), plane.fingerprint(), context.random()),
            recordings == null
                ? RecordingOrders.NONE
                : recordings.orders(directory, plane.agents(), Headroom.UNLIMITED));
    reporter =
        new ConferenceReporter(
            queue, directory, new ConferencesInTalk(), events::add, speakers::add, _ -> {});
    mover = new ConferenceMover(directory, plane.agents(), plane::newMove, System::nanoTime);
    reporter.start();
    if (recordings != null) {
      recordings.start(
          events::add,
          (_, _) -> CompletableFuture.completedFuture(new UploadAnswer.Later("no tier")));
      MediaMetrics.register(metrics, recordings.recorder());
    }
    plane.register(metrics);
  }

  CommandResult.Outcome order(Order order) {
    CommandId id = new CommandId("command-" + commandCount++);
    return executor.execute(new Command(id, ROOM, 1, order));
  }

  /** Waits until recordings may be begun. */
  void awaitRecovered() throws InterruptedException {
    long endNs = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (requireNonNull(recordings).readiness().reasonNotReady().get() != null) {
      assertThat(System.nanoTime() - endNs).as("the spool is whole in time").isNegative();
      Thread.sleep(Duration.ofMillis(10));
    }
  }

  /** Admits and begins; fails the test if the server refuses. */
  CommandResult.Accepted admit(String name, int csrc, CallClient client, Order.Listening wish) {
    CommandResult.Outcome outcome =
        order(
            new Order.AdmitParticipant(
                new ParticipantId(name),
                csrc,
                client.offer(),
                wish,
                Order.SignallingProfile.RTC,
                true,
                false,
                Order.ConferenceSettings.DEFAULT,
                null,
                null));
    assertThat(outcome).isInstanceOf(CommandResult.Accepted.class);
    CommandResult.Accepted accepted = (CommandResult.Accepted) outcome;
    client.begin(String.valueOf(accepted.answer()));
    return accepted;
  }

  /** The next event that fits, or null; others are passed over. */
  @Nullable StateEvent awaitEvent(Predicate<StateEvent> fits, Duration timeout)
      throws InterruptedException {
    long remainingMs = timeout.toMillis();
    while (remainingMs > 0) {
      long startNs = System.nanoTime();
      StateEvent event = events.poll(remainingMs, TimeUnit.MILLISECONDS);
      if (event != null && fits.test(event)) {
        return event;
      }
      remainingMs -= TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    }
    return null;
  }

  @Nullable Speakers awaitSpeakers(Duration timeout) throws InterruptedException {
    return speakers.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The sum of one counter over all loops or agents. */
  double counter(String name) {
    List<String> lines =
        metrics.scrape().lines().filter(line -> line.startsWith(name + "{")).toList();
    assertThat(lines).as(name).isNotEmpty();
    return lines.stream()
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Moves the room to the other of the two agents, and returns before it is there. */
  void beginMove() {
    assertThat(mover.begin(ROOM, 1 - directory.agentOf(ROOM))).as("a move begins").isTrue();
  }

  /** Waits until the room is where it was moved to. */
  boolean awaitMoved(Duration timeout) {
    long endNs = System.nanoTime() + timeout.toNanos();
    while (mover.isUnderWay() && System.nanoTime() - endNs < 0) {
      Thread.onSpinWait();
    }
    return !mover.isUnderWay();
  }

  MediaCommandExecutor executor() {
    return executor;
  }

  ConferenceDirectory directory() {
    return directory;
  }

  /** Ends everything; may be called twice. */
  void close() throws InterruptedException {
    if (isClosed) {
      return;
    }
    isClosed = true;
    plane.closeAgents();
    if (recordings != null) {
      recordings.close();
    }
    reporter.finish();
    plane.closeLoops();
    metrics.close();
  }
}
