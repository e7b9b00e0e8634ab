package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.token.Grants;
import dev.parley.session.access.Caller;
import dev.parley.session.access.Quota;
import dev.parley.session.access.Scope;
import dev.parley.session.conversation.Conversation;
import dev.parley.session.conversation.ConversationStore;
import dev.parley.session.conversation.Conversations;
import dev.parley.session.conversation.Label;
import dev.parley.session.conversation.MemberRole;
import dev.parley.session.library.Library;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.LibraryStore;
import dev.parley.session.library.ObjectKind;
import dev.parley.session.library.ObjectRules;
import dev.parley.session.message.Messages;
import dev.parley.session.recording.Recordings;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls that are over: found, read with what is left of them, filed. Back ends see all of their
 * tenant's, people those that they took part in or whose channel they belong to. Thread-safe.
 */
final class ConversationRoutes {
  private static final int LINKS_MAX = 200;
  private static final int SHOWN_MAX = 200;

  /** Each list may read a thousand items. */
  private static final Quota SEARCH = new Quota("conversation-list", 20, Duration.ofSeconds(1));

  private final RestApi.Filing filing;
  private final Conversations conversations;
  private final Content content;
  private final Gate gate;
  private final Quotas quotas;
  private final Cursors cursors;

  ConversationRoutes(
      RestApi.Filing filing, Content content, Gate gate, Quotas quotas, Cursors cursors) {
    this.filing = filing;
    this.conversations = filing.conversations();
    this.content = content;
    this.gate = gate;
    this.quotas = quotas;
    this.cursors = cursors;
  }

  /** What is left of calls. */
  record Content(
      Messages messages,
      MessagePages pages,
      Recordings recordings,
      Library library,
      LinkSigning links) {}

  /**
   * Who sends a request.
   *
   * @param identity null for the tenant's backend
   */
  private record Reader(Caller caller, @Nullable String identity, @Nullable Grants grants) {
    boolean isBackend() {
      return identity == null;
    }

    boolean may(Predicate<Grants> grant) {
      return grants == null || grant.test(grants);
    }

    void require(String name, Predicate<Grants> grant) {
      if (!may(grant)) {
        throw Refusals.grantMissing(name).exception();
      }
    }

    String quotaSubject() {
      return identity == null ? caller.tenant() : caller.tenant() + " " + identity;
    }
  }

  void register(RoutesConfig routes) {
    routes.get("/v1/conversations", this::list);
    routes.get("/v1/channels/{h}/conversations", this::listOfChannel);
    routes.get("/v1/conversations/{v}", this::read);
    routes.patch("/v1/conversations/{v}", this::change);
    routes.get("/v1/conversations/{v}/messages", this::messages);
    routes.post("/v1/conversations/{v}/links", this::links);
    routes.put("/v1/conversations/{v}/legal-hold", context -> hold(context, true));
    routes.delete("/v1/conversations/{v}/legal-hold", context -> hold(context, false));
  }

  private void list(Context context) {
    Reader reader = reader(context);
    String channel = FilingFields.id(context, "channel");
    list(context, reader, reader.identity(), channel);
  }

  private void listOfChannel(Context context) {
    Reader reader = reader(context);
    String tenant = reader.caller().tenant();
    String channel = context.pathParam("h");
    String identity = reader.identity();
    boolean isThere =
        identity == null
            ? filing.channels().find(tenant, channel) != null
            : filing.channels().roleOf(tenant, channel, identity) != null;
    if (!isThere) {
      throw Problem.notFound("channel").exception();
    }
    list(context, reader, null, channel);
  }

  /** Lists those that somebody took part in, or all. */
  private void list(
      Context context, Reader reader, @Nullable String identity, @Nullable String channel) {
    quotas.take(context, SEARCH, reader.quotaSubject());
    String category = FilingFields.id(context, "category");
    Map<String, String> tags = FilingFields.tags(context);
    int limit =
        Queries.integer(context, "limit", 1, FilingFields.PAGE_MAX, FilingFields.PAGE_DEFAULT);
    ConversationStore.Selection selection =
        new ConversationStore.Selection(
            reader.caller().tenant(), identity, channel, category, tags);
    String filters =
        "conversations "
            + Queries.hash(
                selection.tenant()
                    + "\n"
                    + identity
                    + "\n"
                    + channel
                    + "\n"
                    + category
                    + "\n"
                    + tags);
    FilingFields.answer(
        context,
        conversations.list(selection, limit, cursors.position(context, filters)),
        cursors,
        filters,
        conversation -> FilingFields.conversation(conversation, reader.isBackend()));
  }

