package dev.parley.media.conference;

import static dev.parley.media.packet.Limits.COMMANDS_MAX;

import java.util.function.Consumer;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/**
 * The door to one mix agent for all other threads. Each method returns false if the agent is too
 * far behind: the caller answers "busy" and never waits. Commands of one thread are executed in
 * their order.
 */
public final class ConferenceAgentProxy {
  private final ManyToOneConcurrentArrayQueue<Consumer<ConferenceAgent>> commands =
      new ManyToOneConcurrentArrayQueue<>(COMMANDS_MAX);

  private final Runnable wake;

  /**
   * A door to an agent.
   *
   * @param wake lets the agent's thread look at the door, from any thread
   */
  public ConferenceAgentProxy(Runnable wake) {
    this.wake = wake;
  }

  /** Starts a conference; one that runs already only takes over a newer epoch. */
  public boolean addConference(ConferenceDescription conference) {
    return offer(agent -> agent.onAddConference(conference));
  }

  /**
   * Lets a participant in, and starts the conference if it is the first. A participant who is in
   * already gets a new media session and keeps his place: number and mute state.
   */
  public boolean addParticipant(
      ConferenceDescription conference, ParticipantDescription participant) {
    return offer(agent -> agent.onAddParticipant(conference, participant));
  }

  /** Ends a participant's media at once. */
  public boolean removeParticipant(String conferenceId, String participantId) {
    return offer(agent -> agent.onRemoveParticipant(conferenceId, participantId));
  }

  /** Stops or resumes passing on a participant's audio. */
  public boolean mute(String conferenceId, String participantId, boolean muted) {
    return offer(agent -> agent.onMute(conferenceId, participantId, muted));
  }

  /** Ends a conference and every participant's media in it. */
  public boolean endConference(String conferenceId) {
    return offer(agent -> agent.onEndConference(conferenceId));
  }

  private boolean offer(Consumer<ConferenceAgent> command) {
    boolean isTaken = commands.offer(command);
    if (isTaken) {
      wake.run();
    }
    return isTaken;
  }

  boolean hasCommands() {
    return !commands.isEmpty();
  }

  int drain(Consumer<Consumer<ConferenceAgent>> executor, int commandsMax) {
    return commands.drain(executor, commandsMax);
  }
}
