package dev.parley.common.control;

import static java.util.Objects.requireNonNull;

import dev.parley.common.id.CommandId;
import dev.parley.common.id.ConferenceId;

/**
 * An order about one conference. Sent again, with the same id, until a {@link CommandResult} comes;
 * the media server applies it once, answers a repetition with the first result, and refuses an
 * epoch older than the newest it has seen for the conference.
 */
public record Command(CommandId id, ConferenceId conference, long epoch, Order order)
    implements SessionMessage {
  public Command {
    requireNonNull(id, "id");
    requireNonNull(conference, "conference");
    requireNonNull(order, "order");
    Ranges.requireAtLeast(0, epoch, "epoch");
  }
}
