package dev.parley.media.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.conference.ConferenceMove.Stage;
import dev.parley.media.conference.ParticipantDescription.Reception;
import dev.parley.media.conference.ParticipantDescription.Side;
import dev.parley.media.jitter.JitterBuffer;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.packet.MediaRing;
import dev.parley.media.packet.OutgoingPacket;
import dev.parley.media.packet.PeerState;
import dev.parley.media.packet.PeerStateChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Some mix agents and event loops, each a step at a time in an order drawn from a seed, with one
 * conference that is moved between the agents. All on the test's thread, under a clock that the
 * test moves.
 */
final class MovingRig implements AutoCloseable {
  static final int LOOPS = 3;
  static final int AGENTS = 3;
  private static final long MS = 1_000_000L;
  private static final int RING_CAPACITY = 1 << 18;
  private static final int MESSAGES_PER_STEP_MAX = 8;

  /** A loop as a move sees it. */
  private final class Loop {
    final List<RingBuffer> inbound = new ArrayList<>();
    final List<RingBuffer> outbound = new ArrayList<>();
    final Queue<Runnable> commands = new ArrayDeque<>();

    int step() {
      int count = commands.size();
      while (!commands.isEmpty()) {
        commands.remove().run();
      }
      for (RingBuffer ring : outbound) {
        count +=
            ring.read(
                (type, buffer, index, length) -> deliver(outgoing.wrap(buffer, index)),
                1 + random.nextInt(MESSAGES_PER_STEP_MAX));
      }
      return count;
    }
  }

  final Map<String, ModelClient> clients = new TreeMap<>();
  final List<ConferenceAgentProxy> proxies = new ArrayList<>();
  final List<ConferenceAgent> agents = new ArrayList<>();
  final List<ConferenceCounters> counters = new ArrayList<>();
  final ManyToOneConcurrentArrayQueue<ConferenceEvent> events =
      new ManyToOneConcurrentArrayQueue<>(4096);
  final Random random;

  /** Outbound rings throw at the next claim. */
  boolean mustThrow;

  /** What a look at the clock takes. */
  long clockStepNs;

  /** The loops take no commands. */
  boolean areLoopsBusy;

  /** The agent to which commands go. */
  int home;

  long nowNs = -3_000 * MS;
  private final List<Loop> loops = new ArrayList<>();
  private final OutgoingPacket outgoing = new OutgoingPacket();
  private @Nullable ConferenceMove move;
  private int nextPeerId = 1000;

  MovingRig(long seed) {
    random = new Random(seed);
    for (int loop = 0; loop < LOOPS; loop++) {
      loops.add(new Loop());
    }
    for (int agent = 0; agent < AGENTS; agent++) {
      addAgent(agent);
    }
  }

  private void addAgent(int index) {
    for (Loop loop : loops) {
      loop.inbound.add(MediaRing.ofCapacity(RING_CAPACITY));
      loop.outbound.add(new BreakableRing(MediaRing.ofCapacity(RING_CAPACITY), () -> mustThrow));
    }
    ConferenceCounters own = new ConferenceCounters();
    ConferenceAgentProxy proxy = new ConferenceAgentProxy(() -> {});
    counters.add(own);
    proxies.add(proxy);
    agents.add(
        new ConferenceAgent(
            new ConferenceAgentSettings(
                index,
                () -> nowNs += clockStepNs,
                loops.stream().map(loop -> loop.inbound.get(index)).toList(),
                loops.stream().map(loop -> loop.outbound.get(index)).toList(),
                loop -> {},
                (loop, peerId) -> true,
                events,
                OpusCodec.best(),
                5,
                JitterBuffer.MIN_DELAY_DEFAULT_MS,
                own,
                42 + index),
            proxy));
  }

  private void deliver(OutgoingPacket packet) {
    for (int target = 0; target < packet.targetCount(); target++) {
      int peerId = packet.targetPeerId(target);
      for (ModelClient client : clients.values()) {
        if (client.peerId == peerId) {
          client.receive(packet, target, nowNs);
        }
      }
    }
  }

