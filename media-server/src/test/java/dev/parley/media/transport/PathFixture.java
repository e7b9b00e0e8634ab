package dev.parley.media.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.parley.media.dtls.DtlsServer;
import dev.parley.media.ice.IceCredentials;
import dev.parley.media.ice.IceTimes;
import dev.parley.media.ice.TransportAddress;
import dev.parley.media.packet.Limits;
import dev.parley.media.packet.MediaRing;
import dev.parley.media.rtp.AudioLevel;
import dev.parley.media.rtp.RtpPacketWriter;
import dev.parley.media.srtp.SrtpKeys;
import dev.parley.media.srtp.SrtpProfile;
import dev.parley.media.srtp.SrtpSender;
import dev.parley.media.stun.MessageIntegrity;
import dev.parley.media.stun.StunMessageWriter;
import dev.parley.media.stun.StunType;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/** The stages of an event loop without a thread or a socket, under a clock moved by hand. */
final class PathFixture implements AutoCloseable {
  static final int PEER = 7;
  static final int SSRC = 0x5151;
  static final long SECOND_NS = 1_000_000_000L;
  static final InetSocketAddress CLIENT =
      new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 4000);

  final OneToOneRingBuffer inbound = MediaRing.ofCapacity(1 << 20);
  final OneToOneRingBuffer outbound = MediaRing.ofCapacity(1 << 20);
  final IceCredentials ice = IceCredentials.of("localufr", "a-password-of-24-letters", "remo");
  final DtlsServer dtls =
      new DtlsServer(TestLoop.SERVER, TestLoop.DTLS_LIMITS, TestLoop.RANDOM, System::nanoTime);
  final Queue<Runnable> tasks = new ArrayDeque<>();
  final TransportCounters counters = new TransportCounters();
  final LoopParts parts;
  final ReceivePath receivePath;
  final SendPath sendPath;
  final EmbeddedChannel channel;
  final MediaSocket socket;
  final SrtpSender clientSender;
  final Peer peer;
  long nowNs = 5 * SECOND_NS;
  final SrtpKeys keys;
  private final StunMessageWriter stunWriter = new StunMessageWriter(new MessageIntegrity());
  private final RtpPacketWriter rtpWriter = new RtpPacketWriter();
  private final byte[] bytes = new byte[Limits.DATAGRAM_LENGTH_MAX + 64];
  private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
  private final SourceAddress source = new SourceAddress();

  PathFixture(SrtpProfile profile) {
    this(profile, true);
  }

  PathFixture(SrtpProfile profile, boolean peerMaySend) {
    this(profile, peerMaySend, TestLoop.LINE);
  }

  PathFixture(SrtpProfile profile, boolean peerMaySend, OutgoingLine line) {
    MediaEventLoopSettings settings =
        new MediaEventLoopSettings(
            0,
            List.of(InetAddress.ofLiteral("127.0.0.1")),
            0,
            MediaEventLoopSettings.NO_TCP,
            () -> nowNs,
            () -> nowNs,
            Instant::now,
            dtls,
            IceTimes.DEFAULT,
            LoopAgent.NONE,
            List.of(new AgentRings(inbound, outbound, _ -> {})),
            42,
            false,
            Thread::new);
    parts = new LoopParts(settings, counters);
    receivePath = new ReceivePath(parts, new DtlsStage(parts, tasks::add));
    sendPath = new SendPath(parts);
    channel = new EmbeddedChannel();
    socket = new MediaSocket(new ChannelSender(channel, parts.counters), parts.counters);
    parts.sockets.add(socket);
    byte[] material = new byte[SrtpKeys.keyingMaterialLength(profile)];
    TestLoop.RANDOM.nextBytes(material);
    keys = SrtpKeys.ofKeyingMaterial(profile, material);
    clientSender = new SrtpSender(profile, keys.clientWrite());
    PeerDescription described = TestLoop.peer(PEER, ice);
    PeerDescription description =
        new PeerDescription(
            PEER,
            0,
            ice,
            described.fingerprint(),
            described.cname(),
            described.reportSsrc(),
            peerMaySend,
            described.audioLevelExtensionId(),
            List.of(line));
    peer = new Peer(description, IceTimes.DEFAULT, inbound, nowNs);
    parts.peers.add(peer);
  }

  /** As if the handshake had just ended. */
  PathFixture withKeys() {
    peer.onKeys(Keys.derive(keys, 0x1111, peer.description().lines()));
    return this;
  }

  /** As if a check from the client's address had just come. */
  PathFixture withPath() {
    receive(check("localufr", ice), CLIENT);
    discardSent();
    return this;
  }

  byte[] check(String localFragment, IceCredentials signer) {
    byte[] username = (localFragment + ":remo").getBytes(US_ASCII);
    stunWriter.begin(buffer, 0, StunType.BINDING_REQUEST, 1, 2).username(username);
    int length = stunWriter.priority(3).iceControlling(4).useCandidate().finish(signer.key());
    return Arrays.copyOf(bytes, length);
  }

  /** A protected voice packet of the client's with 100 bytes of payload. */
  byte[] voice(int ssrc, int sequenceNumber) {
    return voice(ssrc, sequenceNumber, 100);
  }

  byte[] voice(int ssrc, int sequenceNumber, int payloadLength) {
    return protectRtp(clearVoice(ssrc, sequenceNumber, payloadLength));
  }

  byte[] clearVoice(int ssrc, int sequenceNumber, int payloadLength) {
    rtpWriter.begin(buffer, 0, 111, false).source(ssrc, sequenceNumber, 960 * sequenceNumber);
    rtpWriter.beginExtensions(false);
    rtpWriter.extension(TestLoop.LEVEL_ID, AudioLevel.element(-40, true)).endExtensions();
    int length = rtpWriter.payload(new UnsafeBuffer(new byte[1400]), 0, payloadLength);
    return Arrays.copyOf(bytes, length);
  }

  byte[] protectRtp(byte[] clear) {
    byte[] room = Arrays.copyOf(clear, clear.length + 64);
    clientSender.protectRtp(room, 0, clear.length);
    return Arrays.copyOf(room, clientSender.length());
  }

  byte[] protectRtcp(byte[] clear) {
    byte[] room = Arrays.copyOf(clear, clear.length + 64);
    clientSender.protectRtcp(room, 0, clear.length);
    return Arrays.copyOf(room, clientSender.length());
  }

  void receive(byte[] datagram, InetSocketAddress from) {
    receive(datagram, source.set(TransportAddress.udp(from)));
  }

  void receive(byte[] datagram, SourceAddress from) {
    int taken = Math.min(datagram.length, Limits.DATAGRAM_LENGTH_MAX);
    System.arraycopy(datagram, 0, parts.received, 0, taken);
    receivePath.onDatagram(socket, datagram.length, from, receivePath.readNs());
    receivePath.onReadComplete();
  }

  long count(TransportCounter counter) {
    return counters.get(counter);
  }

  /** Datagrams sent since this was asked last. */
  int discardSent() {
    int count = 0;
    for (Object sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
      assert sent instanceof DatagramPacket : sent;
      ReferenceCountUtil.release(sent);
      count++;
    }
    return count;
  }

  /** The datagrams sent since this was asked last. */
  List<byte[]> takeSent() {
    List<byte[]> datagrams = new ArrayList<>();
    parts.flush();
    for (Object sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
      datagrams.add(ByteBufUtil.getBytes(((DatagramPacket) sent).content()));
      ReferenceCountUtil.release(sent);
    }
    return datagrams;
  }

  void discardInbound() {
    while (inbound.size() > 0) {
      inbound.read((type, ring, index, length) -> {});
    }
  }

  /** Releases what was sent and never taken, and what waits to be flushed. */
  @Override
  public void close() {
    parts.flush();
    channel.finishAndReleaseAll();
  }
}
