package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import io.netty.channel.unix.FileDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends many datagrams with one {@code sendmmsg(2)}. They wait in {@link MmsgSlots}. What the
 * kernel has no room for is dropped and counted, for voice that waits is worth nothing. Owned by
 * one event loop.
 */
final class BatchSender implements DatagramSender {
  private static final int SLOTS = Limits.DATAGRAMS_PER_SEND_MAX;

  private final FileDescriptor socket;
  private final TransportCounters counters;
  private final Mmsg mmsg = new Mmsg();
  private final MmsgSlots slots = new MmsgSlots(SLOTS, 0);
  private int count;

  BatchSender(FileDescriptor socket, TransportCounters counters) {
    assert Mmsg.ADDRESS_LENGTH >= RemoteAddress.ROOM : Mmsg.ADDRESS_LENGTH;
    assert MmsgSlots.BYTES_LENGTH >= LoopParts.WORKING_LENGTH : LoopParts.WORKING_LENGTH;
    this.socket = socket;
    this.counters = counters;
  }

  @Override
  public boolean send(DirectBuffer buffer, int length, RemoteAddress to) {
    if (count == SLOTS) {
      flush();
    }
    UnsafeBuffer memory = slots.memory();
    memory.putInt(slots.header(count) + Mmsg.HEADER_NAME_LENGTH, to.encodedLength());
    to.put(memory, slots.address(count));
    memory.putLong(slots.vector(count) + Mmsg.VECTOR_BYTES, length);
    memory.putBytes(slots.bytes(count), buffer, 0, length);
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

  /** The kernel stops at the first it cannot send, and says why when asked to send that again. */
  private void sendAll(int descriptor) {
    int sent = 0;
    while (sent < count) {
      int taken = mmsg.send(descriptor, slots.headers(sent), count - sent);
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
