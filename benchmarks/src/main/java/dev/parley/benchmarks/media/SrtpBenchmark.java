package dev.parley.benchmarks.media;

import static java.nio.ByteOrder.BIG_ENDIAN;

import dev.parley.media.srtp.ProtectResult;
import dev.parley.media.srtp.SrtpKeys;
import dev.parley.media.srtp.SrtpReceiver;
import dev.parley.media.srtp.SrtpSender;
import dev.parley.media.srtp.SrtpWay;
import dev.parley.media.srtp.UnprotectResult;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One operation is one RTP packet of 20 ms of Opus: 80 bytes are 32 kbit/s. With 1024 contexts each
 * packet is another peer's, as in a server, and finds its keys no longer in the nearest cache.
 * Unprotecting cannot repeat a packet, for the replay window would refuse it; so it walks through
 * half a sequence number cycle of prepared ones, each copied (about 5 ns) because the work is done
 * in place, and starts again with new receivers outside the measured time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls @Setup before anything else.
public class SrtpBenchmark {
  private static final int PACKETS = 32_768;
  private static final int HEADER_LENGTH = 20;
  private static final int SSRC = 0x1234_5678;

  @Param SrtpWay way = SrtpWay.GCM;

  /** Divides the packets of an invocation evenly. */
  @Param({"1", "1024"})
  int contexts;

  @Param("80")
  int payloadLength;

  private SrtpKeys keys;
  private SrtpSender[] senders;
  private SrtpReceiver[] receivers;
  private int nextPrepared;

  /** As a server has it: native memory for what is sent, an array for what is received. */
  private final UnsafeBuffer sent = new UnsafeBuffer(ByteBuffer.allocateDirect(512));

  private final byte[] buffer = new byte[512];
  private byte[] prepared = new byte[0];
  private int clearLength;
  private int protectedLength;
  private int sequenceNumber;

  /** Keys, and the packets that unprotecting walks through. */
  @Setup
  public void prepare() {
    if (!way.isPossible()) {
      throw new IllegalStateException("this machine has no libcrypto 3");
    }
    byte[] material = new byte[SrtpKeys.keyingMaterialLength(way.profile())];
    new Random(1).nextBytes(material);
    keys = SrtpKeys.ofKeyingMaterial(way.profile(), material);
    clearLength = HEADER_LENGTH + payloadLength;
    protectedLength = clearLength + way.profile().rtpOverheadLength();
    senders = new SrtpSender[contexts];
    receivers = new SrtpReceiver[contexts];
    for (int i = 0; i < contexts; i++) {
      senders[i] = way.newSender(keys.clientWrite());
      receivers[i] = way.newReceiver(keys.clientWrite());
    }
    prepared = new byte[PACKETS * protectedLength];
    SrtpSender sender = way.newSender(keys.clientWrite());
    for (int i = 0; i < PACKETS; i++) {
      protect(sender, i);
      sent.getBytes(0, prepared, i * protectedLength, protectedLength);
    }
    sender.close();
  }

  /** Receivers that have not seen the next packets. */
  @Setup(Level.Invocation)
  public void renewReceivers() {
    if (nextPrepared + PACKETS / contexts <= PACKETS) {
      return;
    }
    for (int i = 0; i < contexts; i++) {
      receivers[i].close();
      receivers[i] = way.newReceiver(keys.clientWrite());
    }
    nextPrepared = 0;
  }

  /** Frees native memory. */
  @TearDown
  public void close() {
    for (int i = 0; i < contexts; i++) {
      senders[i].close();
      receivers[i].close();
    }
  }

  @Benchmark
  @OperationsPerInvocation(PACKETS)
  public int protect32768() {
    int last = 0;
    for (int round = 0; round < PACKETS / contexts; round++) {
      for (SrtpSender sender : senders) {
        last = protect(sender, sequenceNumber);
      }
      sequenceNumber = (sequenceNumber + 1) & 0xFFFF;
    }
    return last;
  }

  @Benchmark
  @OperationsPerInvocation(PACKETS)
  public int unprotect32768() {
    int last = 0;
    for (int round = 0; round < PACKETS / contexts; round++) {
      for (SrtpReceiver receiver : receivers) {
        System.arraycopy(prepared, nextPrepared * protectedLength, buffer, 0, protectedLength);
        if (receiver.unprotectRtp(buffer, 0, protectedLength) != UnprotectResult.OK) {
          throw new IllegalStateException("packet " + nextPrepared);
        }
        last = receiver.length();
      }
      nextPrepared++;
    }
    return last;
  }

  /** A forged packet: what {@code FailureLimiter} saves. */
  @Benchmark
  @OperationsPerInvocation(PACKETS)
  public int refuseForged32768() {
    int last = 0;
    for (int round = 0; round < PACKETS / contexts; round++) {
      for (SrtpReceiver receiver : receivers) {
        System.arraycopy(prepared, round * protectedLength, buffer, 0, protectedLength);
        buffer[protectedLength - 1] ^= 1;
        if (receiver.unprotectRtp(buffer, 0, protectedLength) != UnprotectResult.NOT_AUTHENTIC) {
          throw new IllegalStateException("packet " + round);
        }
        last = receiver.ssrcCount();
      }
    }
    return last;
  }

  /** With the two header extensions a browser sends: mid and audio level. */
  private int protect(SrtpSender sender, int sequenceNumber) {
    sent.putByte(0, (byte) 0x90);
    sent.putByte(1, (byte) 111);
    sent.putShort(2, (short) sequenceNumber, BIG_ENDIAN);
    sent.putInt(4, sequenceNumber * 960, BIG_ENDIAN);
    sent.putInt(8, SSRC, BIG_ENDIAN);
    sent.putInt(12, 0xBEDE_0001, BIG_ENDIAN);
    sent.putInt(16, 0x1030_2080, BIG_ENDIAN);
    if (sender.protectRtp(sent, 0, clearLength) != ProtectResult.OK) {
      throw new IllegalStateException("sequence number " + sequenceNumber);
    }
    return sender.length();
  }
}
