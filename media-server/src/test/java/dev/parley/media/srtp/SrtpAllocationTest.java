package dev.parley.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a packet costs the collector: nothing where the cipher is ours, else jitsi-srtp's own
 * objects for the cipher's parameters, and nothing of ours.
 */
class SrtpAllocationTest {
  private static final int WARM_UP_PACKETS = 40_000;
  private static final int MEASURED_PACKETS = 10_000;
  private static final int ROUNDS = 5;

  /**
   * A nonce twice, its specification and the MAC's 20 bytes for counter mode. With OpenSSL 120
   * bytes each way once all is compiled (see docs/benchmarks.md); here with room for jitsi-srtp's
   * logging lambdas, which the compiler does not always spare under a test's agents.
   */
  private static final int LIBRARY_BYTES_MAX = 500;

  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final byte[] buffer = new byte[300];

  @ParameterizedTest
  @EnumSource
  void oursAllocatesNothingPerPacket(SrtpProfile profile) {
    SrtpKeys keys = Packets.keys(profile, 6);
    SrtpSender sender = new SrtpSender(profile, keys.clientWrite());
    SrtpReceiver receiver = new SrtpReceiver(profile, keys.clientWrite());
    int sequenceNumber = 0;
    for (int i = 0; i < WARM_UP_PACKETS; i++) {
      sequenceNumber = oneWay(sender, receiver, sequenceNumber);
    }

    long perPacketBytes = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long beforeBytes = thread.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < MEASURED_PACKETS; i++) {
        sequenceNumber = oneWay(sender, receiver, sequenceNumber);
      }
      long roundBytes = thread.getCurrentThreadAllocatedBytes() - beforeBytes;
      perPacketBytes = Math.min(perPacketBytes, roundBytes / MEASURED_PACKETS);
    }

    System.out.println(
        profile + " with " + SrtpCiphers.implementation() + ": " + perPacketBytes + " B both ways");
    if (profile == SrtpProfile.AEAD_AES_128_GCM && SrtpCiphers.hasLibcrypto()) {
      assertThat(perPacketBytes).isZero();
    } else if (SrtpCiphers.jitsiHasOpenSsl()) {
      assertThat(perPacketBytes).isLessThan(LIBRARY_BYTES_MAX);
    }
    sender.close();
    receiver.close();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsToldWithoutACipherCostsNoMemory(SrtpProfile profile) {
    SrtpReceiver receiver = new SrtpReceiver(profile, Packets.keys(profile, 6).clientWrite());
    for (int i = 0; i < WARM_UP_PACKETS; i++) {
      refuse(receiver);
    }

    long beforeBytes = thread.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < MEASURED_PACKETS; i++) {
      refuse(receiver);
    }

    assertThat(thread.getCurrentThreadAllocatedBytes() - beforeBytes).isLessThan(MEASURED_PACKETS);
    receiver.close();
  }

  private int oneWay(SrtpSender sender, SrtpReceiver receiver, int sequenceNumber) {
    buffer[0] = (byte) 0x80;
    buffer[1] = 111;
    buffer[2] = (byte) (sequenceNumber >> 8);
    buffer[3] = (byte) sequenceNumber;
    if (sender.protectRtp(buffer, 0, 92) != ProtectResult.OK
        || receiver.unprotectRtp(buffer, 0, sender.length()) != UnprotectResult.OK) {
      throw new AssertionError("sequence number " + sequenceNumber);
    }
    return (sequenceNumber + 1) & 0xFFFF;
  }

  /** Too short, and RTCP that says it is in the clear: both told before any cipher. */
  private void refuse(SrtpReceiver receiver) {
    if (receiver.unprotectRtp(buffer, 0, 20) != UnprotectResult.MALFORMED
        || receiver.unprotectRtcp(buffer, 0, 100) != UnprotectResult.MALFORMED) {
      throw new AssertionError();
    }
  }
}
