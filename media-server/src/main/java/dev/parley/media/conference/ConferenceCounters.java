package dev.parley.media.conference;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** One mix agent's counters: written by the agent, read by any thread. */
public final class ConferenceCounters {
  private final Map<ConferenceCounter, AtomicBuffer> values =
      new EnumMap<>(ConferenceCounter.class);

  /** All at zero. */
  public ConferenceCounters() {
    for (ConferenceCounter counter : ConferenceCounter.values()) {
      values.put(counter, new UnsafeBuffer(ByteBuffer.allocateDirect(Long.BYTES)));
    }
  }

  /** The value as last written. */
  public long get(ConferenceCounter counter) {
    return valueOf(counter).getLongVolatile(0);
  }

  void increment(ConferenceCounter counter) {
    add(counter, 1);
  }

  void add(ConferenceCounter counter, long amount) {
    AtomicBuffer value = valueOf(counter);
    value.putLongRelease(0, value.getLong(0) + amount);
  }

  private AtomicBuffer valueOf(ConferenceCounter counter) {
    AtomicBuffer value = values.get(counter);
    assert value != null : counter;
    return value;
  }
}
