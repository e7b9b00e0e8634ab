package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import io.netty.channel.unix.FileDescriptor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends many datagrams with one {@code sendmmsg(2)}. They wait in native memory that is laid out
 * once: a message header, a vector, an address and the bytes for each. What the kernel has no room
 * for is dropped and counted, for voice that waits is worth nothing. Owned by one event loop.
 */
final class BatchSender implements DatagramSender {
  private static final int SLOTS = Limits.DATAGRAMS_PER_SEND_MAX;

  private static final int BYTES_LENGTH = 1600;

  private static final int HEADERS = 0;
  private static final int VECTORS = HEADERS + SLOTS * Mmsg.HEADER_LENGTH;
  private static final int ADDRESSES = VECTORS + SLOTS * Mmsg.VECTOR_LENGTH;
  private static final int BYTES = ADDRESSES + SLOTS * Mmsg.ADDRESS_LENGTH;
  private static final int LENGTH = BYTES + SLOTS * BYTES_LENGTH;
  private static final int ALIGNMENT = 64;

  private final FileDescriptor socket;
  private final TransportCounters counters;
  private final Mmsg mmsg = new Mmsg();
  private final ByteBuffer memory =
      BufferUtil.allocateDirectAligned(LENGTH, ALIGNMENT).order(ByteOrder.nativeOrder());
  private final UnsafeBuffer slots = new UnsafeBuffer(memory);
  private int count;

  BatchSender(FileDescriptor socket, TransportCounters counters) {
    assert BYTES_LENGTH >= LoopParts.WORKING_LENGTH : LoopParts.WORKING_LENGTH;
    this.socket = socket;
    this.counters = counters;
    for (int slot = 0; slot < SLOTS; slot++) {
      int header = HEADERS + slot * Mmsg.HEADER_LENGTH;
      int vector = VECTORS + slot * Mmsg.VECTOR_LENGTH;
      slots.putLong(header + Mmsg.HEADER_NAME, pointer(ADDRESSES + slot * Mmsg.ADDRESS_LENGTH));
      slots.putLong(header + Mmsg.HEADER_VECTORS, pointer(vector));
      slots.putLong(header + Mmsg.HEADER_VECTOR_COUNT, 1);
      slots.putLong(vector + Mmsg.VECTOR_BASE, pointer(BYTES + slot * BYTES_LENGTH));
    }
  }

  @Override
  public boolean send(byte[] buffer, int length, RemoteAddress to) {
    if (count == SLOTS) {
      flush();
    }
    byte[] address = to.encoded();
    slots.putInt(HEADERS + count * Mmsg.HEADER_LENGTH + Mmsg.HEADER_NAME_LENGTH, address.length);
    slots.putBytes(ADDRESSES + count * Mmsg.ADDRESS_LENGTH, address);
    slots.putLong(VECTORS + count * Mmsg.VECTOR_LENGTH + Mmsg.VECTOR_BYTES, length);
    slots.putBytes(BYTES + count * BYTES_LENGTH, buffer, 0, length);
    count++;
    return true;
  }

  @Override
  public void flush() {
    if (count == 0) {
      return;
    }
    // A closed socket's number may already be another's.
    if (socket.isOpen()) {
      sendAll(socket.intValue());
    } else {
      counters.add(TransportCounter.SEND_FAILURES, count);
    }
    count = 0;
  }

  private long pointer(int offset) {
    return slots.addressOffset() + offset;
  }

  /** The kernel stops at the first it cannot send, and says why when asked to send that again. */
  private void sendAll(int descriptor) {
    int sent = 0;
    while (sent < count) {
      long headers = pointer(HEADERS + sent * Mmsg.HEADER_LENGTH);
      int taken = mmsg.send(descriptor, headers, count - sent);
      if (taken > 0) {
        sent += taken;
      } else if (mmsg.hasNoRoom()) {
        counters.add(TransportCounter.SEND_BUFFER_FULL, count - sent);
        return;
      } else {
        counters.increment(TransportCounter.SEND_FAILURES);
        sent++;
      }
    }
  }
}
