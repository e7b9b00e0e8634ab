package dev.parley.media.control;

import dev.parley.common.control.ControlLimits;
import dev.parley.common.tls.MutualTls;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Dials with the JDK's WebSocket client (RFC 6455). Any thread. */
final class WebSocketDialer implements Dialer, AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final int CLOSE_TOO_BIG = 1009;
  private static final int CLOSE_UNSUPPORTED = 1003;
  private static final long CLOSE_TIMEOUT_MS = 1000;
  private static final int CLOSE_REASON_MAX = 100;

  private final HttpClient client;
  private final ExecutorService callbacks;

  WebSocketDialer(@Nullable MutualTls tls) {
    callbacks =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("control-socket-", 0).factory());
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(callbacks);
    if (tls != null) {
      builder.sslContext(tls.context()).sslParameters(tls.clientParameters());
    }
    client = builder.build();
  }

  @Override
  public void dial(URI node, Listener listener) {
    Socket socket = new Socket(listener);
    var _ =
        client
            .newWebSocketBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .buildAsync(node, socket)
            .whenComplete((_, failure) -> {
              if (failure != null) {
                socket.closed(describe(failure));
              }
            });
  }

  @Override
  public void close() {
    client.shutdownNow();
    callbacks.shutdown();
  }

  private static String describe(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  /** One WebSocket: joins its parts to frames and passes on what it says, once closed nothing. */
  private static final class Socket implements WebSocket.Listener, Connection {
    private final Listener listener;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final AtomicBoolean isPinging = new AtomicBoolean();
    // Only the client's callbacks touch it, one at a time.
    private final StringBuilder frame = new StringBuilder();
    private volatile @Nullable WebSocket webSocket;

    Socket(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void onOpen(WebSocket opened) {
      webSocket = opened;
      listener.onOpen(this);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
      if (frame.length() + part.length() > ControlLimits.FRAME_LENGTH_MAX) {
        close(CLOSE_TOO_BIG, "frame too long");
        closed("frame too long");
        return null;
      }
      frame.append(part);
      if (!isLast) {
        from.request(1);
        return null;
      }
      String text = frame.toString();
      frame.setLength(0);
      listener.onText(text);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean isLast) {
      close(CLOSE_UNSUPPORTED, "text frames only");
      closed("binary frame");
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
      from.request(1);
      listener.onPong();
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed(("closed by the node: " + code + " " + reason).strip());
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      closed(describe(failure));
    }

    @Override
    public void send(String text) {
      WebSocket current = webSocket;
      if (current != null) {
        var _ = current.sendText(text, true).whenComplete((_, failure) -> sent(failure));
      }
    }

    @Override
    public void ping() {
      WebSocket current = webSocket;
      if (current != null && isPinging.compareAndSet(false, true)) {
        CompletableFuture<WebSocket> pinged = current.sendPing(ByteBuffer.allocate(0));
        var _ = pinged.whenComplete((_, _) -> isPinging.set(false));
      }
    }

    @Override
    public void request() {
      WebSocket current = webSocket;
      if (current != null) {
        current.request(1);
      }
    }

    @Override
    public void close(int code, String reason) {
      WebSocket current = webSocket;
      if (current != null) {
        String shortened = reason.substring(0, Math.min(reason.length(), CLOSE_REASON_MAX));
        var _ =
            current
                .sendClose(code, shortened)
                .orTimeout(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .whenComplete((_, _) -> current.abort());
      }
    }

    @Override
    public void abort() {
      WebSocket current = webSocket;
      if (current != null) {
        current.abort();
      }
      closed("aborted");
    }

    private void sent(@Nullable Throwable failure) {
      if (failure == null) {
        listener.onSent();
      } else {
        closed(describe(failure));
      }
    }

    private void closed(String reason) {
      if (isClosed.compareAndSet(false, true)) {
        listener.onClosed(reason);
      }
    }
  }
}
