package dev.parley.systemtests.chaos;

import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.Order;
import dev.parley.common.control.ServerLoad;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import dev.parley.media.control.ControlLink;
import dev.parley.media.control.ControlLinkSettings;
import dev.parley.media.control.MediaCommands;
import dev.parley.media.probe.ProbePort;
import dev.parley.systemtests.history.Entry;
import dev.parley.systemtests.history.Entry.Admission;
import dev.parley.systemtests.history.Entry.Holding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A media server without media: the control link and the probe port are those of the real one, and
 * whoever it admits is connected at once. It can crash and come back as another incarnation.
 * Thread-safe.
 */
final class ModelMedia implements AutoCloseable {
  private static final String ANSWER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";
  private static final int PARTICIPANTS_MAX = 500;

  private final String name;
  private final List<URI> nodes;
  private final Random random;
  private final Consumer<Entry> seen;
  private final AtomicInteger lives = new AtomicInteger();
  private final AtomicReference<@Nullable Life> life = new AtomicReference<>();

  /**
   * Takes what every life of it has.
   *
   * @param nodes whom it dials first
   * @param seen hears of all who are let in
   */
  ModelMedia(String name, List<URI> nodes, long seed, Consumer<Entry> seen) {
    this.name = name;
    this.nodes = List.copyOf(nodes);
    this.random = new Random(seed);
    this.seen = seen;
  }

  /** Begins, with another incarnation than before. */
  void start() throws IOException {
    life.set(new Life(name + "/" + lives.incrementAndGet()));
  }

  /** All is gone at once, and nobody is told. */
  void crash() {
    Life ended = life.getAndSet(null);
    if (ended != null) {
      ended.end();
    }
  }

  /** Tells who has media there now. */
  void tell(Consumer<Entry> hearer) {
    Life now = life.get();
    if (now != null) {
      now.tell(hearer);
    }
  }

  @Override
  public void close() {
    crash();
  }

  /** A conference that it runs. */
  private static final class Hosted {
    long epoch;
    final Set<ParticipantId> people = new LinkedHashSet<>();
  }

  /** One process's life, as the session tier sees it. */
  private final class Life implements MediaCommands {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ConferenceId, Hosted> hosted = new LinkedHashMap<>();
    private final ProbePort probes;
    private final ControlLink link;
    private String incarnation;
    private boolean isOver;

    Life(String incarnation) throws IOException {
      this.incarnation = incarnation;
      probes =
          ProbePort.open(
              List.of(InetAddress.getLoopbackAddress()), 0, random.nextInt(), System::nanoTime);
      ControlLinkSettings settings =
          new ControlLinkSettings(
              new ServerId(name),
              incarnation + "-" + Long.toHexString(random.nextLong()),
              new Region("local"),
              "model",
              PARTICIPANTS_MAX,
              nodes,
              null);
      link =
          ControlLink.create(
              settings.answeringProbesAt(List.of("127.0.0.1:" + probes.port())),
              this,
              () -> new ServerLoad(0.1, 0, 0, 0, 0, 0, false),
              System::nanoTime,
              new Random(random.nextLong()));
      link.start();
    }

    @Override
    public CommandResult.Outcome execute(Command command) {
      lock.lock();
      try {
        ConferenceId conference = command.conference();
        Hosted here = hosted.get(conference);
        return switch (command.order()) {
          case Order.AdmitParticipant admit -> admit(conference, command.epoch(), admit);
          case Order.RemoveParticipant remove ->
              here != null && here.people.remove(remove.participant())
                  ? gone(conference, here, remove.participant())
                  : new CommandResult.NotFound();
          case Order.EndConference _ -> end(conference);
          case Order.DoUnrecorded unrecorded when unrecorded.deed().isDeparture() ->
              here != null && here.people.remove(unrecorded.participant())
                  ? gone(conference, here, unrecorded.participant())
                  : new CommandResult.NotFound();
          case Order.EndSession _,
              Order.MuteParticipant _,
              Order.HoldParticipant _,
              Order.DoUnrecorded _ ->
              here == null ? new CommandResult.NotFound() : CommandResult.Accepted.PLAIN;
          case Order.RestartIce _, Order.RecordingOrder _ -> new CommandResult.NotFound();
        };
      } finally {
        lock.unlock();
      }
    }

    private CommandResult.Outcome admit(
        ConferenceId conference, long epoch, Order.AdmitParticipant admit) {
      if (isOver) {
        return new CommandResult.Busy("ended");
      }
      Hosted here = hosted.computeIfAbsent(conference, _ -> new Hosted());
      here.epoch = Math.max(here.epoch, epoch);
      here.people.add(admit.participant());
      seen.accept(
          new Admission(
              incarnation,
              conference.value(),
              epoch,
              admit.participant().value(),
              Recorder.nowNs()));
      link.report(new StateEvent.ParticipantConnected(conference, here.epoch, admit.participant()));
      Order.Listening listening =
          admit.listening() == Order.Listening.AUTO ? Order.Listening.FORWARD : admit.listening();
      return new CommandResult.Accepted(ANSWER, listening, "EsAw");
    }

    private CommandResult.Outcome gone(ConferenceId conference, Hosted here, ParticipantId who) {
      link.report(
          new StateEvent.ParticipantGone(
              conference, here.epoch, who, StateEvent.GoneReason.REMOVED));
      return CommandResult.Accepted.PLAIN;
    }

    private CommandResult.Outcome end(ConferenceId conference) {
      Hosted here = hosted.remove(conference);
      if (here == null) {
        return new CommandResult.NotFound();
      }
      here.people.forEach(who -> gone(conference, here, who));
      link.report(
          new StateEvent.ConferenceClosed(conference, here.epoch, StateEvent.ClosedReason.ENDED));
      return CommandResult.Accepted.PLAIN;
    }

    @Override
    public List<ConferenceSnapshot> conferences() {
      lock.lock();
      try {
        List<ConferenceSnapshot> all = new ArrayList<>();
        hosted.forEach((conference, here) ->
            all.add(new ConferenceSnapshot(conference, here.epoch, List.copyOf(here.people))));
        return all;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void endAll() {
      lock.lock();
      try {
        List.copyOf(hosted.keySet()).forEach(this::end);
        incarnation += "'";
      } finally {
        lock.unlock();
      }
    }

    void tell(Consumer<Entry> hearer) {
      for (ConferenceSnapshot snapshot : conferences()) {
        hearer.accept(
            new Holding(
                incarnation,
                snapshot.conference().value(),
                snapshot.epoch(),
                snapshot.participants().stream().map(ParticipantId::value).toList(),
                Recorder.nowNs()));
      }
    }

    void end() {
      lock.lock();
      try {
        isOver = true;
        hosted.clear();
      } finally {
        lock.unlock();
      }
      link.close();
      probes.close();
    }
  }
}
