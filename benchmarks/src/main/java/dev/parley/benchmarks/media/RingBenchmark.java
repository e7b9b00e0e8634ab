package dev.parley.benchmarks.media;

import dev.parley.media.packet.MediaRing;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.packet.ReceivedPacketWriter;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Control;

/**
 * Hands decrypted packets of 100 bytes from one thread to another: by copy through Agrona's ring,
 * as the media server does, or by reference through a JCTools queue of pooled slots with a second
 * queue for giving them back. The payload is written and read on either way. {@code pair} is one
 * thread doing both; {@code handOver} is two threads, one operation a packet, bound by the slower
 * side.
 */
@State(Scope.Group)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RingBenchmark {
  private static final int PAYLOAD_LENGTH = 100;
  private static final int SLOTS = 1_024;
  private static final int RING_CAPACITY = 1 << 18;

  /** How a packet gets to the other side. */
  public enum Way {
    /** Agrona's one-to-one ring, in native memory. */
    AGRONA_ONE_TO_ONE,
    /** JCTools, one producer. */
    JCTOOLS_SPSC,
    /** JCTools, several producers, although only one offers here. */
    JCTOOLS_MPSC
  }

  @Param public Way way = Way.AGRONA_ONE_TO_ONE;

  private final byte[] payload = new byte[PAYLOAD_LENGTH];
  private final byte[] received = new byte[PAYLOAD_LENGTH];
  private final OneToOneRingBuffer ring = MediaRing.ofCapacity(RING_CAPACITY);
  private final ReceivedPacketWriter writer = new ReceivedPacketWriter();
  private final ReceivedPacket packet = new ReceivedPacket();
  private final MessageHandler handler = this::onMessage;
  private final Queue<Slot> free = new SpscVarHandleArrayQueue<>(SLOTS);
  private Queue<Slot> full = new SpscVarHandleArrayQueue<>(SLOTS);
  private long sum;

  /** A pooled packet. */
  private static final class Slot {
    final byte[] payload = new byte[PAYLOAD_LENGTH];
    int peerId;
    int ssrc;
    int sequenceNumber;
    long arrivalNs;
  }

  /** Fills the pool. */
  @Setup
  public void fill() {
    full =
        way == Way.JCTOOLS_MPSC
            ? new MpscVarHandleArrayQueue<>(SLOTS)
            : new SpscVarHandleArrayQueue<>(SLOTS);
    for (int i = 0; i < SLOTS; i++) {
      free.add(new Slot());
    }
  }

  @Benchmark
  @Group("pair")
  public long offerAndPoll() {
    if (!offer() || !poll()) {
      throw new IllegalStateException("one packet must pass");
    }
    return sum;
  }

  @Benchmark
  @Group("handOver")
  public void produce(Control control) {
    while (!offer() && !control.stopMeasurement) {
      Thread.onSpinWait();
    }
  }

  @Benchmark
  @Group("handOver")
  public long consume(Control control) {
    while (!poll() && !control.stopMeasurement) {
      Thread.onSpinWait();
    }
    return sum;
  }

  private boolean offer() {
    return way == Way.AGRONA_ONE_TO_ONE ? write() : offerSlot();
  }

  private boolean poll() {
    return way == Way.AGRONA_ONE_TO_ONE ? read() : pollSlot();
  }

  /** At the ring's end the first read may find only the padding that fills it up. */
  private boolean read() {
    int count = ring.read(handler, 1);
    return count == 1 || ring.read(handler, 1) == 1;
  }

  private boolean write() {
    if (!writer.tryClaim(ring, PAYLOAD_LENGTH)) {
      return false;
    }
    writer.peerId(1).arrivalNs(2).ssrc(3).timestampTicks(4).sequenceNumber(5).payloadType(111);
    writer.levelDbov(-30).voiceActivity(true).marker(false).payload(payload, 0);
    writer.commit();
    return true;
  }

  private void onMessage(int type, DirectBuffer buffer, int index, int length) {
    packet.wrap(buffer, index);
    packet.getPayload(received, 0);
    sum +=
        packet.peerId()
            + packet.ssrc()
            + packet.sequenceNumber()
            + packet.arrivalNs()
            + received[1];
  }

  private boolean offerSlot() {
    Slot slot = free.poll();
    if (slot == null) {
      return false;
    }
    slot.peerId = 1;
    slot.arrivalNs = 2;
    slot.ssrc = 3;
    slot.sequenceNumber = 5;
    System.arraycopy(payload, 0, slot.payload, 0, PAYLOAD_LENGTH);
    return full.offer(slot);
  }

  private boolean pollSlot() {
    Slot slot = full.poll();
    if (slot == null) {
      return false;
    }
    System.arraycopy(slot.payload, 0, received, 0, PAYLOAD_LENGTH);
    sum += slot.peerId + slot.ssrc + slot.sequenceNumber + slot.arrivalNs + received[1];
    return free.offer(slot);
  }
}
