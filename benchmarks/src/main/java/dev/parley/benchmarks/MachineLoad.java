package dev.parley.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How busy all processors of this machine are, from {@code /proc/stat}: 0 is idle, 1 is one
 * processor's whole time. One thread.
 */
final class MachineLoad {
  private static final Path STAT = Path.of("/proc/stat");

  /** Columns of the first line, in clock ticks (proc_stat(5)). */
  private static final int IDLE = 4;

  private static final int WAITING_FOR_DISK = 5;
  private static final int STOLEN = 8;

  private long[] marked = read();

  MachineLoad() throws IOException {}

  /** Measures from now on. */
  void mark() throws IOException {
    marked = read();
  }

  /** Marks, and waits for a second. */
  double busyShareOfSecond() throws IOException {
    mark();
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    for (long leftNs = 1; leftNs > 0; leftNs = endNs - System.nanoTime()) {
      LockSupport.parkNanos(leftNs);
    }
    return busyShareSinceMark();
  }

  /** Processors that worked, on average, since the mark. */
  double busyShareSinceMark() throws IOException {
    long[] now = read();
    long total = total(now) - total(marked);
    long unused = now[IDLE] - marked[IDLE] + now[WAITING_FOR_DISK] - marked[WAITING_FOR_DISK];
    return share(total - unused, total);
  }

  /** Processors that the host gave to others, on average, since the mark. */
  double stolenShareSinceMark() throws IOException {
    long[] now = read();
    return share(now[STOLEN] - marked[STOLEN], total(now) - total(marked));
  }

  private static double share(long ticks, long totalTicks) {
    int processors = Runtime.getRuntime().availableProcessors();
    return totalTicks == 0 ? 0 : (double) ticks * processors / totalTicks;
  }

  private static long total(long[] ticks) {
    long total = 0;
    for (int column = 1; column <= STOLEN; column++) {
      total += ticks[column];
    }
    return total;
  }

  /** All zero where there is no such file. */
  private static long[] read() throws IOException {
    long[] ticks = new long[STOLEN + 1];
    if (!Files.isReadable(STAT)) {
      return ticks;
    }
    String[] columns = Files.readString(STAT).lines().findFirst().orElse("").split(" +", -1);
    for (int column = 1; column <= STOLEN; column++) {
      ticks[column] = Long.parseLong(columns[column]);
    }
    return ticks;
  }
}
