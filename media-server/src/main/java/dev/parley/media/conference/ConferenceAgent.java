package dev.parley.media.conference;

import static dev.parley.media.packet.Limits.COMMANDS_PER_CYCLE_MAX;

import dev.parley.media.conference.ConferenceEvent.ClosedReason;
import dev.parley.media.conference.ConferenceEvent.GoneReason;
import dev.parley.media.packet.Limits;
import dev.parley.media.packet.LostPackets;
import dev.parley.media.packet.PeerStateChange;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.packet.ReceptionReport;
import dev.parley.media.packet.UplinkReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a set of conferences on one thread and is the only writer of their state. Other threads
 * reach it through {@link ConferenceAgentProxy}, event loops by its rings.
 *
 * <p>A duty cycle takes commands, then packets, which are forwarded at once, then runs at most one
 * conference's tick: however many are due, packets never wait for more than one of them.
 */
public final class ConferenceAgent {
  /** Messages taken from one ring in a duty cycle, about 1 ms of forwarding to three receivers. */
  private static final int MESSAGES_PER_RING_MAX = 128;

  /** Spreads any number of conferences evenly over the tick: its share that is least rational. */
  private static final double GOLDEN_SHARE = 0.618_033_988_749_895;

  private static final long NEVER_NS = Long.MAX_VALUE;

  /** How long a tick may wait for packets that came before it. */
  private static final long TICK_DELAY_NS_MAX = 2_000_000L;

  /** How long to wait for room in another's full queue. */
  private static final long RETRY_NS = 1_000_000L;

  /** How long to wait for another's next step while a conference moves: one is soon done. */
  private static final long MOVE_STEP_NS = 100_000L;

  /** The longest sleep: a look now and then costs nothing. */
  private static final long REST_NS_MAX = 1_000_000_000L;

  private final NanoClock clock;
  private final RingBuffer[] inbound;
  private final ConferenceAgentProxy proxy;
  private final ConferenceCounters counters;
  private final AgentParts parts;
  private final List<Conference> conferences = new ArrayList<>();
  private final Map<String, Conference> conferencesById = new HashMap<>();
  private final ReceivedPacket packet = new ReceivedPacket();
  private final PeerStateChange peerStateChange = new PeerStateChange();
  private final ReceptionReport receptionReport = new ReceptionReport();
  private final UplinkReport uplinkReport = new UplinkReport();
  private final LostPackets lostPackets = new LostPackets();
  private final MessageHandler onMessage = this::onMessage;
  private final Consumer<Consumer<ConferenceAgent>> executor = this::execute;
  private final Promptness promptness = new Promptness();
  private final PacketSampler sampler = new PacketSampler();
  private @Nullable Arrival arrival;
  private @Nullable Departure departure;
  private double phase;
  private long nowNs;

  /** An agent that does nothing until it is run; the proxy is its only door. */
  public ConferenceAgent(ConferenceAgentSettings settings, ConferenceAgentProxy proxy) {
    this.proxy = proxy;
    clock = settings.clock();
    inbound = settings.inbound().toArray(new RingBuffer[0]);
    counters = settings.counters();
    parts = new AgentParts(settings);
  }

  /** One duty cycle; returns how much there was to do. On the agent's thread. */
  public int doWork() {
    nowNs = clock.nanoTime();
    // First: what it brings came before what the rings hold.
    int workCount = takeUpArrival();
    workCount += proxy.drain(executor, commandsLeft());
    boolean mayHaveMore = false;
    int messages = 0;
    for (RingBuffer ring : inbound) {
      int count = ring.read(onMessage, MESSAGES_PER_RING_MAX);
      mayHaveMore |= count == MESSAGES_PER_RING_MAX;
      messages += count;
    }
    workCount += messages;
    workCount += letGoOfDeparture();
    parts.fan.wakeLoops();
    // What came before a tick belongs to it, unless there is no end of it.
    workCount += tickMostOverdue(mayHaveMore ? TICK_DELAY_NS_MAX : 0, messages == 0);
    workCount += parts.removals.flush();
    workCount += parts.outbox.flush();
    parts.fan.wakeLoops();
    return workCount;
  }

