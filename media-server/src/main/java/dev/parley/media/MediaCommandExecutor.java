package dev.parley.media;

import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult.Accepted;
import dev.parley.common.control.CommandResult.Busy;
import dev.parley.common.control.CommandResult.NotFound;
import dev.parley.common.control.CommandResult.Outcome;
import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.Deed;
import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.media.conference.ConferenceAgentProxy;
import dev.parley.media.control.MediaCommands;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the session tier's orders through the doors of agents and loops. Any number of
 * virtual threads, one at a time for each conference, as {@link MediaCommands} promises.
 */
final class MediaCommandExecutor implements MediaCommands {
  private static final Busy AGENT_BUSY = new Busy("the conference's thread is too far behind");

  private final ConferenceDirectory directory;
  private final List<ConferenceAgentProxy> agents;
  private final ParticipantAdmission admission;
  private final RecordingOrders recordings;

  MediaCommandExecutor(
      ConferenceDirectory directory,
      List<ConferenceAgentProxy> agents,
      ParticipantAdmission admission,
      RecordingOrders recordings) {
    this.directory = directory;
    this.agents = List.copyOf(agents);
    this.admission = admission;
    this.recordings = recordings;
  }

  @Override
  public Outcome execute(Command command) {
    ConferenceId conference = command.conference();
    return switch (command.order()) {
      case Order.AdmitParticipant admit -> admission.admit(conference, command.epoch(), admit);
      case Order.RemoveParticipant remove -> remove(conference, remove.participant());
      case Order.EndSession end -> end(conference, end, ConferenceAgentProxy::removeSession);
      case Order.RestartIce restart -> admission.restartIce(conference, restart);
      case Order.MuteParticipant mute -> mute(conference, mute.participant(), mute.muted());
      case Order.HoldParticipant hold -> hold(conference, hold.participant(), hold.held());
      case Order.RecordingOrder order -> recordings.execute(conference, command.epoch(), order);
      case Order.DoUnrecorded unrecorded ->
          carryOut(conference, unrecorded.participant(), unrecorded.deed());
      case Order.EndConference _ -> end(conference);
    };
  }

  private Outcome carryOut(ConferenceId conference, ParticipantId participant, Deed deed) {
    return switch (deed) {
      case MUTE, UNMUTE -> mute(conference, participant, deed == Deed.MUTE);
      case HOLD, RELEASE -> hold(conference, participant, deed == Deed.HOLD);
      case LEAVE, EVICT -> remove(conference, participant);
    };
  }

  @Override
  public List<ConferenceSnapshot> conferences() {
    return directory.snapshots();
  }

  @Override
  public void endAll() {
    for (ConferenceSnapshot snapshot : directory.snapshots()) {
      Outcome _ = end(snapshot.conference());
    }
  }

  private Outcome remove(ConferenceId conference, ParticipantId participant) {
    if (!directory.contains(conference, participant)) {
      return new NotFound();
    }
    return post(
        conference, agent -> agent.removeParticipant(conference.value(), participant.value()));
  }

  /** Ends a session as its client wishes: if it was the last one, its participant has left. */
  Outcome closeSession(ConferenceId conference, Order.EndSession order) {
    return end(conference, order, ConferenceAgentProxy::closeSession);
  }

  /** How a session ends at the conference's agent. */
  private interface SessionEnd {
    boolean post(ConferenceAgentProxy agent, String conferenceId, String participantId, int peerId);
  }

  private Outcome end(ConferenceId conference, Order.EndSession order, SessionEnd how) {
    ParticipantId participant = order.participant();
    ConferenceDirectory.Seat seat = directory.find(conference, participant, order.session());
    if (seat == null) {
      return new NotFound();
    }
    return post(
        conference,
        agent -> how.post(agent, conference.value(), participant.value(), seat.peerId()));
  }

  /** Begins ICE anew in a session; for whoever has its address, no order is needed. */
  Outcome restartIce(ConferenceId conference, Order.RestartIce order) {
    return admission.restartIce(conference, order);
  }

  private Outcome mute(ConferenceId conference, ParticipantId participant, boolean muted) {
    if (!directory.contains(conference, participant)) {
      return new NotFound();
    }
    return post(conference, agent -> agent.mute(conference.value(), participant.value(), muted));
  }

  private Outcome hold(ConferenceId conference, ParticipantId participant, boolean held) {
    if (!directory.contains(conference, participant)) {
      return new NotFound();
    }
    return post(conference, agent -> agent.hold(conference.value(), participant.value(), held));
  }

  private Outcome end(ConferenceId conference) {
    return outcome(
        directory.end(conference, agent -> agents.get(agent).endConference(conference.value())));
  }

  /** Tells the agent that runs the conference now, whichever it will be next. */
  private Outcome post(ConferenceId conference, Predicate<ConferenceAgentProxy> command) {
    return outcome(directory.atAgent(conference, agent -> command.test(agents.get(agent))));
  }

  private static Outcome outcome(@Nullable Boolean isTaken) {
    if (isTaken == null) {
      return new NotFound();
    }
    return isTaken ? Accepted.PLAIN : AGENT_BUSY;
  }
}
