package dev.parley.session.object;

import org.jspecify.annotations.Nullable;

/** A store did not answer, or not as it should: nobody knows whether it did what was asked. */
public final class ObjectStoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ObjectStoreUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  public ObjectStoreUnavailableException(String message) {
    super(message);
  }
}
