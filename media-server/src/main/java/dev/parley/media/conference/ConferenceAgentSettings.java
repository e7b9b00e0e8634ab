package dev.parley.media.conference;

import static java.util.Objects.requireNonNull;

import dev.parley.media.opus.OpusCodec;
import java.util.List;
import java.util.Queue;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * What a mix agent is given. Immutable.
 *
 * @param index its number among the agents
 * @param clock read once a duty cycle; the clock of the packets' arrival times
 * @param inbound one ring for each event loop, from it to this agent
 * @param outbound one ring for each event loop, from this agent to it
 * @param wake tells a loop that its ring has something
 * @param peers where peers are ended
 * @param events where events go; bounded, many producers, its {@code offer} never waits
 * @param codec Opus
 * @param complexity of encoders while there is time for it, 0..10
 * @param jitterMinMs least delay that talkers' jitter buffers aim at, 0..200
 * @param counters this agent's own
 * @param seed sets where sequence numbers and timestamps start (RFC 3550 section 5.1: at random)
 */
public record ConferenceAgentSettings(
    int index,
    NanoClock clock,
    List<RingBuffer> inbound,
    List<RingBuffer> outbound,
    LoopWake wake,
    PeerCommands peers,
    Queue<ConferenceEvent> events,
    OpusCodec codec,
    int complexity,
    int jitterMinMs,
    ConferenceCounters counters,
    long seed) {
  public ConferenceAgentSettings {
    requireNonNull(clock, "clock");
    inbound = List.copyOf(inbound);
    outbound = List.copyOf(outbound);
    requireNonNull(wake, "wake");
    requireNonNull(peers, "peers");
    requireNonNull(events, "events");
    requireNonNull(codec, "codec");
    requireNonNull(counters, "counters");
  }
}
