package dev.parley.media;

import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsFailure;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import dev.parley.media.dtls.DtlsListener;
import dev.parley.media.dtls.DtlsServer;
import dev.parley.media.dtls.DtlsSession;
import dev.parley.media.srtp.SrtpKeys;
import dev.parley.media.srtp.SrtpReceiver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays a call and shakes hands with itself, in memory, before the server is ready: the first call
 * of a process loads hundreds of classes and runs interpreted, which the first caller would wait
 * for. On a thread of its own.
 */
final class WarmUp implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
  private static final int HANDSHAKES = 3;
  private static final long HANDSHAKE_TIMEOUT_S = 10;

  private final MediaServerContext context;
  private final DtlsServer server;
  private volatile boolean isDone;

  WarmUp(MediaServerContext context, DtlsServer server) {
    this.context = context;
    this.server = server;
  }

  boolean isDone() {
    return isDone;
  }

  @Override
  public void run() {
    long startNs = context.nanoTime();
    try {
      new Rehearsal(context.codec()).play();
      DtlsClient client =
          new DtlsClient(
              DtlsIdentity.selfSigned(context.wallClock(), context.random()),
              DtlsLimits.ofProcessors(1),
              context.random(),
              context::nanoTime);
      for (int i = 0; i < HANDSHAKES; i++) {
        shakeHands(client);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("cannot shake hands with itself; callers may fail to", e);
    } finally {
      // What starting leaves behind would else be collected amid the first calls.
      System.gc();
      isDone = true;
      LOG.info("warmed up in {} ms", (context.nanoTime() - startNs) / 1_000_000);
    }
  }

  private void shakeHands(DtlsClient client)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<SrtpKeys> keys = new CompletableFuture<>();
    CompletableFuture<DtlsSession> clientSession = new CompletableFuture<>();
    DtlsSession serverSession =
        server.accept(
            client.fingerprint(),
            (buffer, offset, length) ->
                clientSession.join().offer(buffer, offset, length, context.nanoTime()),
            new Listener(keys));
    if (serverSession == null) {
      return;
    }
    DtlsSession session =
        client.connect(
            server.fingerprint(),
            (buffer, offset, length) ->
                serverSession.offer(buffer, offset, length, context.nanoTime()),
            new Listener(new CompletableFuture<>()));
    try {
      if (session != null) {
        clientSession.complete(session);
        SrtpKeys agreed = keys.get(HANDSHAKE_TIMEOUT_S, TimeUnit.SECONDS);
        // Loads the cipher library.
        new SrtpReceiver(agreed.profile(), agreed.clientWrite()).close();
      }
    } finally {
      if (session != null) {
        session.close();
      }
      serverSession.close();
    }
  }

  private record Listener(CompletableFuture<SrtpKeys> keys) implements DtlsListener {
    @Override
    public void onConnected(SrtpKeys agreed) {
      keys.complete(agreed);
    }

    @Override
    public void onFailed(DtlsFailure reason) {
      keys.completeExceptionally(new IllegalStateException(reason.toString()));
    }

    @Override
    public void onClosed() {
      // As it should end.
    }
  }
}
