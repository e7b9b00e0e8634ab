package dev.parley.session.event;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.access.EventTicket;
import dev.parley.session.access.EventTickets;
import dev.parley.session.conference.Rosters;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Events as a {@code text/event-stream} (HTML standard, Server-sent events), for clients and
 * networks without WebSockets: the same frames, tickets, bounds and resume. Each stream is written
 * by its request's own virtual thread. Thread-safe.
 */
public final class EventStreams implements AutoCloseable {
  /** The type of the stream. */
  public static final String MEDIA_TYPE = "text/event-stream";

  /** Frames with a number begin so; {@link EventJson} writes them. */
  private static final Pattern NUMBER =
      Pattern.compile("\\{(?:\"type\":\"welcome\",)?\"seq\":([0-9]{1,18})[,}]");

  private final EventHub hub;
  private final EventTickets tickets;
  private final Rosters rosters;
  private final Set<Watcher> open = ConcurrentHashMap.newKeySet();
  private volatile boolean isClosed;

  public EventStreams(EventHub hub, EventTickets tickets, Rosters rosters) {
    this.hub = hub;
    this.tickets = tickets;
    this.rosters = rosters;
  }

  /** What came of a request for a stream. */
  public enum Outcome {
    /** It was streamed, until one side ended it. */
    STREAMED,
    /** The ticket is wrong, too old or used; nothing is answered yet. */
    WRONG_TICKET,
    /** The node has as many clients as it takes; nothing is answered yet. */
    TOO_MANY
  }

  /**
   * Streams until one side ends it.
   *
   * @param lastEventId the last event the client knows, or null
   */
  public Outcome serve(
      Context context, String conference, @Nullable String ticketText, @Nullable String lastEventId)
      throws IOException {
    EventTicket ticket = ticketText == null ? null : tickets.redeem(ticketText);
    if (ticket == null || !ticket.conference().value().equals(conference)) {
      hub.counters().increment(EventCounter.TICKETS_REFUSED);
      return Outcome.WRONG_TICKET;
    }
    Stream stream = new Stream(Thread.currentThread());
    Watcher watcher = hub.open(stream, EventsEndpoint.viewer(ticket, _ -> {}));
    if (watcher == null) {
      return Outcome.TOO_MANY;
    }
    try {
      open.add(watcher);
      if (isClosed) {
        close(watcher);
      }
      context.res().setContentType(MEDIA_TYPE + ";charset=utf-8");
      context.res().setHeader("Cache-Control", "no-store");
      // nginx would gather events before it passes them on.
      context.res().setHeader("X-Accel-Buffering", "no");
      context.res().flushBuffer();
      hello(ticket, watcher, resumeSeq(lastEventId));
      write(stream, watcher, context.res().getOutputStream());
    } catch (InterruptedException e) {
      // The client took too little for too long; there is nobody to tell.
    } finally {
      open.remove(watcher);
      hub.onClosed(ticket.conference(), watcher);
    }
    return Outcome.STREAMED;
  }

  /** Ends all streams, so that their requests end; what comes later ends at once. */
  @Override
  public void close() {
    isClosed = true;
    open.forEach(EventStreams::close);
  }

  private static void close(Watcher watcher) {
    watcher.close(CloseCode.GOING_AWAY, "node goes down");
  }

  private void hello(EventTicket ticket, Watcher watcher, long resumeSeq) {
    ConferenceId conference = ticket.conference();
    hub.onRequest(conference, rosters, watcher, new EventJson.Hello(resumeSeq));
  }

  private void write(Stream stream, Watcher watcher, OutputStream to)
      throws IOException, InterruptedException {
    for (Frame frame = stream.next(); ; frame = stream.next()) {
      to.write(text(frame.text()).getBytes(StandardCharsets.UTF_8));
      to.flush();
      if (frame.isLast()) {
        return;
      }
      hub.onSent(watcher);
    }
  }

  /** A frame as an event; JSON has no line breaks. */
  static String text(String frame) {
    Matcher number = NUMBER.matcher(frame);
    String id = number.lookingAt() ? "id: " + number.group(1) + "\n" : "";
    return id + "data: " + frame + "\n\n";
  }

  static long resumeSeq(@Nullable String lastEventId) {
    if (lastEventId == null) {
      return -1;
    }
    try {
      return Long.parseLong(lastEventId);
    } catch (NumberFormatException e) {
      // It is none of ours: a snapshot makes up for that.
      return -1;
    }
  }

  /** Text for the client; nothing follows the last. */
  private record Frame(String text, boolean isLast) {}

  /** The wire under the watcher. Any thread fills it, the request's empties it. */
  private static final class Stream implements ClientSocket {
    private final Thread writer;
    private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();

    Stream(Thread writer) {
      this.writer = writer;
    }

    Frame next() throws InterruptedException {
      return frames.take();
    }

    @Override
    public void send(String text) {
      // At most one is on its way, so at most that and a last one are here.
      frames.add(new Frame(text, false));
    }

    @Override
    public void close(int code, String reason) {
      frames.add(new Frame(EventJson.closed(code, reason), true));
    }

    @Override
    public void abort() {
      writer.interrupt();
    }
  }
}
