package dev.parley.benchmarks.client;

import dev.parley.media.dtls.DtlsClient;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * One participant, as any thread may talk to it: everything is handed over to the {@link
 * ClientLoop}, which owns the {@link PeerConnection}.
 */
public final class WebRtcClient {
  private final ClientSettings settings;
  private final ClientLoop loop;
  private final LocalDescription local;
  private final PeerConnection connection;
  private final CompletableFuture<WebRtcClient> connected = new CompletableFuture<>();
  private final CompletableFuture<WebRtcClient> heard = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  /** A client that can describe itself, and nothing else. */
  public WebRtcClient(ClientSettings settings, ClientLoop loop, DtlsClient dtls, long seed) {
    this.settings = settings;
    this.loop = loop;
    SplittableRandom random = new SplittableRandom(seed);
    this.local = LocalDescription.drawn(random, dtls.fingerprint());
    this.connection = new PeerConnection(settings, loop, dtls, random, local, new Outcome());
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
    loop.execute(() -> connection.start(description));
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
    loop.execute(() -> {
      connection.changePort(checkAtOnce);
      done.complete(null);
    });
    return done;
  }

  /** Figures of this moment. */
  public CompletableFuture<ClientFigures> figures() {
    CompletableFuture<ClientFigures> answerLater = new CompletableFuture<>();
    loop.execute(() -> answerLater.complete(connection.figures()));
    return answerLater;
  }

  /** The few figures that may be asked for often. */
  public CompletableFuture<PacketCounts> counts() {
    CompletableFuture<PacketCounts> answerLater = new CompletableFuture<>();
    loop.execute(() -> answerLater.complete(connection.counts()));
    return answerLater;
  }

  /**
   * Level of one frequency in the last second heard on any line, in dBov; -140 if it does not
   * listen.
   */
  public CompletableFuture<Double> toneDbov(double hertz) {
    CompletableFuture<Double> answerLater = new CompletableFuture<>();
    loop.execute(() -> answerLater.complete(connection.toneDbov(hertz)));
    return answerLater;
  }

  /** Says goodbye by DTLS, then closes the socket; done when both have happened. */
  public CompletableFuture<Void> close() {
    loop.execute(() -> connection.end(ClientState.CLOSED, ""));
    return closed;
  }

  public ClientSettings settings() {
    return settings;
  }

  /** Tells those who wait. */
  private final class Outcome implements ConnectionListener {
    @Override
    public void onConnected() {
      connected.complete(WebRtcClient.this);
    }

    @Override
    public void onFirstAudio() {
      heard.complete(WebRtcClient.this);
    }

    @Override
    public void onOver(ClientState how, String why) {
      IllegalStateException failure =
          new IllegalStateException("client " + settings.number() + ": " + how + ' ' + why);
      connected.completeExceptionally(failure);
      heard.completeExceptionally(failure);
    }

    @Override
    public void onGone() {
      closed.complete(null);
    }
  }
}
