package dev.parley.media.conference;

import dev.parley.media.packet.Limits;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.jspecify.annotations.Nullable;

/**
 * A conference on its way to this mix agent, and what has come for it already: commands, and
 * messages of peers that nobody here knows. Owned by the agent it comes to.
 */
final class Arrival {
  private static final int MESSAGES_PER_READ_MAX = 128;

  private final ConferenceMove move;
  private final Queue<Consumer<ConferenceAgent>> commands = new ArrayDeque<>();
  private boolean isCalledFor;

  Arrival(ConferenceMove move) {
    this.move = move;
  }

  boolean isOf(String conferenceId) {
    return move.conferenceId().equals(conferenceId);
  }

  /** Asks the old agent for it, unless that has been done. */
  void callFor() {
    isCalledFor = isCalledFor || move.from().letGo(move);
  }

  void hold(Consumer<ConferenceAgent> command) {
    commands.add(command);
  }

  /** How many more commands it can hold; the rest wait in the agent's queue meanwhile. */
  int commandsLeft() {
    return Limits.HELD_COMMANDS_MAX - commands.size();
  }

  /** Keeps a message; false if there is no room. */
  boolean hold(int type, DirectBuffer buffer, int index, int length) {
    return move.held().write(type, buffer, index, length);
  }

  boolean mayTakeUp() {
    return move.mayTakeUp();
  }

  /** Null if it has ended on its way. */
  @Nullable Conference conference() {
    return move.conference();
  }

  /**
   * Gives back all that was held. Commands come first, so that whoever they let in is known when
   * his messages come; of each kind the order is kept.
   */
  void giveBack(Consumer<Consumer<ConferenceAgent>> executor, MessageHandler onMessage) {
    commands.forEach(executor);
    int count;
    do {
      count = move.held().read(onMessage, MESSAGES_PER_READ_MAX);
    } while (count > 0);
  }

  void settle(long nowNs) {
    move.settle(nowNs);
  }
}
