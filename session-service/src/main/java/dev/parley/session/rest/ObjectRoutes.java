package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.ConferenceId;
import dev.parley.session.access.Caller;
import dev.parley.session.access.Quota;
import dev.parley.session.access.Scope;
import dev.parley.session.conference.Conference;
import dev.parley.session.library.Library;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.LibraryStore;
import dev.parley.session.library.ObjectKind;
import dev.parley.session.library.ObjectRetention;
import dev.parley.session.library.ObjectRules;
import dev.parley.session.library.PlaceWish;
import dev.parley.session.object.ObjectStore;
import dev.parley.session.object.StoreName;
import dev.parley.session.placement.ResidencyPolicies;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;

/** The Library's objects. Thread-safe. */
final class ObjectRoutes {
  private static final int BATCH_MAX = 200;
  private static final int REGION_LENGTH_MAX = 64;

  /** Lists are cheap for the stores, but each may read a thousand items. */
  private static final Quota SEARCH = new Quota("object-list", 20, Duration.ofSeconds(1));

  private final Library library;
  private final ResidencyPolicies policies;
  private final LinkSigning links;
  private final Gate gate;
  private final Quotas quotas;
  private final ObjectPages pages;

  ObjectRoutes(
      Library library,
      ResidencyPolicies policies,
      LinkSigning links,
      Gate gate,
      Quotas quotas,
      Cursors cursors) {
    this.library = library;
    this.policies = policies;
    this.links = links;
    this.gate = gate;
    this.quotas = quotas;
    this.pages = new ObjectPages(library, cursors);
  }

  void register(RoutesConfig routes) {
    routes.post("/v1/objects", this::create);
    routes.get("/v1/objects", this::list);
    routes.post("/v1/objects/batch", this::batch);
    routes.get("/v1/objects/{o}", this::read);
    routes.patch("/v1/objects/{o}", this::change);
    routes.delete("/v1/objects/{o}", this::erase);
    routes.put("/v1/objects/{o}/legal-hold", context -> hold(context, true));
    routes.delete("/v1/objects/{o}/legal-hold", context -> hold(context, false));
    routes.post("/v1/objects/{o}/commit", this::commit);
    routes.post("/v1/objects/{o}/link", this::link);
    routes.get("/v1/stores", this::stores);
  }

