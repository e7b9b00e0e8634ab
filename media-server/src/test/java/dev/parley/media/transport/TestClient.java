package dev.parley.media.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.dtls.CertificateFingerprint;
import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsFailure;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsListener;
import dev.parley.media.dtls.DtlsSession;
import dev.parley.media.ice.IceCredentials;
import dev.parley.media.packet.Limits;
import dev.parley.media.packet.PacketKind;
import dev.parley.media.rtcp.ReceptionStatistics;
import dev.parley.media.rtcp.RtcpWriter;
import dev.parley.media.rtp.AudioLevel;
import dev.parley.media.rtp.RtpPacketWriter;
import dev.parley.media.srtp.ProtectResult;
import dev.parley.media.srtp.SrtpKeys;
import dev.parley.media.srtp.SrtpReceiver;
import dev.parley.media.srtp.SrtpSender;
import dev.parley.media.srtp.UnprotectResult;
import dev.parley.media.stun.MessageIntegrity;
import dev.parley.media.stun.StunMessage;
import dev.parley.media.stun.StunMessageWriter;
import dev.parley.media.stun.StunType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A WebRTC client's transport in small: checks, DTLS-SRTP, RTP; one wire that may change. */
final class TestClient implements AutoCloseable, DtlsListener {
  static final int SSRC = 0x5151;

  private static final long TIMEOUT_SECONDS = 10;

  final BlockingQueue<byte[]> stun = new LinkedBlockingQueue<>();
  final BlockingQueue<byte[]> media = new LinkedBlockingQueue<>();
  final CompletableFuture<SrtpKeys> keys = new CompletableFuture<>();
  final CompletableFuture<DtlsFailure> failure = new CompletableFuture<>();
  final CompletableFuture<Boolean> closed = new CompletableFuture<>();
  private final InetSocketAddress server;
  private IceCredentials ice;
  private final StunMessageWriter stunWriter = new StunMessageWriter(new MessageIntegrity());
  private final RtpPacketWriter rtpWriter = new RtpPacketWriter();
  private final byte[] bytes = new byte[Limits.DATAGRAM_LENGTH_MAX + 64];
  private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
  private final WireKind kind;
  private volatile TestWire wire;
  private volatile @Nullable DtlsSession dtls;
  private @Nullable SrtpSender sender;
  private @Nullable SrtpReceiver receiver;
  private long transaction;

  /** How to open a wire to a server. */
  interface WireKind {
    TestWire open(InetSocketAddress server) throws IOException;
  }

  TestClient(InetSocketAddress server, IceCredentials ice) {
    this(server, ice, TestWire::udp);
  }

  TestClient(InetSocketAddress server, IceCredentials ice, WireKind kind) {
    this.server = server;
    this.ice = ice;
    this.kind = kind;
    wire = open();
  }

