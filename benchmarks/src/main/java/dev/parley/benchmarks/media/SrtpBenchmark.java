package dev.parley.benchmarks.media;

import dev.parley.media.srtp.ProtectResult;
import dev.parley.media.srtp.SrtpKeys;
import dev.parley.media.srtp.SrtpProfile;
import dev.parley.media.srtp.SrtpReceiver;
import dev.parley.media.srtp.SrtpSender;
import dev.parley.media.srtp.UnprotectResult;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
 * One operation is one RTP packet of 20 ms of Opus: 80 bytes are 32 kbit/s, 160 are 64.
 * Unprotecting cannot repeat a packet, for the replay window would refuse it; so it walks through
 * half a sequence number cycle of prepared ones, each copied (about 5 ns) because the work is done
 * in place, and starts again with a new receiver outside the measured time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls @Setup before anything else.
public class SrtpBenchmark {
  private static final int PACKETS = 32_768;
  private static final int HEADER_LENGTH = 20;
  private static final int SSRC = 0x1234_5678;

  @Param SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;

  @Param({"80", "160"})
  int payloadLength;

  private SrtpKeys keys;
  private SrtpSender sender;
  private SrtpReceiver receiver;
  private final byte[] buffer = new byte[512];
  private byte[] prepared = new byte[0];
  private int clearLength;
  private int protectedLength;
  private int sequenceNumber;

  /** Keys, and the packets that unprotecting walks through. */
  @Setup
  public void prepare() {
    byte[] material = new byte[SrtpKeys.keyingMaterialLength(profile)];
    new Random(1).nextBytes(material);
    keys = SrtpKeys.ofKeyingMaterial(profile, material);
    sender = new SrtpSender(profile, keys.clientWrite());
    receiver = new SrtpReceiver(profile, keys.clientWrite());
    clearLength = HEADER_LENGTH + payloadLength;
    protectedLength = clearLength + profile.rtpOverheadLength();
    prepared = new byte[PACKETS * protectedLength];
    for (int i = 0; i < PACKETS; i++) {
      protect();
      System.arraycopy(buffer, 0, prepared, i * protectedLength, protectedLength);
    }
  }

  /** A receiver that has seen nothing. */
  @Setup(Level.Invocation)
  public void renewReceiver() {
    receiver.close();
    receiver = new SrtpReceiver(profile, keys.clientWrite());
  }

  /** Frees native memory. */
  @TearDown
  public void close() {
    sender.close();
    receiver.close();
  }

  @Benchmark
  @OperationsPerInvocation(PACKETS)
  public int protect32768() {
    int last = 0;
    for (int i = 0; i < PACKETS; i++) {
      last = protect();
    }
    return last;
  }

  @Benchmark
  @OperationsPerInvocation(PACKETS)
  public int unprotect32768() {
    for (int i = 0; i < PACKETS; i++) {
      System.arraycopy(prepared, i * protectedLength, buffer, 0, protectedLength);
      if (receiver.unprotectRtp(buffer, 0, protectedLength) != UnprotectResult.OK) {
        throw new IllegalStateException("packet " + i);
      }
    }
    return receiver.length();
  }

  /** A forged packet, with jitsi-srtp's exception: what {@code FailureLimiter} saves. */
  @Benchmark
  @OperationsPerInvocation(PACKETS)
  public int refuseForged32768() {
    for (int i = 0; i < PACKETS; i++) {
      System.arraycopy(prepared, i * protectedLength, buffer, 0, protectedLength);
      buffer[protectedLength - 1] ^= 1;
      if (receiver.unprotectRtp(buffer, 0, protectedLength) != UnprotectResult.NOT_AUTHENTIC) {
        throw new IllegalStateException("packet " + i);
      }
    }
    return receiver.ssrcCount();
  }

  /** With the two header extensions a browser sends: mid and audio level. */
  private int protect() {
    buffer[0] = (byte) 0x90;
    buffer[1] = 111;
    buffer[2] = (byte) (sequenceNumber >> 8);
    buffer[3] = (byte) sequenceNumber;
    writeInt(4, sequenceNumber * 960);
    writeInt(8, SSRC);
    writeInt(12, 0xBEDE_0001);
    writeInt(16, 0x1030_2080);
    sequenceNumber = (sequenceNumber + 1) & 0xFFFF;
    if (sender.protectRtp(buffer, 0, clearLength) != ProtectResult.OK) {
      throw new IllegalStateException("sequence number " + sequenceNumber);
    }
    return sender.length();
  }

  private void writeInt(int offset, int value) {
    buffer[offset] = (byte) (value >> 24);
    buffer[offset + 1] = (byte) (value >> 16);
    buffer[offset + 2] = (byte) (value >> 8);
    buffer[offset + 3] = (byte) value;
  }
}
