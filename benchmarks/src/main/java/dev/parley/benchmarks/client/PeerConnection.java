package dev.parley.benchmarks.client;

import static java.util.Objects.requireNonNull;

import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsFailure;
import dev.parley.media.dtls.DtlsListener;
import dev.parley.media.dtls.DtlsSession;
import dev.parley.media.packet.PacketKind;
import dev.parley.media.srtp.SrtpKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link WebRtcClient} is on its loop: ICE, then DTLS, then the media session, over one
 * socket. Owner: the client loop.
 */
final class PeerConnection {
  private static final int DATAGRAM_LENGTH_MAX = 1_500;
  private static final long CONNECT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

  private final ClientSettings settings;
  private final ClientLoop loop;
  private final DtlsClient dtls;
  private final SplittableRandom random;
  private final LocalDescription local;
  private final ConnectionListener listener;
  private final ClientSocket socket;
  private final UnsafeBuffer received = new UnsafeBuffer(new byte[DATAGRAM_LENGTH_MAX]);
  private final UnsafeBuffer stun = new UnsafeBuffer(new byte[DATAGRAM_LENGTH_MAX]);
  private ClientState state = ClientState.NEW;
  private String reason = "";
  private @Nullable RemoteDescription remoteDescription;
  private @Nullable IceControllingAgent ice;
  private @Nullable DtlsSession session;
  private @Nullable MediaSession media;
  private long startedNs;
  private long connectNs;
  private long firstAudioNs;

  /** When the loop will call; an earlier call must be asked for. */
  private long nextCallNs;

  private final Map<String, Long> refusals = new TreeMap<>();

  PeerConnection(
      ClientSettings settings,
      ClientLoop loop,
      DtlsClient dtls,
      SplittableRandom random,
      LocalDescription local,
      ConnectionListener listener) {
    this.settings = settings;
    this.loop = loop;
    this.dtls = dtls;
    this.random = random;
    this.local = local;
    this.listener = listener;
    this.socket = new ClientSocket(settings, loop);
  }

  /** Starts connecting, with the server's answer or offer. */
  void start(RemoteDescription description) {
    remoteDescription = description;
    startedNs = loop.nowNs();
    ice = new IceControllingAgent(description, local, random, startedNs);
    state = ClientState.CHECKING;
    try {
      socket.open(this);
    } catch (IOException e) {
      end(ClientState.FAILED, "no socket: " + e.getMessage());
    }
    loop.add(this);
  }

