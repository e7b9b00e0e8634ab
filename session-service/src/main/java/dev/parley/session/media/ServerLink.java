package dev.parley.session.media;

import static java.util.Objects.requireNonNull;

import dev.parley.common.control.Acknowledge;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.ControlCodec;
import dev.parley.common.control.ControlLimits;
import dev.parley.common.control.Decoded;
import dev.parley.common.control.Fence;
import dev.parley.common.control.Heartbeat;
import dev.parley.common.control.Hello;
import dev.parley.common.control.MediaMessage;
import dev.parley.common.control.ProbeResult;
import dev.parley.common.control.Quality;
import dev.parley.common.control.SessionMessage;
import dev.parley.common.control.Speakers;
import dev.parley.common.control.StateReport;
import dev.parley.common.control.TicketKey;
import dev.parley.common.control.UploadRequest;
import dev.parley.common.control.Welcome;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One connection from a media server. Frames come in one at a time; frames go out one at a time,
 * acknowledgements merged and before commands. Any thread; a lock guards what is to be sent.
 */
final class ServerLink {
  private final LinkSocket socket;
  private final ControlCodec codec;
  private final ControlCounters counters;
  private final LinkedServers servers;
  private final LongSupplier nanoClock;
  private final Predicate<String> mayBe;
  private final long openedNs;

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<SessionMessage> commands = new ArrayDeque<>();
  private @Nullable Welcome welcome;
  private @Nullable Welcome welcomed;
  private long acknowledged;
  private long toAcknowledge;
  private boolean isSending;
  private long sendingSinceNs;
  private boolean isClosed;
  private boolean isFenced;
  private boolean isFenceSent;

  // Written once by the receiving side, before anyone else can know the link.
  private volatile @Nullable ServerEntry entry;

  /**
   * @param mayBe says whether the peer's certificate lets it call itself by a server's name
   */
  ServerLink(LinkSocket socket, LinkedServers servers, Predicate<String> mayBe) {
    this.socket = socket;
    this.servers = servers;
    this.codec = servers.codec();
    this.counters = servers.counters();
    this.nanoClock = servers.nanoClock();
    this.mayBe = mayBe;
    this.openedNs = nanoClock.getAsLong();
  }

  /** Takes one frame in and asks for the next. */
  void onText(String text) {
    switch (codec.decodeMedia(text)) {
      case Decoded.Message<MediaMessage>(MediaMessage message) -> onMessage(message);
      case Decoded.Unknown<MediaMessage>(String _, long sequence) -> onUnknown(sequence);
      case Decoded.Malformed<MediaMessage>(String detail) -> {
        counters.increment(ControlCounter.FRAMES_MALFORMED);
        close(CloseCode.UNEXPECTED, "malformed: " + detail);
      }
    }
    socket.request();
  }

  void onSent() {
    boolean isTold;
    lock.lock();
    try {
      isSending = false;
      isTold = isFenceSent;
    } finally {
      lock.unlock();
    }
    if (isTold) {
      close(CloseCode.FENCED, "this incarnation was given up");
    } else {
      pump();
    }
  }

  /** The socket is gone, whoever closed it. */
  void onClosed() {
    lock.lock();
    try {
      if (isClosed) {
        return;
      }
      isClosed = true;
      commands.clear();
    } finally {
      lock.unlock();
    }
    servers.onLinkClosed(this, entry);
  }

  /** Sends the welcome; commands and acknowledgements follow it. */
  void welcome(Welcome message) {
    lock.lock();
    try {
      welcome = message;
      welcomed = message;
    } finally {
      lock.unlock();
    }
    pump();
  }

  /**
   * Tells the server which nodes there are now, and its region's keys, if it has been welcomed and
   * does not know; else its welcome does.
   */
  void announce(List<URI> nodes, List<TicketKey> keys) {
    lock.lock();
    try {
      Welcome before = welcomed;
      if (before == null) {
        return;
      }
      Welcome next = before.with(nodes, keys);
      if (next.equals(before)) {
        return;
      }
      welcomed = next;
      welcome = next;
    } finally {
      lock.unlock();
    }
    pump();
  }

  /**
   * Queues a command, probe or answer. Returns false if the link is closed or has too many waiting.
   */
  boolean send(SessionMessage command) {
    lock.lock();
    try {
      if (isClosed || commands.size() >= ControlLimits.COMMANDS_IN_FLIGHT_MAX) {
        return false;
      }
      commands.addLast(command);
    } finally {
      lock.unlock();
    }
    pump();
    return true;
  }

  /** Tells the server that it was given up, and closes the link once it is told. */
  void fence() {
    lock.lock();
    try {
      isFenced = true;
    } finally {
      lock.unlock();
    }
    pump();
  }

