package dev.parley.media;

import dev.parley.common.control.CommandResult;
import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;

/** Carries out orders about recordings. Called on virtual threads, and may block. */
@FunctionalInterface
interface RecordingOrders {
  /** Of a server that has no spool. */
  RecordingOrders NONE =
      (_, _, _) ->
          new CommandResult.Busy(
              "this media server records nothing: its setting recordings-directory is empty");

  /**
   * Carries out one order.
   *
   * @param epoch of the conference, as the order has it
   */
  CommandResult.Outcome execute(ConferenceId conference, long epoch, Order.RecordingOrder order);
}
