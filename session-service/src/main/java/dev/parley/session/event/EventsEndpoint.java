package dev.parley.session.event;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.access.EventTicket;
import dev.parley.session.access.EventTickets;
import dev.parley.session.conference.MediaWord;
import dev.parley.session.conference.Rosters;
import dev.parley.session.conference.Sight;
import io.javalin.config.RoutesConfig;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsConnectContext;
import io.javalin.websocket.WsContext;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * The events WebSocket of Javalin's server. Every refusal is a close code: scripts in a browser see
 * that, but not the status of a refused upgrade. Thread-safe.
 */
public final class EventsEndpoint {
  private static final String PATH = "/v1/conferences/{c}/events";
  private static final String CLIENT = "client";
  private static final ClientRequests.Refused NOT_JOINED =
      new ClientRequests.Refused(
          "not-joined", "Only who is in the conference may do this; join first.", 0);

  private final EventHub hub;
  private final EventTickets tickets;
  private final Rosters rosters;
  private final ClientRequests requests;
  private final MediaListener media;

  public EventsEndpoint(
      EventHub hub,
      EventTickets tickets,
      Rosters rosters,
      ClientRequests requests,
      MediaListener media) {
    this.hub = hub;
    this.tickets = tickets;
    this.rosters = rosters;
    this.requests = requests;
    this.media = media;
  }

  /** Hears what clients say of their own media; must not block. */
  @FunctionalInterface
  public interface MediaListener {
    void hear(ConferenceId conference, ParticipantId participant, MediaWord word);
  }

  /** One socket that was let in. */
  private record Client(ConferenceId conference, Watcher watcher, RequestLine line) {}

  /** Adds the route. */
  public void register(RoutesConfig routes) {
    routes.ws(PATH, this::configure);
  }

  private void configure(WsConfig socket) {
    socket.onConnect(this::onConnect);
    socket.onMessage(context -> {
      Client client = client(context);
      if (client != null) {
        onText(client, context.message());
      }
    });
    socket.onBinaryMessage(
        context -> context.closeSession(CloseCode.MALFORMED, "text frames only"));
    socket.onClose(context -> {
      Client client = client(context);
      if (client != null) {
        hub.onClosed(client.conference(), client.watcher());
      }
    });
  }

  private void onConnect(WsConnectContext context) {
    Session session = context.session;
    session.setMaxTextMessageSize(EventLimits.FRAME_LENGTH_MAX);
    session.setMaxBinaryMessageSize(EventLimits.FRAME_LENGTH_MAX);
    // We send a ping each 15 s; a client that takes none of them is found by its stuck frame.
    session.setIdleTimeout(Duration.ZERO);
    String text = context.queryParam("ticket");
    EventTicket ticket = text == null ? null : tickets.redeem(text);
    if (ticket == null || !ticket.conference().value().equals(context.pathParam("c"))) {
      hub.counters().increment(EventCounter.TICKETS_REFUSED);
      context.closeSession(CloseCode.WRONG_TICKET, "ticket wrong, too old or used");
      return;
    }
    JettyClientSocket socket = new JettyClientSocket(session, hub);
    ParticipantId participant = ticket.participant();
    Watcher watcher =
        hub.open(
            socket,
            viewer(
                ticket,
                word -> {
                  if (participant != null) {
                    media.hear(ticket.conference(), participant, word);
                  }
                }));
    if (watcher == null) {
      context.closeSession(CloseCode.TOO_MANY, "too many connections");
      return;
    }
    socket.watcher = watcher;
    RequestLine line =
        hub.line(
            watcher,
            send ->
                participant == null && !ticket.isBackend()
                    ? NOT_JOINED
                    : requests.send(ticket.conference(), participant, send.cid(), send.text()));
    context.attribute(CLIENT, new Client(ticket.conference(), watcher, line));
  }

  /** Of whoever has a stay it is not known yet what they may see; least until then. */
  static Watcher.Viewer viewer(EventTicket ticket, Consumer<MediaWord> media) {
    Sight sight =
        ticket.participant() != null
            ? Sight.WAITING
            : ticket.isBackend() ? Sight.MODERATOR : Sight.PARTICIPANT;
    return new Watcher.Viewer(ticket.participant(), sight, media);
  }

  private void onText(Client client, String text) {
    EventJson.Request request = EventJson.read(text);
    if (request instanceof EventJson.MessageSend send) {
      client.line().take(send);
    } else {
      hub.onRequest(client.conference(), rosters, client.watcher(), request);
    }
  }

  private static @Nullable Client client(WsContext context) {
    return context.attribute(CLIENT);
  }

  /** A {@link ClientSocket} on a Jetty WebSocket. */
  private static final class JettyClientSocket implements ClientSocket {
    private final Session session;
    private final EventHub hub;
    private volatile @Nullable Watcher watcher;

    JettyClientSocket(Session session, EventHub hub) {
      this.session = session;
      this.hub = hub;
    }

    @Override
    public void send(String text) {
      session.sendText(text, Callback.from(this::sent, _ -> abort()));
    }

    @Override
    public void close(int code, String reason) {
      session.close(code, reason, Callback.NOOP);
    }

    @Override
    public void abort() {
      session.disconnect();
    }

    private void sent() {
      Watcher mine = watcher;
      if (mine != null) {
        hub.onSent(mine);
      }
    }
  }
}
