package dev.parley.session.library;

import dev.parley.session.conference.RetentionRule;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * For how long an object is kept, by the nearest of those who say so. Immutable.
 *
 * @param days from when it is available; {@link RetentionRule#FOR_EVER} keeps it for ever
 */
public record ObjectRetention(int days, Source from) {

  /** Who may say for how long, the nearest first. */
  public enum Source {
    OBJECT,
    CONFERENCE,
    CHANNEL,
    TENANT
  }

  /**
   * Returns when it is over: not before the time until which the object must be kept. Null while it
   * is not available, and if it never is.
   */
  public @Nullable Instant until(LibraryObject object) {
    Instant since = object.progress().availableAt();
    if (since == null || days == RetentionRule.FOR_EVER) {
      return null;
    }
    Instant over = since.plus(Duration.ofDays(days));
    Instant retainUntil = object.keeping().retainUntil();
    return retainUntil != null && retainUntil.isAfter(over) ? retainUntil : over;
  }

  /** What a rule says of a kind of object; null if nothing: what goes with another, too. */
  public static @Nullable Integer days(RetentionRule rule, ObjectKind kind) {
    return switch (kind) {
      case RECORDING -> rule.recording();
      case FILE -> rule.file();
      case PHOTO -> rule.photo();
      case MESSAGE_LOG -> rule.messageLog();
      case THUMBNAIL, MANIFEST -> null;
    };
  }
}