  RingBuffer inbound(int loop, int agent) {
    return loops.get(loop).inbound.get(agent);
  }

  // What the control plane does.

  ConferenceAgentProxy proxy() {
    return proxies.get(home);
  }

  /** Begins to move the room; commands go to its new agent from now on. */
  void beginMove(int toAgent) {
    int fromAgent = home;
    ConferenceMove begun =
        new ConferenceMove(
            ConferenceRig.ROOM.conferenceId(),
            proxies.get(fromAgent),
            (loop, peerIds, onTurned) -> turn(loop, peerIds, fromAgent, toAgent, onTurned),
            LOOPS);
    assertThat(proxies.get(toAgent).takeOver(begun)).isTrue();
    move = begun;
    home = toAgent;
  }

  private boolean turn(int loop, int[] peerIds, int from, int to, LongConsumer onTurned) {
    Loop turning = loops.get(loop);
    return !areLoopsBusy
        && turning.commands.add(() -> {
          for (int peerId : peerIds) {
            for (ModelClient client : clients.values()) {
              client.inbound = client.peerId == peerId ? turning.inbound.get(to) : client.inbound;
            }
          }
          onTurned.accept(turning.inbound.get(from).producerPosition());
        });
  }

  boolean isMoving() {
    return move != null && move.stage() != Stage.SETTLED;
  }

  /** True if the last move has come to its end, and there was something to move. */
  boolean hasMoved() {
    return move != null && move.stage() == Stage.SETTLED && move.hasMoved();
  }

  ModelClient admit(String name, Reception reception) {
    return admit(ConferenceRig.ROOM, name, reception);
  }

  ModelClient admit(ConferenceDescription room, String name, Reception reception) {
    int peerId = nextPeerId++;
    int loop = peerId % LOOPS;
    ModelClient client = new ModelClient(name, peerId, loop, loops.get(loop).inbound.get(home));
    clients.put(name, client);
    ParticipantDescription participant =
        new ParticipantDescription(
            name,
            client.csrc(),
            peerId,
            loop,
            reception,
            true,
            false,
            111,
            ConferenceRig.RED,
            Side.BOTH);
    assertThat(proxy().addParticipant(room, participant)).isTrue();
    return client;
  }

  void tell(ModelClient client, PeerState state) {
    assertThat(PeerStateChange.tryWrite(client.inbound, client.peerId, state, nowNs)).isTrue();
  }

  /** Lets somebody in and waits until that is done. */
  ModelClient join(String name, Reception reception) {
    return join(ConferenceRig.ROOM, name, reception);
  }

  ModelClient join(ConferenceDescription room, String name, Reception reception) {
    ModelClient client = admit(room, name, reception);
    settle();
    tell(client, PeerState.CONNECTED);
    settle();
    return client;
  }

  // Time.

  /** Lets a millisecond pass, in which clients send what is due. */
  void pass() {
    nowNs += MS;
    for (ModelClient client : clients.values()) {
      client.sendIfDue(nowNs);
    }
  }

  /** A step of one agent or loop. */
  int step() {
    int which = random.nextInt(AGENTS + LOOPS);
    return which < AGENTS ? agents.get(which).doWork() : loops.get(which - AGENTS).step();
  }

  /** Steps of all, in any order, until nobody has anything to do. */
  void settle() {
    int idleSteps = 0;
    while (idleSteps < 20 * (AGENTS + LOOPS)) {
      idleSteps = step() > 0 || isMoving() ? 0 : idleSteps + 1;
    }
  }

  void run(int durationMs) {
    for (int i = 0; i < durationMs; i++) {
      pass();
      settle();
    }
  }

  /** The sum of what all agents count. */
  long count(ConferenceCounter counter) {
    return counters.stream().mapToLong(own -> own.get(counter)).sum();
  }

  @Override
  public void close() {
    mustThrow = false;
    agents.forEach(ConferenceAgent::onClose);
    clients.values().forEach(ModelClient::close);
  }
}
