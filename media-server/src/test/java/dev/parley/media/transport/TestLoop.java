package dev.parley.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import dev.parley.media.dtls.DtlsServer;
import dev.parley.media.ice.IceCredentials;
import dev.parley.media.ice.IceTimes;
import dev.parley.media.packet.MediaRing;
import dev.parley.media.packet.OutgoingPacketWriter;
import dev.parley.media.packet.PeerState;
import dev.parley.media.packet.PeerStateChange;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.packet.ReceptionReport;
import dev.parley.media.packet.UplinkReport;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/** A running event loop on loopback, and the mix agent's end of its rings. */
final class TestLoop implements AutoCloseable {
  static final SecureRandom RANDOM = new SecureRandom();
  static final DtlsIdentity SERVER = DtlsIdentity.selfSigned(Instant.EPOCH, RANDOM);
  static final DtlsIdentity CLIENT = DtlsIdentity.selfSigned(Instant.EPOCH, RANDOM);
  static final DtlsLimits DTLS_LIMITS =
      new DtlsLimits(1, 64, Duration.ofSeconds(10), Duration.ofMillis(200));
  static final OutgoingLine LINE = new OutgoingLine(0xABCD, 111, "1", 4, 1, 5, true);
  static final int LEVEL_ID = 1;

  private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

  /** A voice packet as the mix agent sees it. */
  record Voice(int peerId, int ssrc, int sequenceNumber, int levelDbov, String payload) {}

  /** A report as the mix agent sees it. */
  record Report(int peerId, int fractionLost, long roundTripNs) {}

  final OneToOneRingBuffer inbound = MediaRing.ofCapacity(1 << 17);
  final OneToOneRingBuffer outbound = MediaRing.ofCapacity(1 << 17);
  final List<Voice> voices = new ArrayList<>();
  final List<PeerState> states = new ArrayList<>();
  final List<Report> reports = new ArrayList<>();
  final DtlsServer dtls = new DtlsServer(SERVER, DTLS_LIMITS, RANDOM, System::nanoTime);
  final MediaEventLoop loop;
  private final OutgoingPacketWriter writer = new OutgoingPacketWriter();
  private final ReceivedPacket received = new ReceivedPacket();
  private final PeerStateChange change = new PeerStateChange();
  private final ReceptionReport report = new ReceptionReport();

  TestLoop(boolean nativeTransport, IceTimes times, String... addresses) throws IOException {
    loop = new MediaEventLoop(settings(nativeTransport, times, addresses));
  }

  private MediaEventLoopSettings settings(
      boolean nativeTransport, IceTimes times, String... addresses) {
    return new MediaEventLoopSettings(
        0,
        Arrays.stream(addresses).map(InetAddress::ofLiteral).toList(),
        0,
        0,
        System::nanoTime,
        () -> System.currentTimeMillis() * 1_000_000,
        Instant::now,
        dtls,
        times,
        LoopAgent.NONE,
        List.of(new AgentRings(inbound, outbound, _ -> {})),
        42,
        nativeTransport,
        new DefaultThreadFactory("media-0"));
  }

  static PeerDescription peer(int peerId, IceCredentials ice) {
    return new PeerDescription(
        peerId, 0, ice, CLIENT.fingerprint(), "parley", 0x1111, true, LEVEL_ID, List.of(LINE));
  }

  void add(int peerId, IceCredentials ice) {
    long before = count(TransportCounter.PEERS_ADDED);
    assertThat(loop.proxy().addPeer(peer(peerId, ice))).isTrue();
    await(() -> count(TransportCounter.PEERS_ADDED) > before, "added");
  }

  void restartIce(int peerId, IceCredentials following) {
    assertThat(loop.proxy().restartIce(peerId, following)).isTrue();
  }

  long count(TransportCounter counter) {
    return loop.counters().get(counter);
  }

  /** Sends as the mix agent would, with one CSRC at -20 dBov. */
  void send(int peerId, int sequenceNumber, String payload) {
    byte[] bytes = payload.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    assertThat(writer.tryClaim(outbound, bytes.length, 1, 1)).isTrue();
    writer.level(-30, true).addCsrc(77, -20).payload(bytes, 0);
    writer.addTarget(peerId, 0, sequenceNumber, 960 * sequenceNumber, true).commit();
    loop.wake();
  }

  /** Takes what the loop wrote until the condition holds. */
  void await(BooleanSupplier condition, String what) {
    long deadlineNs = System.nanoTime() + TIMEOUT_NS;
    while (!condition.getAsBoolean()) {
      inbound.read(this::onMessage);
      assertThat(System.nanoTime() - deadlineNs).as(what).isNegative();
      Thread.onSpinWait();
      if (inbound.size() == 0) {
        java.util.concurrent.locks.LockSupport.parkNanos(200_000);
      }
    }
  }

  void awaitState(PeerState state) {
    await(() -> states.contains(state), state + " in " + states);
  }

  private void onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
    switch (type) {
      case ReceivedPacket.TYPE -> {
        received.wrap(buffer, index);
        voices.add(
            new Voice(
                received.peerId(),
                received.ssrc(),
                received.sequenceNumber(),
                received.levelDbov(),
                buffer.getStringWithoutLengthAscii(
                    received.payloadOffset(), received.payloadLength())));
      }
      case PeerStateChange.TYPE -> states.add(change.wrap(buffer, index).state());
      case ReceptionReport.TYPE -> {
        report.wrap(buffer, index);
        reports.add(new Report(report.peerId(), report.fractionLost(), report.roundTripNs()));
      }
      case UplinkReport.TYPE -> {
        // How we receive is what other tests look at.
      }
      default -> throw new AssertionError("type " + type);
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
