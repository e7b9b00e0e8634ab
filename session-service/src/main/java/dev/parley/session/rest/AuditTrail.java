package dev.parley.session.rest;

import dev.parley.session.access.Caller;
import dev.parley.session.access.Pseudonyms;
import dev.parley.session.audit.AuditEntry;
import dev.parley.session.audit.AuditLog;
import dev.parley.session.conference.Participant;
import dev.parley.session.store.StoreUnavailableException;
import io.javalin.http.Context;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what requests did, before they are answered: everything that back ends and moderators
 * change, and what they tried. What people do about themselves is not recorded: the call's own
 * records have it. Thread-safe; blocks.
 */
public final class AuditTrail {
  private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
  private static final String CALLER = "audit.caller";
  private static final String CODE = "audit.code";
  private static final String SELF = "audit.self";
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
  private static final int CREATED = 201;

  /** What is the way of every call, or would put what people write to each other into the log. */
  private static final Set<String> ROUTINE =
      Set.of(
          "POST /v1/conferences/{c}/participants",
          "POST /v1/conferences/{c}/event-tickets",
          "POST /v1/conferences/{c}/messages",
          "POST /v1/conferences/{c}/files",
          "POST /v1/conferences/{c}/files/links",
          "POST /v1/conferences/{c}/files/{o}/commit",
          "POST /v1/regions/nearest");

  /** Signalling is routine, too, and its paths end with secrets. */
  private static final Pattern SIGNALLING =
      Pattern.compile(".*/(rtc|whip|whep|[a-z]+-sessions/.*)");

  /** Entries that wait for the store; more are tried once, and lost if need be. */
  static final int OWED_MAX = 4096;

  private final AuditLog log;
  private final Pseudonyms pseudonyms;
  private final BooleanSupplier isStoreAway;
  private final BlockingQueue<AuditEntry> owed = new LinkedBlockingQueue<>(OWED_MAX);
  private final LongAdder lost = new LongAdder();

  /**
   * Takes what it records with.
   *
   * @param isStoreAway while it is, entries wait, and requests do not wait for them
   */
  public AuditTrail(AuditLog log, Pseudonyms pseudonyms, BooleanSupplier isStoreAway) {
    this.log = log;
    this.pseudonyms = pseudonyms;
    this.isStoreAway = isStoreAway;
  }

  /** Records what waits, while the store takes it; returns how much that was. One thread. */
  public int settle() {
    int settled = 0;
    AuditEntry next = owed.peek();
    while (next != null && !isStoreAway.getAsBoolean() && isKept(next)) {
      // Only now: what is being written is owed still.
      owed.remove();
      settled++;
      next = owed.peek();
    }
    return settled;
  }

  /** How many entries wait for the store. */
  public int owedCount() {
    return owed.size();
  }

  /** How many entries were neither taken by the store nor could wait for it. */
  public long lostCount() {
    return lost.sum();
  }

  /** Remembers who sends a request. */
  static void caller(Context context, Caller caller) {
    context.attribute(CALLER, caller);
  }

  /** Remembers whom a request is about. */
  static void participant(Context context, Participant participant) {
    Caller caller = context.attribute(CALLER);
    if (caller instanceof Caller.Joiner joiner
        && joiner.claims().identity().equals(participant.person().identity())) {
      context.attribute(SELF, true);
    }
  }

  /** Remembers with which problem a request ends. */
  static void problem(Context context, Problem problem) {
    context.attribute(CODE, problem.code());
  }

  /** Records a request to the client's port, if it is of the kind. */
  void record(Context context) {
    Caller caller = context.attribute(CALLER);
    var endpoint = context.endpoints().lastHttpEndpoint();
    if (caller == null || endpoint == null || READING.contains(context.method().name())) {
      return;
    }
    String action = context.method().name() + " " + endpoint.path;
    int status = context.statusCode();
    if (!ROUTINE.contains(action)
        && !SIGNALLING.matcher(endpoint.path).matches()
        && context.attribute(SELF) == null) {
      record(
          caller.tenant(),
          actor(caller),
          action,
          object(context, endpoint.path),
          outcome(status, context.attribute(CODE)),
          Responses.requestId(context));
    }
  }

  /** Records what the operator did on the admin port. */
  void recordOperator(String action, String object, int status, @Nullable String code) {
    record("-", "operator", action, object, outcome(status, code), "-");
  }

  private void record(
      String tenant, String actor, String action, String object, String outcome, String requestId) {
    AuditEntry entry = new AuditEntry(log.now(), tenant, actor, action, object, outcome, requestId);
    boolean isAway = isStoreAway.getAsBoolean();
    if (!isAway && isKept(entry)) {
      return;
    }
    if (owed.offer(entry)) {
      // Should this node not see the store again, its log has what the audit log has not.
      LOG.info("waits for the audit log: {}", line(entry));
    } else if (!isAway || !isKept(entry)) {
      lost.increment();
      LOG.warn("not in the audit log: {}", line(entry));
    }
  }

  private boolean isKept(AuditEntry entry) {
    try {
      return log.record(entry);
    } catch (StoreUnavailableException e) {
      return false;
    }
  }

  private static String line(AuditEntry entry) {
    return String.join(
        " ",
        entry.at().toString(),
        entry.tenant(),
        entry.actor(),
        entry.action(),
        entry.object(),
        entry.outcome(),
        entry.requestId());
  }

  private String actor(Caller caller) {
    return switch (caller) {
      case Caller.Backend backend -> "key:" + backend.key().keyId();
      case Caller.Joiner joiner ->
          "person:" + pseudonyms.of(joiner.tenant(), joiner.claims().identity());
    };
  }

  /** A path with ids. What is made is told by its Location. */
  private static String object(Context context, String template) {
    String location = context.res().getHeader("Location");
    if (context.statusCode() == CREATED && location != null) {
      return location;
    }
    StringBuilder object = new StringBuilder();
    for (String part : template.substring(1).split("/", -1)) {
      object.append('/').append(part.startsWith("{") ? id(context, part) : part);
    }
    return object.toString();
  }

  /** Ids look alike; what does not look so, an alias perhaps, may be somebody's name. */
  private static String id(Context context, String part) {
    String value = context.pathParam(part.substring(1, part.length() - 1));
    return Gate.conferenceId(value) == null ? part : value;
  }

  private static String outcome(int status, @Nullable String code) {
    return code == null ? Integer.toString(status) : status + " " + code;
  }
}
