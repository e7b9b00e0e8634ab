package dev.parley.benchmarks;

/**
 * How often and for how long a server's garbage collector stopped it.
 *
 * @param count of pauses
 * @param seconds all together
 */
public record GcPauses(long count, double seconds) {
  GcPauses since(GcPauses before) {
    return new GcPauses(count - before.count, seconds - before.seconds);
  }
}
