package dev.parley.session.conference;

import org.jspecify.annotations.Nullable;

/**
 * For how many days things are kept from when they are available, for each kind; then they are
 * erased. Null says nothing, so that somebody else's word holds; {@value #FOR_EVER} keeps for ever.
 * Immutable.
 */
public record RetentionRule(
    @Nullable Integer recording,
    @Nullable Integer file,
    @Nullable Integer photo,
    @Nullable Integer messageLog) {
  /** Not erased because it is old. */
  public static final int FOR_EVER = 0;

  /** Most days that can be said: a hundred years. */
  public static final int DAYS_MAX = 36_500;

  /** Nothing is said. */
  public static final RetentionRule NONE = new RetentionRule(null, null, null, null);

  public RetentionRule {
    check(recording);
    check(file);
    check(photo);
    check(messageLog);
  }

  private static void check(@Nullable Integer days) {
    if (days != null && (days < FOR_EVER || days > DAYS_MAX)) {
      throw new IllegalArgumentException("days are out of range: " + days);
    }
  }
}
