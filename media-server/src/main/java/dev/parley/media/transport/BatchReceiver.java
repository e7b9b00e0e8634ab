package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Takes many datagrams with one {@code recvmmsg(2)}, each with the kernel's stamp of its arrival
 * ({@code SO_TIMESTAMPNS}), so that a packet may wait to be read and yet be timed exactly. They
 * come to native memory that is laid out once: a message header, a vector, an address, control data
 * and the bytes for each. For all sockets of one event loop, and owned by it.
 */
final class BatchReceiver {
  /** {@code SOL_SOCKET}, the level of the option and of its control message. */
  static final int SOL_SOCKET = 1;

  /** {@code SO_TIMESTAMPNS}, both the option and its control message's type. */
  static final int SO_TIMESTAMPNS = 35;

  private static final int SLOTS = Limits.DATAGRAMS_PER_CALL_MAX;

  private static final int CALLS_PER_READ_MAX = Limits.DATAGRAMS_PER_READ_MAX / SLOTS;

  /** A {@code struct cmsghdr} and a {@code struct timespec}, and room for one more. */
  private static final int CONTROL_LENGTH = 64;

  private static final int CONTROL_LEVEL = 8;
  private static final int CONTROL_TYPE = 12;
  private static final int CONTROL_SECONDS = 16;
  private static final int CONTROL_NANOSECONDS = 24;
  private static final int CONTROL_STAMP_LENGTH = 32;

  /** A longer datagram fills its slot beyond what a packet may have, and so is noticed. */
  private static final int BYTES_LENGTH = 1600;

  private static final int HEADERS = 0;
  private static final int VECTORS = HEADERS + SLOTS * Mmsg.HEADER_LENGTH;
  private static final int ADDRESSES = VECTORS + SLOTS * Mmsg.VECTOR_LENGTH;
  private static final int CONTROLS = ADDRESSES + SLOTS * Mmsg.ADDRESS_LENGTH;
  private static final int BYTES = CONTROLS + SLOTS * CONTROL_LENGTH;
  private static final int LENGTH = BYTES + SLOTS * BYTES_LENGTH;
  private static final int ALIGNMENT = 64;

  /** Older than this no stamp is believed: the system's clock has been set meanwhile. */
  private static final long AGE_MAX_NS = TimeUnit.SECONDS.toNanos(1);

  /** In which clocks that differ by a thousandth drift apart by 50 us. */
  private static final long SETTING_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  private final LoopParts parts;
  private final ReceivePath receivePath;
  private final Mmsg mmsg = new Mmsg();
  private final SourceAddress source = new SourceAddress();
  private final ByteBuffer memory =
      BufferUtil.allocateDirectAligned(LENGTH, ALIGNMENT).order(ByteOrder.nativeOrder());
  private final UnsafeBuffer slots = new UnsafeBuffer(memory);

  private long unixOffsetNs;
  private long nextSettingNs;

  BatchReceiver(LoopParts parts, ReceivePath receivePath) {
    assert BYTES_LENGTH > Limits.DATAGRAM_LENGTH_MAX : BYTES_LENGTH;
    this.parts = parts;
    this.receivePath = receivePath;
    nextSettingNs = parts.clockNs.getAsLong();
    parts.readRest.mayRestLong();
    for (int slot = 0; slot < SLOTS; slot++) {
      int header = HEADERS + slot * Mmsg.HEADER_LENGTH;
      int vector = VECTORS + slot * Mmsg.VECTOR_LENGTH;
      slots.putLong(header + Mmsg.HEADER_NAME, pointer(ADDRESSES + slot * Mmsg.ADDRESS_LENGTH));
      slots.putLong(header + Mmsg.HEADER_VECTORS, pointer(vector));
      slots.putLong(header + Mmsg.HEADER_VECTOR_COUNT, 1);
      slots.putLong(header + Mmsg.HEADER_CONTROL, pointer(CONTROLS + slot * CONTROL_LENGTH));
      slots.putLong(vector + Mmsg.VECTOR_BASE, pointer(BYTES + slot * BYTES_LENGTH));
      slots.putLong(vector + Mmsg.VECTOR_BYTES, BYTES_LENGTH);
      prepare(header);
    }
  }

  /** The kernel writes over these what it has used. */
  private void prepare(int header) {
    slots.putInt(header + Mmsg.HEADER_NAME_LENGTH, Mmsg.ADDRESS_LENGTH);
    slots.putLong(header + Mmsg.HEADER_CONTROL_LENGTH, CONTROL_LENGTH);
  }

  private long pointer(int offset) {
    return slots.addressOffset() + offset;
  }

  /** Passes on what waits at the socket, up to {@link Limits#DATAGRAMS_PER_READ_MAX}. */
  void read(int descriptor, MediaSocket socket) {
    int count = SLOTS;
    for (int i = 0; count == SLOTS && i < CALLS_PER_READ_MAX; i++) {
      count = mmsg.receive(descriptor, pointer(HEADERS), SLOTS);
      if (count > 0) {
        takeAll(count, socket);
      } else if (!mmsg.hasNothing()) {
        parts.counters.increment(TransportCounter.RECEIVE_FAILURES);
      }
    }
    receivePath.onReadComplete();
  }

  private void takeAll(int count, MediaSocket socket) {
    long nowNs = receivePath.readNs();
    setClock(nowNs);
    for (int slot = 0; slot < count; slot++) {
      take(slot, socket, nowNs);
    }
  }

  /** The system's clock is set and slewed, the loop's is not: they are compared anew at times. */
  private void setClock(long nowNs) {
    if (nowNs - nextSettingNs >= 0) {
      nextSettingNs = nowNs + SETTING_INTERVAL_NS;
      Instant unix = parts.settings.systemClock().instant();
      long loopNs = parts.clockNs.getAsLong();
      unixOffsetNs = unix.getEpochSecond() * SECOND_NS + unix.getNano() - loopNs;
    }
  }

  private void take(int slot, MediaSocket socket, long nowNs) {
    int header = HEADERS + slot * Mmsg.HEADER_LENGTH;
    int length = slots.getInt(header + Mmsg.HEADER_DATAGRAM_LENGTH);
    long arrivalNs = arrivalNs(slot, header, nowNs);
    prepare(header);
    source.read(slots, ADDRESSES + slot * Mmsg.ADDRESS_LENGTH);
    int taken = Math.min(length, Limits.DATAGRAM_LENGTH_MAX);
    slots.getBytes(BYTES + slot * BYTES_LENGTH, parts.received, 0, taken);
    receivePath.onDatagram(socket, length, source, arrivalNs);
  }

  /** When the datagram came, by the loop's clock. */
  private long arrivalNs(int slot, int header, long nowNs) {
    int control = CONTROLS + slot * CONTROL_LENGTH;
    if (slots.getLong(header + Mmsg.HEADER_CONTROL_LENGTH) < CONTROL_STAMP_LENGTH
        || slots.getInt(control + CONTROL_LEVEL) != SOL_SOCKET
        || slots.getInt(control + CONTROL_TYPE) != SO_TIMESTAMPNS) {
      return nowNs;
    }
    long unixNs =
        slots.getLong(control + CONTROL_SECONDS) * SECOND_NS
            + slots.getLong(control + CONTROL_NANOSECONDS);
    long arrivalNs = unixNs - unixOffsetNs;
    // What came while others were read came after the read began.
    return Math.abs(nowNs - arrivalNs) > AGE_MAX_NS ? nowNs : Math.min(arrivalNs, nowNs);
  }
}
