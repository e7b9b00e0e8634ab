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
import dev.parley.session.library.Outcome;
import dev.parley.session.object.ObjectStore;
import dev.parley.session.object.StoreName;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Library's objects. Thread-safe. */
final class ObjectRoutes {
  static final int NAME_LENGTH_MAX = 255;
  private static final int PAGE_DEFAULT = 50;
  private static final int PAGE_MAX = 200;
  private static final int LINK_SEC_DEFAULT = 600;
  private static final int HASH_LENGTH = 64;
  private static final int TYPE_LENGTH_MAX = 127;
  private static final int TAG_NAME_LENGTH_MAX = 64;
  private static final int TAG_VALUE_LENGTH_MAX = 256;
  private static final int REGION_LENGTH_MAX = 64;
  private static final int TIME_LENGTH_MAX = 40;

  /** Lists are cheap for the stores, but each may read a thousand items. */
  private static final Quota SEARCH = new Quota("object-list", 20, Duration.ofSeconds(1));

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern TYPE =
      Pattern.compile("[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+( ?; ?[!-~ ]*[!-~])?");

  private final Library library;
  private final Gate gate;
  private final Quotas quotas;
  private final Cursors cursors;

  ObjectRoutes(Library library, Gate gate, Quotas quotas, Cursors cursors) {
    this.library = library;
    this.gate = gate;
    this.quotas = quotas;
    this.cursors = cursors;
  }

