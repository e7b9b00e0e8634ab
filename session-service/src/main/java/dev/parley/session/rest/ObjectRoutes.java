package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.ConferenceId;
import dev.parley.session.access.Caller;
import dev.parley.session.access.Quota;
import dev.parley.session.access.Scope;
import dev.parley.session.library.Library;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.LibraryStore;
import dev.parley.session.library.ObjectKind;
import dev.parley.session.object.ObjectStore;
import dev.parley.session.object.StoreName;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The Library's objects. Thread-safe. */
final class ObjectRoutes {
  private static final int BATCH_MAX = 200;
  private static final int REGION_LENGTH_MAX = 64;

  /** Lists are cheap for the stores, but each may read a thousand items. */
  private static final Quota SEARCH = new Quota("object-list", 20, Duration.ofSeconds(1));

  private final Library library;
  private final Gate gate;
  private final Quotas quotas;
  private final ObjectPages pages;

  ObjectRoutes(Library library, Gate gate, Quotas quotas, Cursors cursors) {
    this.library = library;
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
    ObjectKind kind = body.choice("kind", ObjectKind.class, ObjectKind.FILE);
    LibraryObject.Content content = ObjectFields.content(body, kind, Library.LENGTH_MAX);
    LibraryObject.Label label = ObjectFields.label(body, null);
    LibraryObject.Keeping keeping =
        ObjectFields.keeping(body, new LibraryObject.Keeping(null, false));
    body.finish();
    ObjectFields.check("", content);
    ConferenceId id =
        conference == null ? null : gate.conferenceOf(backend.tenant(), conference).id();
    Library.Draft draft =
        new Library.Draft(
            backend.tenant(),
            content,
            label,
            id,
            region,
            keeping,
            Queries.idempotencyKey(context),
            ObjectFields.hash(content, label, id + "\n" + region + "\n" + keeping));
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
    Responses.secret(context, ObjectViews.object(object, library.upload(object)));
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
            tags(context.queryParams("tag")),
            false);
    pages.answer(context, selection, object -> ObjectViews.object(object, null));
  }

  private void read(Context context) {
    LibraryObject object = object(context);
    context.header("ETag", Wire.etag(object.revision()));
    Responses.secret(context, ObjectViews.object(object, library.upload(object)));
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
    LibraryObject object = object(context);
    JsonBody body = Bodies.json(context);
    ObjectFields.Wish wish = ObjectFields.wish(body);
    body.finish();
    Library.Link link = ObjectViews.done(wish.sign(library, object));
    Responses.secret(context.status(201), ObjectViews.link(object, link));
  }

  private void batch(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.LIBRARY);
    JsonBody body = Bodies.json(context);
    Set<String> ids = body.names("ids", BATCH_MAX, Function.identity());
    ObjectFields.Wish wish = ObjectFields.wish(body);
    body.finish();
    if (ids == null) {
      throw Problem.invalid("/ids", "is missing").exception();
    }
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    for (String id : ids) {
      LibraryObject object = library.find(backend.tenant(), id);
      data.add(ObjectViews.linkOrCode(id, object, wish, library));
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

  private static Map<String, String> tags(List<String> texts) {
    Map<String, String> tags = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    for (String text : texts) {
      int colon = text.indexOf(':');
      if (colon < 1 || tags.put(text.substring(0, colon), text.substring(colon + 1)) != null) {
        wrong.add(text);
      }
    }
    if (!wrong.isEmpty() || tags.size() > Library.TAGS_MAX) {
      throw Problem.invalid("query:tag", "must be name:value, each name once").exception();
    }
    return tags;
  }

  private LibraryObject object(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.LIBRARY);
    LibraryObject object = library.find(backend.tenant(), context.pathParam("o"));
    if (object == null) {
      throw Problem.notFound("object").exception();
    }
    return object;
  }

  private void answer(Context context, LibraryObject object) {
    context.header("ETag", Wire.etag(object.revision()));
    Responses.secret(context, ObjectViews.object(object, library.upload(object)));
  }
}
