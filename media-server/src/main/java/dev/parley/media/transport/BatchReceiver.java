package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Takes many datagrams with one {@code recvmmsg(2)}, each with the kernel's stamp of its arrival
 * ({@code SO_TIMESTAMPNS}), so that a packet may wait to be read and yet be timed exactly. They
 * come to {@link MmsgSlots}. For all sockets of one event loop, and owned by it.
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

  /** Older than this no stamp is believed: the system's clock has been set meanwhile. */
  private static final long AGE_MAX_NS = TimeUnit.SECONDS.toNanos(1);

  /** In which clocks that differ by a thousandth drift apart by 50 us. */
  private static final long SETTING_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  private final LoopParts parts;
  private final ReceivePath receivePath;
  private final Mmsg mmsg = new Mmsg();
  private final SourceAddress source = new SourceAddress();
  private final SourceLookAhead lookAhead;
  private final MmsgSlots slots = new MmsgSlots(SLOTS, CONTROL_LENGTH);
  private final UnsafeBuffer memory = slots.memory();

  private long unixOffsetNs;
  private long nextSettingNs;

  BatchReceiver(LoopParts parts, ReceivePath receivePath) {
    assert MmsgSlots.BYTES_LENGTH > Limits.DATAGRAM_LENGTH_MAX : MmsgSlots.BYTES_LENGTH;
    this.parts = parts;
    this.receivePath = receivePath;
    lookAhead = new SourceLookAhead(parts.peers);
    nextSettingNs = parts.clockNs.getAsLong();
    parts.readRest.mayRestLong();
    for (int slot = 0; slot < SLOTS; slot++) {
      prepare(slots.header(slot));
    }
  }

  /** The kernel writes over these what it has used. */
  private void prepare(int header) {
    memory.putInt(header + Mmsg.HEADER_NAME_LENGTH, Mmsg.ADDRESS_LENGTH);
    memory.putLong(header + Mmsg.HEADER_CONTROL_LENGTH, CONTROL_LENGTH);
  }

  /** Passes on what waits at the socket, up to {@link Limits#DATAGRAMS_PER_READ_MAX}. */
  void read(int descriptor, MediaSocket socket) {
    int count = SLOTS;
    for (int i = 0; count == SLOTS && i < CALLS_PER_READ_MAX; i++) {
      count = mmsg.receive(descriptor, slots.headers(0), SLOTS);
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
      if (slot % SourceLookAhead.DATAGRAMS == 0) {
        lookAhead.look(slots, slot, Math.min(SourceLookAhead.DATAGRAMS, count - slot));
      }
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
    int header = slots.header(slot);
    int length = memory.getInt(header + Mmsg.HEADER_DATAGRAM_LENGTH);
    long arrivalNs = arrivalNs(slot, header, nowNs);
    prepare(header);
    source.read(memory, slots.address(slot));
    int taken = Math.min(length, Limits.DATAGRAM_LENGTH_MAX);
    memory.getBytes(slots.bytes(slot), parts.received, 0, taken);
    receivePath.onDatagram(socket, length, source, arrivalNs);
  }

  /** When the datagram came, by the loop's clock. */
  private long arrivalNs(int slot, int header, long nowNs) {
    int control = slots.control(slot);
    if (memory.getLong(header + Mmsg.HEADER_CONTROL_LENGTH) < CONTROL_STAMP_LENGTH
        || memory.getInt(control + CONTROL_LEVEL) != SOL_SOCKET
        || memory.getInt(control + CONTROL_TYPE) != SO_TIMESTAMPNS) {
      return nowNs;
    }
    long unixNs =
        memory.getLong(control + CONTROL_SECONDS) * SECOND_NS
            + memory.getLong(control + CONTROL_NANOSECONDS);
    long arrivalNs = unixNs - unixOffsetNs;
    // What came while others were read came after the read began.
    return Math.abs(nowNs - arrivalNs) > AGE_MAX_NS ? nowNs : Math.min(arrivalNs, nowNs);
  }
}
