package dev.parley.session.library;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Why something was not done with an object. */
public sealed interface ObjectRefusal {

  /** There is no such object of this tenant. */
  record NotFound() implements ObjectRefusal {}

  /** It is erased, or will be in a moment. */
  record Erased() implements ObjectRefusal {}

  /** It was registered, but its content is not committed. */
  record NotAvailable() implements ObjectRefusal {}

  /** Its store has lost it, or has something else. */
  record Lost() implements ObjectRefusal {}

  /** The store has nothing of that name: it was not uploaded. */
  record Absent(LibraryObject object) implements ObjectRefusal {}

  /** What the store has is not what was announced. */
  record Different(String what) implements ObjectRefusal {}

  /** It must be kept. */
  record Kept(boolean isHeld, @Nullable Instant until) implements ObjectRefusal {}

  /** The idempotency key was used with another body. */
  record KeyReused() implements ObjectRefusal {}

  /** It is not the version that the sender saw. */
  record VersionMismatch(long current) implements ObjectRefusal {}

  /** No store of the configuration lies where the object may. */
  record NoStore(@Nullable String region) implements ObjectRefusal {}
}
