package dev.parley.session.rest;

import dev.parley.session.library.ObjectRefusal;
import dev.parley.session.placement.Residency;
import java.util.List;

/**
 * Why an object may not be where it is or is to be, as problems that say where it might. Stateless.
 */
final class PlaceProblems {
  private PlaceProblems() {}

  static Problem of(ObjectRefusal.OfPlace refusal) {
    return switch (refusal) {
      case ObjectRefusal.NoStore r ->
          new Problem(
              422,
              "no-object-store",
              "No store there",
              r.region() == null
                  ? "This service has no object store; its operator sets object-stores."
                  : "No object store lies in the region "
                      + r.region()
                      + "; GET /v1/stores lists those there are.");
      case ObjectRefusal.Unsatisfiable r -> unsatisfiable(r);
      case ObjectRefusal.Torn r -> torn(r.residency());
      case ObjectRefusal.Outside r ->
          denied(
              r.residency(),
              "The object lies in "
                  + r.region()
                  + ", and "
                  + rule(r.residency())
                  + "; change that, or erase the object and register it anew.");
      case ObjectRefusal.ReaderOutside r ->
          denied(
              r.residency(),
              "The object may be read only where it may lie: "
                  + rule(r.residency())
                  + ", and "
                  + (r.reader() == null
                      ? "nobody knows where the reader is; a back end says it by readerRegion."
                      : "the reader is in " + r.reader() + "."));
    };
  }

  /** Ends the request if policies want names in the libraries of several regions at once. */
  static void requireOneLibrary(Residency residency) {
    if (residency.isMetadataTorn()) {
      throw torn(residency).exception();
    }
  }

  private static Problem torn(Residency residency) {
    return new Problem(
            422,
            "residency-unsatisfiable",
            "Nowhere to be",
            "The residency policies "
                + String.join(", ", residency.policies())
                + " want names and texts in "
                + String.join(" and in ", residency.metadataRegions())
                + " (metadataRegion), and they can be in one region only; name another policy, or"
                + " change one of them.")
        .with("policies", List.copyOf(residency.policies()))
        .with("regions", List.copyOf(residency.metadataRegions()));
  }

  private static Problem unsatisfiable(ObjectRefusal.Unsatisfiable refusal) {
    String wished =
        refusal.regions().isEmpty()
            ? ""
            : "the object is to lie in " + String.join(" or ", refusal.regions()) + ", and ";
    String text = wished + rule(refusal.residency()) + "; " + help(refusal);
    return new Problem(
            422,
            "residency-unsatisfiable",
            "Nowhere to be",
            Character.toUpperCase(text.charAt(0)) + text.substring(1))
        .with("policies", List.copyOf(refusal.residency().policies()))
        .with("regions", refusal.possible());
  }

  private static String help(ObjectRefusal.Unsatisfiable refusal) {
    if (!refusal.possible().isEmpty()) {
      return "name one of " + String.join(", ", refusal.possible()) + ", or none.";
    }
    return refusal.residency().named().isEmpty()
        ? "change one of them, or make it again."
        : "this service has no object store there; its operator sets object-stores.";
  }

  private static Problem denied(Residency residency, String detail) {
    return Problem.forbidden("residency-denied", detail)
        .with("policies", List.copyOf(residency.policies()))
        .with("regions", List.copyOf(residency.named()));
  }

  /** What policies permit, as part of a sentence. */
  private static String rule(Residency residency) {
    String names = String.join(", ", residency.policies());
    String regions = String.join(", ", residency.named());
    if (residency.policies().size() == 1) {
      return "the residency policy "
          + names
          + (regions.isEmpty() ? " is gone" : " permits only " + regions);
    }
    return "the residency policies "
        + names
        + (regions.isEmpty()
            ? " together permit no region, or one of them is gone"
            : " together permit only " + regions);
  }
}
