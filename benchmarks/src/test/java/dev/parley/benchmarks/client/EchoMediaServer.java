package dev.parley.benchmarks.client;

import static java.util.Objects.requireNonNull;

import dev.parley.media.dtls.CertificateFingerprint;
import dev.parley.media.dtls.DtlsFailure;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import dev.parley.media.dtls.DtlsListener;
import dev.parley.media.dtls.DtlsServer;
import dev.parley.media.dtls.DtlsSession;
import dev.parley.media.packet.PacketKind;
import dev.parley.media.sdp.Fingerprint;
import dev.parley.media.sdp.HostCandidate;
import dev.parley.media.sdp.IceCredentials;
import dev.parley.media.sdp.LocalTransport;
import dev.parley.media.sdp.NegotiatedSession;
import dev.parley.media.sdp.Negotiation;
import dev.parley.media.sdp.NegotiationRules;
import dev.parley.media.sdp.Negotiator;
import dev.parley.media.sdp.SdpAnswer;
import dev.parley.media.srtp.ProtectResult;
import dev.parley.media.srtp.SrtpKeys;
import dev.parley.media.srtp.SrtpReceiver;
import dev.parley.media.srtp.SrtpSender;
import dev.parley.media.srtp.UnprotectResult;
import dev.parley.media.stun.MessageIntegrity;
import dev.parley.media.stun.StunKey;
import dev.parley.media.stun.StunMessage;
import dev.parley.media.stun.StunMessageWriter;
import dev.parley.media.stun.StunParseResult;
import dev.parley.media.stun.StunType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A media server of a hundred lines that sends each client its own packets back: what the client is
 * tested against.
 */
final class EchoMediaServer implements AutoCloseable {
  private static final String PASSWORD = "anEchoesPasswordOf24Chars";

  private final SecureRandom random = new SecureRandom();
  private final DtlsServer dtls =
      new DtlsServer(
          DtlsIdentity.selfSigned(Instant.EPOCH, random),
          DtlsLimits.ofProcessors(2),
          random,
          System::nanoTime);
  private final DatagramChannel channel = DatagramChannel.open();
  private final List<Peer> peers = new CopyOnWriteArrayList<>();
  private final Semaphore goodbyes = new Semaphore(0);
  private final MessageIntegrity integrity = new MessageIntegrity();
  private final StunMessage message = new StunMessage();
  private final StunMessageWriter writer = new StunMessageWriter(integrity);
  private final StunKey key = StunKey.ofPassword(PASSWORD);
  private final UnsafeBuffer received = new UnsafeBuffer(new byte[2_000]);
  private final UnsafeBuffer answer = new UnsafeBuffer(new byte[2_000]);
  private final int dropEvery;
  private final Thread thread;

  /** One client. */
  private final class Peer implements DtlsListener {
    final String ufrag;
    final CertificateFingerprint fingerprint;
    final int ssrc;
    volatile InetSocketAddress address = new InetSocketAddress(0);
    volatile @Nullable SrtpKeys keys;
    @Nullable DtlsSession session;
    @Nullable SrtpReceiver receiver;
    @Nullable SrtpSender sender;
    long echoed;

    Peer(String ufrag, CertificateFingerprint fingerprint, int ssrc) {
      this.ufrag = ufrag;
      this.fingerprint = fingerprint;
      this.ssrc = ssrc;
    }

    @Override
    public void onConnected(SrtpKeys agreed) {
      keys = agreed;
    }

    @Override
    public void onFailed(DtlsFailure reason) {
      throw new AssertionError(reason);
    }

    @Override
    public void onClosed() {
      peers.remove(this);
      goodbyes.release();
    }
  }

  /** Drops every so many-th packet of each echo, unless 0. */
  EchoMediaServer(int dropEvery) throws IOException {
    this.dropEvery = dropEvery;
    channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    thread = Thread.ofPlatform().name("echo").daemon(true).start(this::run);
  }

