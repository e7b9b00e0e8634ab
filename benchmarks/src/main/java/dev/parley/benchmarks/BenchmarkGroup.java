package dev.parley.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A name on the command line of {@code ./parley bench}, and the benchmarks it stands for.
 * Immutable.
 *
 * @param name as one types it
 * @param classes a regular expression that the benchmark class's simple name must match
 * @param about what one operation is
 */
record BenchmarkGroup(String name, String classes, String about) {
  /** All groups, in the order of a packet's way. */
  static final List<BenchmarkGroup> ALL =
      List.of(
          new BenchmarkGroup("demux", "DemuxBenchmark", "tell a datagram's kind"),
          new BenchmarkGroup("stun", "StunBenchmark", "read a check; prove and answer it"),
          new BenchmarkGroup("dtls", "DtlsBenchmark", "a whole handshake, both sides"),
          new BenchmarkGroup(
              "srtp",
              "SrtpBenchmark",
              "protect, unprotect and refuse one packet of 20 ms Opus: both SRTP profiles, one peer or many"),
          new BenchmarkGroup("rtp", "RtpBenchmark", "read and write an RTP packet; read RTCP"),
          new BenchmarkGroup(
              "ring",
              "RingBenchmark",
              "hand a packet over between threads: Agrona's ring or JCTools' queues"),
          new BenchmarkGroup(
              "speaker", "SpeakerBenchmark", "levels and ranking of a conference, one tick"),
          new BenchmarkGroup(
              "forward", "ForwardBenchmark", "number one packet anew for each receiver"),
          new BenchmarkGroup(
              "jitter",
              "JitterBenchmark",
              "take a packet in and a frame out, with and without loss"),
          new BenchmarkGroup(
              "opus", "OpusBenchmark", "encode, decode, recover and conceal one frame"),
          new BenchmarkGroup(
              "mix",
              "MixBenchmark|VectorKernels|ScalarKernels",
              "add up and take out voices, limit, measure: one frame; its loops in vector code"),
          new BenchmarkGroup(
              "path", "PathBenchmark", "receive to send in memory, one packet or one tick"),
          new BenchmarkGroup(
              "presign", "PresignBenchmark", "sign one object's URL: ours, and the AWS SDK's"),
          new BenchmarkGroup(
              "store",
              "StoreBenchmark",
              "the same reads and writes of every item store; DynamoDB Local is an emulator"));

  /** What JMH includes. */
  String include() {
    return "\\.(" + classes + ")\\.";
  }

  static @Nullable BenchmarkGroup find(String name) {
    for (BenchmarkGroup group : ALL) {
      if (group.name.equals(name)) {
        return group;
      }
    }
    return null;
  }
}
