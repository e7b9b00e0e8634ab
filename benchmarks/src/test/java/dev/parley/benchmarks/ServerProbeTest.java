package dev.parley.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerProbeTest {
  @Test
  void samplesOfOneNameAreAddedUp() {
    String text =
        """
        # TYPE jvm_memory_used_bytes gauge
        jvm_memory_used_bytes{area="heap",id="ZGC Old Generation"} 1.0E7
        jvm_memory_used_bytes{area="heap",id="ZGC Young Generation"} 2.5E6
        jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 9.9E9
        """;

    assertThat(ServerProbe.sum(text, "jvm_memory_used_bytes{area=\"heap\"")).isEqualTo(1.25e7);
  }

  @Test
  void ownResidentSetIsRead() {
    assertThat(ServerProbe.residentBytes(ProcessHandle.current().pid())).isPositive();
    assertThat(ServerProbe.residentBytes(-1)).isZero();
  }

  @Test
  void ownProcessorTimeIsReadAndGrows() {
    long pid = ProcessHandle.current().pid();
    long before = ServerProbe.processorNs(pid);
    long workNs = System.nanoTime();
    while (ServerProbe.processorNs(pid) == before) {
      assertThat(System.nanoTime() - workNs).isLessThan(30_000_000_000L);
    }

    assertThat(before).isPositive();
    assertThat(ServerProbe.processorNs(-1)).isZero();
  }
}
