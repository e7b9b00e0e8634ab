package dev.parley.session.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Acknowledge;
import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.ControlCodec;
import dev.parley.common.control.ControlMessage;
import dev.parley.common.control.Decoded;
import dev.parley.common.control.Fence;
import dev.parley.common.control.Heartbeat;
import dev.parley.common.control.Hello;
import dev.parley.common.control.Order;
import dev.parley.common.control.Probe;
import dev.parley.common.control.ProbeResult;
import dev.parley.common.control.Quality;
import dev.parley.common.control.ServerLoad;
import dev.parley.common.control.SessionMessage;
import dev.parley.common.control.StateEvent;
import dev.parley.common.control.StateReport;
import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.Welcome;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A media server that speaks the real control link and does what the test says. */
public final class ScriptedMediaServer implements AutoCloseable {
  /** What it answers offers with unless told otherwise. */
  public static final String ANSWER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

  private static final long WAIT_SECONDS = 10;

  private final ControlCodec codec = new ControlCodec();
  private final BlockingQueue<Command> commands = new LinkedBlockingQueue<>();
  private final AtomicLong sequence = new AtomicLong();
  private final BlockingQueue<Long> acknowledged = new LinkedBlockingQueue<>();
  private final CountDownLatch welcomed = new CountDownLatch(1);
  private final CountDownLatch fenced = new CountDownLatch(1);
  private final ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor();
  private final String name;
  private final String incarnation;
  private volatile Function<Command, CommandResult.@Nullable Outcome> script =
      ScriptedMediaServer::accept;
  private volatile ServerLoad load = new ServerLoad(0.1, 0, 0, 0, 0, 0.0, false);
  private @Nullable WebSocket socket;

  private final Place place;

  /**
   * Where it says that it is.
   *
   * @param participantsMax how many it says that it admits
   * @param probes where it says that it answers probes
   * @param door where it says that clients bring offers with tickets, or null
   */
  public record Place(String region, int participantsMax, List<String> probes, @Nullable URI door) {
    public Place(String region, int participantsMax, List<String> probes) {
      this(region, participantsMax, probes, null);
    }

    static final Place USUAL = new Place("local", 500, List.of());
  }

  private ScriptedMediaServer(String name, String incarnation, Place place) {
    this.name = name;
    this.incarnation = incarnation;
    this.place = place;
  }

  /** Dials the service as a server of another region. */
  public static ScriptedMediaServer dial(int linkPort, String name, Place place) {
    return dial(
        linkPort,
        new ScriptedMediaServer(name, Long.toHexString(System.nanoTime()), place),
        List.of());
  }

  /** Dials the service and waits until it is welcome. */
  public static ScriptedMediaServer dial(int linkPort, String name) {
    return dial(linkPort, name, Place.USUAL);
  }

  /** Dials as the same incarnation of the same server, on a new link. */
  public ScriptedMediaServer dialAgain(int linkPort, List<ConferenceSnapshot> held) {
    return dial(linkPort, new ScriptedMediaServer(name, incarnation, place), held);
  }

  private static ScriptedMediaServer dial(
      int linkPort, ScriptedMediaServer server, List<ConferenceSnapshot> held) {
    server.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(
                URI.create("ws://127.0.0.1:" + linkPort + "/control"), server.new Listener())
            .join();
    server.send(
        new Hello(
            Hello.PROTOCOL,
            new ServerId(server.name),
            server.incarnation,
            new Region(server.place.region()),
            "test",
            server.place.participantsMax(),
            held,
            server.place.probes(),
            server.place.door()));
    try {
      assertThat(server.welcomed.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.beat();
    var _ = server.sender.scheduleAtFixedRate(server::beat, 500, 500, TimeUnit.MILLISECONDS);
    return server;
  }

  /** Says how commands are answered from now on; null leaves one unanswered. */
  public void answer(Function<Command, CommandResult.@Nullable Outcome> next) {
    script = next;
  }

  /** The answer of a server that has no objections. */
  public static CommandResult.Outcome accept(Command command) {
    return command.order() instanceof Order.AdmitParticipant admit
        ? new CommandResult.Accepted(
            ANSWER,
            admit.listening() == Order.Listening.AUTO ? Order.Listening.FORWARD : admit.listening(),
            "EsAw")
        : CommandResult.Accepted.PLAIN;
  }

  /** Returns the next command of this kind about a conference, skipping others. */
  public <T extends Order> Command next(Class<T> kind, String conference) {
    try {
      while (true) {
        Command command = commands.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (command == null) {
          throw new AssertionError("no " + kind.getSimpleName() + " came");
        }
        if (kind.isInstance(command.order()) && command.conference().value().equals(conference)) {
          return command;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Reports a fact and waits until it is acknowledged. */
  public void report(StateEvent event) {
    long mine = sequence.incrementAndGet();
    send(new StateReport(mine, event));
    await(mine);
  }

  /**
   * Reports a fact again, as after a broken link; on the same link it is not acknowledged again.
   */
  public void repeat(long earlier, StateEvent event) {
    send(new StateReport(earlier, event));
  }

  /** Tells how packets travel, which nobody acknowledges. */
  public void measure(Quality quality) {
    send(quality);
  }

  /** Reports a fact under a number of the test's choosing and waits until it is acknowledged. */
  public void reportAs(long number, StateEvent event) {
    sequence.set(number);
    send(new StateReport(number, event));
    await(number);
  }

  @Override
  public void close() {
    sender.shutdownNow();
    if (socket != null) {
      socket.abort();
    }
  }

  private void await(long wanted) {
    try {
      Long up = 0L;
      while (up != null && up < wanted) {
        up = acknowledged.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      }
      assertThat(up).as("acknowledgement of %d", wanted).isNotNull();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void beat() {
    send(new Heartbeat(load));
  }

  /** Says what its load is from now on. */
  public void load(ServerLoad next) {
    load = next;
    beat();
  }

  private void send(ControlMessage message) {
    WebSocket open = socket;
    if (open != null && !sender.isShutdown()) {
      // One thread sends, for a second sendText before the first is done is refused.
      var _ = sender.submit(() -> open.sendText(codec.encode(message), true).join());
    }
  }

  private void take(String text) {
    if (!(codec.decodeSession(text) instanceof Decoded.Message<SessionMessage> decoded)) {
      throw new AssertionError("not a message: " + text);
    }
    switch (decoded.message()) {
      case Welcome _ -> welcomed.countDown();
      case Probe probe -> send(new ProbeResult(probe.id(), false));
      case Fence _ -> fenced.countDown();
      case UploadAnswer _ -> throw new AssertionError("nothing was asked");
      case Acknowledge acknowledge -> acknowledged.add(acknowledge.sequence());
      case Command command -> {
        commands.add(command);
        CommandResult.Outcome outcome = script.apply(command);
        if (outcome != null) {
          send(new CommandResult(command.id(), outcome));
        }
      }
    }
  }

  /** Gathers frames. The WebSocket calls it one call at a time. */
  private final class Listener implements WebSocket.Listener {
    private final StringBuilder frame = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      frame.append(data);
      if (last) {
        String text = frame.toString();
        frame.setLength(0);
        take(text);
      }
      webSocket.request(1);
      return CompletableFuture.completedStage(null);
    }
  }
}
