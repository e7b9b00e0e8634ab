package dev.parley.session.store;

import org.jspecify.annotations.Nullable;

/** The store did not answer; nothing is known about what was asked of it. */
public final class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StoreUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