  /** How a browser is to treat what it gets. */
  enum Disposition {
    ATTACHMENT,
    INLINE
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
    String conference = body.text("conference", NAME_LENGTH_MAX);
    String region = body.text("region", REGION_LENGTH_MAX);
    ObjectKind kind = body.choice("kind", ObjectKind.class, ObjectKind.FILE);
    LibraryObject.Content content = content(body, kind);
    LibraryObject.Label label = label(body, null);
    LibraryObject.Keeping keeping = keeping(body, new LibraryObject.Keeping(null, false));
    body.finish();
    check(content);
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
            hash(content, label, id + "\n" + region + "\n" + keeping));
    answerRegistered(context, ObjectViews.done(library.register(draft)));
  }

  static String hash(LibraryObject.Content content, LibraryObject.Label label, String rest) {
    return Queries.hash(
        content
            + "\n"
            + label.name()
            + "\n"
            + label.tags()
            + "\n"
            + label.attributes()
            + "\n"
            + rest);
  }

  void answerRegistered(Context context, Library.Registered registered) {
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
    LibraryStore.Selection selection =
        new LibraryStore.Selection(
            backend.tenant(),
            id,
            Queries.choice(context, "kind", ObjectKind.class, null),
            tags(context.queryParams("tag")));
    answerList(context, selection);
  }

  void answerList(Context context, LibraryStore.Selection selection) {
    int limit = Queries.integer(context, "limit", 1, PAGE_MAX, PAGE_DEFAULT);
    String filters =
        "objects "
            + selection.tenant()
            + " "
            + selection.conference()
            + " "
            + selection.kind()
            + " "
            + new TreeMap<>(selection.tags());
    LibraryStore.Page page = library.list(selection, limit, cursors.position(context, filters));
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    page.objects().forEach(object -> data.add(ObjectViews.object(object, null)));
    if (page.next() != null) {
      String next = cursors.sign(page.next(), filters);
      answer.put("next", next);
      context.header("Link", Queries.nextLink(context, next));
    }
    Responses.json(context, answer);
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
    LibraryObject.Label label = label(body, before.label());
    LibraryObject.Keeping keeping = keeping(body, before.keeping());
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
    Wish wish = wish(body);
    body.finish();
    Library.Link link = ObjectViews.done(sign(object, wish));
    Responses.secret(context.status(201), ObjectViews.link(object, link));
  }

  private void batch(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.LIBRARY);
    JsonBody body = Bodies.json(context);
    Set<String> ids = body.names("ids", PAGE_MAX, Function.identity());
    Wish wish = wish(body);
    body.finish();
    if (ids == null) {
      throw Problem.invalid("/ids", "is missing").exception();
    }
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    for (String id : ids) {
      LibraryObject object = library.find(backend.tenant(), id);
      Outcome<Library.Link> outcome = object == null ? null : sign(object, wish);
      if (object != null && outcome instanceof Outcome.Done<Library.Link>(var link)) {
        data.add(ObjectViews.link(object, link));
      } else {
        ObjectNode none = data.addObject();
        none.put("id", id);
        none.put(
            "code",
            outcome instanceof Outcome.Refused<Library.Link>(var refusal)
                ? ObjectViews.problem(refusal).code()
                : "not-found");
      }
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

  /** For how long a link is wanted, and how a browser is to treat what it leads to. */
  record Wish(Duration goodFor, Disposition disposition) {}

  static Wish wish(JsonBody body) {
    return new Wish(
        Duration.ofSeconds(body.integer("ttlSec", 1, Library.LINK_SEC_MAX, LINK_SEC_DEFAULT)),
        body.choice("disposition", Disposition.class, Disposition.ATTACHMENT));
  }

  Outcome<Library.Link> sign(LibraryObject object, Wish wish) {
    return library.link(
        object,
        wish.goodFor(),
        each -> ObjectViews.disposition(Wire.name(wish.disposition()), each.label().name()));
  }

  static LibraryObject.Content content(JsonBody body, ObjectKind kind) {
    String sha256 = body.requiredText("sha256", HASH_LENGTH);
    boolean isHash = HASH.matcher(sha256).matches();
    return new LibraryObject.Content(
        kind,
        body.wholeNumber("size", 0, Library.LENGTH_MAX),
        body.requiredText("contentType", TYPE_LENGTH_MAX),
        isHash ? Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256)) : "");
  }

  /** Refuses what has the length of it, but not the shape. */
  static void check(LibraryObject.Content content) {
    if (content.sha256().isEmpty()) {
      throw Problem.invalid("/sha256", "must be 64 digits of hex, in lower case").exception();
    }
    if (!TYPE.matcher(content.contentType()).matches()) {
      throw Problem.invalid("/contentType", "must be a media type such as audio/ogg").exception();
    }
  }

  static LibraryObject.Label label(JsonBody body, LibraryObject.@Nullable Label now) {
    String name =
        now == null
            ? body.requiredText("name", NAME_LENGTH_MAX)
            : body.text("name", NAME_LENGTH_MAX);
    return new LibraryObject.Label(
        name == null && now != null ? now.name() : String.valueOf(name),
        body.texts(
            "tags",
            new JsonBody.TextsBound(Library.TAGS_MAX, TAG_NAME_LENGTH_MAX, TAG_VALUE_LENGTH_MAX),
            now == null ? new TreeMap<>() : new TreeMap<>(now.tags())),
        body.opaque(
            "attributes", Library.ATTRIBUTES_BYTES_MAX, now == null ? null : now.attributes()));
  }

  private static LibraryObject.Keeping keeping(JsonBody body, LibraryObject.Keeping now) {
    String until = body.opaque("retainUntil", TIME_LENGTH_MAX, null);
    boolean isHeld = body.flag("legalHold", now.isHeld());
    if (until == null) {
      return new LibraryObject.Keeping(now.retainUntil(), isHeld);
    }
    try {
      Instant time = Instant.parse(until);
      if (now.retainUntil() != null && time.isBefore(now.retainUntil())) {
        throw Problem.invalid("/retainUntil", "can only be put off: it is " + now.retainUntil())
            .exception();
      }
      return new LibraryObject.Keeping(time, isHeld);
    } catch (DateTimeParseException e) {
      throw Problem.invalid("/retainUntil", "must be a time such as 2026-11-21T04:00:00Z")
          .exception();
    }
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