  /** Tells the server that everything up to the sequence is safe. */
  void acknowledge(long sequence) {
    lock.lock();
    try {
      toAcknowledge = Math.max(toAcknowledge, sequence);
    } finally {
      lock.unlock();
    }
    pump();
  }

  /** Closes a link that has not said hello, or takes nothing, in time. */
  void closeIfSilent(long nowNs, long greetingNs, long sendNs) {
    boolean isStuck;
    lock.lock();
    try {
      isStuck = isSending && nowNs - sendingSinceNs > sendNs;
    } finally {
      lock.unlock();
    }
    if (isStuck) {
      counters.increment(ControlCounter.LINKS_SILENT);
      abort();
    } else if (entry == null && nowNs - openedNs > greetingNs) {
      counters.increment(ControlCounter.LINKS_SILENT);
      close(CloseCode.TOO_SLOW, "no hello in time");
    }
  }

  void close(int code, String reason) {
    socket.close(code, reason);
    onClosed();
  }

  void abort() {
    socket.abort();
    onClosed();
  }

  private void onMessage(MediaMessage message) {
    ServerEntry known = entry;
    if (known == null) {
      if (message instanceof Hello hello) {
        onHello(hello);
      } else {
        unexpected("no hello");
      }
      return;
    }
    switch (message) {
      case Hello _ -> unexpected("second hello");
      case Heartbeat(var load) -> known.onLoad(load, nanoClock.getAsLong());
      case StateReport report -> onReport(known, report.sequence(), report);
      case Speakers speakers -> known.inbox().offer(speakers);
      case Quality quality -> known.inbox().offer(quality);
      case CommandResult result -> known.orders().onResult(result);
      case ProbeResult(long id, boolean answered) -> servers.onProbed(id, answered);
      case UploadRequest request -> servers.uploads().onRequest(this, request);
    }
  }

  private void onHello(Hello hello) {
    if (!mayBe.test(hello.server().value())) {
      refuse(CloseCode.WRONG_CERTIFICATE, "the certificate does not name " + hello.server());
      return;
    }
    if (hello.protocol() < Math.max(1, Hello.PROTOCOL - 1)) {
      refuse(CloseCode.NO_COMMON_VERSION, "protocol " + hello.protocol() + " is too old");
      return;
    }
    switch (servers.onHello(this, hello)) {
      case Greeting.Accepted(ServerEntry accepted) -> onAccepted(accepted, hello);
      case Greeting.Refused _ -> refuse(CloseCode.FENCED, "superseded, or too many servers");
      case Greeting.GivenUp _ -> {
        counters.increment(ControlCounter.LINKS_REFUSED);
        fence();
      }
    }
  }

  private void onAccepted(ServerEntry accepted, Hello hello) {
    entry = accepted;
    counters.increment(ControlCounter.LINKS_ACCEPTED);
    servers.onGreeted(this, accepted, hello);
    if (isClosed()) {
      // Closed while it was being accepted: nobody else knew then whose it was.
      servers.onLinkClosed(this, accepted);
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return isClosed;
    } finally {
      lock.unlock();
    }
  }

  private void onUnknown(long sequence) {
    counters.increment(ControlCounter.FRAMES_UNKNOWN);
    ServerEntry known = entry;
    if (sequence > 0 && known != null) {
      onReport(known, sequence, null);
    }
  }

  private void onReport(ServerEntry known, long sequence, @Nullable StateReport report) {
    if (!known.inbox().offer(this, known, sequence, report)) {
      refuse(CloseCode.TOO_MANY, "more reports than may be unacknowledged");
    }
  }

  private void unexpected(String reason) {
    counters.increment(ControlCounter.FRAMES_UNEXPECTED);
    close(CloseCode.UNEXPECTED, reason);
  }

  private void refuse(int code, String reason) {
    counters.increment(ControlCounter.LINKS_REFUSED);
    close(code, reason);
  }

  private void pump() {
    SessionMessage message;
    lock.lock();
    try {
      message = isSending || isClosed ? null : next();
      if (message == null) {
        return;
      }
      isSending = true;
      sendingSinceNs = nanoClock.getAsLong();
    } finally {
      lock.unlock();
    }
    socket.send(codec.encode(requireNonNull(message)));
  }

  private @Nullable SessionMessage next() {
    if (isFenced) {
      boolean isFirst = !isFenceSent;
      isFenceSent = true;
      return isFirst ? new Fence() : null;
    }
    if (welcomed == null) {
      return null;
    }
    Welcome newest = welcome;
    if (newest != null) {
      welcome = null;
      return newest;
    }
    if (toAcknowledge > acknowledged) {
      acknowledged = toAcknowledge;
      return new Acknowledge(acknowledged);
    }
    return commands.pollFirst();
  }
}
