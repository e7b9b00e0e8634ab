package dev.parley.session.coordination.redis;

/** Redis did not answer, or was not asked because it does not answer. Carries no stack. */
final class RedisAwayException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RedisAwayException(String message) {
    super(message, null, false, false);
  }
}