  private void create(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.LIBRARY);
    quotas.take(context, Quotas.CREATE, backend.tenant());
    JsonBody body = Bodies.json(context);
    String conference = body.text("conference", ObjectFields.NAME_LENGTH_MAX);
    String region = body.text("region", REGION_LENGTH_MAX);
    String policy = body.text("residency", REGION_LENGTH_MAX);
    ObjectKind kind = body.choice("kind", ObjectKind.class, ObjectKind.FILE);
    LibraryObject.Content content = ObjectFields.content(body, kind, Library.LENGTH_MAX);
    LibraryObject.Label label = ObjectFields.label(body, null);
    LibraryObject.Keeping keeping = ObjectFields.keeping(body, LibraryObject.Keeping.NONE);
    body.finish();
    ObjectFields.check("", content);
    Conference owner = conference == null ? null : gate.conferenceOf(backend.tenant(), conference);
    ConferenceId id = owner == null ? null : owner.id();
    if (policy != null && !policies.book(backend.tenant()).has(policy)) {
      throw Problem.invalid("/residency", "must be the name of one of your residency policies")
          .exception();
    }
    PlaceWish place = PlaceWish.in(region).under(policy);
    Library.Draft draft =
        new Library.Draft(
            backend.tenant(),
            content,
            label,
            id,
            owner == null ? place : place.of(owner),
            owner == null
                ? keeping
                : keeping.inCall(ObjectRetention.days(owner.options().retention(), kind)),
            Queries.idempotencyKey(context),
            ObjectFields.hash(
                content,
                label,
                id + "\n" + region + "\n" + keeping + (policy == null ? "" : "\n" + policy)));
    answerRegistered(context, ObjectViews.done(library.register(draft)));
  }

  private void answerRegistered(Context context, Library.Registered registered) {
    LibraryObject object = registered.object();
    if (registered.isReplayed()) {
      context.header("Idempotency-Replayed", "true");
    }
    context
        .status(201)
        .header("Location", "/v1/objects/" + object.id())
        .header("ETag", Wire.etag(object.revision()));
    Responses.secret(context, view(object));
  }

  private ObjectNode view(LibraryObject object) {
    ObjectRules.Judge judge = library.judge(object.tenant());
    return ObjectViews.object(object, library.upload(object, judge), judge);
  }

  private void list(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.LIBRARY);
    quotas.take(context, SEARCH, backend.tenant());
    String conference = context.queryParam("conference");
    ConferenceId id =
        conference == null ? null : gate.conferenceOf(backend.tenant(), conference).id();
    ObjectKind kind = Queries.choice(context, "kind", ObjectKind.class, null);
    LibraryStore.Selection selection =
        new LibraryStore.Selection(
            backend.tenant(),
            id,
            kind == null ? Set.of() : Set.of(kind),
            FilingFields.tags(context),
            false);
    ObjectRules.Judge judge = library.judge(backend.tenant());
    pages.answer(context, selection, object -> ObjectViews.object(object, null, judge));
  }

  private void read(Context context) {
    answer(context, object(context));
  }

  private void change(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.LIBRARY);
    if (context.header("If-Match") == null) {
      throw new Problem(
              428,
              "if-match-missing",
              "Version needed",
              "Send If-Match with the ETag that you read, or * to change whatever is there.")
          .exception();
    }
    LibraryObject before = object(context);
    JsonBody body = Bodies.json(context);
    LibraryObject.Label label = ObjectFields.change(body, before.label());
    LibraryObject.Keeping keeping = ObjectFields.keeping(body, before.keeping());
    body.finish();
    if (keeping.isHeld() != before.keeping().isHeld()) {
      Caller.Backend _ = gate.backend(context, Scope.ADMIN);
    }
    Long expected = Queries.expectedVersion(context);
    LibraryObject changed =
        ObjectViews.done(
            library.change(
                backend.tenant(),
                before.id(),
                _ -> label,
                _ -> keeping,
                // What the body leaves out stays as it was read here.
                expected == null ? Long.valueOf(before.revision()) : expected));
    answer(context, changed);
  }

  private void hold(Context context, boolean isOnHold) {
    Caller.Backend backend = gate.backend(context, Scope.ADMIN);
    answer(
        context,
        ObjectViews.done(
            library.change(
                backend.tenant(),
                context.pathParam("o"),
                label -> label,
                now -> now.held(isOnHold),
                null)));
  }

  private void erase(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.LIBRARY);
    LibraryObject erased =
        ObjectViews.done(
            library.erase(
                backend.tenant(), context.pathParam("o"), Queries.expectedVersion(context)));
    answer(context.status(erased.progress().erasedAt() == null ? 202 : 200), erased);
  }

  private void commit(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.LIBRARY);
    answer(context, ObjectViews.done(library.commit(backend.tenant(), context.pathParam("o"))));
  }

  private void link(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.LIBRARY);
    LibraryObject object = object(context, backend);
    JsonBody body = Bodies.json(context);
    LinkSigning.Wish wish = LinkSigning.wish(body, backend);
    body.finish();
    Library.Link link = ObjectViews.done(links.signer(context, backend, wish).apply(object));
    Responses.secret(context.status(201), ObjectViews.link(object, link));
  }

  private void batch(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.LIBRARY);
    JsonBody body = Bodies.json(context);
    Set<String> ids = body.names("ids", BATCH_MAX, Function.identity());
    LinkSigning.Wish wish = LinkSigning.wish(body, backend);
    body.finish();
    if (ids == null) {
      throw Problem.invalid("/ids", "is missing").exception();
    }
    var signer = links.signer(context, backend, wish);
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    for (String id : ids) {
      LibraryObject object = library.find(backend.tenant(), id);
      data.add(ObjectViews.linkOrCode(id, object, signer));
    }
    Responses.secret(context, answer);
  }

  private void stores(Context context) {
    Caller.Backend _ = gate.backend(context, Scope.LIBRARY);
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    for (ObjectStore store : library.stores().all()) {
      StoreName name = store.name();
      ObjectNode node = data.addObject();
      node.put("id", name.id());
      Wire.put(node, "kind", name.kind());
      node.put("region", name.region());
    }
    Responses.json(context, answer);
  }

  private LibraryObject object(Context context) {
    return object(context, gate.backend(context, Scope.LIBRARY));
  }

  private LibraryObject object(Context context, Caller.Backend backend) {
    LibraryObject object = library.find(backend.tenant(), context.pathParam("o"));
    if (object == null) {
      throw Problem.notFound("object").exception();
    }
    return object;
  }

  private void answer(Context context, LibraryObject object) {
    context.header("ETag", Wire.etag(object.revision()));
    Responses.secret(context, view(object));
  }
}
