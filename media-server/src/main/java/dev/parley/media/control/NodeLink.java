package dev.parley.media.control;

import dev.parley.common.control.Acknowledge;
import dev.parley.common.control.Backoff;
import dev.parley.common.control.Command;
import dev.parley.common.control.ControlCodec;
import dev.parley.common.control.ControlLimits;
import dev.parley.common.control.ControlMessage;
import dev.parley.common.control.Decoded;
import dev.parley.common.control.Fence;
import dev.parley.common.control.Heartbeat;
import dev.parley.common.control.Hello;
import dev.parley.common.control.MediaMessage;
import dev.parley.common.control.Probe;
import dev.parley.common.control.SessionMessage;
import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.Welcome;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link to one session node: dials, greets, sends one frame at a time, and dials again when it
 * breaks. All state belongs to the {@link LinkLoop}'s thread.
 *
 * <p>Nothing queues up here but results. When the frame before has been taken, the next is chosen:
 * heartbeat, result, state report, speakers. So a slow node gets no more than it takes, and what is
 * worth least waits longest.
 */
final class NodeLink {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLink.class);
  private static final int CLOSE_NORMAL = 1000;
  private static final int CLOSE_PROTOCOL_ERROR = 1002;
  private static final int HELLO_PROTOCOL_OLDEST = Math.max(1, Hello.PROTOCOL - 1);

  /** What a link needs of those who own it. Called on the loop's thread. */
  interface Owner {
    /** Answers, on the loop's thread, with the greeting to send. */
    void greeting(Consumer<Hello> answer);

    /** The node has welcomed us. Returns false if the link is not wanted. */
    boolean onUp(NodeLink link, Welcome welcome);

    /** The node says again which nodes there are. */
    void onNodes(Welcome welcome);

    /** The link was up and is no more. */
    void onDown(NodeLink link);

    void onCommand(NodeLink link, Command command);

    void onAcknowledge(NodeLink link, long sequence);

    void onProbe(NodeLink link, Probe probe);

    /** A question about an upload is answered. */
    void onUploadAnswer(UploadAnswer answer);

    /** This incarnation was given up; every link is to begin anew with another one. */
    void onFenced(NodeLink link);

    /** What this link is to carry next besides its own heartbeats and results, if anything. */
    @Nullable MediaMessage nextFor(NodeLink link);
  }

  private enum State {
    IDLE,
    DIALLING,
    GREETING,
    UP,
    CLOSED
  }

  private final URI address;
  private final LinkLoop loop;
  private final Dialer dialer;
  private final ControlCodec codec;
  private final Backoff backoff;
  private final LinkCounters counters;
  private final Owner owner;
  private final ArrayDeque<MediaMessage> results = new ArrayDeque<>();

  private State state = State.IDLE;
  private @Nullable Attempt attempt;
  private LinkLoop.@Nullable Timer timer;
  private @Nullable Heartbeat heartbeat;
  private String node = "";
  private boolean isSending;
  private long sendingSinceNs;
  private long heardNs;
  private long upSinceNs;
  private int failureCount;

  NodeLink(URI address, LinkContext context, Owner owner) {
    this.address = address;
    this.loop = context.loop();
    this.dialer = context.dialer();
    this.codec = context.codec();
    this.counters = context.counters();
    this.backoff =
        new Backoff(LinkTimes.RETRY_FIRST_NS, LinkTimes.RETRY_LONGEST_NS, context.random());
    this.owner = owner;
  }

  URI address() {
    return address;
  }

  /** The name the node gave itself, empty before its first welcome. */
  String node() {
    return node;
  }

  boolean isUp() {
    return state == State.UP;
  }

  /** Attempts since the last welcome. */
  int failureCount() {
    return failureCount;
  }

  void dial() {
    if (state != State.IDLE) {
      return;
    }
    counters.increment(LinkCounter.DIALS);
    state = State.DIALLING;
    Attempt next = new Attempt();
    attempt = next;
    timer = loop.schedule(LinkTimes.GREETING_NS, () -> giveUp("no welcome in time"));
    dialer.dial(address, next);
  }

  /** Sends what there is, if the frame before has been taken. */
  void pump() {
    Attempt current = attempt;
    if (state != State.UP || isSending || current == null || current.connection == null) {
      return;
    }
    ControlMessage message = next();
    if (message != null) {
      send(current.connection, message);
    }
  }

  /** A beat of the link's clock: watches the node's silence, then tells it how busy we are. */
  void beat(Heartbeat beat) {
    Attempt current = attempt;
    if (state != State.UP || current == null || current.connection == null) {
      return;
    }
    long nowNs = loop.nowNs();
    boolean isStuck = isSending && nowNs - sendingSinceNs > LinkTimes.SEND_NS;
    if (isStuck || nowNs - heardNs > LinkTimes.SILENCE_NS) {
      counters.increment(LinkCounter.PEERS_SILENT);
      giveUp(isStuck ? "a frame was not taken in time" : "no pong in time");
      return;
    }
    current.connection.ping();
    heartbeat = beat;
    pump();
  }

  /** Queues the result of a command or probe that came by this link, or a question to its node. */
  void answer(MediaMessage result) {
    if (state != State.UP) {
      return;
    }
    if (results.size() >= ControlLimits.COMMANDS_IN_FLIGHT_MAX) {
      // The session tier asks again, and the command log knows the answer.
      counters.increment(LinkCounter.RESULTS_DROPPED);
      return;
    }
    results.addLast(result);
    pump();
  }

  /** Leaves the node and greets it again at once, as whoever the owner is now. */
  void greetAgain() {
    Attempt current = attempt;
    if (state == State.CLOSED) {
      return;
    }
    stop(State.IDLE);
    if (current != null && current.connection != null) {
      current.connection.close(CLOSE_NORMAL, "comes back as another incarnation");
    }
    backoff.reset();
    dial();
  }

  /** Ends the link for good. */
  void close() {
    Attempt current = attempt;
    stop(State.CLOSED);
    if (current != null && current.connection != null) {
      current.connection.close(CLOSE_NORMAL, "going");
    }
  }

  private @Nullable MediaMessage next() {
    Heartbeat beat = heartbeat;
    if (beat != null) {
      heartbeat = null;
      return beat;
    }
    MediaMessage result = results.pollFirst();
    return result != null ? result : owner.nextFor(this);
  }

  private void send(Dialer.Connection connection, ControlMessage message) {
    send(connection, codec.encode(message));
  }

  private void send(Dialer.Connection connection, String text) {
    isSending = true;
    sendingSinceNs = loop.nowNs();
    connection.send(text);
  }

  private void onOpen(Attempt from) {
    if (state != State.DIALLING) {
      return;
    }
    state = State.GREETING;
    heardNs = loop.nowNs();
    owner.greeting(hello -> greet(from, hello));
  }

  private void greet(Attempt from, Hello hello) {
    Dialer.Connection connection = from.connection;
    if (from == attempt && state == State.GREETING && connection != null) {
      send(connection, hello);
      connection.request();
    }
  }

  private void onText(String text) {
    heardNs = loop.nowNs();
    switch (codec.decodeSession(text)) {
      case Decoded.Message<SessionMessage>(SessionMessage message) -> onMessage(message);
      case Decoded.Unknown<SessionMessage> _ -> counters.increment(LinkCounter.FRAMES_UNKNOWN);
      case Decoded.Malformed<SessionMessage>(String detail) -> {
        counters.increment(LinkCounter.FRAMES_MALFORMED);
        refuse("malformed frame: " + detail);
      }
    }
    // Only now, so that a node cannot make us hold more than one frame.
    if (attempt != null && attempt.connection != null) {
      attempt.connection.request();
    }
  }

  private void onMessage(SessionMessage message) {
    switch (message) {
      case Welcome welcome when state == State.GREETING -> onWelcome(welcome);
      case Welcome welcome when state == State.UP -> owner.onNodes(welcome);
      case Command command when state == State.UP -> owner.onCommand(this, command);
      case Acknowledge acknowledge when state == State.UP ->
          owner.onAcknowledge(this, acknowledge.sequence());
      case Probe probe when state == State.UP -> owner.onProbe(this, probe);
      case UploadAnswer answer when state == State.UP -> owner.onUploadAnswer(answer);
      case Fence _ when state == State.UP || state == State.GREETING -> owner.onFenced(this);
      default -> {
        counters.increment(LinkCounter.FRAMES_UNEXPECTED);
        refuse("unexpected message");
      }
    }
  }

  private void onWelcome(Welcome welcome) {
    if (welcome.protocol() > Hello.PROTOCOL || welcome.protocol() < HELLO_PROTOCOL_OLDEST) {
      counters.increment(LinkCounter.PEERS_REFUSED);
      refuse("speaks protocol " + welcome.protocol());
      return;
    }
    node = welcome.node();
    state = State.UP;
    upSinceNs = loop.nowNs();
    failureCount = 0;
    cancelTimer();
    if (!owner.onUp(this, welcome)) {
      redialAfter(LinkTimes.DUPLICATE_NS, "another link to " + node + " is up");
      return;
    }
    counters.increment(LinkCounter.LINKS_UP);
    LOG.info("control link to {} ({}) is up", node, address);
    pump();
  }

  private void onSent() {
    isSending = false;
    pump();
  }

  private void refuse(String reason) {
    Attempt current = attempt;
    if (current != null && current.connection != null) {
      current.connection.close(CLOSE_PROTOCOL_ERROR, reason);
    }
    lost(reason);
  }

  private void giveUp(String reason) {
    Attempt current = attempt;
    if (current != null && current.connection != null) {
      current.connection.abort();
    }
    lost(reason);
  }

  private void lost(String reason) {
    if (state == State.CLOSED || state == State.IDLE) {
      return;
    }
    boolean wasUp = state == State.UP;
    if (wasUp && loop.nowNs() - upSinceNs >= LinkTimes.PROVEN_NS) {
      backoff.reset();
    }
    failureCount++;
    stop(State.IDLE);
    if (wasUp) {
      counters.increment(LinkCounter.LINKS_LOST);
      LOG.warn("control link to {} ({}) is lost: {}", node, address, reason);
      owner.onDown(this);
    } else if (failureCount == 1) {
      LOG.warn("control link to {} cannot be opened: {}", address, reason);
    }
    timer = loop.schedule(backoff.nextDelayNs(), this::dial);
  }

  private void redialAfter(long delayNs, String reason) {
    Attempt current = attempt;
    stop(State.IDLE);
    if (current != null && current.connection != null) {
      current.connection.close(CLOSE_NORMAL, reason);
    }
    timer = loop.schedule(delayNs, this::dial);
  }

  private void stop(State next) {
    cancelTimer();
    attempt = null;
    state = next;
    isSending = false;
    heartbeat = null;
    results.clear();
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /** One dialling and what came of it. What an abandoned attempt still says is not heard. */
  private final class Attempt implements Dialer.Listener {
    private Dialer.@Nullable Connection connection;

    @Override
    public void onOpen(Dialer.Connection opened) {
      loop.execute(() -> {
        if (attempt != this) {
          opened.abort();
          return;
        }
        connection = opened;
        NodeLink.this.onOpen(this);
      });
    }

    @Override
    public void onText(String text) {
      onLoop(() -> NodeLink.this.onText(text));
    }

    @Override
    public void onPong() {
      onLoop(() -> heardNs = loop.nowNs());
    }

    @Override
    public void onSent() {
      onLoop(NodeLink.this::onSent);
    }

    @Override
    public void onClosed(String reason) {
      onLoop(() -> lost(reason));
    }

    private void onLoop(Runnable event) {
      loop.execute(() -> {
        if (attempt == this) {
          event.run();
        }
      });
    }
  }
}
