package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import io.netty.channel.epoll.EpollDatagramChannel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends many datagrams with one {@code sendmmsg(2)} on Netty's socket. They wait in native memory
 * that is laid out once: a message header, a vector, an address and the bytes for each. What the
 * kernel has no room for is dropped and counted, for voice that waits is worth nothing. Owned by
 * one event loop.
 */
final class BatchSender implements DatagramSender {
  private static final int SLOTS = Limits.DATAGRAMS_PER_SEND_MAX;

  // struct mmsghdr on 64-bit Linux: a struct msghdr and how many bytes were sent.
  private static final int HEADER_LENGTH = 64;
  private static final int HEADER_NAME = 0;
  private static final int HEADER_NAME_LENGTH = 8;
  private static final int HEADER_VECTORS = 16;
  private static final int HEADER_VECTOR_COUNT = 24;

  // struct iovec.
  private static final int VECTOR_LENGTH = 16;
  private static final int VECTOR_BASE = 0;
  private static final int VECTOR_BYTES = 8;

  private static final int ADDRESS_LENGTH = 32;
  private static final int BYTES_LENGTH = 1600;

  private static final int HEADERS = 0;
  private static final int VECTORS = HEADERS + SLOTS * HEADER_LENGTH;
  private static final int ADDRESSES = VECTORS + SLOTS * VECTOR_LENGTH;
  private static final int BYTES = ADDRESSES + SLOTS * ADDRESS_LENGTH;
  private static final int LENGTH = BYTES + SLOTS * BYTES_LENGTH;
  private static final int ALIGNMENT = 64;

  private final EpollDatagramChannel channel;
  private final TransportCounters counters;
  private final SendMessages sendMessages = new SendMessages();
  private final ByteBuffer memory =
      BufferUtil.allocateDirectAligned(LENGTH, ALIGNMENT).order(ByteOrder.nativeOrder());
  private final UnsafeBuffer slots = new UnsafeBuffer(memory);
  private int count;

  BatchSender(EpollDatagramChannel channel, TransportCounters counters) {
    assert BYTES_LENGTH >= LoopParts.WORKING_LENGTH : LoopParts.WORKING_LENGTH;
    this.channel = channel;
    this.counters = counters;
    for (int slot = 0; slot < SLOTS; slot++) {
      int header = HEADERS + slot * HEADER_LENGTH;
      int vector = VECTORS + slot * VECTOR_LENGTH;
      slots.putLong(header + HEADER_NAME, pointer(ADDRESSES + slot * ADDRESS_LENGTH));
      slots.putLong(header + HEADER_VECTORS, pointer(vector));
      slots.putLong(header + HEADER_VECTOR_COUNT, 1);
      slots.putLong(vector + VECTOR_BASE, pointer(BYTES + slot * BYTES_LENGTH));
    }
  }

  @Override
  public boolean send(byte[] buffer, int length, RemoteAddress to) {
    if (count == SLOTS) {
      flush();
    }
    byte[] address = to.encoded();
    slots.putInt(HEADERS + count * HEADER_LENGTH + HEADER_NAME_LENGTH, address.length);
    slots.putBytes(ADDRESSES + count * ADDRESS_LENGTH, address);
    slots.putLong(VECTORS + count * VECTOR_LENGTH + VECTOR_BYTES, length);
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
    if (channel.isOpen()) {
      sendAll(channel.fd().intValue());
    } else {
      counters.add(TransportCounter.SEND_FAILURES, count);
    }
    count = 0;
  }

  private long pointer(int offset) {
    return slots.addressOffset() + offset;
  }

  /** The kernel stops at the first it cannot send, and says why when asked to send that again. */
  private void sendAll(int socket) {
    int sent = 0;
    while (sent < count) {
      long headers = pointer(HEADERS + sent * HEADER_LENGTH);
      int taken = sendMessages.send(socket, headers, count - sent);
      if (taken > 0) {
        sent += taken;
      } else if (sendMessages.hasNoRoom()) {
        counters.add(TransportCounter.SEND_BUFFER_FULL, count - sent);
        return;
      } else {
        counters.increment(TransportCounter.SEND_FAILURES);
        sent++;
      }
    }
  }
}
