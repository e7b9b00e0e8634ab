package dev.parley.session.webhook.http;

import dev.parley.common.token.RsaKeySet;
import dev.parley.session.access.KeySetSource;
import dev.parley.session.webhook.Outcome;
import dev.parley.session.webhook.Reach;
import dev.parley.session.webhook.WebhookSender;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Posts messages, and fetches key sets, over connections of their own, to the addresses that {@link
 * Reach} has checked for this very attempt, without a proxy and without following redirects. An
 * attempt that takes too long has its connection closed, wherever it is. Thread-safe; blocks the
 * caller, on a virtual thread.
 */
public final class HttpSender implements WebhookSender, KeySetSource, AutoCloseable {
  private final Reach reach;
  private final SSLSocketFactory tls;
  private final long timeoutMs;
  private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor timer;
  private volatile boolean isClosed;

  /**
   * Takes what it needs.
   *
   * @param tls makes sockets that trust whom we trust
   * @param timeout of a whole attempt
   */
  public HttpSender(Reach reach, SSLSocketFactory tls, Duration timeout) {
    this.reach = reach;
    this.tls = tls;
    this.timeoutMs = timeout.toMillis();
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("webhook-timeouts").daemon(true).factory());
    timer.setRemoveOnCancelPolicy(true);
    // Once closed, whatever still begins is broken off at once and needs no timeout.
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  @Override
  public Answer send(Message message) {
    Exchange exchange = new Exchange(message, tls);
    return inTime(
        exchange,
        () ->
            switch (reach.find(message.url().getHost())) {
              case Reach.Found.At at -> exchange.run(at.addresses());
              case Reach.Found.Unknown _ -> new Answer(Outcome.NAME_UNKNOWN, 0);
              case Reach.Found.Refused _ -> new Answer(Outcome.ADDRESS_REFUSED, 0);
            });
  }

  @Override
  public @Nullable String fault(URI url) {
    return reach.fault(url);
  }

  @Override
  public String fetch(URI url) throws IOException {
    Exchange exchange = new Exchange(new Message(url, Map.of(), ""), tls);
    Exchange.Fetched fetched =
        inTime(
            exchange,
            () ->
                switch (reach.find(url.getHost())) {
                  case Reach.Found.At at -> exchange.fetch(at.addresses(), RsaKeySet.LENGTH_MAX);
                  case Reach.Found.Unknown _ -> new Exchange.Fetched(Outcome.NAME_UNKNOWN, "");
                  case Reach.Found.Refused _ -> new Exchange.Fetched(Outcome.ADDRESS_REFUSED, "");
                });
    if (fetched.outcome() != Outcome.DELIVERED) {
      throw new IOException(fetched.outcome().name());
    }
    return fetched.body();
  }

  private <T> T inTime(Exchange exchange, Supplier<T> attempt) {
    open.add(exchange);
    if (isClosed) {
      exchange.breakOff();
    }
    Future<?> timeout = timer.schedule(exchange::timeOut, timeoutMs, TimeUnit.MILLISECONDS);
    try {
      return attempt.get();
    } finally {
      timeout.cancel(false);
      open.remove(exchange);
    }
  }

  /** Breaks off every attempt. */
  @Override
  public void close() {
    isClosed = true;
    open.forEach(Exchange::breakOff);
    timer.shutdownNow();
  }
}
