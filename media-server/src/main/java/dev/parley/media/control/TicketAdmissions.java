package dev.parley.media.control;

import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.CommandResult.Accepted;
import dev.parley.common.control.CommandResult.Outcome;
import dev.parley.common.control.Order;
import dev.parley.common.control.Order.Listening;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.CommandId;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.token.MediaTicket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out tickets as if a session node had ordered what they say: in line with the commands of
 * the same conference, under the same rules, links or no links. Owned by the {@link LinkLoop}'s
 * thread.
 */
final class TicketAdmissions {
  /** So many removals are remembered, far more than are ordered while a ticket is good. */
  private static final int REMOVED_MAX = 16_384;

  private static final CommandResult.Busy NOT_ON_HOLD =
      new CommandResult.Busy("the participant could not be put on hold");

  /** Who was removed; the participant is null where the whole conference was ended. */
  private record Removed(ConferenceId conference, @Nullable ParticipantId participant) {}

  private final CommandRunner runner;
  private final Consumer<StateEvent> report;
  private final Map<Removed, Long> removedAtEpoch = new LinkedHashMap<>();

  TicketAdmissions(CommandRunner runner, Consumer<StateEvent> report) {
    this.runner = runner;
    this.report = report;
  }

  /**
   * A session node takes somebody out, or ends a conference: tickets that were made before are
   * void, even if nobody was there yet.
   */
  void onCommand(Command command) {
    switch (command.order()) {
      case Order.RemoveParticipant remove ->
          remember(new Removed(command.conference(), remove.participant()), command.epoch());
      case Order.DoUnrecorded unrecorded -> {
        if (unrecorded.deed().isDeparture()) {
          remember(new Removed(command.conference(), unrecorded.participant()), command.epoch());
        }
      }
      case Order.EndConference _ ->
          remember(new Removed(command.conference(), null), command.epoch());
      case Order.AdmitParticipant _,
          Order.EndSession _,
          Order.RestartIce _,
          Order.MuteParticipant _,
          Order.HoldParticipant _,
          Order.RecordingOrder _ -> {}
    }
  }

  void admit(MediaTicket ticket, String offer, Consumer<Outcome> answer) {
    MediaTicket.Place place = ticket.place();
    if (isVoid(place, ticket.terms().participant())) {
      answer.accept(new CommandResult.NotFound());
      return;
    }
    runner.onCommand(
        result -> onAdmitted(ticket, result.outcome(), answer),
        command(ticket, "admit", ticket.terms().admit(offer)));
  }

  private void onAdmitted(MediaTicket ticket, Outcome outcome, Consumer<Outcome> answer) {
    if (!(outcome instanceof Accepted accepted)) {
      answer.accept(outcome);
      return;
    }
    // Before anything else can be told of the session: its client does not have the answer yet.
    report.accept(began(ticket, accepted));
    if (!ticket.terms().held()) {
      answer.accept(accepted);
      return;
    }
    ParticipantId participant = ticket.terms().participant();
    runner.onCommand(
        held -> {
          if (held.outcome() instanceof Accepted) {
            answer.accept(accepted);
          } else {
            // Rather no media than one that hears what it must not.
            runner.onCommand(
                _ -> answer.accept(NOT_ON_HOLD),
                command(ticket, "remove", new Order.RemoveParticipant(participant)));
          }
        },
        command(ticket, "hold", new Order.HoldParticipant(participant, true)));
  }

  private static StateEvent began(MediaTicket ticket, Accepted accepted) {
    MediaTicket.Place place = ticket.place();
    MediaTicket.Terms terms = ticket.terms();
    Listening listening = accepted.listening();
    String fragment = accepted.clientFragment();
    return new StateEvent.SessionBegan(
        place.conference(),
        place.epoch(),
        terms.participant(),
        terms.session(),
        terms.profile(),
        listening == null ? terms.listening() : listening,
        fragment == null ? "" : fragment,
        terms.muted(),
        terms.held());
  }

  private static Command command(MediaTicket ticket, String what, Order order) {
    MediaTicket.Place place = ticket.place();
    return new Command(
        new CommandId(ticket.ticketId() + "." + what), place.conference(), place.epoch(), order);
  }

  private boolean isVoid(MediaTicket.Place place, ParticipantId participant) {
    long removed = removedAt(new Removed(place.conference(), participant));
    long ended = removedAt(new Removed(place.conference(), null));
    return place.epoch() <= Math.max(removed, ended);
  }

  private long removedAt(Removed whom) {
    return removedAtEpoch.getOrDefault(whom, -1L);
  }

  private void remember(Removed whom, long epoch) {
    long newest = Math.max(removedAt(whom), epoch);
    removedAtEpoch.remove(whom);
    removedAtEpoch.put(whom, newest);
    if (removedAtEpoch.size() > REMOVED_MAX) {
      removedAtEpoch.remove(removedAtEpoch.keySet().iterator().next());
    }
  }
}