  /**
   * How long there is nothing to do, in nanoseconds: until the next tick is due, unless something
   * comes. On the agent's thread.
   */
  public long restNs() {
    if (commandsLeft() > 0 && proxy.hasCommands()) {
      return 0;
    }
    boolean mustBePrompt = parts.forwardReceivers > 0;
    promptness.set(mustBePrompt);
    for (RingBuffer ring : inbound) {
      if (ring.size() > (mustBePrompt ? 0 : ring.capacity() / Limits.RING_FILLING_PART)) {
        return 0;
      }
    }
    boolean mustRetry = !parts.removals.isEmpty() || !parts.outbox.isEmpty();
    long restNs = mustRetry ? RETRY_NS : REST_NS_MAX;
    if (arrival != null || departure != null) {
      restNs = MOVE_STEP_NS;
    }
    long nowNs = clock.nanoTime();
    for (int i = 0; i < conferences.size(); i++) {
      Conference conference = conferences.get(i);
      if (!conference.isEmpty()) {
        long dueNs = conference.isTickPulled(nowNs) ? nowNs : conference.tickDueNs();
        restNs = Math.min(restNs, dueNs - nowNs);
      }
    }
    return restNs;
  }

  /**
   * Whether packets must be handled as they come, because somebody is forwarded them. If not, they
   * may wait in their ring for the next tick, unless it fills. Any thread.
   */
  public boolean isPrompt() {
    return promptness.isPrompt();
  }

  /** Hears of the time that the agent's thread had to spare. On the agent's thread. */
  public void onRest(long startNs, long endNs) {
    parts.effort.onRest(startNs, endNs);
  }

  /** Ends every conference; the events say that the server stops. On the agent's thread. */
  public void onClose() {
    for (Conference conference : List.copyOf(conferences)) {
      close(conference, ClosedReason.SHUTDOWN);
    }
    parts.outputs.close();
    parts.removals.flush();
    parts.outbox.flush();
  }

  // Commands, from the proxy.

  private void execute(Consumer<ConferenceAgent> command) {
    try {
      command.accept(this);
    } catch (RuntimeException e) {
      // None should get here; if one does, those behind it have a right to be carried out.
      counters.increment(ConferenceCounter.COMMANDS_FAILED);
    }
  }

  /** Carries out a command, or keeps it for a conference that is on its way here. */
  void onCommand(String conferenceId, Consumer<ConferenceAgent> command) {
    if (arrival != null && arrival.isOf(conferenceId)) {
      arrival.hold(command);
    } else {
      command.accept(this);
    }
  }

  /** Commands that may be taken now: all of them could be for a conference on its way here. */
  private int commandsLeft() {
    Arrival arriving = arrival;
    return arriving == null
        ? COMMANDS_PER_CYCLE_MAX
        : Math.min(COMMANDS_PER_CYCLE_MAX, arriving.commandsLeft());
  }

  void onAddConference(ConferenceDescription description) {
    Conference conference = conferencesById.get(description.conferenceId());
    if (conference == null) {
      start(description);
    } else {
      conference.renew(description);
    }
  }

  void onAddParticipant(ConferenceDescription description, ParticipantDescription participant) {
    onAddConference(description);
    Conference conference = conferencesById.get(description.conferenceId());
    if (conference == null) {
      return;
    }
    try {
      if (conference.isEmpty()) {
        conference.resume(nextPhaseNs());
      }
      conference.add(participant);
    } catch (Throwable thrown) {
      fail(conference, thrown);
    }
  }

  void onRemoveParticipant(String conferenceId, String participantId) {
    Participant participant = find(conferenceId, participantId);
    if (participant == null) {
      counters.increment(ConferenceCounter.COMMANDS_WITHOUT_TARGET);
      return;
    }
    try {
      participant.conference().remove(participant, GoneReason.REMOVED);
    } catch (Throwable thrown) {
      fail(participant.conference(), thrown);
    }
  }

  void onEndSession(String conferenceId, String participantId, int peerId, GoneReason reason) {
    Participant participant = find(conferenceId, participantId);
    Leg leg = participant == null ? null : participant.leg(peerId);
    if (participant == null || leg == null) {
      counters.increment(ConferenceCounter.COMMANDS_WITHOUT_TARGET);
      return;
    }
    try {
      participant.conference().end(participant, leg, reason);
    } catch (Throwable thrown) {
      fail(participant.conference(), thrown);
    }
  }

  void onMute(String conferenceId, String participantId, boolean muted) {
    Participant participant = find(conferenceId, participantId);
    if (participant == null) {
      counters.increment(ConferenceCounter.COMMANDS_WITHOUT_TARGET);
      return;
    }
    try {
      participant.conference().mute(participant, muted);
    } catch (Throwable thrown) {
      fail(participant.conference(), thrown);
    }
  }

