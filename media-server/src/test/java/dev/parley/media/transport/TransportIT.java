package dev.parley.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.ice.IceCredentials;
import dev.parley.media.ice.IceTimes;
import dev.parley.media.packet.Limits;
import dev.parley.media.packet.PacketKind;
import dev.parley.media.packet.PeerState;
import dev.parley.media.rtcp.ReceptionStatistics;
import dev.parley.media.rtcp.RtcpCompound;
import dev.parley.media.rtcp.RtcpParseResult;
import dev.parley.media.rtcp.RtcpType;
import dev.parley.media.rtp.AudioLevel;
import dev.parley.media.rtp.RtpPacket;
import dev.parley.media.rtp.RtpParseResult;
import dev.parley.media.stun.StunType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransportIT {
  private static final int PEER = 7;
  private static final IceTimes SHORT = new IceTimes(300_000_000L, 200_000_000L, 800_000_000L);

  private final IceCredentials ice = IceCredentials.generate("remo", TestLoop.RANDOM);
  private final IceCredentials next = IceCredentials.generate("remo", TestLoop.RANDOM);

  @ParameterizedTest
  @CsvSource({"true, 127.0.0.1", "false, 127.0.0.1", "true, ::1", "false, ::1"})
  void voiceGoesBothWays(boolean nativeTransport, String address) throws Exception {
    try (TestLoop server = new TestLoop(nativeTransport, IceTimes.DEFAULT, "127.0.0.1", "::1");
        TestClient client = client(server, address)) {
      assertVoiceGoesBothWays(server, client);
      assertThat(server.loop.usesEpoll()).isEqualTo(nativeTransport);
    }
  }

  @ParameterizedTest
  @CsvSource({"true, 127.0.0.1", "false, 127.0.0.1", "true, ::1", "false, ::1"})
  void voiceGoesBothWaysByTcp(boolean nativeTransport, String address) throws Exception {
    try (TestLoop server = new TestLoop(nativeTransport, IceTimes.DEFAULT, "127.0.0.1", "::1");
        TestClient client = tcpClient(server, address)) {
      assertVoiceGoesBothWays(server, client);
      assertThat(server.loop.proxy().removePeer(PEER)).isTrue();
      assertThat(client.closed.get(10, TimeUnit.SECONDS)).as("its goodbye").isTrue();
    }
  }

  @Test
  void voiceGoesOnByAnotherConnection() throws Exception {
    try (TestLoop server = new TestLoop(true, IceTimes.DEFAULT, "127.0.0.1");
        TestClient client = tcpClient(server, "127.0.0.1")) {
      server.add(PEER, ice);
      client.connect();
      server.awaitState(PeerState.CONNECTED);

      client.changePort();
      server.await(() -> server.count(TransportCounter.TCP_CONNECTIONS_CLOSED) == 1, "closed");
      assertThat(client.check(true).type()).isEqualTo(StunType.BINDING_SUCCESS);
      client.sendRtp(2, "after");
      server.await(() -> server.voices.size() == 1, "voice after");
      server.send(PEER, 12, "down");

      assertOutgoing(client.receive(PacketKind.RTP));
      assertThat(server.states).doesNotContain(PeerState.RECONNECTING);
    }
  }

  /** So many at once wait in the kernel for the loop's next polls. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aRushOfConnectionsIsTakenBitByBit(boolean nativeTransport) throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try (TestLoop server = new TestLoop(nativeTransport, IceTimes.DEFAULT, "127.0.0.1")) {
      int rush = 2 * Limits.UNPROVEN_CONNECTIONS_PER_ADDRESS_MAX;
      for (int i = 0; i < rush; i++) {
        sockets.add(new Socket(InetAddress.ofLiteral("127.0.0.1"), server.loop.tcpPort()));
      }

      server.await(
          () ->
              server.count(TransportCounter.TCP_CONNECTIONS_ACCEPTED)
                      + server.count(TransportCounter.TCP_CONNECTIONS_REFUSED)
                  == rush,
          "all looked at");

      assertThat(server.count(TransportCounter.TCP_CONNECTIONS_ACCEPTED))
          .isGreaterThanOrEqualTo(Limits.UNPROVEN_CONNECTIONS_PER_ADDRESS_MAX);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private void assertVoiceGoesBothWays(TestLoop server, TestClient client) throws Exception {
    server.add(PEER, ice);
    client.connect();
    server.awaitState(PeerState.CONNECTED);

    client.sendRtp(65535, "up");
    server.await(() -> !server.voices.isEmpty(), "voice");
    server.send(PEER, 12, "down");

    assertThat(server.voices)
        .containsExactly(new TestLoop.Voice(PEER, TestClient.SSRC, 65535, -40, "up"));
    assertOutgoing(client.receive(PacketKind.RTP));
  }

  private TestClient tcpClient(TestLoop server, String address) {
    return new TestClient(
        new InetSocketAddress(InetAddress.ofLiteral(address), server.loop.tcpPort()),
        ice,
        TestWire::tcp);
  }

  private static void assertOutgoing(byte[] bytes) {
    RtpPacket packet = new RtpPacket();
    assertThat(packet.wrap(new UnsafeBuffer(bytes), 0, bytes.length))
        .isEqualTo(RtpParseResult.VALID);
    assertThat(packet.ssrc()).isEqualTo(TestLoop.LINE.ssrc());
    assertThat(packet.payloadType()).isEqualTo(111);
    assertThat(packet.sequenceNumber()).isEqualTo(12);
    assertThat(packet.timestampTicks()).isEqualTo(12 * 960);
    assertThat(packet.marker()).isTrue();
    assertThat(packet.csrcCount()).isEqualTo(1);
    assertThat(packet.csrc(0)).isEqualTo(77);
    assertThat(bytes[packet.findExtension(TestLoop.LINE.midExtensionId())]).isEqualTo((byte) '1');
    int level = bytes[packet.findExtension(TestLoop.LINE.audioLevelExtensionId())];
    assertThat(AudioLevel.levelDbov(level)).isEqualTo(-30);
    int csrcLevel = bytes[packet.findExtension(TestLoop.LINE.mixerToClientExtensionId())];
    assertThat(AudioLevel.levelDbov(csrcLevel)).isEqualTo(-20);
    String payload =
        new String(
            bytes, packet.payloadOffset(), packet.payloadLength(), StandardCharsets.US_ASCII);
    assertThat(payload).isEqualTo("down");
  }

  @Test
  void voiceGoesOnWhenTheClientsPortChanges() throws Exception {
    try (TestLoop server = new TestLoop(true, IceTimes.DEFAULT, "127.0.0.1");
        TestClient client = client(server, "127.0.0.1")) {
      server.add(PEER, ice);
      client.connect();
      server.awaitState(PeerState.CONNECTED);
      client.sendRtp(1, "before");
      server.await(() -> server.voices.size() == 1, "voice before");

      client.changePort();
      assertThat(client.check(true).type()).isEqualTo(StunType.BINDING_SUCCESS);
      client.sendRtp(2, "after");
      server.await(() -> server.voices.size() == 2, "voice after");
      server.send(PEER, 12, "down");

      assertOutgoing(client.receive(PacketKind.RTP));
      assertThat(server.count(TransportCounter.ADDRESS_CHANGES)).isEqualTo(1);
      assertThat(server.states).doesNotContain(PeerState.RECONNECTING);
    }
  }

  @Test
  void voiceGoesOnWithTheSameKeysWhileIceBeginsAnewOnAnotherNetwork() throws Exception {
    try (TestLoop server = new TestLoop(true, IceTimes.DEFAULT, "127.0.0.1");
        TestClient client = client(server, "127.0.0.1")) {
      server.add(PEER, ice);
      client.connect();
      server.awaitState(PeerState.CONNECTED);
      client.sendRtp(1, "before");
      server.await(() -> server.voices.size() == 1, "voice before");

      server.restartIce(PEER, next);
      client.sendRtp(2, "during");
      server.await(() -> server.voices.size() == 2, "voice during");
      assertThat(client.check(false).type())
          .as("the old session's consent")
          .isEqualTo(StunType.BINDING_SUCCESS);
      client.restartIce(next);
      client.changePort();
      assertThat(client.check(false).type()).isEqualTo(StunType.BINDING_SUCCESS);
      assertThat(server.count(TransportCounter.ICE_RESTARTS)).isZero();
      assertThat(client.check(true).type()).isEqualTo(StunType.BINDING_SUCCESS);
      client.sendRtp(3, "after");
      server.await(() -> server.voices.size() == 3, "voice after");
      server.send(PEER, 12, "down");

      assertOutgoing(client.receive(PacketKind.RTP));
      assertThat(server.count(TransportCounter.ICE_RESTARTS)).isEqualTo(1);
      assertThat(server.count(TransportCounter.PEERS_CONNECTED)).isEqualTo(1);
      assertThat(server.states).doesNotContain(PeerState.RECONNECTING);
      client.restartIce(ice);
      assertThat(client.check(true).type())
          .as("the old session is over")
          .isEqualTo(StunType.BINDING_ERROR);
    }
  }

  @Test
  void reportsGoBothWays() throws Exception {
    try (TestLoop server = new TestLoop(true, IceTimes.DEFAULT, "127.0.0.1");
        TestClient client = client(server, "127.0.0.1")) {
      server.add(PEER, ice);
      client.connect();
      server.awaitState(PeerState.CONNECTED);
      client.sendRtp(1, "up");
      client.sendRtp(4, "up");
      server.await(() -> server.voices.size() == 2, "voices");
      server.send(PEER, 12, "down");
      assertOutgoing(client.receive(PacketKind.RTP));

      RtcpCompound compound = new RtcpCompound();
      do {
        byte[] bytes = client.receive(PacketKind.RTCP);
        assertThat(compound.wrap(new UnsafeBuffer(bytes), 0, bytes.length))
            .isEqualTo(RtcpParseResult.VALID);
        assertThat(compound.next()).isTrue();
      } while (compound.type() != RtcpType.SENDER_REPORT || compound.count() == 0);

      assertThat(compound.senderSsrc()).isEqualTo(TestLoop.LINE.ssrc());
      assertThat(compound.packetCount()).isEqualTo(1);
      assertThat(compound.octetCount()).isEqualTo(4);
      assertThat(compound.reportSsrc(0)).isEqualTo(TestClient.SSRC);
      assertThat(compound.cumulativeLost(0)).isEqualTo(2);
      answer(client, compound.ntpTimestamp());
      server.await(() -> !server.reports.isEmpty(), "report");
      assertThat(server.reports.getFirst().peerId()).isEqualTo(PEER);
      assertThat(server.reports.getFirst().roundTripNs()).isBetween(0L, 2_000_000_000L);
      assertThat(compound.next()).isTrue();
      assertThat(compound.cnameLength()).isZero();
      assertThat(compound.cnameOffset()).isPositive();
      assertThat(compound.cnameLength()).isEqualTo("parley".length());
    }
  }

  private static void answer(TestClient client, long ntpTimestamp) {
    ReceptionStatistics statistics = new ReceptionStatistics();
    statistics.reset(TestLoop.LINE.ssrc());
    statistics.onPacket(12, 0, System.nanoTime());
    statistics.onSenderReport(ntpTimestamp, System.nanoTime());
    client.sendReport(statistics);
  }

  @Test
  void silenceIsToldAndThenEndsThePeer() throws Exception {
    try (TestLoop server = new TestLoop(true, SHORT, "127.0.0.1");
        TestClient client = client(server, "127.0.0.1")) {
      server.add(PEER, ice);
      assertThat(client.check(true).type()).isEqualTo(StunType.BINDING_SUCCESS);
      server.awaitState(PeerState.CONSENT_EXPIRED);

      server.await(() -> server.count(TransportCounter.PEERS_REMOVED) == 1, "removed");
      assertThat(server.loop.proxy().peerCount()).isZero();
      client.sendCheck(true);
      assertThat(client.answer().errorCode()).isEqualTo(401);
    }
  }

  @Test
  void peerThatNeverComesTimesOut() throws Exception {
    try (TestLoop server = new TestLoop(true, SHORT, "127.0.0.1")) {
      server.add(PEER, ice);
      server.awaitState(PeerState.CONNECT_TIMEOUT);

      assertThat(server.states).containsExactly(PeerState.CONNECT_TIMEOUT);
    }
  }

  @Test
  void wrongCertificateEndsThePeer() throws Exception {
    try (TestLoop server = new TestLoop(true, IceTimes.DEFAULT, "127.0.0.1");
        TestClient client = client(server, "127.0.0.1")) {
      server.add(PEER, ice);
      client.check(true);
      client.handshake(
          TestLoop.SERVER.fingerprint(), DtlsIdentity.selfSigned(Instant.EPOCH, TestLoop.RANDOM));

      server.awaitState(PeerState.DTLS_FAILED);
      assertThat(server.count(TransportCounter.DTLS_FAILURES)).isEqualTo(1);
    }
  }

  @Test
  void closeNotifyEndsThePeer() throws Exception {
    try (TestLoop server = new TestLoop(true, IceTimes.DEFAULT, "127.0.0.1");
        TestClient client = client(server, "127.0.0.1")) {
      server.add(PEER, ice);
      client.connect();
      server.awaitState(PeerState.CONNECTED);

      client.closeSession();

      server.awaitState(PeerState.CLOSED_BY_PEER);
    }
  }

  @Test
  void removedPeerIsToldAndGetsNothingMore() throws Exception {
    try (TestLoop server = new TestLoop(true, IceTimes.DEFAULT, "127.0.0.1");
        TestClient client = client(server, "127.0.0.1")) {
      server.add(PEER, ice);
      client.connect();
      server.awaitState(PeerState.CONNECTED);

      assertThat(server.loop.proxy().removePeer(PEER)).isTrue();
      assertThat(client.closed.get(10, TimeUnit.SECONDS)).isTrue();
      server.send(PEER, 1, "late");
      client.sendRtp(5, "late");

      server.await(() -> server.count(TransportCounter.OUTGOING_UNKNOWN_PEER) == 1, "down");
      server.await(() -> server.count(TransportCounter.MEDIA_UNKNOWN_ADDRESS) == 1, "up");
      assertThat(server.loop.proxy().peerCount()).isZero();
      assertThat(server.voices).isEmpty();
    }
  }

  @Test
  void allAddressesShareOnePort() throws Exception {
    try (TestLoop server = new TestLoop(true, IceTimes.DEFAULT, "127.0.0.1", "127.0.0.2", "::1")) {
      for (String address : new String[] {"127.0.0.1", "127.0.0.2", "::1"}) {
        try (TestClient client = client(server, address)) {
          client.sendCheck(false);
          assertThat(client.answer().errorCode()).isEqualTo(401);
        }
      }
    }
  }

  private TestClient client(TestLoop server, String address) {
    return new TestClient(
        new InetSocketAddress(InetAddress.ofLiteral(address), server.loop.port()), ice);
  }
}
