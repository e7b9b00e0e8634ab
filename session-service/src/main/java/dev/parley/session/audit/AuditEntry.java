package dev.parley.session.audit;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * One thing that somebody did, or tried.
 *
 * @param tenant on whose behalf, or {@code -} for the operator
 * @param actor {@code operator}, {@code key:} and a server key's id, or {@code person:} and a
 *     pseudonym
 * @param action method and path, as in openapi.yaml
 * @param object what it was done to: a path with ids
 * @param outcome the HTTP status and, if it is a problem, its code
 */
public record AuditEntry(
    Instant at,
    String tenant,
    String actor,
    String action,
    String object,
    String outcome,
    String requestId) {
  private static final int LENGTH_MAX = 300;
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  public AuditEntry {
    tenant = bounded(tenant);
    actor = bounded(actor);
    action = bounded(action);
    object = bounded(object);
    outcome = bounded(outcome);
    requestId = bounded(requestId);
  }

  /** Lines separate the fields where they are hashed, so none may be within one. */
  private static String bounded(String text) {
    String one = CONTROL.matcher(text).replaceAll("?");
    return one.length() <= LENGTH_MAX ? one : one.substring(0, LENGTH_MAX);
  }
}
