package dev.parley.media.transport;

import static dev.parley.media.transport.PathFixture.PEER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.packet.OutgoingPacketWriter;
import dev.parley.media.rtp.RtpPacket;
import dev.parley.media.rtp.RtpParseResult;
import dev.parley.media.srtp.SrtpProfile;
import dev.parley.media.srtp.SrtpReceiver;
import dev.parley.media.srtp.UnprotectResult;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** RED leaves an event loop under the receiver's own payload types, outside and inside. */
class RedSendTest {
  private static final OutgoingLine LINE = new OutgoingLine(0xABCD, 96, "1", 4, 1, 5, true, 120);

  /** One block of 2 bytes, 960 ticks older, under the talker's 111. */
  private static final byte[] RED = HexFormat.of().parseHex("EF0F00026FA1A2C1C2C3");

  private static final byte[] RED_FOR_RECEIVER = HexFormat.of().parseHex("E00F000260A1A2C1C2C3");

  @AutoClose
  private final PathFixture fixture =
      new PathFixture(SrtpProfile.AEAD_AES_128_GCM, true, LINE).withPath().withKeys();

  private final OutgoingPacketWriter writer = new OutgoingPacketWriter();
  private final RtpPacket packet = new RtpPacket();

  @Test
  void payloadTypesAreTheReceivers() {
    SrtpReceiver client =
        new SrtpReceiver(SrtpProfile.AEAD_AES_128_GCM, fixture.keys.serverWrite());
    send(RED, 1, true, false);
    assertThat(payload(client, fixture.takeSent())).isEqualTo(RED_FOR_RECEIVER);
    assertThat(packet.payloadType()).isEqualTo(120);

    // Opus of which the first byte happens to be the same.
    send(RED, 2, false, false);
    assertThat(payload(client, fixture.takeSent())).isEqualTo(RED);
    assertThat(packet.payloadType()).isEqualTo(96);
    client.close();
    assertThat(fixture.count(TransportCounter.RTP_SENT)).isEqualTo(2);
    assertThat(fixture.count(TransportCounter.RED_SENT)).isEqualTo(1);
  }

  @Test
  void redSentAgainIsTheSameToTheLastByte() {
    send(RED, 1, true, false);
    List<byte[]> first = fixture.takeSent();

    send(RED, 1, true, true);

    assertThat(fixture.takeSent()).hasSize(1).element(0).isEqualTo(first.getFirst());
    assertThat(fixture.count(TransportCounter.RETRANSMISSION_ALTERED)).isZero();
  }

  private void send(byte[] payload, int sequenceNumber, boolean isRed, boolean again) {
    assertThat(writer.tryClaim(fixture.outbound, payload.length, 1, 1)).isTrue();
    writer.level(-20, true);
    if (isRed) {
      writer.red();
    }
    if (again) {
      writer.retransmission();
    }
    writer.addCsrc(7, -20).payload(payload, 0);
    writer.addTarget(PEER, 0, sequenceNumber, 960 * sequenceNumber, false).commit();
    fixture.sendPath.at(fixture.nowNs);
    fixture.sendPath.drain(fixture.outbound);
  }

  private byte[] payload(SrtpReceiver client, List<byte[]> datagrams) {
    assertThat(datagrams).hasSize(1);
    byte[] datagram = datagrams.getFirst();
    assertThat(client.unprotectRtp(datagram, 0, datagram.length)).isEqualTo(UnprotectResult.OK);
    assertThat(packet.wrap(new UnsafeBuffer(datagram), 0, client.length()))
        .isEqualTo(RtpParseResult.VALID);
    int from = packet.payloadOffset();
    return Arrays.copyOfRange(datagram, from, from + packet.payloadLength());
  }
}
