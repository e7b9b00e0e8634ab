package dev.parley.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tells whether a memory figure grows. The first quarter of a run is warm-up; of the rest the
 * median of the first third is compared with that of the last, so that no single sample and no
 * sawtooth of the collector decides. One thread.
 */
final class MemoryTrend {
  /** Growth that counts as flat: a twentieth, or this many bytes if that is more. */
  private static final long ALLOWANCE_BYTES = 24L << 20;

  private static final double ALLOWANCE = 0.05;

  /** Fewer samples say nothing. */
  static final int SAMPLES_MIN = 24;

  private final List<Long> samples = new ArrayList<>();

  void add(long bytes) {
    samples.add(bytes);
  }

  boolean isLongEnough() {
    return samples.size() >= SAMPLES_MIN;
  }

  /** Median of the part after warm-up. */
  long beforeBytes() {
    int warmUp = samples.size() / 4;
    return median(warmUp, warmUp + third());
  }

  /** Median of the end. */
  long afterBytes() {
    return median(samples.size() - third(), samples.size());
  }

  boolean isFlat() {
    return afterBytes() - beforeBytes()
        <= Math.max(ALLOWANCE_BYTES, (long) (beforeBytes() * ALLOWANCE));
  }

  private int third() {
    return Math.max(1, (samples.size() - samples.size() / 4) / 3);
  }

  private long median(int from, int to) {
    long[] part = samples.subList(from, to).stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(part);
    return part[part.length / 2];
  }
}
