package dev.parley.media.transport;

import static dev.parley.media.transport.PathFixture.CLIENT;
import static dev.parley.media.transport.PathFixture.PEER;
import static dev.parley.media.transport.PathFixture.SSRC;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.parley.media.ice.TransportAddress;
import dev.parley.media.packet.OutgoingPacketWriter;
import dev.parley.media.srtp.SrtpCiphers;
import dev.parley.media.srtp.SrtpProfile;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Our own share of a packet, from the socket's buffer to the ring, is nothing, AES-GCM included;
 * jitsi-srtp's and Netty's are bounded. The stages are fed from a buffer here; {@link
 * BatchReceiverIT} measures the socket's share.
 */
class TransportAllocationTest {
  private static final int WARM_UP_PACKETS = 15_000;
  private static final int MEASURED_PACKETS = 15_000;
  private static final int ROUNDS = 3;

  /** Up to 168 B seen, as the JIT compiler manages to keep jitsi-srtp's views off the heap. */
  private static final long JITSI_PER_PACKET = 256;

  /** Less than this: nothing. */
  private static final long LIBCRYPTO_PER_PACKET = 1;

  /** About 125 B seen: a DatagramPacket, and the queue of the channel the test uses. */
  private static final long NETTY_PER_SENT_PACKET = 256;

  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void takingADecryptedPacketAllocatesNothing() {
    try (PathFixture fixture =
        new PathFixture(SrtpProfile.AEAD_AES_128_GCM).withPath().withKeys()) {
      RtpStage stage = new RtpStage(fixture.parts);
      SrtpGate gate = new SrtpGate(fixture.parts);
      byte[] clear = fixture.clearVoice(SSRC, 0, 100);
      System.arraycopy(clear, 0, fixture.parts.received, 0, clear.length);
      Path path = fixture.parts.peers.byAddress(TransportAddress.udp(CLIENT));
      assertThat(path).isNotNull();
      take(fixture, stage, gate, path, clear.length);
      long beforeBytes = thread.getCurrentThreadAllocatedBytes();
      take(fixture, stage, gate, path, clear.length);
      long allocatedBytes = thread.getCurrentThreadAllocatedBytes() - beforeBytes;

      assertThat(fixture.count(TransportCounter.RTP_ACCEPTED)).isEqualTo(2 * MEASURED_PACKETS);
      assertThat(allocatedBytes).isLessThan(MEASURED_PACKETS);
    }
  }

  private static void take(
      PathFixture fixture, RtpStage stage, SrtpGate gate, Path path, int length) {
    for (int i = 0; i < MEASURED_PACKETS; i++) {
      fixture.parts.receivedBuffer.putShort(2, (short) i, ByteOrder.BIG_ENDIAN);
      gate.onAuthentic(path, fixture.socket, fixture.nowNs);
      stage.onAuthentic(path, length, fixture.nowNs);
      if (i % 1000 == 999) {
        fixture.discardInbound();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void receivingAllocatesNoMoreThanTheCipherMay(SrtpProfile profile) {
    try (PathFixture fixture = new PathFixture(profile).withPath().withKeys()) {
      byte[][] packets = new byte[WARM_UP_PACKETS + ROUNDS * MEASURED_PACKETS][];
      for (int i = 0; i < packets.length; i++) {
        packets[i] = fixture.voice(SSRC, i);
      }
      receive(fixture, packets, 0, WARM_UP_PACKETS);
      // The JIT may take until a later round to compile the cipher's calls.
      long leastBytes = Long.MAX_VALUE;
      for (int from = WARM_UP_PACKETS; from < packets.length; from += MEASURED_PACKETS) {
        long beforeBytes = thread.getCurrentThreadAllocatedBytes();
        receive(fixture, packets, from, from + MEASURED_PACKETS);
        long allocatedBytes = thread.getCurrentThreadAllocatedBytes() - beforeBytes;
        leastBytes = Math.min(leastBytes, allocatedBytes / MEASURED_PACKETS);
      }

      assertThat(fixture.count(TransportCounter.RTP_ACCEPTED)).isEqualTo(packets.length);
      assertThat(leastBytes).isLessThan(cipherPerPacket(profile));
    }
  }

  private static long cipherPerPacket(SrtpProfile profile) {
    boolean isLibcrypto =
        profile == SrtpProfile.AEAD_AES_128_GCM
            && SrtpCiphers.implementation().matches("OpenSSL|OpenSSL \\(AES-CM.*");
    return isLibcrypto ? LIBCRYPTO_PER_PACKET : JITSI_PER_PACKET;
  }

  private static void receive(PathFixture fixture, byte[][] packets, int from, int to) {
    // The socket's share, which would copy the address out of its object, is not measured here.
    SourceAddress client = new SourceAddress().set(TransportAddress.udp(CLIENT));
    for (int i = from; i < to; i++) {
      fixture.receive(packets[i], client);
      if (i % 1000 == 999) {
        fixture.discardInbound();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void sendingAllocatesNoMoreThanTheCipherAndNettyMay(SrtpProfile profile) {
    try (PathFixture fixture = new PathFixture(profile).withPath().withKeys()) {
      send(fixture, 0, WARM_UP_PACKETS);
      long beforeBytes = thread.getCurrentThreadAllocatedBytes();
      send(fixture, WARM_UP_PACKETS, WARM_UP_PACKETS + MEASURED_PACKETS);
      long allocatedBytes = thread.getCurrentThreadAllocatedBytes() - beforeBytes;

      assertThat(fixture.count(TransportCounter.RTP_SENT))
          .isEqualTo(WARM_UP_PACKETS + MEASURED_PACKETS);
      assertThat(allocatedBytes / MEASURED_PACKETS)
          .isLessThan(cipherPerPacket(profile) + NETTY_PER_SENT_PACKET);
    }
  }

  private static void send(PathFixture fixture, int from, int to) {
    OutgoingPacketWriter writer = new OutgoingPacketWriter();
    byte[] payload = new byte[100];
    for (int i = from; i < to; i++) {
      if (!writer.tryClaim(fixture.outbound, payload.length, 1, 1)) {
        throw new AssertionError("full");
      }
      writer.level(-30, true).addCsrc(77, -20).payload(payload, 0);
      writer.addTarget(PEER, 0, i, 960 * i, false).commit();
      fixture.sendPath.drain(fixture.outbound);
      if (i % 64 == 63 || i == to - 1) {
        while (fixture.outbound.size() > 0) {
          fixture.sendPath.drain(fixture.outbound);
        }
        fixture.parts.flush();
        fixture.discardSent();
      }
    }
  }
}
