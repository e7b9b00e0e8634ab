package dev.parley.media.dtls;

import dev.parley.media.srtp.SrtpKeys;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Remembers what it is told, for other threads to wait on. */
final class RecordingListener implements DtlsListener {
  private static final long WAIT_SECONDS = 20;

  final CompletableFuture<SrtpKeys> keys = new CompletableFuture<>();
  final CompletableFuture<DtlsFailure> failure = new CompletableFuture<>();
  final CompletableFuture<Boolean> closed = new CompletableFuture<>();

  @Override
  public void onConnected(SrtpKeys agreed) {
    keys.complete(agreed);
  }

  @Override
  public void onFailed(DtlsFailure reason) {
    // What tests wait for comes last, so that they find the rest done.
    keys.completeExceptionally(new AssertionError("failed: " + reason));
    failure.complete(reason);
  }

  @Override
  public void onClosed() {
    closed.complete(true);
  }

  static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }
}