  private void read(Context context) {
    Reader reader = reader(context);
    Conversation conversation = conversation(context, reader);
    ConferenceId id = conversation.conference();
    ObjectNode node = FilingFields.conversation(conversation, reader.isBackend());
    if (reader.may(Grants::chat)) {
      node.put("messageCount", content.messages().count(id));
    }
    if (reader.may(Grants::record)) {
      ArrayNode recordings = node.putArray("recordings");
      content
          .recordings()
          .list(conversation.tenant(), id, SHOWN_MAX, null)
          .recordings()
          .forEach(recording -> recordings.add(RecordingViews.recording(recording)));
    }
    if (reader.isBackend()) {
      ObjectRules.Judge judge = content.library().judge(conversation.tenant());
      add(
          node.putArray("objects"),
          new LibraryStore.Selection(conversation.tenant(), id, Set.of(), Map.of(), true),
          object -> ObjectViews.object(object, null, judge));
    } else if (reader.may(Grants::files)) {
      Set<ObjectKind> shared = Set.of(ObjectKind.FILE, ObjectKind.PHOTO);
      add(
          node.putArray("files"),
          new LibraryStore.Selection(conversation.tenant(), id, shared, Map.of(), true),
          object -> Views.file(content.library().sharedFile(object)));
    }
    context.header("ETag", Wire.etag(conversation.revision()));
    Responses.json(context, node);
  }

  private void add(
      ArrayNode entries,
      LibraryStore.Selection selection,
      Function<LibraryObject, ObjectNode> view) {
    LibraryStore.Page page = content.library().list(selection, SHOWN_MAX, null);
    page.objects().forEach(object -> entries.add(view.apply(object)));
  }

  private void change(Context context) {
    Reader reader = reader(context);
    Conversation before = conversation(context, reader);
    requireMayFile(reader, before);
    FilingFields.requireIfMatch(context);
    JsonBody body = Bodies.json(context);
    Label label = FilingFields.label(body, "title", before.label());
    Set<String> categories =
        body.names("categories", Conversation.CATEGORIES_MAX, Function.identity());
    body.finish();
    SortedSet<String> filed =
        categories == null ? before.filing().categories() : new TreeSet<>(categories);
    Long expected = Queries.expectedVersion(context);
    Conversation changed =
        FilingProblems.done(
            conversations.change(
                before,
                _ -> label,
                _ -> filed,
                // What the body leaves out stays as it was read here.
                expected == null ? Long.valueOf(before.revision()) : expected));
    answer(context, changed, reader);
  }

  /** Back ends may, and owners of the channel. */
  private void requireMayFile(Reader reader, Conversation conversation) {
    String identity = reader.identity();
    String channel = conversation.filing().channel();
    if (identity != null
        && (channel == null
            || filing.channels().roleOf(conversation.tenant(), channel, identity)
                != MemberRole.OWNER)) {
      throw Problem.forbidden(
              "not-owner", "Only back ends and owners of the conversation's channel may file it.")
          .exception();
    }
  }

  private void messages(Context context) {
    Reader reader = reader(context);
    reader.require("chat", Grants::chat);
    content.pages().answer(context, conversation(context, reader).conference());
  }

  private void links(Context context) {
    Reader reader = reader(context);
    Conversation conversation = conversation(context, reader);
    JsonBody body = Bodies.json(context);
    Set<String> ids = body.names("ids", LINKS_MAX, Function.identity());
    LinkSigning.Wish wish = LinkSigning.wish(body, reader.caller());
    body.finish();
    if (ids == null) {
      throw Problem.invalid("/ids", "is missing").exception();
    }
    var signer = content.links().signer(context, reader.caller(), wish);
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    for (String id : ids) {
      LibraryObject object = content.library().find(conversation.tenant(), id);
      boolean isOfIt =
          object != null
              && conversation.conference().equals(object.place().conference())
              && mayRead(reader, object.content().kind());
      data.add(ObjectViews.linkOrCode(id, isOfIt ? object : null, signer));
    }
    Responses.secret(context, answer);
  }

  private static boolean mayRead(Reader reader, ObjectKind kind) {
    return switch (kind) {
      case FILE, PHOTO, THUMBNAIL -> reader.may(Grants::files);
      case RECORDING, MANIFEST -> reader.may(Grants::record);
      case MESSAGE_LOG -> reader.may(Grants::chat);
    };
  }

  private void hold(Context context, boolean isOnHold) {
    Caller.Backend backend = gate.backend(context, Scope.ADMIN);
    Reader reader = new Reader(backend, null, null);
    Conversation conversation = conversation(context, reader);
    answer(context, FilingProblems.done(conversations.hold(conversation, isOnHold)), reader);
  }

  private Reader reader(Context context) {
    return switch (gate.callerOfLibrary(context)) {
      case Caller.Backend backend -> new Reader(backend, null, null);
      case Caller.Joiner joiner -> {
        Grants grants = joiner.claims().grants();
        Reader reader = new Reader(joiner, joiner.claims().identity(), grants);
        reader.require("chat, files or record", any -> any.chat() || any.files() || any.record());
        yield reader;
      }
    };
  }

  private Conversation conversation(Context context, Reader reader) {
    ConferenceId id = Gate.conferenceId(context.pathParam("v"));
    Conversation conversation =
        id == null ? null : conversations.find(reader.caller().tenant(), id);
    String identity = reader.identity();
    if (conversation == null
        || (identity != null && !conversations.maySee(conversation, identity))) {
      throw Problem.notFound("conversation; a conference is one once it is over").exception();
    }
    return conversation;
  }

  private static void answer(Context context, Conversation conversation, Reader reader) {
    context.header("ETag", Wire.etag(conversation.revision()));
    Responses.json(context, FilingFields.conversation(conversation, reader.isBackend()));
  }
}
