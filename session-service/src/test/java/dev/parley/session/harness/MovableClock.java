package dev.parley.session.harness;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A wall clock that stands still until a test moves it. */
public final class MovableClock extends Clock {
  private final AtomicLong nowMs;

  public MovableClock(Instant start) {
    nowMs = new AtomicLong(start.toEpochMilli());
  }

  public void advance(Duration duration) {
    nowMs.addAndGet(duration.toMillis());
  }

  /** The same time for those who count nanoseconds from anywhere. */
  public long nanoTime() {
    return nowMs.get() * 1_000_000L;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(nowMs.get());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
