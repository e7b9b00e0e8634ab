package dev.parley.benchmarks.media;

import dev.parley.media.packet.PacketKind;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The first look at a datagram: its kind, from its first two bytes (RFC 7983). In the mixture of a
 * call, so that the processor cannot guess: of 64 datagrams 60 are RTP, two RTCP, one STUN, one
 * DTLS.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DemuxBenchmark {
  private static final int DATAGRAMS = 64;
  private static final int RTP = 0x80 << 8 | 111;
  private static final int RTCP = 0x80 << 8 | 200;
  private static final int STUN = 0x0001;
  private static final int DTLS = 22 << 8 | 0xFE;

  private final int[] firstBytes = new int[DATAGRAMS];
  private int next;

  /** Spreads the rare kinds. */
  public DemuxBenchmark() {
    Arrays.fill(firstBytes, RTP);
    firstBytes[11] = RTCP;
    firstBytes[29] = STUN;
    firstBytes[37] = RTCP;
    firstBytes[53] = DTLS;
  }

  @Benchmark
  public PacketKind kind() {
    int bytes = firstBytes[next];
    next = (next + 1) % DATAGRAMS;
    return PacketKind.of(bytes >> 8, bytes & 0xFF);
  }
}