  void onHold(String conferenceId, String participantId, boolean held) {
    Participant participant = find(conferenceId, participantId);
    if (participant == null) {
      counters.increment(ConferenceCounter.COMMANDS_WITHOUT_TARGET);
      return;
    }
    try {
      participant.conference().hold(participant, held);
    } catch (Throwable thrown) {
      fail(participant.conference(), thrown);
    }
  }

  void onEndConference(String conferenceId) {
    Conference conference = conferencesById.get(conferenceId);
    if (conference == null) {
      counters.increment(ConferenceCounter.COMMANDS_WITHOUT_TARGET);
      return;
    }
    close(conference, ClosedReason.ENDED);
  }

  /** Does something about a conference's recordings, or tells that the conference is not here. */
  void onRecordings(
      String conferenceId, Consumer<ConferenceRecordings> command, Runnable onNotFound) {
    Conference conference = conferencesById.get(conferenceId);
    if (conference == null) {
      counters.increment(ConferenceCounter.COMMANDS_WITHOUT_TARGET);
      onNotFound.run();
      return;
    }
    try {
      conference.record(command, nowNs);
    } catch (Throwable thrown) {
      fail(conference, thrown);
    }
  }

  void onWeigh(Consumer<ConferenceWeights> answer) {
    Map<String, Long> workNs = new HashMap<>();
    for (Conference conference : conferences) {
      if (!conference.isEmpty()) {
        workNs.put(conference.conferenceId(), conference.workNs());
      }
    }
    answer.accept(new ConferenceWeights(nowNs, workNs));
  }

  private @Nullable Participant find(String conferenceId, String participantId) {
    Conference conference = conferencesById.get(conferenceId);
    return conference == null ? null : conference.find(participantId);
  }

  private void start(ConferenceDescription description) {
    Conference conference = new Conference(parts, description, nextPhaseNs());
    conferences.add(conference);
    conferencesById.put(description.conferenceId(), conference);
  }

  private long nextPhaseNs() {
    phase += GOLDEN_SHARE;
    phase -= Math.floor(phase);
    return nowNs + (long) (phase * TickSchedule.TICK_NS);
  }

  // Messages, from the event loops.

