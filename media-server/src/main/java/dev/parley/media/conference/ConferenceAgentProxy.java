package dev.parley.media.conference;

import static dev.parley.media.packet.Limits.COMMANDS_MAX;

import dev.parley.media.conference.ConferenceEvent.GoneReason;
import java.util.Set;
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
    return offer(conference.conferenceId(), agent -> agent.onAddConference(conference));
  }

  /**
   * Lets a participant in, and starts the conference if it is the first. A participant who is in
   * already gets a new media session, instead of those that carry the same, and keeps his place:
   * number and mute state.
   */
  public boolean addParticipant(
      ConferenceDescription conference, ParticipantDescription participant) {
    return offer(
        conference.conferenceId(), agent -> agent.onAddParticipant(conference, participant));
  }

  /** Ends a participant's media at once. */
  public boolean removeParticipant(String conferenceId, String participantId) {
    return offer(conferenceId, agent -> agent.onRemoveParticipant(conferenceId, participantId));
  }

  /** Ends one of a participant's sessions, and the participant's media if it has no other. */
  public boolean removeSession(String conferenceId, String participantId, int peerId) {
    return offer(
        conferenceId,
        agent -> agent.onEndSession(conferenceId, participantId, peerId, GoneReason.REMOVED));
  }

  /** Ends one of a participant's sessions as if its client had closed it. */
  public boolean closeSession(String conferenceId, String participantId, int peerId) {
    return offer(
        conferenceId,
        agent ->
            agent.onEndSession(conferenceId, participantId, peerId, GoneReason.CLOSED_BY_PEER));
  }

  /** Stops or resumes passing on a participant's audio. */
  public boolean mute(String conferenceId, String participantId, boolean muted) {
    return offer(conferenceId, agent -> agent.onMute(conferenceId, participantId, muted));
  }

  /** Keeps a participant from hearing and being heard, or lets it again. */
  public boolean hold(String conferenceId, String participantId, boolean held) {
    return offer(conferenceId, agent -> agent.onHold(conferenceId, participantId, held));
  }

  /**
   * Begins to record a conference. One recording is begun once, however often this is asked.
   *
   * @param mayStartMix whether there is time for a mix that nobody hears
   * @param answer is told, on the agent's thread, what became of it
   */
  public boolean record(
      String conferenceId, RecordingTap tap, boolean mayStartMix, Consumer<RecordingStart> answer) {
    return offer(
        conferenceId,
        agent ->
            agent.onRecordings(
                conferenceId,
                taps -> answer.accept(taps.begin(tap, mayStartMix)),
                () -> answer.accept(RecordingStart.NOT_FOUND)));
  }

  /**
   * Says who may be recorded from now on.
   *
   * @param onDone is run, on the agent's thread, when nobody else is
   */
  public boolean setConsents(
      String conferenceId, String recordingId, Set<String> participantIds, Runnable onDone) {
    return offer(
        conferenceId,
        agent ->
            agent.onRecordings(
                conferenceId,
                taps -> {
                  taps.consents(recordingId, participantIds);
                  onDone.run();
                },
                onDone));
  }

  /** Pauses a recording, or goes on with it. */
  public boolean pauseRecording(String conferenceId, String recordingId, boolean paused) {
    return offer(
        conferenceId,
        agent ->
            agent.onRecordings(conferenceId, taps -> taps.pause(recordingId, paused), () -> {}));
  }

  /**
   * Ends a recording.
   *
   * @param onEnd is run, on the agent's thread, when nothing more comes by its ring
   */
  public boolean stopRecording(String conferenceId, String recordingId, Runnable onEnd) {
    return offer(
        conferenceId,
        agent ->
            agent.onRecordings(
                conferenceId,
                taps -> {
                  taps.end(recordingId);
                  onEnd.run();
                },
                onEnd));
  }

  /** Ends a conference and every participant's media in it. */
  public boolean endConference(String conferenceId) {
    return offer(conferenceId, agent -> agent.onEndConference(conferenceId));
  }

  /**
   * Has the agent take a conference over from another. If this is accepted the move will happen:
   * commands for the conference go to this agent from then on, and none to the other.
   */
  public boolean takeOver(ConferenceMove move) {
    return offer(agent -> agent.onTakeOver(move));
  }

  /** Has the agent let go of a conference, for the one that has called for it. */
  boolean letGo(ConferenceMove move) {
    return offer(agent -> agent.onLetGo(move));
  }

  /** Asks how much work the agent's conferences have been; the answer comes on its thread. */
  public boolean weigh(Consumer<ConferenceWeights> answer) {
    return offer(agent -> agent.onWeigh(answer));
  }

  /** For a command that must wait if its conference is on its way to the agent. */
  private boolean offer(String conferenceId, Consumer<ConferenceAgent> command) {
    return offer(agent -> agent.onCommand(conferenceId, command));
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