  String answer(String offer) throws IOException {
    NegotiationRules rules =
        new NegotiationRules(NegotiationRules.Profile.RTC, NegotiationRules.Wish.AUTO, 1, true);
    if (!(Negotiator.negotiate(offer, rules) instanceof Negotiation.Accepted accepted)) {
      throw new AssertionError("our offer is refused: " + Negotiator.negotiate(offer, rules));
    }
    NegotiatedSession session = accepted.session();
    Peer peer =
        new Peer(
            "echo%04d".formatted(peers.size()),
            CertificateFingerprint.of(
                session.remoteFingerprint().algorithm().token(),
                session.remoteFingerprint().hash()),
            1_000_000 + peers.size());
    peers.add(peer);
    int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
    List<Long> ssrcs = new ArrayList<>();
    for (int i = 0; i < session.sendingLines().size(); i++) {
      ssrcs.add(peer.ssrc + 10_000L * i);
    }
    return SdpAnswer.render(
        session,
        new LocalTransport(
            new IceCredentials(peer.ufrag, PASSWORD),
            new Fingerprint(Fingerprint.Algorithm.SHA_256, dtls.fingerprint().digest()),
            List.of(HostCandidate.udp("127.0.0.1", port))),
        1,
        "echo",
        ssrcs);
  }

  /** Waits for one more client's goodbye. */
  boolean hasGoodbyeWithin(long seconds) throws InterruptedException {
    return goodbyes.tryAcquire(seconds, TimeUnit.SECONDS);
  }

  private void run() {
    ByteBuffer buffer = ByteBuffer.allocate(2_000);
    try {
      while (true) {
        buffer.clear();
        InetSocketAddress source = (InetSocketAddress) requireNonNull(channel.receive(buffer));
        received.putBytes(0, buffer, 0, buffer.position());
        onDatagram(buffer.position(), source);
      }
    } catch (AsynchronousCloseException e) {
      // The end of the test.
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void onDatagram(int length, InetSocketAddress source) throws IOException {
    PacketKind kind = PacketKind.of(received.getByte(0) & 0xFF, received.getByte(1) & 0xFF);
    if (kind == PacketKind.STUN) {
      onStun(length, source);
      return;
    }
    for (Peer peer : peers) {
      if (peer.address.equals(source)) {
        if (kind == PacketKind.DTLS) {
          onDtls(peer, length);
        } else if (kind == PacketKind.RTP) {
          echo(peer, length);
        }
      }
    }
  }

  private void onStun(int length, InetSocketAddress source) throws IOException {
    if (message.wrap(received, 0, length) != StunParseResult.VALID
        || !message.isAuthentic(integrity, key)) {
      throw new AssertionError("a check of our own client must be authentic");
    }
    StringBuilder username = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      username.append((char) message.usernameByte(i));
    }
    for (Peer peer : peers) {
      if (peer.ufrag.contentEquals(username)) {
        peer.address = source;
      }
    }
    writer.beginAnswer(answer, 0, StunType.BINDING_SUCCESS, message);
    writer.xorMappedAddress(source.getAddress().getAddress(), source.getPort());
    channel.send(ByteBuffer.wrap(answer.byteArray(), 0, writer.finish(key)), source);
  }

  private void onDtls(Peer peer, int length) {
    DtlsSession session = peer.session;
    if (session == null) {
      session =
          requireNonNull(
              dtls.accept(
                  peer.fingerprint,
                  (bytes, offset, count) -> send(peer, bytes, offset, count),
                  peer));
      peer.session = session;
    }
    session.offer(received.byteArray(), 0, length, System.nanoTime());
  }

  private void send(Peer peer, byte[] bytes, int offset, int count) {
    try {
      channel.send(ByteBuffer.wrap(bytes, offset, count), peer.address);
    } catch (ClosedChannelException e) {
      // A goodbye after the end of the test.
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void echo(Peer peer, int length) throws IOException {
    SrtpKeys keys = peer.keys;
    if (keys == null) {
      return;
    }
    SrtpReceiver receiver = peer.receiver;
    SrtpSender sender = peer.sender;
    if (receiver == null || sender == null) {
      receiver = new SrtpReceiver(keys.profile(), keys.clientWrite());
      sender = new SrtpSender(keys.profile(), keys.serverWrite());
      peer.receiver = receiver;
      peer.sender = sender;
    }
    if (receiver.unprotectRtp(received.byteArray(), 0, length) != UnprotectResult.OK) {
      throw new AssertionError("a packet of our own client must be authentic");
    }
    peer.echoed++;
    if (dropEvery > 0 && peer.echoed % dropEvery == 0) {
      return;
    }
    received.putInt(8, peer.ssrc, ByteOrder.BIG_ENDIAN);
    if (sender.protectRtp(received.byteArray(), 0, receiver.length()) == ProtectResult.OK) {
      channel.send(ByteBuffer.wrap(received.byteArray(), 0, sender.length()), peer.address);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
