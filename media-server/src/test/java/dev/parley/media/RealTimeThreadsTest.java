package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.RealTimeThreads.Scheduling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class RealTimeThreadsTest {
  /** Fields of proc_pid_stat(5) behind the name in parentheses, which may hold blanks. */
  private static final int POLICY_AFTER_NAME = 38;

  private static final String SCHED_OTHER = "0";
  private static final String SCHED_RR = "2";

  @Test
  void threadRunsBeforeOthersAndThoseItStartsDoNot() throws Exception {
    RealTimeThreads threads = new RealTimeThreads(Scheduling.AUTO);
    CompletableFuture<String> own = new CompletableFuture<>();
    CompletableFuture<String> child = new CompletableFuture<>();
    threads
        .raising(Thread::new)
        .newThread(() -> {
          own.complete(policy());
          new Thread(() -> child.complete(policy())).start();
        })
        .start();

    boolean isGranted = threads.isGranted();

    assertThat(own.get(10, TimeUnit.SECONDS)).isEqualTo(isGranted ? SCHED_RR : SCHED_OTHER);
    assertThat(child.get(10, TimeUnit.SECONDS)).isEqualTo(SCHED_OTHER);
  }

  @Test
  void refusalIsToldAndTheWorkIsDoneAllTheSame() throws Exception {
    RealTimeThreads threads =
        new RealTimeThreads(Scheduling.AUTO, List.of("sh", "-c", "echo not permitted: $0; exit 1"));
    CompletableFuture<String> done = new CompletableFuture<>();

    threads.raising(Thread::new).newThread(() -> done.complete("done")).start();

    assertThat(threads.refusal()).startsWith("not permitted: ");
    assertThat(threads.isGranted()).isFalse();
    assertThat(done.get(10, TimeUnit.SECONDS)).isEqualTo("done");
  }

  @Test
  void systemWithoutTheCommandRefuses() {
    RealTimeThreads threads = new RealTimeThreads(Scheduling.AUTO, List.of("/nonexistent/chrt"));

    threads.raising(Thread::new).newThread(() -> {}).start();

    assertThat(threads.refusal()).contains("/nonexistent/chrt");
  }

  @Test
  void normalThreadsAskForNothing() throws Exception {
    RealTimeThreads threads = new RealTimeThreads(Scheduling.NORMAL, List.of("/nonexistent/chrt"));
    CompletableFuture<String> own = new CompletableFuture<>();

    threads.raising(Thread::new).newThread(() -> own.complete(policy())).start();

    assertThat(own.get(10, TimeUnit.SECONDS)).isEqualTo(SCHED_OTHER);
    assertThat(threads.refusal()).isNull();
    assertThat(threads.isGranted()).isFalse();
  }

  private static String policy() {
    try {
      String stat = Files.readString(Path.of("/proc/thread-self/stat"));
      return stat.substring(stat.lastIndexOf(") ") + 2).split(" ", -1)[POLICY_AFTER_NAME];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
