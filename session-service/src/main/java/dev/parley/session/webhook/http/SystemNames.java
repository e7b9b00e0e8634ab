package dev.parley.session.webhook.http;

import dev.parley.session.webhook.Names;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The host's own name service. It has platform threads of its own: a lookup blocks in native code,
 * and a slow name server is not to take the processors from all virtual threads. Thread-safe.
 */
public final class SystemNames implements Names, AutoCloseable {
  private static final int LOOKUPS_AT_ONCE_MAX = 64;
  private static final int TIMEOUT_SEC = 5;
  private static final int IDLE_SEC = 30;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          LOOKUPS_AT_ONCE_MAX,
          IDLE_SEC,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().name("names-", 0).daemon(true).factory());

  @Override
  public List<InetAddress> resolve(String host) {
    try {
      Future<List<InetAddress>> lookup = threads.submit(() -> lookUp(host));
      return lookup.get(TIMEOUT_SEC, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
      return List.of();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private static List<InetAddress> lookUp(String host) {
    try {
      return List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      return List.of();
    }
  }
}
