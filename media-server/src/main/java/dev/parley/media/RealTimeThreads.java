package dev.parley.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes the threads that carry media run before all others that want a processor: under Linux's
 * round-robin real-time policy, sched(7), at its lowest priority. Without it, a thread that wakes
 * for a tick waits its turn behind compilers, garbage collectors and handshakes, tens of
 * milliseconds where many people join at once. Thread-safe.
 *
 * <p>The policy is asked for by each thread for itself, before its work, through {@code chrt} of
 * util-linux, and is not passed on to threads it may start. The kernel leaves a twentieth of each
 * processor to everybody else, whatever happens.
 */
final class RealTimeThreads {
  private static final long COMMAND_TIMEOUT_S = 5;
  private static final Path OWN_THREAD = Path.of("/proc/thread-self");
  private static final Path ALL_THREADS = Path.of("/proc/self/task");

  /** HotSpot's name for it. */
  private static final String VM_THREAD = "VM Thread";

  private static final List<String> RENICE = List.of("renice", "-n", "-10", "-p");

  private final Scheduling wanted;
  private final List<String> command;
  private final List<CompletableFuture<@Nullable String>> refusals = new CopyOnWriteArrayList<>();

  RealTimeThreads(Scheduling wanted) {
    this(wanted, List.of("chrt", "--rr", "--reset-on-fork", "--pid", "1"));
  }

  /** With another command, to which the thread's id is appended. */
  RealTimeThreads(Scheduling wanted, List<String> command) {
    this.wanted = wanted;
    this.command = List.copyOf(command);
  }

  /** How the threads that carry media are scheduled. */
  enum Scheduling {
    /** Before all others, if the system grants it. */
    AUTO,
    /** Before all others, or the server does not start. */
    REAL_TIME,
    /** As all others. */
    NORMAL
  }

  /** The same threads, which ask for the policy before they begin. */
  ThreadFactory raising(ThreadFactory threads) {
    if (wanted == Scheduling.NORMAL) {
      return threads;
    }
    return work -> {
      CompletableFuture<@Nullable String> refusal = new CompletableFuture<>();
      refusals.add(refusal);
      return threads.newThread(() -> {
        refusal.complete(raiseOwn());
        work.run();
      });
    };
  }

  /**
   * Waits until all threads that were started know. Returns null if each has what was asked for,
   * else why not.
   */
  @Nullable String refusal() {
    for (CompletableFuture<@Nullable String> refusal : refusals) {
      String reason = refusal.join();
      if (reason != null) {
        return reason;
      }
    }
    return null;
  }

  /** True if media threads run before others; waits like {@link #refusal}. */
  boolean isGranted() {
    return wanted != Scheduling.NORMAL && refusal() == null;
  }

  boolean isRequired() {
    return wanted == Scheduling.REAL_TIME;
  }

  /**
   * Raises all other threads of this process, and those they start later: to the same policy the
   * one that runs HotSpot's pauses, and by a lower nice value, where that is granted, the rest. For
   * media threads wait for those, too: for the lock of the compilers' queue, which any thread may
   * hold that finds a method hot, or for that of the process's memory map; and one that was
   * interrupted with a lock in hand must not queue behind other processes (figures in ADR 0005).
   */
  void raiseOthers() {
    if (wanted == Scheduling.NORMAL) {
      return;
    }
    List<Path> others = new ArrayList<>();
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(ALL_THREADS)) {
      for (Path thread : threads) {
        if (Files.readString(thread.resolve("comm")).strip().equals(VM_THREAD)) {
          refusals.add(CompletableFuture.completedFuture(run(command, List.of(thread))));
        } else {
          // Those under the real-time policy have no use for a nice value, nor harm from it.
          others.add(thread);
        }
      }
    } catch (IOException e) {
      refusals.add(CompletableFuture.completedFuture(String.valueOf(e.getMessage())));
    }
    // Wanted, but no reason to do without the rest.
    run(RENICE, others);
  }

  private @Nullable String raiseOwn() {
    try {
      return run(command, List.of(Files.readSymbolicLink(OWN_THREAD)));
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Runs a command with threads' ids behind it. Returns why it failed, or null. */
  private static @Nullable String run(List<String> command, List<Path> threads) {
    List<String> whole = new ArrayList<>(command);
    threads.forEach(thread -> whole.add(thread.getFileName().toString()));
    try {
      Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
      process.getOutputStream().close();
      if (!process.waitFor(COMMAND_TIMEOUT_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return command.getFirst() + " did not end";
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.exitValue() == 0 ? null : said.strip();
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