  /** Goes on from another UDP port. */
  void changePort(boolean checkAtOnce) {
    try {
      socket.open(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (checkAtOnce && ice != null) {
      ice.checkNow(loop.nowNs());
      loop.callSoon(this);
    }
  }

  /** Does what is due and returns when to be called again. The loop calls it. */
  long onTime(long nowNs) {
    IceControllingAgent agent = ice;
    if (agent == null || isOver()) {
      return Long.MAX_VALUE;
    }
    if (agent.isCheckDue(nowNs)) {
      InetSocketAddress target = agent.checkTarget();
      int length = agent.writeCheck(stun, nowNs);
      socket.send(stun.byteArray(), 0, length, target);
    }
    if (state != ClientState.CONNECTED && nowNs - startedNs > CONNECT_TIMEOUT_NS) {
      end(ClientState.FAILED, "not connected after 30 s, still " + state + ", " + agent.progress());
      return Long.MAX_VALUE;
    }
    MediaSession active = media;
    if (active == null) {
      return agent.nextCheckNs();
    }
    if (!agent.hasConsent(nowNs)) {
      end(ClientState.FAILED, "no consent for 30 s");
      return Long.MAX_VALUE;
    }
    nextCallNs = Math.min(agent.nextCheckNs(), active.onTime(nowNs));
    noteFirstAudio(active);
    return nextCallNs;
  }

  /** Reads one datagram. Returns false when there is none. The loop calls it. */
  boolean onReadable(DatagramChannel readable, ByteBuffer buffer, long nowNs) throws IOException {
    buffer.clear();
    InetSocketAddress source = (InetSocketAddress) readable.receive(buffer);
    if (source == null) {
      return false;
    }
    int length = buffer.position();
    if (length < 2 || length > DATAGRAM_LENGTH_MAX || isOver()) {
      return true;
    }
    received.putBytes(0, buffer, 0, length);
    PacketKind kind = PacketKind.of(received.getByte(0) & 0xFF, received.getByte(1) & 0xFF);
    switch (kind) {
      case STUN -> onStun(length, source, nowNs);
      case DTLS -> onDtls(length, nowNs);
      case RTP, RTCP -> onMedia(kind, length, nowNs);
      case UNKNOWN -> refuse("of no known kind");
    }
    return true;
  }

  private void onStun(int length, InetSocketAddress source, long nowNs) {
    IceControllingAgent agent = requireNonNull(ice);
    int answerLength = agent.writeAnswer(stun, received, length, source);
    if (answerLength > 0) {
      socket.send(stun.byteArray(), 0, answerLength, source);
    } else if (agent.onMessage(received, length, source, nowNs)) {
      socket.remote(source);
      state = ClientState.HANDSHAKING;
      session =
          dtls.connect(
              requireNonNull(remoteDescription).fingerprint(),
              socket::sendToRemote,
              new HandshakeListener());
      if (session == null) {
        end(ClientState.FAILED, "too many DTLS handshakes in this process");
      }
    }
  }

  private void onDtls(int length, long nowNs) {
    if (session == null) {
      refuse("DTLS before our hello");
    } else if (!session.offer(received.byteArray(), 0, length, nowNs)) {
      refuse("DTLS in " + state);
    }
  }

  private void refuse(String why) {
    refusals.merge(why, 1L, Long::sum);
  }

  private void onMedia(PacketKind kind, int length, long nowNs) {
    MediaSession active = media;
    if (active == null) {
      // The server may be done with the handshake before we are; what it sends until then is lost
      // to us.
      return;
    }
    active.onDatagram(received, length, kind == PacketKind.RTCP, nowNs, socket.arrivedNs());
    noteFirstAudio(active);
    if (active.dueNs(nowNs) - nextCallNs < 0) {
      nextCallNs = nowNs;
      loop.callSoon(this);
    }
  }

  private void noteFirstAudio(MediaSession active) {
    if (firstAudioNs == 0 && active.firstAudioNs() != 0) {
      firstAudioNs = active.firstAudioNs() - startedNs;
      listener.onFirstAudio();
    }
  }

  private void onConnected(SrtpKeys keys) {
    if (isOver()) {
      return;
    }
    long nowNs = loop.nowNs();
    connectNs = nowNs - startedNs;
    state = ClientState.CONNECTED;
    media =
        new MediaSession(
            settings,
            requireNonNull(remoteDescription),
            keys,
            new OutboundMedia.Source(local.ssrc(), local.cname()),
            socket::sendToRemote,
            nowNs);
    loop.callSoon(this);
    listener.onConnected();
  }

  /** Ends the media, says goodbye by DTLS, and then closes the socket. */
  void end(ClientState how, String why) {
    if (isOver()) {
      return;
    }
    state = how;
    reason = why;
    if (media != null) {
      media.close();
    }
    if (session == null) {
      closeSocket();
    } else {
      session.close();
    }
    listener.onOver(how, why);
  }

  private void closeSocket() {
    socket.close();
    listener.onGone();
  }

  private boolean isOver() {
    return state == ClientState.FAILED || state == ClientState.CLOSED;
  }

  /** Figures of this moment. */
  ClientFigures figures() {
    MediaSession taken = media;
    FigureSum sum = new FigureSum();
    if (taken != null) {
      taken.addTo(sum);
    }
    sum.addRefusals(refusals);
    return sum.figures(state, reason, connectNs, firstAudioNs);
  }

  /** The few figures that may be asked for often. */
  PacketCounts counts() {
    MediaSession counted = media;
    return counted == null ? PacketCounts.NONE : counted.counts();
  }

  /** Level of one frequency in the last second heard on any line, in dBov. */
  double toneDbov(double hertz) {
    MediaSession heard = media;
    return heard == null ? MediaSession.NO_TONE_DBOV : heard.toneDbov(hertz);
  }

  /** Carries the DTLS thread's news to the loop. */
  private final class HandshakeListener implements DtlsListener {
    @Override
    public void onConnected(SrtpKeys keys) {
      loop.execute(() -> PeerConnection.this.onConnected(keys));
    }

    @Override
    public void onFailed(DtlsFailure failure) {
      loop.execute(() -> end(ClientState.FAILED, "DTLS " + failure));
    }

    @Override
    public void onClosed() {
      loop.execute(() -> end(ClientState.CLOSED, "closed by the server"));
    }

    @Override
    public void onEnded() {
      loop.execute(() -> {
        // A handshake may end by itself, before we do.
        end(ClientState.FAILED, "DTLS ended");
        closeSocket();
      });
    }
  }
}
