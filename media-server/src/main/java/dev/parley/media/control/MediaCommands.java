package dev.parley.media.control;

import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.ConferenceSnapshot;
import java.util.List;

/** What the control link asks of the rest of the media server. Implemented where it is wired. */
public interface MediaCommands {
  /**
   * Carries out one command and says how it ended. Called on a virtual thread and may block; two
   * commands of one conference never run at once and run in the order in which they arrived. Never
   * called twice for one {@link Command#id()}, nor with an epoch older than one already seen.
   */
  CommandResult.Outcome execute(Command command);

  /**
   * The conferences running now and who is in them, for the greeting of a new link. Called on a
   * virtual thread and may block for a moment.
   */
  List<ConferenceSnapshot> conferences();

  /**
   * Sends everyone away and ends all conferences, for they are elsewhere now. Called on a virtual
   * thread and may block for a moment.
   */
  void endAll();
}
