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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One participant's peer connection: its socket, ICE, DTLS and the media session. Public methods
 * may be called by any thread and hand over to the {@link ClientLoop}, which owns everything else.
 */
public final class WebRtcClient {
  private static final int DATAGRAM_LENGTH_MAX = 1_500;
  private static final long CONNECT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

  private final ClientSettings settings;
  private final ClientLoop loop;
  private final DtlsClient dtls;
  private final SplittableRandom random;
  private final LocalDescription local;
  private final CompletableFuture<WebRtcClient> connected = new CompletableFuture<>();
  private final CompletableFuture<WebRtcClient> heard = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final UnsafeBuffer received = new UnsafeBuffer(new byte[DATAGRAM_LENGTH_MAX]);
  private final UnsafeBuffer stun = new UnsafeBuffer(new byte[DATAGRAM_LENGTH_MAX]);

  /** Read by the DTLS thread, which sends on it. */
  private volatile @Nullable DatagramChannel channel;

  /** Read by the DTLS thread. */
  private volatile @Nullable InetSocketAddress remote;

  /** Of the channel; null if nobody watches its arrivals. */
  private @Nullable ArrivalStamps stamps;

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

  /** A client that can describe itself, and nothing else. */
  public WebRtcClient(ClientSettings settings, ClientLoop loop, DtlsClient dtls, long seed) {
    this.settings = settings;
    this.loop = loop;
    this.dtls = dtls;
    this.random = new SplittableRandom(seed);
    this.local =
        new LocalDescription(
            iceChars(8), iceChars(24), dtls.fingerprint(), random.nextInt(), iceChars(16));
  }

  /** The offer to be given to a server that answers. */
  public String offer() {
    return local.offer(settings.receivingLines(), settings.sends(), settings.nack());
  }

  /** The answer to a server that offers, and only sends. */
  public String answer(RemoteDescription offer) {
    return local.answer(offer);
  }

  /** Starts connecting, with the server's answer or offer. */
  public void start(RemoteDescription description) {
    loop.execute(() -> onStart(description));
  }

  /** Done when media may flow, or exceptionally when the client has failed. */
  public CompletableFuture<WebRtcClient> connected() {
    return connected;
  }

  /** Done when the first RTP packet has been received. */
  public CompletableFuture<WebRtcClient> heard() {
    return heard;
  }

