package dev.parley.session.rest;

import dev.parley.common.token.JoinClaims;
import dev.parley.session.access.Caller;
import dev.parley.session.access.Scope;
import dev.parley.session.conference.RetentionRule;
import dev.parley.session.conversation.Channel;
import dev.parley.session.conversation.Channels;
import dev.parley.session.conversation.Label;
import dev.parley.session.conversation.Member;
import dev.parley.session.conversation.MemberRole;
import dev.parley.session.placement.Residency;
import dev.parley.session.placement.ResidencyBook;
import dev.parley.session.placement.ResidencyPolicies;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A tenant's channels and who belongs to them. Thread-safe. */
final class ChannelRoutes {
  private final Channels channels;
  private final ResidencyPolicies policies;
  private final Gate gate;
  private final Quotas quotas;
  private final Cursors cursors;

  ChannelRoutes(
      Channels channels, ResidencyPolicies policies, Gate gate, Quotas quotas, Cursors cursors) {
    this.channels = channels;
    this.policies = policies;
    this.gate = gate;
    this.quotas = quotas;
    this.cursors = cursors;
  }

  void register(RoutesConfig routes) {
    routes.post("/v1/channels", this::create);
    routes.get("/v1/channels", this::list);
    routes.get("/v1/channels/{h}", this::read);
    routes.patch("/v1/channels/{h}", this::change);
    routes.delete("/v1/channels/{h}", this::remove);
    routes.put("/v1/channels/{h}/legal-hold", context -> hold(context, true));
    routes.delete("/v1/channels/{h}/legal-hold", context -> hold(context, false));
    routes.post("/v1/channels/{h}/members", this::add);
    routes.get("/v1/channels/{h}/members", this::members);
    routes.delete("/v1/channels/{h}/members/{m}", this::dismiss);
  }

  private void create(Context context) {
    String tenant = gate.backend(context, Scope.LIBRARY).tenant();
    quotas.take(context, Quotas.CREATE, tenant);
    JsonBody body = Bodies.json(context);
    Label none = new Label(null, new TreeMap<>(), null);
    Channel.Draft draft = draft(body, new Channel.Draft(none, null, RetentionRule.NONE));
    body.finish();
    if (draft.label().name() == null) {
      throw Problem.invalid("/name", "is missing").exception();
    }
    String region = libraryUnder(tenant, draft.residency());
    String hash =
        Queries.hash(
            draft.label().name()
                + "\n"
                + draft.label().tags()
                + "\n"
                + draft.label().attributes()
                + "\n"
                + draft.residency()
                + (draft.retention().equals(RetentionRule.NONE) ? "" : "\n" + draft.retention()));
    Channels.Made<Channel> made =
        FilingProblems.done(
            channels.create(
                tenant,
                draft,
                new Channels.Request(region, Queries.idempotencyKey(context), hash)));
    if (made.isReplayed()) {
      context.header("Idempotency-Replayed", "true");
    }
    context.status(201).header("Location", "/v1/channels/" + made.value().id());
    answer(context, made.value());
  }

  private static Channel.Draft draft(JsonBody body, Channel.Draft now) {
    return new Channel.Draft(
        FilingFields.label(body, "name", now.label()),
        body.opaque("residency", FilingFields.ID_LENGTH_MAX, now.residency()),
        RetentionFields.read(body, "retention", now.retention()));
  }

  /**
   * Returns the region in whose library the names are of a channel of this policy, or ends the
   * request if there is no such policy, or can be no such region.
   */
  private @Nullable String libraryUnder(String tenant, @Nullable String policy) {
    ResidencyBook book = policies.book(tenant);
    if (policy != null && !book.has(policy)) {
      throw Problem.invalid("/residency", "must be the name of one of your residency policies")
          .exception();
    }
    Residency all = book.of(policy == null ? Set.of() : Set.of(policy));
    PlaceProblems.requireOneLibrary(all);
    return all.metadataRegion();
  }

  private void list(Context context) {
    String tenant = gate.backend(context, Scope.LIBRARY).tenant();
    quotas.take(context, Quotas.LIST, tenant);
    Map<String, String> tags = FilingFields.tags(context);
    int limit =
        Queries.integer(context, "limit", 1, FilingFields.PAGE_MAX, FilingFields.PAGE_DEFAULT);
    String filters = "channels " + tenant + " " + tags;
    FilingFields.answer(
        context,
        channels.list(tenant, tags, limit, cursors.position(context, filters)),
        cursors,
        filters,
        FilingFields::channel);
  }

  private void read(Context context) {
    answer(context, channel(context, Scope.LIBRARY));
  }

  private void change(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.LIBRARY);
    FilingFields.requireIfMatch(context);
    Channel before = channel(context, Scope.LIBRARY);
    JsonBody body = Bodies.json(context);
    Channel.Draft draft = draft(body, before.draft());
    body.finish();
    if (draft.residency() != null && !draft.residency().equals(before.residency())) {
      // What it is called stays where it is.
      String _ = libraryUnder(backend.tenant(), draft.residency());
    }
    Long expected = Queries.expectedVersion(context);
    answer(
        context,
        FilingProblems.done(
            channels.change(
                backend.tenant(),
                before.id(),
                draft,
                // What the body leaves out stays as it was read here.
                expected == null ? Long.valueOf(before.version()) : expected)));
  }

  private void remove(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.LIBRARY);
    Channel _ =
        FilingProblems.done(
            channels.remove(
                backend.tenant(), context.pathParam("h"), Queries.expectedVersion(context)));
    context.status(204);
  }

  private void hold(Context context, boolean isOnHold) {
    Channel channel = channel(context, Scope.ADMIN);
    answer(context, FilingProblems.done(channels.hold(channel.tenant(), channel.id(), isOnHold)));
  }

  private void add(Context context) {
    Channel channel = channel(context, Scope.LIBRARY);
    quotas.take(context, Quotas.CREATE, channel.tenant());
    JsonBody body = Bodies.json(context);
    String identity = body.requiredText("identity", JoinClaims.IDENTITY_LENGTH_MAX);
    MemberRole role = body.choice("role", MemberRole.class, MemberRole.MEMBER);
    body.finish();
    Channels.Made<Member> made = channels.add(channel, identity, role);
    Responses.json(
        context.status(made.isReplayed() ? 200 : 201), FilingFields.member(made.value()));
  }

  private void members(Context context) {
    Channel channel = channel(context, Scope.LIBRARY);
    quotas.take(context, Quotas.LIST, channel.tenant());
    int limit =
        Queries.integer(context, "limit", 1, FilingFields.PAGE_MAX, FilingFields.PAGE_DEFAULT);
    String filters = "members " + channel.id();
    FilingFields.answer(
        context,
        channels.members(channel, limit, cursors.position(context, filters)),
        cursors,
        filters,
        FilingFields::member);
  }

  private void dismiss(Context context) {
    Channel channel = channel(context, Scope.LIBRARY);
    if (!channels.dismiss(channel, context.pathParam("m"))) {
      throw Problem.notFound("member").exception();
    }
    context.status(204);
  }

  private Channel channel(Context context, Scope scope) {
    Caller.Backend backend = gate.backend(context, scope);
    Channel channel = channels.find(backend.tenant(), context.pathParam("h"));
    if (channel == null) {
      throw Problem.notFound("channel").exception();
    }
    return channel;
  }

  private static void answer(Context context, Channel channel) {
    context.header("ETag", Wire.etag(channel.version()));
    Responses.json(context, FilingFields.channel(channel));
  }
}
