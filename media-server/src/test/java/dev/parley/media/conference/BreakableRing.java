package dev.parley.media.conference;

import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/** A ring that throws on a claim when told so: the only fault a test can plant from outside. */
final class BreakableRing implements RingBuffer {
  private final RingBuffer ring;
  private final BooleanSupplier mustThrow;

  BreakableRing(RingBuffer ring, BooleanSupplier mustThrow) {
    this.ring = ring;
    this.mustThrow = mustThrow;
  }

  @Override
  public int tryClaim(int msgTypeId, int length) {
    if (mustThrow.getAsBoolean()) {
      throw new IllegalStateException("planted");
    }
    return ring.tryClaim(msgTypeId, length);
  }

  @Override
  public int capacity() {
    return ring.capacity();
  }

  @Override
  public boolean write(int msgTypeId, DirectBuffer srcBuffer, int offset, int length) {
    return ring.write(msgTypeId, srcBuffer, offset, length);
  }

  @Override
  public void commit(int index) {
    ring.commit(index);
  }

  @Override
  public void abort(int index) {
    ring.abort(index);
  }

  @Override
  public int read(MessageHandler handler) {
    return ring.read(handler);
  }

  @Override
  public int read(MessageHandler handler, int messageCountLimit) {
    return ring.read(handler, messageCountLimit);
  }

  @Override
  public int controlledRead(ControlledMessageHandler handler) {
    return ring.controlledRead(handler);
  }

  @Override
  public int controlledRead(ControlledMessageHandler handler, int messageCountLimit) {
    return ring.controlledRead(handler, messageCountLimit);
  }

  @Override
  public int maxMsgLength() {
    return ring.maxMsgLength();
  }

  @Override
  public long nextCorrelationId() {
    return ring.nextCorrelationId();
  }

  @Override
  public AtomicBuffer buffer() {
    return ring.buffer();
  }

  @Override
  public void consumerHeartbeatTime(long time) {
    ring.consumerHeartbeatTime(time);
  }

  @Override
  public long consumerHeartbeatTime() {
    return ring.consumerHeartbeatTime();
  }

  @Override
  public long producerPosition() {
    return ring.producerPosition();
  }

  @Override
  public long consumerPosition() {
    return ring.consumerPosition();
  }

  @Override
  public int size() {
    return ring.size();
  }

  @Override
  public boolean unblock() {
    return ring.unblock();
  }
}
