package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.Region;
import dev.parley.session.access.Scope;
import dev.parley.session.placement.ResidencyPolicies;
import dev.parley.session.placement.ResidencyPolicy;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A tenant's rules for where media and objects may be. Thread-safe. */
final class ResidencyRoutes {
  private static final Pattern NAME = Pattern.compile(ResidencyPolicy.NAME_PATTERN);

  private static final int REGION_LENGTH_MAX = 64;

  private final ResidencyPolicies policies;
  private final Gate gate;
  private final Quotas quotas;

  ResidencyRoutes(ResidencyPolicies policies, Gate gate, Quotas quotas) {
    this.policies = policies;
    this.gate = gate;
    this.quotas = quotas;
  }

  void register(RoutesConfig routes) {
    routes.get("/v1/residency-policies", this::list);
    routes.get("/v1/residency-policies/{n}", this::read);
    routes.put("/v1/residency-policies/{n}", this::put);
    routes.delete("/v1/residency-policies/{n}", this::remove);
  }

  private void list(Context context) {
    String tenant = gate.backend(context, Scope.CONFERENCES).tenant();
    quotas.take(context, Quotas.LIST, tenant);
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    policies.list(tenant).forEach(policy -> data.add(view(policy)));
    Responses.json(context, answer);
  }

  private void read(Context context) {
    String tenant = gate.backend(context, Scope.CONFERENCES).tenant();
    answer(context, found(tenant, name(context)));
  }

  private void put(Context context) {
    String tenant = gate.backend(context, Scope.ADMIN).tenant();
    quotas.take(context, Quotas.CREATE, tenant);
    String name = name(context);
    ResidencyPolicy.Rule rule = rule(Bodies.json(context));
    switch (policies.put(tenant, name, rule, expectedVersion(context, tenant, name))) {
      case ResidencyPolicies.Outcome.Done done -> {
        context.status(done.isNew() ? 201 : 200);
        if (done.isNew()) {
          context.header("Location", "/v1/residency-policies/" + name);
        }
        answer(context, done.policy());
      }
      case ResidencyPolicies.Outcome.VersionMissing missing ->
          throw new Problem(
                  428,
                  "if-match-missing",
                  "Which version?",
                  "There is one already; read it, then send If-Match with its ETag, \""
                      + missing.current().version()
                      + "\" now.")
              .exception();
      case ResidencyPolicies.Outcome.VersionMismatch mismatch ->
          throw new Problem(
                  412,
                  "version-mismatch",
                  "Changed meanwhile",
                  mismatch.current() == 0
                      ? "There is none now; leave out If-Match to make it."
                      : "The version is now \""
                          + mismatch.current()
                          + "\"; read it again, then decide.")
              .exception();
      case ResidencyPolicies.Outcome.NoLibrary none ->
          throw Problem.invalid(
                  "/metadataRegion",
                  none.possible().isEmpty()
                      ? "cannot be set: this service has one library for all"
                      : "must be a region that has a library: "
                          + String.join(", ", none.possible()))
              .exception();
      case ResidencyPolicies.Outcome.TooMany _ ->
          throw new Problem(
                  409,
                  "too-many-policies",
                  "Conflict",
                  "You have all of your "
                      + ResidencyPolicies.POLICIES_MAX
                      + " residency policies; delete one first.")
              .exception();
    }
  }

  private static ResidencyPolicy.Rule rule(JsonBody body) {
    Set<Region> regions =
        body.names("allowedRegions", ResidencyPolicy.REGIONS_MAX, PlacementFields::region);
    boolean isDefault = body.flag("default", false);
    boolean isReadAnywhere = body.flag("crossRegionLinks", true);
    String library = body.text("metadataRegion", REGION_LENGTH_MAX);
    body.finish();
    if (regions == null || regions.isEmpty()) {
      throw Problem.invalid("/allowedRegions", "must name one region at least").exception();
    }
    List<Region> sorted = regions.stream().sorted(Comparator.comparing(Region::value)).toList();
    return new ResidencyPolicy.Rule(sorted, isDefault, !isReadAnywhere, library);
  }

  private void remove(Context context) {
    String tenant = gate.backend(context, Scope.ADMIN).tenant();
    if (!policies.remove(tenant, name(context))) {
      throw notFound();
    }
    context.status(204);
  }

  /** {@code *} means the version of now, which must be there. */
  private @Nullable Long expectedVersion(Context context, String tenant, String name) {
    String header = context.header("If-Match");
    return header != null && header.strip().equals("*")
        ? Long.valueOf(found(tenant, name).version())
        : Queries.expectedVersion(context);
  }

  private ResidencyPolicy found(String tenant, String name) {
    ResidencyPolicy policy = policies.find(tenant, name);
    if (policy == null) {
      throw notFound();
    }
    return policy;
  }

  private static String name(Context context) {
    String name = context.pathParam("n");
    if (!NAME.matcher(name).matches()) {
      throw Problem.invalid(
              "path:n", "must have 1 to 64 small letters, digits and dashes, and no dash first")
          .exception();
    }
    return name;
  }

  private static void answer(Context context, ResidencyPolicy policy) {
    context.header("ETag", Wire.etag(policy.version()));
    Responses.json(context, view(policy));
  }

  private static ObjectNode view(ResidencyPolicy policy) {
    ObjectNode node = Wire.object();
    node.put("name", policy.name());
    ArrayNode regions = node.putArray("allowedRegions");
    policy.allowedRegions().forEach(region -> regions.add(region.value()));
    node.put("default", policy.isDefault());
    node.put("crossRegionLinks", !policy.isReadInside());
    Wire.put(node, "metadataRegion", policy.metadataRegion());
    Wire.put(node, "updatedAt", policy.updatedAt());
    node.put("version", policy.version());
    return node;
  }

  private static ProblemException notFound() {
    return Problem.notFound("residency policy").exception();
  }
}
