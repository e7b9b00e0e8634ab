package dev.parley.benchmarks.media;

import dev.parley.media.rtcp.ReceptionStatistics;
import dev.parley.media.rtcp.RtcpCompound;
import dev.parley.media.rtcp.RtcpParseResult;
import dev.parley.media.rtcp.RtcpWriter;
import dev.parley.media.rtp.RtpPacket;
import dev.parley.media.rtp.RtpPacketWriter;
import dev.parley.media.rtp.RtpParseResult;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Decrypted packets: RTP read and written, with its two extensions, and RTCP read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RtpBenchmark {
  private static final int MID_ID = 4;
  private static final int LEVEL_ID = 1;
  private static final int PAYLOAD_LENGTH = 80;

  private final UnsafeBuffer rtp = new UnsafeBuffer(new byte[200]);
  private final UnsafeBuffer written = new UnsafeBuffer(new byte[200]);
  private final UnsafeBuffer rtcp = new UnsafeBuffer(new byte[200]);
  private final UnsafeBuffer payload = new UnsafeBuffer(new byte[PAYLOAD_LENGTH]);
  private final RtpPacket packet = new RtpPacket();
  private final RtpPacketWriter writer = new RtpPacketWriter();
  private final RtcpCompound compound = new RtcpCompound();
  private int rtpLength;
  private int rtcpLength;
  private int sequenceNumber;

  /** One of each, as a browser sends them. */
  @Setup
  public void prepare() {
    rtpLength = write(rtp);
    ReceptionStatistics statistics = new ReceptionStatistics();
    statistics.reset(9);
    statistics.onPacket(1, 960, 0);
    RtcpWriter rtcpWriter = new RtcpWriter();
    rtcpWriter.begin(rtcp, 0).senderReport(7).senderInfo(1, 2, 3, 4).reportBlock(statistics, 0);
    rtcpLength = rtcpWriter.cname(7, "somebody".getBytes(StandardCharsets.US_ASCII)).length();
  }

  @Benchmark
  public int readRtp() {
    if (packet.wrap(rtp, 0, rtpLength) != RtpParseResult.VALID) {
      throw new IllegalStateException();
    }
    return packet.sequenceNumber() + packet.findExtension(LEVEL_ID) + packet.findExtension(MID_ID);
  }

  @Benchmark
  public int writeRtp() {
    return write(written);
  }

  @Benchmark
  public int readRtcp() {
    if (compound.wrap(rtcp, 0, rtcpLength) != RtcpParseResult.VALID) {
      throw new IllegalStateException();
    }
    int sum = 0;
    while (compound.next()) {
      sum += compound.type();
    }
    return sum;
  }

  private int write(UnsafeBuffer to) {
    sequenceNumber++;
    writer.begin(to, 0, 111, false).source(7, sequenceNumber, sequenceNumber * 960);
    writer.beginExtensions(false).extension(LEVEL_ID, 0x9E).extension(MID_ID, '0').endExtensions();
    return writer.payload(payload, 0, PAYLOAD_LENGTH);
  }
}
