package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.conversation.Category;
import dev.parley.session.conversation.CategoryTree;
import dev.parley.session.conversation.Channel;
import dev.parley.session.conversation.Conversation;
import dev.parley.session.conversation.Label;
import dev.parley.session.conversation.Member;
import dev.parley.session.conversation.Page;
import dev.parley.session.library.Library;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Channels, categories and conversations as fields of JSON, and pages of them. Stateless. */
final class FilingFields {
  static final int PAGE_DEFAULT = 50;
  static final int PAGE_MAX = 200;
  static final int ID_LENGTH_MAX = 64;

  private FilingFields() {}

  /** Reads what something is to be called from now on; {@code name} is its field for the name. */
  static Label label(JsonBody body, String name, Label now) {
    return new Label(
        body.has(name) ? body.text(name, Label.NAME_LENGTH_MAX) : now.name(),
        body.texts("tags", ObjectFields.tagsBound(), new TreeMap<>(now.tags())),
        body.opaque("attributes", Library.ATTRIBUTES_BYTES_MAX, now.attributes()));
  }

  /** Reads which tags are asked for, as {@code name:value}. */
  static Map<String, String> tags(Context context) {
    Map<String, String> tags = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    for (String text : context.queryParams("tag")) {
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

  /** Ends a request that does not say which version it changes. */
  static void requireIfMatch(Context context) {
    if (context.header("If-Match") == null) {
      throw new Problem(
              428,
              "if-match-missing",
              "Version needed",
              "Send If-Match with the ETag that you read, or * to change whatever is there.")
          .exception();
    }
  }

  static ObjectNode channel(Channel channel) {
    ObjectNode node = Wire.object();
    node.put("id", channel.id());
    write(node, "name", channel.label(), true);
    Wire.put(node, "residency", channel.residency());
    RetentionFields.write(node, "retention", channel.retention());
    node.put("legalHold", channel.isHeld());
    Wire.put(node, "createdAt", channel.createdAt());
    node.put("version", channel.version());
    return node;
  }

  static ObjectNode member(Member member) {
    ObjectNode node = Wire.object();
    node.put("id", member.id());
    node.put("identity", member.identity());
    Wire.put(node, "role", member.role());
    Wire.put(node, "addedAt", member.addedAt());
    return node;
  }

  static ObjectNode category(Category category, CategoryTree tree) {
    ObjectNode node = Wire.object();
    node.put("id", category.id());
    node.put("name", category.name());
    Wire.put(node, "parent", category.parent());
    Wire.put(node, "channel", tree.channel());
    ArrayNode path = node.putArray("path");
    tree.path(category).forEach(path::add);
    Wire.put(node, "createdAt", category.createdAt());
    return node;
  }

  /**
   * A conversation without what is in it.
   *
   * @param isBackend true to show what is the tenant's own
   */
  static ObjectNode conversation(Conversation conversation, boolean isBackend) {
    ObjectNode node = Wire.object();
    node.put("id", conversation.conference().value());
    write(node, "title", conversation.label(), isBackend);
    Wire.put(node, "channel", conversation.filing().channel());
    ArrayNode categories = node.putArray("categories");
    conversation.filing().categories().forEach(categories::add);
    node.put("legalHold", conversation.isHeld());
    Wire.put(node, "createdAt", conversation.span().createdAt());
    Wire.put(node, "startedAt", conversation.span().startedAt());
    Wire.put(node, "endedAt", conversation.span().endedAt());
    node.put("version", conversation.revision());
    return node;
  }

  private static void write(ObjectNode node, String name, Label label, boolean isBackend) {
    Wire.put(node, name, label.name());
    ObjectNode tags = node.putObject("tags");
    label.tags().forEach(tags::put);
    if (isBackend) {
      Wire.put(node, "attributes", label.attributes());
    }
  }

  /** Answers with a page of a list, and where the next one begins. */
  static <T> void answer(
      Context context,
      Page<T> page,
      Cursors cursors,
      String filters,
      Function<T, ObjectNode> view) {
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    page.entries().forEach(entry -> data.add(view.apply(entry)));
    String position = page.next();
    if (position != null) {
      String next = cursors.sign(position, filters);
      answer.put("next", next);
      context.header("Link", Queries.nextLink(context, next));
    }
    Responses.json(context, answer);
  }

  /** Returns a text of the query, or null if it is not there. */
  static @Nullable String id(Context context, String name) {
    String text = context.queryParam(name);
    if (text != null && (text.isEmpty() || text.length() > ID_LENGTH_MAX)) {
      throw Problem.invalid("query:" + name, "must be an id").exception();
    }
    return text;
  }
}
