package dev.parley.benchmarks.media;

import dev.parley.media.forward.ForwardPlan;
import dev.parley.media.forward.ForwardTargets;
import dev.parley.media.packet.MediaRing;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.packet.ReceivedPacketWriter;
import dev.parley.media.speaker.SpeakerRanking;
import dev.parley.media.speaker.TalkerLevels;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One packet of one of three speakers, numbered anew for each receiver of the conference. The
 * packet comes over a ring, since there is no other way to make one; {@code ring} says what that
 * costs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() first.
public class ForwardBenchmark implements ForwardTargets {
  private static final int SPEAKERS = 3;
  private static final int FRAME_TICKS = 960;
  private static final long PACKET_NS = 20_000_000L / SPEAKERS;
  private static final int RING_CAPACITY = 1 << 12;

  @Param({"10", "200", "1000"})
  public int receivers;

  private final RingBuffer ring = MediaRing.ofCapacity(RING_CAPACITY);
  private final ReceivedPacketWriter writer = new ReceivedPacketWriter();
  private final ReceivedPacket packet = new ReceivedPacket();
  private final byte[] payload = new byte[80];
  private final MessageHandler onMessage =
      (type, buffer, index, length) -> planned = plan(packet.wrap(buffer, index));
  private ForwardPlan plan;
  private int packets;
  private long nowNs;
  private int planned;
  private long sum;

  /** Three speak, all others listen. */
  @Setup
  public void prepare() {
    TalkerLevels levels = new TalkerLevels(0);
    SpeakerRanking ranking = new SpeakerRanking(levels, SPEAKERS + 1);
    plan = new ForwardPlan(ranking, SPEAKERS);
    for (int speaker = 0; speaker < SPEAKERS; speaker++) {
      levels.add(speaker);
      levels.onLevel(speaker, -30, true, 0);
      plan.addTalker(speaker);
    }
    levels.update(PACKET_NS);
    ranking.update(PACKET_NS);
    plan.assign();
    for (int receiver = 0; receiver < receivers; receiver++) {
      plan.addReceiver(SPEAKERS + receiver, SPEAKERS, -1, receiver);
    }
  }

  @Benchmark
  public long packet() {
    int frame = packets / SPEAKERS;
    if (!writer.tryClaim(ring, payload.length)) {
      throw new IllegalStateException("the ring is read at once, so it has room");
    }
    int speaker = packets % SPEAKERS;
    writer.peerId(speaker).arrivalNs(nowNs).ssrc(speaker).timestampTicks(frame * FRAME_TICKS);
    writer.sequenceNumber(frame).payloadType(111).levelDbov(-30).voiceActivity(true).marker(false);
    writer.payload(payload, 0).commit();
    packets++;
    nowNs += PACKET_NS;
    planned = 0;
    // At the ring's end the first read may find only the padding that fills it up.
    if (ring.read(onMessage, 1) == 0) {
      ring.read(onMessage, 1);
    }
    if (planned != receivers) {
      throw new IllegalStateException("planned for " + planned);
    }
    return sum;
  }

  private int plan(ReceivedPacket received) {
    return plan.accept(received.peerId(), received) && plan.mayForward(received.peerId())
        ? plan.onPacket(received.peerId(), received, FRAME_TICKS, this)
        : 0;
  }

  @Override
  public void onTarget(
      int receiver, int line, int sequenceNumber, int timestampTicks, boolean marker) {
    sum += receiver + line + sequenceNumber + timestampTicks;
  }
}