  private void onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
    Participant participant = parts.participantsByPeer.get(peerIdOf(type, buffer, index));
    if (participant == null) {
      onUnknownPeer(type, buffer, index, length);
      return;
    }
    Conference conference = participant.conference();
    try {
      switch (type) {
        case ReceivedPacket.TYPE -> onPacket(conference, participant);
        case PeerStateChange.TYPE ->
            conference.onPeerState(participant, peerStateChange.peerId(), peerStateChange.state());
        case ReceptionReport.TYPE -> conference.onReceptionReport(participant, receptionReport);
        case UplinkReport.TYPE -> conference.onUplinkReport(participant, uplinkReport);
        default -> conference.onLostPackets(participant, lostPackets);
      }
    } catch (Throwable thrown) {
      fail(conference, thrown);
    }
  }

  /** Wraps the message by the flyweight of its type. */
  private int peerIdOf(int type, MutableDirectBuffer buffer, int index) {
    return switch (type) {
      case ReceivedPacket.TYPE -> packet.wrap(buffer, index).peerId();
      case PeerStateChange.TYPE -> peerStateChange.wrap(buffer, index).peerId();
      case ReceptionReport.TYPE -> receptionReport.wrap(buffer, index).peerId();
      case UplinkReport.TYPE -> uplinkReport.wrap(buffer, index).peerId();
      default -> {
        assert type == LostPackets.TYPE : type;
        yield lostPackets.wrap(buffer, index).peerId();
      }
    };
  }

  /** A peer that has gone, unless it is one of a conference on its way here. */
  private void onUnknownPeer(int type, MutableDirectBuffer buffer, int index, int length) {
    if (arrival != null) {
      if (!arrival.hold(type, buffer, index, length)) {
        counters.increment(ConferenceCounter.HELD_MESSAGES_DROPPED);
      }
    } else if (type == ReceivedPacket.TYPE) {
      counters.increment(ConferenceCounter.PACKETS_RECEIVED);
      counters.increment(ConferenceCounter.PACKETS_OF_UNKNOWN_PEERS);
    }
  }

  private void onPacket(Conference conference, Participant participant) {
    counters.increment(ConferenceCounter.PACKETS_RECEIVED);
    if (sampler.isPicked()) {
      int packets = sampler.packetsStoodFor();
      long startNs = clock.nanoTime();
      conference.onPacket(participant, packet);
      conference.onWork(packets * (clock.nanoTime() - startNs));
    } else {
      conference.onPacket(participant, packet);
    }
  }

  // Ticks.

  /**
   * Runs the tick that has waited longest, if one is overdue by so much.
   *
   * @param mayBePulled whether packets that have come may bring it forward: they themselves go out
   *     first
   */
  private int tickMostOverdue(long overdueNsMin, boolean mayBePulled) {
    Conference mostOverdue = null;
    long dueNs = NEVER_NS;
    for (int i = 0; i < conferences.size(); i++) {
      Conference conference = conferences.get(i);
      boolean isPulled = mayBePulled && conference.isTickPulled(nowNs);
      long tickNs = isPulled ? nowNs : conference.tickDueNs();
      boolean isSooner = mostOverdue == null || tickNs - dueNs < 0;
      if (isSooner && !conference.isEmpty()) {
        mostOverdue = conference;
        dueNs = tickNs;
      }
    }
    if (mostOverdue == null || nowNs - dueNs < overdueNsMin) {
      return 0;
    }
    long startNs = clock.nanoTime();
    try {
      mostOverdue.tick(nowNs);
    } catch (Throwable thrown) {
      fail(mostOverdue, thrown);
    }
    mostOverdue.onWork(clock.nanoTime() - startNs);
    return 1;
  }

  // Moves.

  void onTakeOver(ConferenceMove move) {
    assert arrival == null : "one at a time";
    arrival = new Arrival(move);
    arrival.callFor();
  }

  void onLetGo(ConferenceMove move) {
    assert departure == null : "one at a time";
    departure = new Departure(move, conferencesById.get(move.conferenceId()), inbound.length);
  }

  private int letGoOfDeparture() {
    Departure leaving = departure;
    // What this agent has told of the conference must not be overtaken by what the other will tell.
    if (leaving == null || !parts.outbox.isEmpty() || !leaving.isDrained(inbound)) {
      return 0;
    }
    departure = null;
    Conference conference = letGo(leaving.conference());
    leaving.leave(conference, parts.fan.rings(), clock.nanoTime());
    return 1;
  }

  /** Returns the conference if it has not ended meanwhile. */
  private @Nullable Conference letGo(@Nullable Conference conference) {
    if (conference == null || conferencesById.get(conference.conferenceId()) != conference) {
      return null;
    }
    try {
      conference.detach();
    } catch (Throwable thrown) {
      fail(conference, thrown);
      return null;
    }
    forget(conference);
    return conference;
  }

  private int takeUpArrival() {
    Arrival arriving = arrival;
    if (arriving == null) {
      return 0;
    }
    arriving.callFor();
    if (!arriving.mayTakeUp()) {
      return 0;
    }
    arrival = null;
    Conference conference = arriving.conference();
    if (conference != null) {
      takeUp(conference);
    }
    arriving.giveBack(executor, onMessage);
    arriving.settle(clock.nanoTime());
    return 1;
  }

  private void takeUp(Conference conference) {
    conferences.add(conference);
    conferencesById.put(conference.conferenceId(), conference);
    counters.increment(ConferenceCounter.CONFERENCES_TAKEN_OVER);
    try {
      conference.attach(parts);
    } catch (Throwable thrown) {
      fail(conference, thrown);
    }
  }

  // Ends.

  private void close(Conference conference, ClosedReason reason) {
    forget(conference);
    try {
      conference.close(reason, nowNs);
    } catch (Throwable thrown) {
      counters.increment(ConferenceCounter.CONFERENCES_FAILED);
      conference.abandon(thrown);
    }
  }

  /**
   * Closes a conference that threw, so that it harms no other; the control plane logs the cause.
   */
  private void fail(Conference conference, Throwable thrown) {
    counters.increment(ConferenceCounter.CONFERENCES_FAILED);
    parts.fan.abort();
    parts.redFan.abort();
    forget(conference);
    conference.abandon(thrown);
  }

  private void forget(Conference conference) {
    conferencesById.remove(conference.conferenceId());
    conferences.remove(conference);
  }
}
