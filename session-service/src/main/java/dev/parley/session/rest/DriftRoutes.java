package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.admin.AdminPart;
import dev.parley.common.s3.UrlMethod;
import dev.parley.common.s3.UrlRequest;
import dev.parley.session.library.DriftScan;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.ObjectRefusal;
import dev.parley.session.library.ObjectState;
import dev.parley.session.object.ObjectStore;
import dev.parley.session.object.ObjectStoreUnavailableException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Comparing the Library with its stores, for the operator: what is known, signed so that the
 * operator's own program can ask the stores for it; what stores have besides; and mending, each
 * repair by a request of its own, so that the audit log has it. Thread-safe.
 */
final class DriftRoutes {
  private static final String OBJECTS = "/admin/library/objects";
  private static final String STORE = "/admin/library/stores/{s}";
  private static final int GRACE_SEC_DEFAULT = (int) Duration.ofDays(1).toSeconds();
  private static final int GRACE_SEC_MAX = (int) Duration.ofDays(365).toSeconds();
  private static final int SHA256_LENGTH = 64;
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{" + SHA256_LENGTH + "}");
  private static final int RETRY_STORE_SEC = 10;

  private final DriftScan drift;
  private final Cursors cursors;

  DriftRoutes(DriftScan drift, Cursors cursors) {
    this.drift = drift;
    this.cursors = cursors;
  }

  void register(AdminApi api) {
    api.on("GET", "/admin/library/stores", _ -> stores());
    api.on("GET", OBJECTS, this::objects);
    api.on("GET", OBJECTS + "/{o}", call -> AdminApi.json(200, view(object(call))));
    api.on("POST", OBJECTS + "/{o}/settle", this::settle);
    api.on("GET", STORE + "/strays", this::strays);
    api.on("DELETE", STORE + "/strays/{k}", this::remove);
    api.on("GET", STORE + "/uploads", this::abandoned);
    api.on("DELETE", STORE + "/uploads/{k}", this::abort);
  }

  private AdminPart.Answer stores() {
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    for (ObjectStore store : drift.stores().all()) {
      ObjectNode node = data.addObject();
      node.put("id", store.name().id());
      Wire.put(node, "kind", store.name().kind());
      node.put("region", store.name().region());
    }
    return AdminApi.json(200, answer);
  }

  private AdminPart.Answer objects(AdminCall call) {
    int limit = call.integer("limit", 1, DriftScan.PAGE_MAX, DriftScan.PAGE_MAX);
    String filters = "drift objects";
    DriftScan.Page<LibraryObject> page = drift.objects(limit, call.position(cursors, filters));
    return page(page, filters, (node, object) -> node.setAll(view(object)));
  }

  private AdminPart.Answer strays(AdminCall call) {
    ObjectStore place = place(call);
    String filters = "drift strays " + place.name().id();
    String position = call.position(cursors, filters);
    DriftScan.Page<DriftScan.Stray> page = asked(() -> drift.strays(place, position, grace(call)));
    return page(
        page,
        filters,
        (node, stray) -> {
          node.put("key", stray.listed().key());
          node.put("size", stray.listed().lengthBytes());
          Wire.put(node, "writtenAt", stray.listed().writtenAt());
          Wire.put(node, "reason", stray.reason());
        });
  }

  private AdminPart.Answer abandoned(AdminCall call) {
    ObjectStore place = place(call);
    String filters = "drift uploads " + place.name().id();
    String position = call.position(cursors, filters);
    DriftScan.Page<DriftScan.Abandoned> page =
        asked(() -> drift.abandoned(place, position, grace(call)));
    return page(
        page,
        filters,
        (node, abandoned) -> {
          node.put("key", abandoned.upload().key());
          Wire.put(node, "begunAt", abandoned.upload().begunAt());
          Wire.put(node, "reason", abandoned.reason());
        });
  }

