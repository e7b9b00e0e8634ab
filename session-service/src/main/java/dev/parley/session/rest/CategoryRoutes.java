package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.access.Scope;
import dev.parley.session.conversation.Categories;
import dev.parley.session.conversation.Category;
import dev.parley.session.conversation.CategoryTree;
import dev.parley.session.conversation.Channels;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/** The trees of categories that conversations are filed under. Thread-safe. */
final class CategoryRoutes {
  private final Categories categories;
  private final Channels channels;
  private final Gate gate;
  private final Quotas quotas;

  CategoryRoutes(Categories categories, Channels channels, Gate gate, Quotas quotas) {
    this.categories = categories;
    this.channels = channels;
    this.gate = gate;
    this.quotas = quotas;
  }

  void register(RoutesConfig routes) {
    routes.get("/v1/categories", this::list);
    routes.post("/v1/categories", this::create);
    routes.get("/v1/categories/{g}", this::read);
    routes.patch("/v1/categories/{g}", this::change);
    routes.delete("/v1/categories/{g}", this::remove);
  }

  private void list(Context context) {
    String tenant = gate.backend(context, Scope.LIBRARY).tenant();
    quotas.take(context, Quotas.LIST, tenant);
    String channel = FilingFields.id(context, "channel");
    if (channel != null && channels.find(tenant, channel) == null) {
      throw Problem.notFound("channel").exception();
    }
    CategoryTree tree = categories.tree(tenant, channel);
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    tree.inOrder().forEach(category -> data.add(FilingFields.category(category, tree)));
    context.header("ETag", Wire.etag(tree.version()));
    Responses.json(context, answer);
  }

  private void create(Context context) {
    String tenant = gate.backend(context, Scope.LIBRARY).tenant();
    quotas.take(context, Quotas.CREATE, tenant);
    JsonBody body = Bodies.json(context);
    String name = body.requiredText("name", Category.NAME_LENGTH_MAX);
    String parent = body.opaque("parent", FilingFields.ID_LENGTH_MAX, null);
    String channel = body.text("channel", FilingFields.ID_LENGTH_MAX);
    body.finish();
    if (channel != null && channels.find(tenant, channel) == null) {
      throw Problem.invalid("/channel", "must be the id of one of your channels").exception();
    }
    requireParent(tenant, channel, parent);
    Channels.Made<Categories.Found> made =
        FilingProblems.done(
            categories.create(
                new Categories.Draft(tenant, channel, name, parent),
                Queries.idempotencyKey(context),
                Queries.hash(name + "\n" + parent)));
    if (made.isReplayed()) {
      context.header("Idempotency-Replayed", "true");
    }
    context.status(201).header("Location", "/v1/categories/" + made.value().category().id());
    answer(context, made.value());
  }

  private void requireParent(String tenant, @Nullable String channel, @Nullable String parent) {
    if (parent != null && categories.tree(tenant, channel).find(parent) == null) {
      throw Problem.invalid("/parent", "must be the id of a category of the same tree").exception();
    }
  }

  private void read(Context context) {
    answer(context, category(context));
  }

  private void change(Context context) {
    FilingFields.requireIfMatch(context);
    Categories.Found found = category(context);
    JsonBody body = Bodies.json(context);
    String name = body.text("name", Category.NAME_LENGTH_MAX);
    boolean isMoved = body.has("parent");
    String parent = body.opaque("parent", FilingFields.ID_LENGTH_MAX, null);
    body.finish();
    CategoryTree tree = found.tree();
    requireParent(tree.tenant(), tree.channel(), parent);
    answer(
        context,
        FilingProblems.done(
            categories.change(
                tree.tenant(),
                found.category().id(),
                new Categories.Change(name, isMoved, parent),
                Queries.expectedVersion(context))));
  }

  private void remove(Context context) {
    Categories.Found found = category(context);
    Categories.Found _ =
        FilingProblems.done(
            categories.remove(
                found.tree().tenant(), found.category().id(), Queries.expectedVersion(context)));
    context.status(204);
  }

  private Categories.Found category(Context context) {
    String tenant = gate.backend(context, Scope.LIBRARY).tenant();
    Categories.Found found = categories.find(tenant, context.pathParam("g"));
    if (found == null) {
      throw Problem.notFound("category").exception();
    }
    return found;
  }

  private static void answer(Context context, Categories.Found found) {
    context.header("ETag", Wire.etag(found.tree().version()));
    Responses.json(context, FilingFields.category(found.category(), found.tree()));
  }
}
