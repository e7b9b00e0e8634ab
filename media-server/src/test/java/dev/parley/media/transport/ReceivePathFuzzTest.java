package dev.parley.media.transport;

import static dev.parley.media.transport.PathFixture.CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.media.srtp.SrtpProfile;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;

class ReceivePathFuzzTest {
  private static final PathFixture FIXTURE =
      new PathFixture(SrtpProfile.AEAD_AES_128_GCM).withPath().withKeys();

  private static int sequenceNumber;

  @FuzzTest
  void anyDatagramIsTakenOrDropped(byte[] bytes) {
    receive(bytes);
  }

  @Property(tries = 2000)
  void anyDatagramOfAnyKindIsTakenOrDropped(
      @ForAll @Size(max = 200) byte[] bytes,
      @ForAll @IntRange(max = 255) int first,
      @ForAll @IntRange(max = 255) int second) {
    if (bytes.length > 1) {
      bytes[0] = (byte) first;
      bytes[1] = (byte) second;
    }
    receive(bytes);
  }

  /** A client with keys may encrypt nonsense; it too must come to nothing worse than a counter. */
  @Property(tries = 1000)
  void anyAuthenticRtpIsTakenOrDropped(@ForAll @Size(min = 12, max = 200) byte[] bytes) {
    sequenceNumber = (sequenceNumber + 1) & 0xFFFF;
    bytes[0] = (byte) (0x80 | (bytes[0] & 0x3F));
    bytes[1] = (byte) (bytes[1] & 0x3F);
    bytes[2] = (byte) (sequenceNumber >>> 8);
    bytes[3] = (byte) sequenceNumber;
    setSsrc(bytes, 8);
    receive(FIXTURE.protectRtp(bytes));
  }

  @Property(tries = 1000)
  void anyAuthenticRtcpIsTakenOrDropped(
      @ForAll @Size(min = 8, max = 200) byte[] bytes,
      @ForAll @IntRange(min = 192, max = 223) int type,
      @ForAll boolean fits,
      @ForAll boolean isOfOurs) {
    bytes[0] = (byte) (0x80 | (bytes[0] & 0x3F));
    bytes[1] = (byte) type;
    if (fits) {
      bytes[2] = 0;
      bytes[3] = (byte) (bytes.length / 4 - 1);
    }
    setSsrc(bytes, 4);
    if (isOfOurs && bytes.length >= 12) {
      // Reports and requests about a stream we send are read further than others.
      new UnsafeBuffer(bytes).putInt(8, TestLoop.LINE.ssrc(), ByteOrder.BIG_ENDIAN);
    }
    receive(FIXTURE.protectRtcp(bytes));
  }

  private static void setSsrc(byte[] bytes, int offset) {
    bytes[offset] = 0;
    bytes[offset + 1] = 0;
    bytes[offset + 2] = 0;
    bytes[offset + 3] = 1;
  }

  private static void receive(byte[] datagram) {
    long before = FIXTURE.count(TransportCounter.DATAGRAMS_RECEIVED);
    // Beyond the window of the failure limit, so that every datagram gets to the cipher.
    FIXTURE.nowNs += 30_000_000;
    FIXTURE.receive(datagram, CLIENT);
    FIXTURE.discardSent();
    FIXTURE.discardInbound();

    assertThat(FIXTURE.count(TransportCounter.DATAGRAMS_RECEIVED)).isEqualTo(before + 1);
    assertThat(FIXTURE.parts.peers.addressCount()).isEqualTo(1);
  }
}