  /**
   * Goes on from another UDP port, as a client behind a NAT that has forgotten its binding does:
   * media at once, the next check when it is due, or at once if wanted.
   */
  public CompletableFuture<Void> changePort(boolean checkAtOnce) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(() -> onChangePort(checkAtOnce, done));
    return done;
  }

  /** Figures of this moment. */
  public CompletableFuture<ClientFigures> figures() {
    CompletableFuture<ClientFigures> answerLater = new CompletableFuture<>();
    loop.execute(() -> answerLater.complete(takeFigures()));
    return answerLater;
  }

  /** The few figures that may be asked for often. */
  public CompletableFuture<PacketCounts> counts() {
    CompletableFuture<PacketCounts> answerLater = new CompletableFuture<>();
    loop.execute(() -> {
      MediaSession counted = media;
      answerLater.complete(counted == null ? PacketCounts.NONE : counted.counts());
    });
    return answerLater;
  }

  /**
   * Level of one frequency in the last second heard on any line, in dBov; -140 if it does not
   * listen.
   */
  public CompletableFuture<Double> toneDbov(double hertz) {
    CompletableFuture<Double> answerLater = new CompletableFuture<>();
    loop.execute(() -> {
      MediaSession heardMedia = media;
      answerLater.complete(heardMedia == null ? -140.0 : heardMedia.toneDbov(hertz));
    });
    return answerLater;
  }

  /** Says goodbye by DTLS, then closes the socket; done when both have happened. */
  public CompletableFuture<Void> close() {
    loop.execute(() -> end(ClientState.CLOSED, ""));
    return closed;
  }

  public ClientSettings settings() {
    return settings;
  }

  private void onStart(RemoteDescription description) {
    remoteDescription = description;
    startedNs = loop.nowNs();
    ice = new IceControllingAgent(description, local, random, startedNs);
    state = ClientState.CHECKING;
    try {
      channel = open();
    } catch (IOException e) {
      end(ClientState.FAILED, "no socket: " + e.getMessage());
    }
    loop.add(this);
  }

  private DatagramChannel open() throws IOException {
    DatagramChannel opened = DatagramChannel.open();
    opened.configureBlocking(false);
    opened.bind(
        settings.loopback() ? new InetSocketAddress(InetAddress.getLoopbackAddress(), 0) : null);
    if (settings.watch().listensAt(settings.number())) {
      stamps = new ArrivalStamps(opened);
    }
    loop.register(opened, this);
    return opened;
  }

  private void onChangePort(boolean checkAtOnce, CompletableFuture<Void> done) {
    DatagramChannel before = channel;
    try {
      channel = open();
      if (before != null) {
        before.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (checkAtOnce && ice != null) {
      ice.checkNow(loop.nowNs());
      loop.callSoon(this);
    }
    done.complete(null);
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
      send(stun.byteArray(), 0, length, target);
    }
    if (state != ClientState.CONNECTED && nowNs - startedNs > CONNECT_TIMEOUT_NS) {
      end(
          ClientState.FAILED,
          "not connected after 30 s, still "
              + state
              + ", checks "
              + agent.checks()
              + ", answers "
              + agent.answers()
              + ", refusals "
              + agent.refusals());
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
      send(stun.byteArray(), 0, answerLength, source);
    } else if (agent.onMessage(received, length, source, nowNs)) {
      remote = source;
      state = ClientState.HANDSHAKING;
      session =
          dtls.connect(
              requireNonNull(remoteDescription).fingerprint(), this::sendToRemote, new Listener());
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
    active.onDatagram(received, length, kind == PacketKind.RTCP, nowNs, arrivedNs());
    noteFirstAudio(active);
    if (active.dueNs(nowNs) - nextCallNs < 0) {
      nextCallNs = nowNs;
      loop.callSoon(this);
    }
  }

  private void noteFirstAudio(MediaSession active) {
    if (firstAudioNs == 0 && active.firstAudioNs() != 0) {
      firstAudioNs = active.firstAudioNs() - startedNs;
      heard.complete(this);
    }
  }

  private long arrivedNs() {
    ArrivalStamps active = stamps;
    return active == null ? 0 : active.lastNs();
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
            this::sendToRemote,
            nowNs);
    loop.callSoon(this);
    connected.complete(this);
  }

  /** Called by the loop and by the DTLS thread. */
  private void sendToRemote(byte[] bytes, int offset, int length) {
    InetSocketAddress target = remote;
    if (target != null) {
      send(bytes, offset, length, target);
    }
  }

  private void send(byte[] bytes, int offset, int length, InetSocketAddress target) {
    DatagramChannel open = channel;
    if (open == null) {
      return;
    }
    try {
      open.send(ByteBuffer.wrap(bytes, offset, length), target);
    } catch (IOException e) {
      // A port just changed, or a server just gone: what is lost shows in the figures.
      loop.countSendFailure();
    }
  }

  private void end(ClientState how, String why) {
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
    IllegalStateException failure =
        new IllegalStateException("client " + settings.number() + ": " + how + ' ' + why);
    connected.completeExceptionally(failure);
    heard.completeExceptionally(failure);
  }

  private void closeSocket() {
    DatagramChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    closed.complete(null);
  }

  private boolean isOver() {
    return state == ClientState.FAILED || state == ClientState.CLOSED;
  }

  private ClientFigures takeFigures() {
    MediaSession taken = media;
    FigureSum sum = new FigureSum();
    if (taken != null) {
      taken.addTo(sum);
    }
    sum.addRefusals(refusals);
    return sum.figures(state, reason, connectNs, firstAudioNs);
  }

  private String iceChars(int count) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    StringBuilder text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  /** Carries the DTLS thread's news to the loop. */
  private final class Listener implements DtlsListener {
    @Override
    public void onConnected(SrtpKeys keys) {
      loop.execute(() -> WebRtcClient.this.onConnected(keys));
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