  private TestWire open() {
    try {
      TestWire opened = kind.open(server);
      Thread.ofVirtual().start(() -> read(opened));
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on checks are of a new ICE session. */
  void restartIce(IceCredentials following) {
    ice = following;
  }

  /** As when a NAT gives the client another port. */
  void changePort() {
    TestWire old = wire;
    wire = open();
    old.close();
  }

  private void read(TestWire from) {
    while (true) {
      byte[] datagram;
      try {
        datagram = from.receive();
      } catch (IOException _) {
        return;
      }
      switch (PacketKind.of(datagram[0] & 0xFF, datagram[1] & 0xFF)) {
        case STUN -> stun.add(datagram);
        case DTLS -> offer(datagram);
        default -> media.add(datagram);
      }
    }
  }

  private void offer(byte[] datagram) {
    DtlsSession session = dtls;
    if (session != null) {
      session.offer(datagram, 0, datagram.length, System.nanoTime());
    }
  }

  /** Sends a check and waits for its answer. */
  StunMessage check(boolean useCandidate) throws InterruptedException {
    sendCheck(useCandidate);
    return answer();
  }

  void sendCheck(boolean useCandidate) {
    byte[] username = (ice.localFragment() + ":remo").getBytes(US_ASCII);
    stunWriter.begin(buffer, 0, StunType.BINDING_REQUEST, 1, ++transaction);
    stunWriter.username(username).priority(1000).iceControlling(9);
    if (useCandidate) {
      stunWriter.useCandidate();
    }
    send(bytes, stunWriter.finish(ice.key()));
  }

  StunMessage answer() throws InterruptedException {
    byte[] datagram = stun.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    assertThat(datagram).as("answer to a check").isNotNull();
    StunMessage answer = new StunMessage();
    answer.wrap(new UnsafeBuffer(datagram), 0, datagram.length);
    return answer;
  }

  void handshake(CertificateFingerprint serverFingerprint, DtlsIdentity identity) {
    DtlsClient client =
        new DtlsClient(identity, TestLoop.DTLS_LIMITS, TestLoop.RANDOM, System::nanoTime);
    dtls =
        client.connect(
            serverFingerprint,
            (out, offset, length) -> send(Arrays.copyOfRange(out, offset, offset + length), length),
            this);
  }

  /** Checks, nominates, shakes hands. */
  void connect() throws Exception {
    assertThat(check(true).type()).isEqualTo(StunType.BINDING_SUCCESS);
    handshake(TestLoop.SERVER.fingerprint(), TestLoop.CLIENT);
    SrtpKeys agreed = keys.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    sender = new SrtpSender(agreed.profile(), agreed.clientWrite());
    receiver = new SrtpReceiver(agreed.profile(), agreed.serverWrite());
  }

  byte[] protectedRtp(int sequenceNumber, String payload) {
    rtpWriter.begin(buffer, 0, 111, false).source(SSRC, sequenceNumber, 960 * sequenceNumber);
    rtpWriter.beginExtensions(false);
    rtpWriter.extension(TestLoop.LEVEL_ID, AudioLevel.element(-40, true)).endExtensions();
    int length =
        rtpWriter.payload(new UnsafeBuffer(payload.getBytes(US_ASCII)), 0, payload.length());
    assertThat(sender()).isNotNull();
    assertThat(sender().protectRtp(bytes, 0, length)).isEqualTo(ProtectResult.OK);
    return Arrays.copyOf(bytes, sender().length());
  }

  void sendRtp(int sequenceNumber, String payload) {
    byte[] datagram = protectedRtp(sequenceNumber, payload);
    send(datagram, datagram.length);
  }

  void sendReport(ReceptionStatistics statistics) {
    RtcpWriter writer = new RtcpWriter();
    writer.begin(buffer, 0).receiverReport(SSRC).reportBlock(statistics, System.nanoTime());
    writer.cname(SSRC, "client".getBytes(US_ASCII));
    assertThat(sender().protectRtcp(bytes, 0, writer.length())).isEqualTo(ProtectResult.OK);
    send(bytes, sender().length());
  }

  /** The next packet of the kind, decrypted; others are read over. */
  byte[] receive(PacketKind kind) throws InterruptedException {
    SrtpReceiver from = receiver;
    assertThat(from).isNotNull();
    for (int i = 0; i < 1000; i++) {
      byte[] datagram = media.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      assertThat(datagram).as("received " + kind).isNotNull();
      boolean isRtcp = PacketKind.of(datagram[0] & 0xFF, datagram[1] & 0xFF) == PacketKind.RTCP;
      UnprotectResult result =
          isRtcp
              ? from.unprotectRtcp(datagram, 0, datagram.length)
              : from.unprotectRtp(datagram, 0, datagram.length);
      assertThat(result).isEqualTo(UnprotectResult.OK);
      if (isRtcp == (kind == PacketKind.RTCP)) {
        return Arrays.copyOf(datagram, from.length());
      }
    }
    throw new AssertionError("no " + kind);
  }

  private SrtpSender sender() {
    SrtpSender connected = sender;
    if (connected == null) {
      throw new IllegalStateException("not connected");
    }
    return connected;
  }

  void send(byte[] datagram, int length) {
    try {
      wire.send(datagram, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the DTLS session with a close_notify. */
  void closeSession() {
    DtlsSession session = dtls;
    if (session != null) {
      session.close();
    }
  }

  @Override
  public void onConnected(SrtpKeys agreed) {
    keys.complete(agreed);
  }

  @Override
  public void onFailed(DtlsFailure reason) {
    failure.complete(reason);
  }

  @Override
  public void onClosed() {
    closed.complete(true);
  }

  @Override
  public void close() {
    closeSession();
    wire.close();
  }
}
