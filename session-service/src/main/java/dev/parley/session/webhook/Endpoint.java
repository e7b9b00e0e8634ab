package dev.parley.session.webhook;

import dev.parley.session.conference.NoticeType;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a tenant wants to be told, and of what. Immutable; each change makes the next one.
 *
 * @param secret signs what is sent
 * @param retiring also signs until it is over, so that a receiver can change secrets in its own
 *     time
 * @param requestHash of the body it was made with, to tell a repeated create from another
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record Endpoint(
    String id,
    String tenant,
    Target target,
    Status status,
    Secret secret,
    @Nullable Retiring retiring,
    String requestHash,
    Instant createdAt,
    long version) {

  /** How long a replaced secret signs beside the new one. */
  static final Duration RETIREMENT = Duration.ofHours(24);

  /**
   * What its owner chose.
   *
   * @param types what it wants to be told; empty for everything, also what is added later
   */
  public record Target(URI url, @Nullable String description, Set<NoticeType> types) {
    public Target {
      types = Set.copyOf(types);
    }

    boolean wants(NoticeType type) {
      return types.isEmpty() || types.contains(type);
    }
  }

  /** Whether it is sent anything. */
  public enum Status {
    ENABLED,
    /** Its owner does not want anything now. */
    DISABLED,
    /** It answered 410. */
    GONE
  }

  /** A secret that was replaced. */
  public record Retiring(Secret secret, Instant until) {}

  boolean isEnabled() {
    return status == Status.ENABLED;
  }

  /** Returns true if something of that type goes there now. */
  boolean takes(NoticeType type) {
    return isEnabled() && target.wants(type);
  }

  /** Returns it with another target. */
  public Endpoint withTarget(Target next) {
    return with(next, status, secret, retiring);
  }

  /** Returns it switched on or off by its owner. */
  public Endpoint switched(boolean isOn) {
    return with(target, isOn ? Status.ENABLED : Status.DISABLED, secret, retiring);
  }

  Endpoint gone() {
    return with(target, Status.GONE, secret, retiring);
  }

  Endpoint rotated(Secret next, Instant now) {
    return with(target, status, next, new Retiring(secret, now.plus(RETIREMENT)));
  }

  /** Returns it with another version. */
  public Endpoint withVersion(long stored) {
    return new Endpoint(
        id, tenant, target, status, secret, retiring, requestHash, createdAt, stored);
  }

  /** Returns the value of the header {@code webhook-signature}. */
  String sign(String messageId, Instant now, String body) {
    long timestampSec = now.getEpochSecond();
    String signature = secret.sign(messageId, timestampSec, body);
    return retiring == null || !now.isBefore(retiring.until())
        ? signature
        : signature + " " + retiring.secret().sign(messageId, timestampSec, body);
  }

  private Endpoint with(
      Target nextTarget, Status nextStatus, Secret nextSecret, @Nullable Retiring nextRetiring) {
    return new Endpoint(
        id,
        tenant,
        nextTarget,
        nextStatus,
        nextSecret,
        nextRetiring,
        requestHash,
        createdAt,
        version);
  }
}
