package dev.parley.media.conference;

import com.sun.management.ThreadMXBean;
import dev.parley.media.jitter.JitterBuffer;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.packet.MediaRing;
import dev.parley.media.packet.ReceivedPacketWriter;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * The rings and settings of an agent whose garbage is counted: all on the test's thread, and with
 * none of its own after construction, which {@link ConferenceRig} does not promise.
 */
final class AllocationRig {
  static final int FRAME_TICKS = 960;

  private static final int TALKING_DBOV = -60;

  final RingBuffer inbound = MediaRing.ofCapacity(1 << 18);
  final RingBuffer outbound = MediaRing.ofCapacity(1 << 20);
  final ConferenceCounters counters = new ConferenceCounters();
  private final ManyToOneConcurrentArrayQueue<ConferenceEvent> events =
      new ManyToOneConcurrentArrayQueue<>(1024);
  private final ReceivedPacketWriter writer = new ReceivedPacketWriter();
  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  long nowNs;

  ConferenceAgentSettings settings() {
    return new ConferenceAgentSettings(
        0,
        () -> nowNs,
        List.of(inbound),
        List.of(outbound),
        loop -> {},
        (loop, peer) -> true,
        events,
        OpusCodec.best(),
        5,
        JitterBuffer.MIN_DELAY_DEFAULT_MS,
        counters,
        1);
  }

  /** What this thread has allocated so far. */
  long allocatedBytes() {
    return thread.getCurrentThreadAllocatedBytes();
  }

  /** A talker's packet of a tick arrives. */
  void send(int talker, int tick, int payloadType, byte[] payload, int levelDbov) {
    if (!writer.tryClaim(inbound, payload.length)) {
      throw new IllegalStateException("inbound ring full");
    }
    writer
        .peerId(talker)
        .arrivalNs(nowNs)
        .ssrc(talker)
        .timestampTicks(tick * FRAME_TICKS)
        .sequenceNumber(tick)
        .payloadType(payloadType)
        .levelDbov(levelDbov)
        .voiceActivity(levelDbov > TALKING_DBOV)
        .marker(false)
        .payload(payload, 0);
    writer.commit();
  }
}
