package dev.parley.session.library;

import dev.parley.session.placement.Residency;
import java.time.Instant;
import java.util.List;
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

  /** Its conversation or its channel is on legal hold, with all that is in it. */
  record KeptWithOthers() implements ObjectRefusal {}

  /** The idempotency key was used with another body. */
  record KeyReused() implements ObjectRefusal {}

  /** It is not the version that the sender saw. */
  record VersionMismatch(long current) implements ObjectRefusal {}

  /** It would be where it may not be, or nowhere. */
  sealed interface OfPlace extends ObjectRefusal {}

  /** No store of the configuration lies where the object is to. */
  record NoStore(@Nullable String region) implements OfPlace {}

  /**
   * No store lies where the object is to be, and may.
   *
   * @param regions where it is to be; empty for anywhere
   * @param possible where it could be: what is permitted and has a store
   */
  record Unsatisfiable(Residency residency, List<String> regions, List<String> possible)
      implements OfPlace {
    public Unsatisfiable {
      regions = List.copyOf(regions);
      possible = List.copyOf(possible);
    }
  }

  /** Its policies want its names in the libraries of several regions. */
  record Torn(Residency residency) implements OfPlace {}

  /** It lies where its policies do not let it be, any more. */
  record Outside(String region, Residency residency) implements OfPlace {}

  /**
   * It may be read from some regions only, and this reader is elsewhere.
   *
   * @param reader null if nobody knows where they are
   */
  record ReaderOutside(@Nullable String reader, Residency residency) implements OfPlace {}
}
