package dev.parley.media.conference;

import static dev.parley.media.packet.Limits.COMMANDS_PER_CYCLE_MAX;

import dev.parley.media.conference.ConferenceEvent.ClosedReason;
import dev.parley.media.conference.ConferenceEvent.GoneReason;
import dev.parley.media.packet.Limits;
import dev.parley.media.packet.LostPackets;
import dev.parley.media.packet.PeerStateChange;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.packet.ReceptionReport;
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
  private final LostPackets lostPackets = new LostPackets();
  private final MessageHandler onMessage = this::onMessage;
  private final Consumer<Consumer<ConferenceAgent>> executor = this::execute;
  private final Promptness promptness = new Promptness();
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
    int workCount = proxy.drain(executor, COMMANDS_PER_CYCLE_MAX);
    boolean mayHaveMore = false;
    for (RingBuffer ring : inbound) {
      int count = ring.read(onMessage, MESSAGES_PER_RING_MAX);
      mayHaveMore |= count == MESSAGES_PER_RING_MAX;
      workCount += count;
    }
    parts.fan.wakeLoops();
    // What came before a tick belongs to it, unless there is no end of it.
    workCount += tickMostOverdue(mayHaveMore ? TICK_DELAY_NS_MAX : 0);
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
    if (proxy.hasCommands()) {
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
    long nowNs = clock.nanoTime();
    for (int i = 0; i < conferences.size(); i++) {
      Conference conference = conferences.get(i);
      if (!conference.isEmpty()) {
        restNs = Math.min(restNs, conference.nextTickNs() - nowNs);
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
    command.accept(this);
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

  void onEndConference(String conferenceId) {
    Conference conference = conferencesById.get(conferenceId);
    if (conference == null) {
      counters.increment(ConferenceCounter.COMMANDS_WITHOUT_TARGET);
      return;
    }
    close(conference, ClosedReason.ENDED);
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
    return nowNs + (long) (phase * Conference.TICK_NS);
  }

  // Messages, from the event loops.

  private void onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
    switch (type) {
      case ReceivedPacket.TYPE -> onPacket(packet.wrap(buffer, index));
      case PeerStateChange.TYPE -> onPeerState(peerStateChange.wrap(buffer, index));
      case ReceptionReport.TYPE -> onReceptionReport(receptionReport.wrap(buffer, index));
      case LostPackets.TYPE -> onLostPackets(lostPackets.wrap(buffer, index));
      default -> {
        assert false : type;
      }
    }
  }

  private void onPacket(ReceivedPacket received) {
    counters.increment(ConferenceCounter.PACKETS_RECEIVED);
    Participant participant = parts.participantsByPeer.get(received.peerId());
    if (participant == null) {
      counters.increment(ConferenceCounter.PACKETS_OF_UNKNOWN_PEERS);
      return;
    }
    try {
      participant.conference().onPacket(participant, received);
    } catch (Throwable thrown) {
      fail(participant.conference(), thrown);
    }
  }

  private void onPeerState(PeerStateChange change) {
    Participant participant = parts.participantsByPeer.get(change.peerId());
    if (participant == null) {
      return;
    }
    try {
      participant.conference().onPeerState(participant, change.state());
    } catch (Throwable thrown) {
      fail(participant.conference(), thrown);
    }
  }

  private void onReceptionReport(ReceptionReport report) {
    Participant participant = parts.participantsByPeer.get(report.peerId());
    if (participant != null) {
      participant.conference().onReceptionReport(participant, report);
    }
  }

  private void onLostPackets(LostPackets lost) {
    Participant participant = parts.participantsByPeer.get(lost.peerId());
    if (participant == null) {
      return;
    }
    try {
      participant.conference().onLostPackets(participant, lost);
    } catch (Throwable thrown) {
      fail(participant.conference(), thrown);
    }
  }

  // Ticks.

  /** Runs the tick that has waited longest, if one is overdue by so much. */
  private int tickMostOverdue(long overdueNsMin) {
    Conference mostOverdue = null;
    long dueNs = NEVER_NS;
    for (int i = 0; i < conferences.size(); i++) {
      Conference conference = conferences.get(i);
      long tickNs = conference.nextTickNs();
      boolean isSooner = mostOverdue == null || tickNs - dueNs < 0;
      if (isSooner && !conference.isEmpty()) {
        mostOverdue = conference;
        dueNs = tickNs;
      }
    }
    if (mostOverdue == null || nowNs - dueNs < overdueNsMin) {
      return 0;
    }
    try {
      mostOverdue.tick(nowNs);
    } catch (Throwable thrown) {
      fail(mostOverdue, thrown);
    }
    return 1;
  }

  // Ends.

  private void close(Conference conference, ClosedReason reason) {
    forget(conference);
    try {
      conference.close(reason);
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
