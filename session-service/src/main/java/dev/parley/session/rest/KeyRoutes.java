package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.admin.AdminPart;
import dev.parley.session.access.ApiKey;
import dev.parley.session.access.ApiKeyStore;
import dev.parley.session.access.ApiKeys;
import dev.parley.session.access.Scope;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Making, listing and revoking server keys, for the operator. Thread-safe. */
final class KeyRoutes {
  private static final int TENANT_LENGTH_MAX = 63;
  private static final int NAME_LENGTH_MAX = 80;
  private static final int PAGE_DEFAULT = 50;
  private static final int PAGE_MAX = 200;
  private static final String FILTERS = "keys";

  private final ApiKeys keys;
  private final Cursors cursors;

  KeyRoutes(ApiKeys keys, Cursors cursors) {
    this.keys = keys;
    this.cursors = cursors;
  }

  void register(AdminApi api) {
    api.on("POST", "/admin/keys", this::create);
    api.on("GET", "/admin/keys", this::list);
    api.on("DELETE", "/admin/keys/{k}", this::revoke);
  }

  private AdminPart.Answer create(AdminCall call) {
    JsonBody body = call.json();
    String tenant = body.requiredText("tenant", TENANT_LENGTH_MAX);
    String name = body.text("name", NAME_LENGTH_MAX);
    Set<Scope> scopes = body.names("scopes", Scope.values().length, KeyRoutes::scope);
    body.finish();
    if (!ApiKeys.isTenant(tenant)) {
      throw Problem.invalid("/tenant", "must have lower-case letters, digits and dashes only")
          .exception();
    }
    if (scopes == null || scopes.isEmpty()) {
      throw Problem.invalid("/scopes", "must name what the key is for").exception();
    }
    String request = call.idempotencyKey();
    ApiKeys.NewKey made =
        request == null
            ? keys.create(tenant, name, scopes)
            : keys.createOnce(request, tenant, name, scopes);
    if (made == null) {
      throw Refusals.keyReused().exception();
    }
    ObjectNode answer = view(made.key());
    String location = "/admin/keys/" + made.key().keyId();
    if (made.text() == null) {
      return AdminApi.created(Map.of("Location", location, "Idempotency-Replayed", "true"), answer);
    }
    answer.put("key", made.text());
    return AdminApi.created(Map.of("Location", location), answer);
  }

  private AdminPart.Answer list(AdminCall call) {
    int limit = call.integer("limit", 1, PAGE_MAX, PAGE_DEFAULT);
    ApiKeyStore.Page page = keys.list(limit, call.position(cursors, FILTERS));
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    page.keys().forEach(key -> data.add(view(key)));
    if (page.next() != null) {
      answer.put("next", cursors.sign(page.next(), FILTERS));
    }
    return AdminApi.json(200, answer);
  }

  private AdminPart.Answer revoke(AdminCall call) {
    if (keys.revoke(call.part("k")) == null) {
      throw Problem.notFound("server key").exception();
    }
    return AdminApi.done();
  }

  private static ObjectNode view(ApiKey key) {
    ObjectNode node = Wire.object();
    node.put("id", key.keyId());
    node.put("tenant", key.tenant());
    Wire.put(node, "name", key.name());
    ArrayNode scopes = node.putArray("scopes");
    key.scopes().stream().sorted().forEach(scope -> scopes.add(Wire.name(scope)));
    Wire.put(node, "createdAt", key.createdAt());
    Wire.put(node, "revokedAt", key.revokedAt());
    return node;
  }

  private static @Nullable Scope scope(String name) {
    for (Scope scope : Scope.values()) {
      if (Wire.name(scope).equals(name)) {
        return scope;
      }
    }
    return null;
  }
}
