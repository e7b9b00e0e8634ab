package dev.parley.session.rest;

import dev.parley.common.id.Region;
import dev.parley.session.access.Caller;
import dev.parley.session.library.Library;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.ObjectRules;
import dev.parley.session.library.Outcome;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads how links are wanted, and signs them. Thread-safe. */
final class LinkSigning {
  private static final int LINK_SEC_DEFAULT = 600;
  private static final int REGION_LENGTH_MAX = 64;

  private final Library library;
  private final Approaches approaches;

  LinkSigning(Library library, Approaches approaches) {
    this.library = library;
    this.approaches = approaches;
  }

  /** How a browser is to treat what it gets. */
  enum Disposition {
    ATTACHMENT,
    INLINE
  }

  /**
   * How links are wanted.
   *
   * @param reader in which region they are to be used, if a back end says so
   */
  record Wish(Duration goodFor, Disposition disposition, @Nullable String reader) {}

  /** Reads it; where a reader is only a back end may say. */
  static Wish wish(JsonBody body, Caller caller) {
    return new Wish(
        Duration.ofSeconds(body.integer("ttlSec", 1, Library.LINK_SEC_MAX, LINK_SEC_DEFAULT)),
        body.choice("disposition", Disposition.class, Disposition.ATTACHMENT),
        caller instanceof Caller.Backend ? body.text("readerRegion", REGION_LENGTH_MAX) : null);
  }

  /** Returns what signs links for one request, by the policies of now. */
  Function<LibraryObject, Outcome<Library.Link>> signer(Context context, Caller caller, Wish wish) {
    ObjectRules.Judge judge = library.judge(caller.tenant());
    Library.Reading reading =
        new Library.Reading(
            wish.goodFor(),
            () -> caller instanceof Caller.Backend ? wish.reader() : regionOf(context),
            object ->
                ObjectViews.disposition(Wire.name(wish.disposition()), object.label().name()));
    return object -> library.link(object, reading, judge);
  }

  /** Returns in which region a person is, by their address; null if nobody knows. */
  private @Nullable String regionOf(Context context) {
    Set<Region> known = new LinkedHashSet<>();
    for (var store : library.stores().all()) {
      Region region = PlacementFields.region(store.name().region());
      if (region != null) {
        known.add(region);
      }
    }
    Region region = approaches.regionOf(context, known);
    return region == null ? null : region.value();
  }
}
