package dev.parley.media.packet;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Makes the rings on which one event loop and one mix agent meet: one writer thread, one reader
 * thread, bounded, in native memory.
 */
public final class MediaRing {
  private MediaRing() {}

  /** A ring of {@link Limits#RING_CAPACITY} bytes. */
  public static OneToOneRingBuffer create() {
    return ofCapacity(Limits.RING_CAPACITY);
  }

  /** A ring of so many bytes, a power of two. The longest message is an eighth of it. */
  public static OneToOneRingBuffer ofCapacity(int capacity) {
    ByteBuffer memory = ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH);
    return new OneToOneRingBuffer(new UnsafeBuffer(memory));
  }
}
