package dev.parley.common.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A count that one thread writes and any thread may read. Opaque access costs what a plain field
 * costs, and a reader sees whole values that never go back.
 */
public final class SingleWriterCounter {
  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(SingleWriterCounter.class, "value", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private long value;

  /** Adds one. Owner only. */
  public void increment() {
    VALUE.setOpaque(this, value + 1);
  }

  /** Adds {@code count}. Owner only. */
  public void add(long count) {
    VALUE.setOpaque(this, value + count);
  }

  /** The count so far. Any thread. */
  public long value() {
    return (long) VALUE.getOpaque(this);
  }
}
