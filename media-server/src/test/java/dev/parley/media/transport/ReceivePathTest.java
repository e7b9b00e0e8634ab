package dev.parley.media.transport;

import static dev.parley.media.transport.PathFixture.CLIENT;
import static dev.parley.media.transport.PathFixture.SECOND_NS;
import static dev.parley.media.transport.PathFixture.SSRC;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.parley.media.ice.IceCredentials;
import dev.parley.media.ice.TransportAddress;
import dev.parley.media.packet.Limits;
import dev.parley.media.srtp.SrtpProfile;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReceivePathTest {
  private static final int FLOOD = 20_000;
  private static final IceCredentials STRANGER =
      IceCredentials.of("localufr", "another-password-24-char", "remo");

  @AutoClose private final PathFixture fixture = new PathFixture(SrtpProfile.AEAD_AES_128_GCM);
  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void floodsFromSpoofedAddressesAreCountedAndLeaveMemoryFlat() {
    SourceAddress[] spoofed = spoofedAddresses();
    byte[] unknownCheck = fixture.check("nobodyis", STRANGER);
    byte[] forgedCheck = fixture.check("localufr", STRANGER);
    byte[] hello = new byte[200];
    hello[0] = 22;
    byte[] media = fixture.voice(SSRC, 1);
    fixture.withKeys();
    byte[][] datagrams = {unknownCheck, forgedCheck, hello, media};
    flood(datagrams, spoofed);
    int answered = fixture.discardSent();
    long beforeBytes = thread.getCurrentThreadAllocatedBytes();
    flood(datagrams, spoofed);
    long allocatedBytes = thread.getCurrentThreadAllocatedBytes() - beforeBytes;

    assertThat(fixture.count(TransportCounter.STUN_UNKNOWN_PEER)).isEqualTo(2 * FLOOD);
    assertThat(fixture.count(TransportCounter.STUN_NOT_AUTHENTIC)).isEqualTo(2 * FLOOD);
    assertThat(fixture.count(TransportCounter.DTLS_UNPROVEN_ADDRESS)).isEqualTo(2 * FLOOD);
    assertThat(fixture.count(TransportCounter.MEDIA_UNKNOWN_ADDRESS)).isEqualTo(2 * FLOOD);
    assertThat(fixture.parts.peers.addressCount()).isZero();
    assertThat(fixture.dtls.handshakesUnderWay()).isZero();
    assertThat(fixture.inbound.size()).isZero();
    // 256 addresses had their ten answers in this second; the rest got silence.
    assertThat(answered).isBetween(1, 256 * Limits.STUN_ERRORS_PER_SECOND_MAX);
    assertThat(fixture.discardSent()).isZero();
    assertThat(allocatedBytes).isLessThan(4L * FLOOD);
  }

  private void flood(byte[][] datagrams, SourceAddress[] from) {
    for (int i = 0; i < FLOOD; i++) {
      for (byte[] datagram : datagrams) {
        fixture.receive(datagram, from[i % from.length]);
      }
    }
  }

  private static SourceAddress[] spoofedAddresses() {
    SourceAddress[] addresses = new SourceAddress[1024];
    for (int i = 0; i < addresses.length; i++) {
      try {
        byte[] bytes = {(byte) 198, 51, 100, (byte) i};
        InetAddress host = InetAddress.getByAddress(bytes);
        addresses[i] =
            new SourceAddress(TransportAddress.udp(new InetSocketAddress(host, 1024 + i)));
      } catch (UnknownHostException e) {
        throw new IllegalStateException(e);
      }
    }
    return addresses;
  }

  @Test
  void victimBehindASpoofedAddressGetsTenErrorsASecond() {
    byte[] check = fixture.check("nobodyis", STRANGER);
    for (int i = 0; i < 1000; i++) {
      fixture.receive(check, new InetSocketAddress(CLIENT.getAddress(), 1 + i));
    }

    assertThat(fixture.discardSent()).isEqualTo(Limits.STUN_ERRORS_PER_SECOND_MAX);
    assertThat(fixture.count(TransportCounter.STUN_ERRORS_SUPPRESSED)).isEqualTo(990);
    fixture.nowNs += SECOND_NS;
    fixture.receive(check, CLIENT);
    assertThat(fixture.discardSent()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void forgerIsDroppedBeforeTheCipherAfterFiftyFailuresASecond(SrtpProfile profile) {
    try (PathFixture path = new PathFixture(profile).withPath().withKeys()) {
      byte[] forged = path.voice(SSRC, 1);
      forged[forged.length - 1] ^= 1;
      for (int i = 0; i < 1000; i++) {
        path.nowNs += 500_000;
        path.receive(forged, CLIENT);
      }
      long failures = path.count(TransportCounter.SRTP_NOT_AUTHENTIC);

      assertThat(failures).isEqualTo(Limits.AUTHENTICATION_FAILURES_PER_SECOND_MAX + 1);
      assertThat(path.count(TransportCounter.MEDIA_OVER_FAILURE_LIMIT)).isEqualTo(1000 - failures);
      path.nowNs += SECOND_NS;
      path.receive(path.voice(SSRC, 2), CLIENT);
      assertThat(path.count(TransportCounter.RTP_ACCEPTED)).isEqualTo(1);
    }
  }

  @Test
  void replayIsCountedAndHeardOnce() {
    fixture.withPath().withKeys();
    byte[] voice = fixture.voice(SSRC, 1);
    for (int i = 0; i < 200; i++) {
      fixture.receive(voice, CLIENT);
    }

    assertThat(fixture.count(TransportCounter.RTP_ACCEPTED)).isEqualTo(1);
    assertThat(fixture.count(TransportCounter.SRTP_REPLAYED)).isEqualTo(199);
  }

  @Test
  void inventedSsrcsCostNoContext() {
    fixture.withPath().withKeys();
    Random random = new Random(5);
    for (int i = 0; i < 40; i++) {
      byte[] forged = fixture.voice(SSRC, 1 + i);
      forged[8] = (byte) random.nextInt();
      forged[9] = (byte) random.nextInt();
      fixture.receive(forged, CLIENT);
    }
    for (int i = 0; i < 2 * Limits.SSRCS_PER_PEER_MAX; i++) {
      fixture.receive(fixture.voice(100 + i, 1), CLIENT);
    }

    assertThat(fixture.count(TransportCounter.SRTP_NOT_AUTHENTIC)).isEqualTo(40);
    assertThat(fixture.count(TransportCounter.RTP_ACCEPTED)).isEqualTo(Limits.SSRCS_PER_PEER_MAX);
    assertThat(fixture.count(TransportCounter.SRTP_TOO_MANY_SSRCS))
        .isEqualTo(Limits.SSRCS_PER_PEER_MAX);
  }

  @Test
  void eachOddDatagramHasItsCounter() {
    fixture.withPath();
    fixture.receive(fixture.voice(SSRC, 1), CLIENT);
    assertThat(fixture.count(TransportCounter.MEDIA_BEFORE_KEYS)).isEqualTo(1);

    fixture.withKeys();
    fixture.receive(new byte[] {1}, CLIENT);
    fixture.receive(fixture.voice(SSRC, 2), new InetSocketAddress(CLIENT.getAddress(), 0));
    fixture.receive(new byte[Limits.DATAGRAM_LENGTH_MAX + 1], CLIENT);
    fixture.receive(new byte[] {(byte) 200, 1, 2}, CLIENT);
    fixture.receive(new byte[] {0, 1, 0, 0}, CLIENT);
    fixture.receive(new byte[] {(byte) 128, 111, 0}, CLIENT);
    fixture.receive(fixture.voice(SSRC, 3, 0), CLIENT);
    fixture.receive(fixture.voice(SSRC, 4, Limits.PAYLOAD_LENGTH_MAX + 1), CLIENT);

    assertThat(fixture.count(TransportCounter.DROPPED_UNANSWERABLE)).isEqualTo(2);
    assertThat(fixture.count(TransportCounter.DROPPED_TOO_LONG)).isEqualTo(1);
    assertThat(fixture.count(TransportCounter.DROPPED_UNKNOWN_KIND)).isEqualTo(1);
    assertThat(fixture.count(TransportCounter.STUN_MALFORMED)).isEqualTo(1);
    assertThat(fixture.count(TransportCounter.SRTP_MALFORMED)).isEqualTo(1);
    assertThat(fixture.count(TransportCounter.RTP_WITHOUT_PAYLOAD)).isEqualTo(1);
    assertThat(fixture.count(TransportCounter.RTP_TOO_LONG)).isEqualTo(1);
    assertThat(fixture.count(TransportCounter.RTP_ACCEPTED)).isZero();
  }

  @Test
  void listenersVoiceIsNotTaken() {
    try (PathFixture listener =
        new PathFixture(SrtpProfile.AEAD_AES_128_GCM, false).withPath().withKeys()) {
      listener.receive(listener.voice(SSRC, 1), CLIENT);

      assertThat(listener.count(TransportCounter.RTP_NOT_NEGOTIATED)).isEqualTo(1);
      assertThat(listener.inbound.size()).isZero();
    }
  }

  @Test
  void fullRingDropsAndCounts() {
    fixture.withPath().withKeys();
    int sequenceNumber = 0;
    while (fixture.count(TransportCounter.INBOUND_RING_FULL) == 0) {
      fixture.receive(fixture.voice(SSRC, ++sequenceNumber), CLIENT);
    }

    assertThat(fixture.count(TransportCounter.RTP_ACCEPTED)).isEqualTo(sequenceNumber - 1);
    fixture.discardInbound();
    fixture.receive(fixture.voice(SSRC, ++sequenceNumber), CLIENT);
    assertThat(fixture.count(TransportCounter.RTP_ACCEPTED)).isEqualTo(sequenceNumber - 1);
  }

  @Test
  void addressBelongsToThePeerThatProvedItLast() {
    fixture.withPath();
    IceCredentials other = IceCredentials.of("otherufr", "b-password-of-24-letters", "remo");
    PeerDescription description = TestLoop.peer(8, other);
    Peer second =
        new Peer(description, fixture.parts.settings.iceTimes(), fixture.inbound, fixture.nowNs);
    fixture.parts.peers.add(second);
    fixture.receive(fixture.check("otherufr", other), CLIENT);
    fixture.parts.peers.remove(fixture.peer);

    Path path = fixture.parts.peers.byAddress(TransportAddress.udp(CLIENT));
    assertThat(path).isNotNull();
    assertThat(path.peer).isSameAs(second);
    fixture.parts.peers.remove(second);
    assertThat(fixture.parts.peers.addressCount()).isZero();
  }
}
