package dev.parley.media;

import dev.parley.common.control.CommandResult;
import dev.parley.common.control.CommandResult.Accepted;
import dev.parley.common.control.CommandResult.Busy;
import dev.parley.common.control.CommandResult.NotFound;
import dev.parley.common.control.Order;
import dev.parley.common.control.Order.RecordingMode;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.media.conference.ConferenceAgentProxy;
import dev.parley.media.conference.RecordingStart;
import dev.parley.media.conference.RecordingTap;
import dev.parley.media.record.Recorder;
import dev.parley.media.record.Segment;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Begins, pauses and ends recordings: first the recorder, which makes the ring, then the
 * conference's agent, which fills it. Any number of virtual threads, one at a time for each
 * conference.
 */
final class RecordingExecutor implements RecordingOrders {
  private static final long ANSWER_TIMEOUT_S = 2;
  private static final Busy AGENT_BUSY = new Busy("the conference's thread is too far behind");

  private final Recorder recorder;
  private final ConferenceDirectory directory;
  private final List<ConferenceAgentProxy> agents;
  private final Headroom headroom;

  RecordingExecutor(
      Recorder recorder,
      ConferenceDirectory directory,
      List<ConferenceAgentProxy> agents,
      Headroom headroom) {
    this.recorder = recorder;
    this.directory = directory;
    this.agents = List.copyOf(agents);
    this.headroom = headroom;
  }

  @Override
  public CommandResult.Outcome execute(
      ConferenceId conference, long epoch, Order.RecordingOrder order) {
    return switch (order) {
      case Order.BeginRecording begin -> {
        Order.BeginRecordingOnTerms onNoTerms =
            new Order.BeginRecordingOnTerms(
                begin.recording(), begin.segment(), begin.mode(), begin.channels(), false, null);
        yield begin(conference, epoch, onNoTerms);
      }
      case Order.BeginRecordingOnTerms begin -> begin(conference, epoch, begin);
      case Order.SetConsents consents -> setConsents(conference, consents);
      case Order.PauseRecording pause -> pause(conference, pause);
      case Order.StopRecording stop -> stop(conference, stop);
    };
  }

  private static String nameOf(Order.RecordingOrder order) {
    return order.recording().value() + '.' + order.segment();
  }

  private CommandResult.Outcome begin(
      ConferenceId conference, long epoch, Order.BeginRecordingOnTerms order) {
    boolean isMix = order.mode() == RecordingMode.MIX;
    Segment segment =
        new Segment(
            conference.value(),
            epoch,
            order.recording().value(),
            order.segment(),
            isMix,
            order.channels());
    if (recorder.isRunning(segment.name())) {
      return Accepted.PLAIN;
    }
    if (directory.agentOf(conference) < 0) {
      return new NotFound();
    }
    return switch (recorder.begin(segment)) {
      case Recorder.Refused(Recorder.Refusal why) -> new Busy(reasonOf(why));
      case Recorder.Begun(RingBuffer ring) -> {
        RecordingTap.Kind kind = isMix ? RecordingTap.Kind.MIX : RecordingTap.Kind.TRACKS;
        RecordingTap tap =
            new RecordingTap(segment.name(), kind, order.channels(), ring, termsOf(order));
        CommandResult.Outcome outcome = outcome(start(conference, tap));
        if (!(outcome instanceof Accepted)) {
          // If it was begun after all, because its agent was late, it is not for long.
          end(conference, segment.name(), () -> {});
          recorder.cancel(segment.name());
        }
        yield outcome;
      }
    };
  }

  private static RecordingTap.Terms termsOf(Order.BeginRecordingOnTerms order) {
    List<ParticipantId> consenting = order.consenting();
    return new RecordingTap.Terms(order.announced(), consenting == null ? null : idsOf(consenting));
  }

  private static Set<String> idsOf(List<ParticipantId> participants) {
    return participants.stream().map(ParticipantId::value).collect(Collectors.toUnmodifiableSet());
  }

  /** Accepted when nobody else is recorded any more. */
  private CommandResult.Outcome setConsents(ConferenceId conference, Order.SetConsents order) {
    if (!recorder.isRunning(nameOf(order))) {
      return new NotFound();
    }
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    Boolean isTold =
        directory.atAgent(
            conference,
            agent ->
                agents
                    .get(agent)
                    .setConsents(
                        conference.value(),
                        nameOf(order),
                        idsOf(order.consenting()),
                        () -> done.complete(true)));
    if (isTold == null) {
      return new NotFound();
    }
    return isTold && await(done) != null ? Accepted.PLAIN : AGENT_BUSY;
  }

  private static String reasonOf(Recorder.Refusal why) {
    return switch (why) {
      case KNOWN -> "this segment was recorded here, and has ended";
      case SPOOL_FULL -> "the disk's share for recordings is used up";
      case SPOOL_FAILED -> "the disk for recordings fails";
      case NO_KEY -> "the session tier does not give the recording's key";
      case NOT_RECOVERED -> "recordings of an earlier process are still being made whole";
      case CLOSED -> "this server is ending";
    };
  }

  /** Null if its agent did not say so, or could not be told. */
  private @Nullable RecordingStart start(ConferenceId conference, RecordingTap tap) {
    CompletableFuture<RecordingStart> answer = new CompletableFuture<>();
    Boolean isTold =
        directory.atAgent(
            conference,
            agent ->
                agents
                    .get(agent)
                    .record(conference.value(), tap, !headroom.isBusy(agent), answer::complete));
    if (isTold == null) {
      return RecordingStart.NOT_FOUND;
    }
    return isTold ? await(answer) : null;
  }

  private static <T> @Nullable T await(CompletableFuture<T> answer) {
    try {
      return answer.get(ANSWER_TIMEOUT_S, TimeUnit.SECONDS);
    } catch (TimeoutException _) {
      return null;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException("only completed with values", e);
    }
  }

  private static CommandResult.Outcome outcome(@Nullable RecordingStart start) {
    return switch (start) {
      case null -> AGENT_BUSY;
      case BEGUN -> Accepted.PLAIN;
      case NOT_FOUND -> new NotFound();
      case NO_TIME_FOR_MIX ->
          new Busy("the conference's media thread has no time for a mix that nobody hears");
    };
  }

  private CommandResult.Outcome pause(ConferenceId conference, Order.PauseRecording order) {
    if (!recorder.isRunning(nameOf(order))) {
      return new NotFound();
    }
    Boolean isTold =
        directory.atAgent(
            conference,
            agent ->
                agents
                    .get(agent)
                    .pauseRecording(conference.value(), nameOf(order), order.paused()));
    if (isTold == null) {
      return new NotFound();
    }
    return isTold ? Accepted.PLAIN : AGENT_BUSY;
  }

  /** One that has ended by itself has ended as is wished. */
  private CommandResult.Outcome stop(ConferenceId conference, Order.StopRecording order) {
    String name = nameOf(order);
    if (!recorder.isRunning(name)) {
      return recorder.isKnown(name) ? Accepted.PLAIN : new NotFound();
    }
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    Boolean isTold = end(conference, name, () -> ended.complete(true));
    if (isTold != null && (!isTold || await(ended) == null)) {
      return AGENT_BUSY;
    }
    recorder.hurry(name);
    return Accepted.PLAIN;
  }

  private @Nullable Boolean end(ConferenceId conference, String name, Runnable onEnd) {
    return directory.atAgent(
        conference, agent -> agents.get(agent).stopRecording(conference.value(), name, onEnd));
  }
}
