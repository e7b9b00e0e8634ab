package dev.parley.media.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.conference.ModelClient.Heard;
import dev.parley.media.conference.ParticipantDescription.Listening;
import dev.parley.media.conference.ParticipantDescription.Reception;
import dev.parley.media.conference.ParticipantDescription.Side;
import dev.parley.media.jitter.JitterBuffer;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.packet.MediaRing;
import dev.parley.media.packet.OutgoingPacket;
import dev.parley.media.packet.PeerState;
import dev.parley.media.packet.PeerStateChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * One mix agent with in-memory rings and model clients, all on the test's thread under a clock that
 * the test moves.
 */
final class ConferenceRig implements AutoCloseable {
  static final ConferenceDescription ROOM = new ConferenceDescription("room", 1, 3, 5);
  static final Reception FORWARD = new Reception(Listening.FORWARD, 3, 1, 0, true, false);
  static final Reception FORWARD_RED = new Reception(Listening.FORWARD, 3, 1, 0, true, false, true);
  static final Reception MIX = new Reception(Listening.MIX, 1, 1, 0, true, false);

  /** What clients give RED, should they send it. */
  static final int RED = 63;

  private static final long MS = 1_000_000L;

  final List<RingBuffer> inbound = new ArrayList<>();
  final List<RingBuffer> outbound = new ArrayList<>();
  final ManyToOneConcurrentArrayQueue<ConferenceEvent> events;
  final ConferenceCounters counters = new ConferenceCounters();
  final ConferenceAgentProxy proxy = new ConferenceAgentProxy(() -> {});
  final ConferenceAgent agent;
  final List<Integer> removedPeers = new ArrayList<>();
  final List<Integer> wakes = new ArrayList<>();
  final List<Integer> targetsOfMessages = new ArrayList<>();
  final Map<Integer, ModelClient> clients = new HashMap<>();
  boolean isLoopBusy;

  /** The last loop's ring throws at the next claim. */
  boolean mustThrow;

  boolean mustDrain = true;
  long nowNs = -3_000 * MS;
  private final OutgoingPacket outgoing = new OutgoingPacket();
  private int nextPeerId = 1000;

  ConferenceRig(int loops) {
    this(loops, 4096);
  }

  ConferenceRig(int loops, int eventCapacity) {
    this(loops, eventCapacity, OpusCodec.best());
  }

  ConferenceRig(int loops, int eventCapacity, OpusCodec codec) {
    events = new ManyToOneConcurrentArrayQueue<>(eventCapacity);
    for (int loop = 0; loop < loops; loop++) {
      inbound.add(MediaRing.ofCapacity(1 << 18));
      boolean isLast = loop == loops - 1;
      outbound.add(new BreakableRing(MediaRing.ofCapacity(1 << 18), () -> mustThrow && isLast));
    }
    agent =
        new ConferenceAgent(
            new ConferenceAgentSettings(
                0,
                () -> nowNs,
                inbound,
                outbound,
                wakes::add,
                (loopIndex, peerId) -> !isLoopBusy && removedPeers.add(peerId),
                events,
                codec,
                5,
                JitterBuffer.MIN_DELAY_DEFAULT_MS,
                counters,
                42),
            proxy);
  }

  /** Admits and connects a client that may send. */
  ModelClient join(String name, Reception reception) {
    return join(ROOM, name, reception, true);
  }

  ModelClient join(ConferenceDescription room, String name, Reception reception, boolean maySend) {
    ModelClient client = admit(room, name, reception, maySend);
    connect(client);
    return client;
  }

  ModelClient admit(ConferenceDescription room, String name, Reception reception, boolean maySend) {
    int peerId = nextPeerId++;
    int loop = peerId % inbound.size();
    ModelClient client = new ModelClient(name, peerId, loop, inbound.get(loop));
    clients.put(peerId, client);
    proxy.addParticipant(
        room,
        new ParticipantDescription(
            name, 0x5000 + peerId, peerId, loop, reception, maySend, false, 111, RED, Side.BOTH));
    cycle();
    return client;
  }

  /** Admits and connects one session of a participant who has, or will have, another. */
  ModelClient joinBy(Side side, String name, Reception reception) {
    int peerId = nextPeerId++;
    int loop = peerId % inbound.size();
    ModelClient client = new ModelClient(name, peerId, loop, inbound.get(loop));
    clients.put(peerId, client);
    boolean maySend = side != Side.RECEIVING;
    proxy.addParticipant(
        ROOM,
        new ParticipantDescription(
            name, 0x5000 + peerId, peerId, loop, reception, maySend, false, 111, RED, side));
    cycle();
    connect(client);
    return client;
  }

  void connect(ModelClient client) {
    state(client, PeerState.CONNECTED);
  }

  void state(ModelClient client, PeerState state) {
    PeerStateChange.tryWrite(inbound.get(client.loop), client.peerId, state, nowNs);
    cycle();
  }

  /** Lets time pass, a millisecond a step; clients send each 20 ms. */
  void run(int durationMs) {
    for (int i = 0; i < durationMs; i++) {
      nowNs += MS;
      for (ModelClient client : clients.values()) {
        client.sendIfDue(nowNs);
      }
      cycle();
    }
  }

  /** Runs the agent until it has nothing to do, and delivers what it wrote. */
  void cycle() {
    do {
      if (mustDrain) {
        deliver();
      }
    } while (agent.doWork() > 0);
    if (mustDrain) {
      deliver();
    }
  }

  private void deliver() {
    for (RingBuffer ring : outbound) {
      int messages;
      do {
        messages =
            ring.read((type, buffer, index, length) -> {
              outgoing.wrap(buffer, index);
              targetsOfMessages.add(outgoing.targetCount());
              for (int target = 0; target < outgoing.targetCount(); target++) {
                ModelClient client = clients.get(outgoing.targetPeerId(target));
                if (client != null) {
                  client.receive(outgoing, target, nowNs);
                }
              }
            });
      } while (messages > 0);
    }
  }

  long count(ConferenceCounter counter) {
    return counters.get(counter);
  }

  List<ConferenceEvent> takeEvents() {
    List<ConferenceEvent> taken = new ArrayList<>();
    events.drain(taken::add);
    return taken;
  }

  <T extends ConferenceEvent> List<T> takeEvents(Class<T> kind) {
    return takeEvents().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Override
  public void close() {
    mustThrow = false;
    agent.onClose();
    clients.values().forEach(ModelClient::close);
  }

  /** Asks for the last packets on all lines, and compares them with what came at first. */
  void assertEverythingComesAgain(ModelClient listener, int count) {
    List<Heard> wanted = listener.lastHeard(count);
    listener.heardAgain.clear();
    for (Heard heard : wanted) {
      listener.askAgain(heard.line(), heard.sequenceNumber());
    }
    cycle();

    assertThat(listener.heardAgain)
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("atNs")
        .containsExactlyElementsOf(wanted);
  }
}
