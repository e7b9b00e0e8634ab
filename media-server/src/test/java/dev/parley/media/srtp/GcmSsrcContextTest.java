package dev.parley.media.srtp;

import static dev.parley.media.srtp.SrtpRfcTest.RFC7714_KEY;
import static dev.parley.media.srtp.SrtpRfcTest.RFC7714_SALT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GcmSsrcContextTest {
  private GcmCipher seals;
  private GcmCipher opens;

  @BeforeEach
  void open() {
    assumeTrue(SrtpCiphers.hasLibcrypto());
    seals = new GcmCipher(true, RFC7714_KEY, RFC7714_SALT);
    opens = new GcmCipher(false, RFC7714_KEY, RFC7714_SALT);
  }

  @AfterEach
  void close() {
    if (seals != null) {
      seals.close();
      opens.close();
    }
  }

  @Test
  void rfc7714Section16BothWays() {
    byte[] clear = SrtpRfcTest.rfc7714RtpClear();
    byte[] packet = Arrays.copyOf(clear, clear.length + 16);

    ProtectResult sent =
        new GcmSsrcContext(seals, seals)
            .protectRtp(new UnsafeBuffer(packet), 0, 12, clear.length, 0xF17B);

    assertThat(sent).isEqualTo(ProtectResult.OK);
    assertThat(packet).isEqualTo(SrtpRfcTest.rfc7714RtpProtected());
    assertThat(new GcmSsrcContext(opens, opens).unprotectRtp(packet, 0, packet.length))
        .isEqualTo(UnprotectResult.OK);
    assertThat(Arrays.copyOf(packet, clear.length)).isEqualTo(clear);
  }

  @Test
  void rfc7714Section17BothWays() {
    byte[] clear = SrtpRfcTest.rfc7714RtcpClear();
    byte[] packet = Arrays.copyOf(clear, clear.length + 20);

    ProtectResult sent =
        new GcmSsrcContext(seals, seals, 0x5D4)
            .protectRtcp(new UnsafeBuffer(packet), 0, clear.length);

    assertThat(sent).isEqualTo(ProtectResult.OK);
    assertThat(packet).isEqualTo(SrtpRfcTest.rfc7714RtcpProtected());
    GcmSsrcContext receiver = new GcmSsrcContext(opens, opens);
    assertThat(receiver.unprotectRtcp(packet.clone(), 0, packet.length))
        .isEqualTo(UnprotectResult.OK);
    assertThat(receiver.unprotectRtcp(packet, 0, packet.length))
        .isEqualTo(UnprotectResult.REPLAYED);
  }

  @Test
  void keyIsNotUsedBeyondItsLastIndex() {
    UnsafeBuffer packet = new UnsafeBuffer(Arrays.copyOf(Packets.rtp(1, 65_535, 20), 60));
    UnsafeBuffer report = new UnsafeBuffer(Arrays.copyOf(Packets.rtcp(1, 2), 60));
    GcmSsrcContext context = new GcmSsrcContext(seals, seals, GcmSsrcContext.RTCP_INDEX_MAX);

    assertThat(context.protectRtp(packet, 0, 12, 32, PacketIndex.MAX + 1))
        .isEqualTo(ProtectResult.REPLAYED);
    assertThat(context.protectRtcp(report, 0, 16)).isEqualTo(ProtectResult.OK);
    assertThat(context.protectRtcp(report, 0, 16)).isEqualTo(ProtectResult.REPLAYED);
  }

  /** A nonce serves one packet: what comes after its end needs another. */
  @Test
  void cipherForgetsTheNonceWithThePacket() {
    UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(48));
    long address = packet.addressOffset();
    assertThat(seals.startSealing(PacketScratch.ofThread(), 1, 1)).isTrue();
    assertThat(seals.header(address, 12)).isTrue();
    assertThat(seals.payload(address + 12, 20)).isTrue();
    assertThat(seals.writeTag(address + 32)).isTrue();

    assertThat(seals.payload(address + 12, 20)).isFalse();
  }

  @Test
  void packetLongerThanADatagramIsRefused() {
    byte[] buffer = new byte[2_000];
    buffer[2_000 - GcmSsrcContext.INDEX_LENGTH] = (byte) 0x80;
    UnsafeBuffer sent = new UnsafeBuffer(buffer.clone());
    GcmSsrcContext sender = new GcmSsrcContext(seals, seals);
    GcmSsrcContext receiver = new GcmSsrcContext(opens, opens);
    int tooLong = PacketScratch.PACKET_LENGTH_MAX - 15;

    assertThat(sender.protectRtp(sent, 0, 12, tooLong, 0)).isEqualTo(ProtectResult.MALFORMED);
    assertThat(sender.protectRtp(sent, 0, 12, tooLong - 1, 0)).isEqualTo(ProtectResult.OK);
    assertThat(sender.protectRtcp(sent, 0, tooLong - 4)).isEqualTo(ProtectResult.MALFORMED);
    assertThat(sender.protectRtcp(sent, 0, tooLong - 5)).isEqualTo(ProtectResult.OK);
    assertThat(receiver.unprotectRtp(buffer, 0, 2_000)).isEqualTo(UnprotectResult.MALFORMED);
    assertThat(receiver.unprotectRtcp(buffer, 0, 2_000)).isEqualTo(UnprotectResult.MALFORMED);
  }

  @Test
  void whatIsNotAuthenticStaysAsItWas() {
    byte[] packet = SrtpRfcTest.rfc7714RtpProtected();
    packet[20] ^= 1;
    byte[] before = packet.clone();

    assertThat(new GcmSsrcContext(opens, opens).unprotectRtp(packet, 0, packet.length))
        .isEqualTo(UnprotectResult.NOT_AUTHENTIC);

    assertThat(packet).isEqualTo(before);
  }

  @Test
  void whatIsBesideThePacketStaysAsItWas() {
    byte[] clear = Packets.rtp(1, 5, 20);
    byte[] buffer = new byte[100];
    Arrays.fill(buffer, (byte) 0x5A);
    System.arraycopy(clear, 0, buffer, 30, clear.length);

    UnsafeBuffer outside = new UnsafeBuffer(ByteBuffer.allocateDirect(100));
    outside.putBytes(0, buffer);

    for (UnsafeBuffer each : List.of(new UnsafeBuffer(buffer), outside)) {
      assertThat(new GcmSsrcContext(seals, seals).protectRtp(each, 30, 12, clear.length, 5))
          .isEqualTo(ProtectResult.OK);
    }

    assertThat(Arrays.copyOf(buffer, 30)).containsOnly(0x5A);
    assertThat(Arrays.copyOfRange(buffer, 30 + clear.length + 16, 100)).containsOnly(0x5A);
    byte[] sameOutside = new byte[100];
    outside.getBytes(0, sameOutside);
    assertThat(sameOutside).isEqualTo(buffer);
  }

  @Test
  @SuppressWarnings("restricted")
  void libcryptoIsInUseWhereItIs() {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup.libraryLookup("libcrypto.so.3", arena);
    } catch (IllegalArgumentException absent) {
      return;
    }
    assertThat(SrtpCiphers.hasLibcrypto()).isTrue();
    assertThat(SrtpCiphers.implementation()).startsWith("OpenSSL");
  }
}
