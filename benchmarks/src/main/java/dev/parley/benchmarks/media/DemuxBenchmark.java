package dev.parley.benchmarks.media;

import dev.parley.media.packet.PacketKind;
import dev.parley.media.rtcp.ReceptionStatistics;
import dev.parley.media.rtcp.RtcpCompound;
import dev.parley.media.rtcp.RtcpParseResult;
import dev.parley.media.rtcp.RtcpWriter;
import dev.parley.media.rtp.RtpPacket;
import dev.parley.media.rtp.RtpPacketWriter;
import dev.parley.media.rtp.RtpParseResult;
import dev.parley.media.stun.MessageIntegrity;
import dev.parley.media.stun.StunKey;
import dev.parley.media.stun.StunMessage;
import dev.parley.media.stun.StunMessageWriter;
import dev.parley.media.stun.StunParseResult;
import dev.parley.media.stun.StunType;
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

/**
 * What the event loop does to a datagram before and after decryption: tell its kind, and read it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DemuxBenchmark {
  private static final int MID_ID = 4;
  private static final int LEVEL_ID = 1;

  private final UnsafeBuffer rtp = new UnsafeBuffer(new byte[200]);
  private final UnsafeBuffer rtcp = new UnsafeBuffer(new byte[200]);
  private final UnsafeBuffer stun = new UnsafeBuffer(new byte[StunMessage.LENGTH_MAX]);
  private final UnsafeBuffer answer = new UnsafeBuffer(new byte[StunMessage.LENGTH_MAX]);
  private final RtpPacket rtpPacket = new RtpPacket();
  private final RtcpCompound compound = new RtcpCompound();
  private final StunMessage stunMessage = new StunMessage();
  private final MessageIntegrity integrity = new MessageIntegrity();
  private final StunMessageWriter stunWriter = new StunMessageWriter(integrity);
  private final StunKey key = StunKey.ofPassword("a password of 24 letters");
  private final byte[] address = {127, 0, 0, 1};
  private int rtpLength;
  private int rtcpLength;
  private int stunLength;

  /** One datagram of each kind, as a browser sends them. */
  @Setup
  public void write() {
    RtpPacketWriter rtpWriter = new RtpPacketWriter();
    rtpWriter.begin(rtp, 0, 111, false).source(7, 1_000, 960_000).beginExtensions(false);
    rtpWriter.extension(LEVEL_ID, 0x9E).extension(MID_ID, '0').endExtensions();
    rtpLength = rtpWriter.payload(new UnsafeBuffer(new byte[80]), 0, 80);
    ReceptionStatistics statistics = new ReceptionStatistics();
    statistics.reset(9);
    statistics.onPacket(1, 960, 0);
    RtcpWriter rtcpWriter = new RtcpWriter();
    rtcpWriter.begin(rtcp, 0).senderReport(7).senderInfo(1, 2, 3, 4).reportBlock(statistics, 0);
    rtcpLength = rtcpWriter.cname(7, "somebody".getBytes(StandardCharsets.US_ASCII)).length();
    stunWriter.begin(stun, 0, StunType.BINDING_REQUEST, 1, 2);
    stunWriter.username("abcdefgh:ijkl".getBytes(StandardCharsets.US_ASCII)).iceControlling(3);
    stunLength = stunWriter.priority(0x6E7F_1EFFL).finish(key);
  }

  @Benchmark
  public int kindAndRtp() {
    if (kind(rtp) != PacketKind.RTP || rtpPacket.wrap(rtp, 0, rtpLength) != RtpParseResult.VALID) {
      throw new IllegalStateException();
    }
    return rtpPacket.sequenceNumber()
        + rtpPacket.findExtension(LEVEL_ID)
        + rtpPacket.findExtension(MID_ID);
  }

  @Benchmark
  public int kindAndRtcp() {
    if (kind(rtcp) != PacketKind.RTCP
        || compound.wrap(rtcp, 0, rtcpLength) != RtcpParseResult.VALID) {
      throw new IllegalStateException();
    }
    int sum = 0;
    while (compound.next()) {
      sum += compound.type();
    }
    return sum;
  }

  @Benchmark
  public long kindAndStun() {
    if (kind(stun) != PacketKind.STUN
        || stunMessage.wrap(stun, 0, stunLength) != StunParseResult.VALID) {
      throw new IllegalStateException();
    }
    return stunMessage.usernamePrefix();
  }

  /** The whole of a consent check: read it, prove it, answer it. */
  @Benchmark
  public int stunCheckAndAnswer() {
    if (stunMessage.wrap(stun, 0, stunLength) != StunParseResult.VALID
        || !stunMessage.isAuthentic(integrity, key)) {
      throw new IllegalStateException();
    }
    stunWriter
        .beginAnswer(answer, 0, StunType.BINDING_SUCCESS, stunMessage)
        .xorMappedAddress(address, 40_000);
    return stunWriter.finish(key);
  }

  private static PacketKind kind(UnsafeBuffer datagram) {
    return PacketKind.of(datagram.getByte(0) & 0xFF, datagram.getByte(1) & 0xFF);
  }
}