  private AdminPart.Answer settle(AdminCall call) {
    LibraryObject object = object(call);
    JsonBody body = call.json();
    String hex = body.text("sha256", SHA256_LENGTH);
    if (hex != null && !SHA256.matcher(hex).matches()) {
      body.error("sha256", "must be 64 digits of hexadecimal in lower case");
    }
    body.finish();
    ObjectState state = object.progress().state();
    if (!state.wasCommitted()) {
      throw ObjectViews.problem(
              state.isThere() ? new ObjectRefusal.NotAvailable() : new ObjectRefusal.Erased())
          .exception();
    }
    String sha256 =
        hex == null ? null : Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    DriftScan.Finding finding = asked(() -> drift.settle(object, sha256));
    ObjectNode answer = view(Objects.requireNonNullElse(drift.object(object.id()), object));
    Wire.put(answer, "found", finding);
    return AdminApi.json(200, answer);
  }

  private AdminPart.Answer remove(AdminCall call) {
    ObjectStore place = place(call);
    if (!asked(() -> drift.remove(place, call.part("k"), grace(call)))) {
      throw Problem.notFound("stray object").exception();
    }
    return AdminApi.done();
  }

  private AdminPart.Answer abort(AdminCall call) {
    ObjectStore place = place(call);
    if (asked(() -> drift.abort(place, call.part("k"), grace(call))) == 0) {
      throw Problem.notFound("abandoned upload").exception();
    }
    return AdminApi.done();
  }

  private <T> AdminPart.Answer page(
      DriftScan.Page<T> page, String filters, BiConsumer<ObjectNode, T> write) {
    ObjectNode answer = Wire.object();
    answer.put("lookedAt", page.lookedAt());
    ArrayNode data = answer.putArray("data");
    page.found().forEach(each -> write.accept(data.addObject(), each));
    String next = page.next();
    if (next != null) {
      answer.put("next", cursors.sign(next, filters));
    }
    return AdminApi.json(200, answer);
  }

  /** Without its name and tags, which are personal data and say nothing of where it lies. */
  private ObjectNode view(LibraryObject object) {
    ObjectNode node = Wire.object();
    node.put("id", object.id());
    node.put("tenant", object.tenant());
    Wire.put(node, "kind", object.content().kind());
    Wire.put(node, "state", object.progress().state());
    node.put("store", object.place().store());
    node.put("key", object.place().key());
    if (object.content().hasArrived()) {
      node.put("size", object.content().lengthBytes());
      byte[] sha256 = Base64.getDecoder().decode(object.content().sha256());
      node.put("sha256", HexFormat.of().formatHex(sha256));
    }
    put(node, "head", drift.sign(object, UrlMethod.HEAD));
    put(node, "get", drift.sign(object, UrlMethod.GET));
    return node;
  }

  private static void put(ObjectNode node, String name, DriftScan.@Nullable Signed signed) {
    if (signed != null) {
      ObjectNode request = node.putObject(name);
      request.put("url", signed.url());
      ObjectNode headers = request.putObject("headers");
      for (UrlRequest.Field header : signed.headers()) {
        headers.put(header.name(), header.value());
      }
    }
  }

  private LibraryObject object(AdminCall call) {
    LibraryObject object = drift.object(call.part("o"));
    if (object == null) {
      throw Problem.notFound("object").exception();
    }
    return object;
  }

  private ObjectStore place(AdminCall call) {
    ObjectStore place = drift.place(call.part("s"));
    if (place == null) {
      throw Problem.notFound("object store").exception();
    }
    return place;
  }

  private static Duration grace(AdminCall call) {
    return Duration.ofSeconds(call.integer("graceSec", 0, GRACE_SEC_MAX, GRACE_SEC_DEFAULT));
  }

  /** That a store does not answer is not that it has nothing. */
  private static <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (ObjectStoreUnavailableException e) {
      throw Problem.unavailable(
              "object-store-unavailable", e.getMessage() + "; try again soon.", RETRY_STORE_SEC)
          .exception();
    }
  }
}
