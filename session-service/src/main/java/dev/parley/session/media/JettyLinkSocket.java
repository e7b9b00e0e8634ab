package dev.parley.session.media;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.function.Predicate;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ServerLink} on a Jetty WebSocket. Jetty calls it, one call at a time, and through
 * reflection: hence public.
 */
public final class JettyLinkSocket implements Session.Listener, LinkSocket {
  private static final int CLOSE_REASON_MAX = 100;
  private static final int UNSUPPORTED = 1003;

  private final LinkedServers servers;
  private final Predicate<String> mayBe;
  private final Set<ServerLink> links;
  private @Nullable ServerLink link;
  private volatile @Nullable Session session;

  /**
   * @param links where the link is listed while it is open
   */
  JettyLinkSocket(LinkedServers servers, Predicate<String> mayBe, Set<ServerLink> links) {
    this.servers = servers;
    this.mayBe = mayBe;
    this.links = links;
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    session = opened;
    ServerLink created = new ServerLink(this, servers, mayBe);
    link = created;
    links.add(created);
    opened.demand();
  }

  @Override
  public void onWebSocketText(String text) {
    requireNonNull(link).onText(text);
  }

  @Override
  public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
    callback.succeed();
    requireNonNull(link).close(UNSUPPORTED, "text frames only");
  }

  @Override
  public void onWebSocketClose(int code, @Nullable String reason, Callback callback) {
    callback.succeed();
    ServerLink closed = link;
    if (closed != null) {
      links.remove(closed);
      closed.onClosed();
    }
  }

  @Override
  public void send(String text) {
    Session current = requireNonNull(session);
    current.sendText(text, Callback.from(this::sent, _ -> abort()));
  }

  @Override
  public void request() {
    Session current = requireNonNull(session);
    if (current.isOpen()) {
      current.demand();
    }
  }

  @Override
  public void close(int code, String reason) {
    String shortened = reason.substring(0, Math.min(reason.length(), CLOSE_REASON_MAX));
    requireNonNull(session).close(code, shortened, Callback.NOOP);
  }

  @Override
  public void abort() {
    requireNonNull(session).disconnect();
  }

  private void sent() {
    requireNonNull(link).onSent();
  }
}
