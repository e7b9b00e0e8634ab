package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.ConferenceId;
import dev.parley.session.access.Caller;
import dev.parley.session.access.Scope;
import dev.parley.session.conference.Message;
import dev.parley.session.conference.Participant;
import dev.parley.session.library.FileSharing;
import dev.parley.session.library.Library;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.ObjectKind;
import dev.parley.session.library.ObjectRefusal;
import dev.parley.session.library.ObjectRetention;
import dev.parley.session.library.PlaceWish;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Files that people share in a call: answers are as short as can be, for each is sent once to
 * everybody who shares or reads one. Thread-safe.
 */
final class FileRoutes {
  private static final int LINKS_MAX = 200;

  private final FileSharing files;
  private final Library library;
  private final LinkSigning links;
  private final Gate gate;
  private final Quotas quotas;
  private final ObjectPages pages;

  FileRoutes(FileSharing files, LinkSigning links, Gate gate, Quotas quotas, Cursors cursors) {
    this.files = files;
    this.links = links;
    this.library = files.library();
    this.gate = gate;
    this.quotas = quotas;
    this.pages = new ObjectPages(library, cursors);
  }

  /** What a file may be shared as. */
  private enum Kind {
    FILE(ObjectKind.FILE),
    PHOTO(ObjectKind.PHOTO);

    private final ObjectKind kind;

    Kind(ObjectKind kind) {
      this.kind = kind;
    }
  }

  /**
   * Who sends a request, and about which conference.
   *
   * @param stay null for the tenant's backend
   */
  private record Visitor(Gate.Visit visit, @Nullable Participant stay) {
    ConferenceId conference() {
      return visit.conference().id();
    }

    String tenant() {
      return visit.conference().tenant();
    }

    String quotaSubject() {
      return conference() + " " + (stay == null ? "" : stay.person().identity());
    }
  }

  void register(RoutesConfig routes) {
    routes.post("/v1/conferences/{c}/files", this::share);
    routes.get("/v1/conferences/{c}/files", this::list);
    routes.post("/v1/conferences/{c}/files/links", this::links);
    routes.post("/v1/conferences/{c}/files/{o}/commit", this::commit);
    routes.delete("/v1/conferences/{c}/files/{o}", this::erase);
  }

  private void share(Context context) {
    Visitor visitor = visitor(context);
    Gate.requireOpen(visitor.visit().conference());
    quotas.take(context, FileSharing.QUOTA, visitor.quotaSubject());
    JsonBody body = Bodies.json(context);
    Kind kind = body.choice("kind", Kind.class, Kind.FILE);
    LibraryObject.Content content =
        ObjectFields.content(
            body, kind.kind, visitor.stay() == null ? Library.LENGTH_MAX : files.lengthMax());
    LibraryObject.Label label = ObjectFields.label(body, sender(visitor));
    boolean hasThumbnail = body.has("thumbnail");
    JsonBody small = body.object("thumbnail");
    LibraryObject.Content thumbnail =
        hasThumbnail
            ? ObjectFields.content(small, ObjectKind.THUMBNAIL, FileSharing.THUMBNAIL_LENGTH_MAX)
            : null;
    body.finish();
    ObjectFields.check("", content);
    if (thumbnail != null) {
      ObjectFields.check("/thumbnail", thumbnail);
    }
    String subject = visitor.quotaSubject();
    String key = Queries.idempotencyKey(context);
    Library.Draft draft =
        new Library.Draft(
            visitor.tenant(),
            content,
            label,
            visitor.conference(),
            PlaceWish.ANYWHERE.of(visitor.visit().conference()),
            LibraryObject.Keeping.NONE.inCall(
                ObjectRetention.days(
                    visitor.visit().conference().options().retention(), kind.kind)),
            // Another's key of the same text is another key.
            key == null ? null : subject + "\0" + key,
            ObjectFields.hash(content, label, subject + "\n" + thumbnail));
    FileSharing.Shared shared = ObjectViews.done(files.share(draft, thumbnail));
    if (shared.isReplayed()) {
      context.header("Idempotency-Replayed", "true");
    }
    ObjectNode answer = registered(shared.file());
    if (shared.thumbnail() != null) {
      answer.set("thumbnail", registered(shared.thumbnail()));
    }
    Responses.secret(context.status(201), answer);
  }

  private ObjectNode registered(LibraryObject object) {
    ObjectNode node = Wire.object();
    node.put("id", object.id());
    Wire.put(node, "state", object.progress().state());
    Library.Link upload = library.upload(object, library.judge(object.tenant()));
    if (upload != null) {
      node.set("upload", ObjectViews.upload(object, upload));
    }
    return node;
  }

  private void list(Context context) {
    Visitor visitor = visitor(context);
    pages.answer(
        context,
        FileSharing.of(visitor.tenant(), visitor.conference()),
        object -> Views.file(library.sharedFile(object)));
  }

  private void links(Context context) {
    Visitor visitor = visitor(context);
    JsonBody body = Bodies.json(context);
    Set<String> ids = body.names("ids", LINKS_MAX, Function.identity());
    LinkSigning.Wish wish = LinkSigning.wish(body, visitor.visit().caller());
    body.finish();
    if (ids == null) {
      throw Problem.invalid("/ids", "is missing").exception();
    }
    var signer = links.signer(context, visitor.visit().caller(), wish);
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    for (String id : ids) {
      LibraryObject object = files.find(visitor.tenant(), visitor.conference(), id);
      data.add(ObjectViews.linkOrCode(id, object, signer));
    }
    Responses.secret(context, answer);
  }

  private void commit(Context context) {
    Visitor visitor = visitor(context);
    LibraryObject object = own(context, visitor, false);
    LibraryObject committed = ObjectViews.done(library.commit(visitor.tenant(), object.id()));
    Responses.json(context, Views.file(library.sharedFile(committed)));
  }

  private void erase(Context context) {
    Visitor visitor = visitor(context);
    LibraryObject object = own(context, visitor, true);
    LibraryObject erased = ObjectViews.done(library.erase(visitor.tenant(), object.id(), null));
    context.status(erased.progress().erasedAt() == null ? 202 : 204);
  }

  /** The file of the path, which the sender of the request shared itself. */
  private LibraryObject own(Context context, Visitor visitor, boolean mayModerate) {
    LibraryObject object =
        files.find(visitor.tenant(), visitor.conference(), context.pathParam("o"));
    if (object == null || !object.content().kind().isShared()) {
      throw ObjectViews.problem(new ObjectRefusal.NotFound()).exception();
    }
    Participant stay = visitor.stay();
    if (stay != null
        && object.progress().state().isThere()
        && !FileSharing.isSharer(object, stay.person().identity())
        && !(mayModerate && stay.person().grants().moderate())) {
      throw Problem.forbidden(
              "not-yours",
              mayModerate
                  ? "Only who shared a file, and who may moderate, can erase it."
                  : "Only who registered a file can commit it.")
          .exception();
    }
    return object;
  }

  private Visitor visitor(Context context) {
    Gate.Visit visit = gate.visit(context, Scope.LIBRARY);
    return switch (visit.caller()) {
      case Caller.Backend _ -> new Visitor(visit, null);
      case Caller.Joiner joiner -> {
        Participant stay = gate.ownStay(visit.conference().id(), joiner);
        if (!stay.person().grants().files()) {
          throw Refusals.grantMissing("files").exception();
        }
        yield new Visitor(visit, stay);
      }
    };
  }

  private static Message.@Nullable Sender sender(Visitor visitor) {
    return visitor.stay() == null ? null : Message.Sender.of(visitor.stay());
  }
}
