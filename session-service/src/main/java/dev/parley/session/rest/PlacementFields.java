package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.Region;
import dev.parley.session.conference.Placement;
import dev.parley.session.placement.Residency;
import dev.parley.session.placement.ResidencyBook;
import dev.parley.session.placement.ResidencyPolicies;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a conference may be, as fields of JSON, in requests and in answers. Stateless. */
final class PlacementFields {
  private static final int NAME_LENGTH_MAX = 64;

  private PlacementFields() {}

  /** What the maker of a conference wishes; {@code residency} names a policy. */
  record Wish(Placement.Mode mode, List<Region> regions, @Nullable String residency) {

    /**
     * Returns the placement, or ends the request if there can be none.
     *
     * @param ofChannel the policy of its channel, or null
     */
    Placement placement(ResidencyPolicies policies, String tenant, @Nullable String ofChannel) {
      if (mode == Placement.Mode.PINNED && regions.isEmpty()) {
        throw Problem.invalid("/placement/regions", "must name the regions to pin it to")
            .exception();
      }
      ResidencyBook book = policies.book(tenant);
      if (residency != null && !book.has(residency)) {
        throw Problem.invalid(
                "/placement/residency", "must be the name of one of your residency policies")
            .exception();
      }
      Set<String> named = new HashSet<>();
      if (residency != null) {
        named.add(residency);
      }
      if (ofChannel != null) {
        named.add(ofChannel);
      }
      Residency all = book.of(named);
      PlaceProblems.requireOneLibrary(all);
      List<Region> permitted =
          all.regions() == null ? null : all.regions().stream().map(Region::new).toList();
      Placement placement = Placement.of(mode, regions, residency, permitted);
      if (placement == null) {
        throw unsatisfiable(all).exception();
      }
      return placement
          .under(all.policies().isEmpty() ? null : String.join(", ", all.policies()))
          .named(all.metadataRegion());
    }

    private static Problem unsatisfiable(Residency all) {
      boolean isOne = all.policies().size() == 1;
      String names = String.join(", ", all.policies());
      String subject =
          isOne ? "The residency policy " + names : "The residency policies " + names + " together";
      return new Problem(
              422,
              "residency-unsatisfiable",
              "Nowhere to be",
              all.named().isEmpty()
                  ? subject + " permit no region; name another, or change one of them."
                  : subject
                      + (isOne ? " permits " : " permit ")
                      + String.join(", ", all.named())
                      + ", none of which is in placement.regions; name one of them, or none.")
          .with("policies", List.copyOf(all.policies()))
          .with("regions", List.copyOf(all.named()));
    }
  }

  /** What a conference is placed by whose maker wishes nothing. */
  static Wish anywhere() {
    return new Wish(Placement.Mode.AUTO, List.of(), null);
  }

  static Wish read(JsonBody body) {
    JsonBody placement = body.object("placement");
    Placement.Mode mode = placement.choice("mode", Placement.Mode.class, Placement.Mode.AUTO);
    Set<Region> regions =
        placement.names("regions", Placement.REGIONS_MAX, PlacementFields::region);
    String residency = placement.text("residency", NAME_LENGTH_MAX);
    return new Wish(mode, regions == null ? List.of() : List.copyOf(regions), residency);
  }

  /** Returns the region, or null if that is no name for one. */
  static @Nullable Region region(String name) {
    try {
      return new Region(name);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  static void write(ObjectNode node, Placement placement) {
    Wire.put(node, "mode", placement.mode());
    put(node, "regions", placement.regions());
    Wire.put(node, "residency", placement.residency());
    put(node, "allowed", placement.allowed());
    Wire.put(node, "metadataRegion", placement.metadataRegion());
  }

  private static void put(ObjectNode node, String field, List<Region> regions) {
    if (!regions.isEmpty()) {
      ArrayNode names = node.putArray(field);
      regions.forEach(region -> names.add(region.value()));
    }
  }
}
