package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.Region;
import dev.parley.common.token.AudioGrant;
import dev.parley.common.token.Grants;
import dev.parley.common.token.JoinClaims;
import dev.parley.common.token.Role;
import dev.parley.session.access.ApiKey;
import dev.parley.session.access.Caller;
import dev.parley.session.access.JoinTokens;
import dev.parley.session.access.MintRecords;
import dev.parley.session.access.Scope;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.ConferenceOptions;
import dev.parley.session.conference.ConferenceState;
import dev.parley.session.conference.ConferenceStore;
import dev.parley.session.conference.Conferences;
import dev.parley.session.conference.EndReason;
import dev.parley.session.conference.Refusal;
import dev.parley.session.conversation.Channel;
import dev.parley.session.conversation.Channels;
import dev.parley.session.placement.ResidencyPolicies;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Making, reading, listing, changing and ending conferences, and minting tokens for them.
 * Thread-safe.
 */
final class ConferenceRoutes {
  static final int ALIAS_LENGTH_MAX = 250;

  private static final Pattern ALIAS = Pattern.compile("[^\\p{Cc}/?#]+");
  private static final int PAGE_DEFAULT = 50;
  private static final int PAGE_MAX = 200;
  private static final int TOKEN_TTL_SEC_MIN = 10;
  private static final int TOKEN_TTL_SEC_MAX = 86_400;

  private final Conferences conferences;
  private final ResidencyPolicies policies;
  private final Channels channels;
  private final JoinTokens tokens;
  private final MintRecords mints;
  private final Gate gate;
  private final Quotas quotas;
  private final Cursors cursors;

  ConferenceRoutes(
      RestApi.Domain domain, RestApi.Access access, Gate gate, Quotas quotas, Cursors cursors) {
    this.conferences = domain.conferences();
    this.policies = domain.geography().policies();
    this.channels = domain.people().filing().channels();
    this.tokens = access.tokens();
    this.mints = access.mints();
    this.gate = gate;
    this.quotas = quotas;
    this.cursors = cursors;
  }

  void register(RoutesConfig routes) {
    routes.post("/v1/conferences", this::create);
    routes.get("/v1/conferences", this::list);
    routes.get("/v1/conferences/{c}", this::read);
    routes.patch("/v1/conferences/{c}", this::update);
    routes.delete("/v1/conferences/{c}", this::end);
    routes.post("/v1/conferences/{c}/tokens", this::mint);
  }

  private void create(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.CONFERENCES);
    quotas.take(context, Quotas.CREATE, backend.tenant());
    JsonBody body = Bodies.json(context);
    String alias = body.text("alias", ALIAS_LENGTH_MAX);
    ConferenceOptions usual = OptionFields.create(body);
    PlacementFields.Wish where = PlacementFields.read(body);
    body.finish();
    if (alias != null && !isAlias(alias)) {
      throw Problem.invalid("/alias", "must not contain '/', '?' or '#'").exception();
    }
    String ofChannel = policyOfChannel(backend.tenant(), usual.channel());
    ConferenceOptions options =
        usual.placed(where.placement(policies, backend.tenant(), ofChannel));
    Conferences.Made made =
        Refusals.done(
            conferences.create(
                new Conferences.Wish(
                    backend.tenant(),
                    alias,
                    options,
                    Queries.idempotencyKey(context),
                    hash(alias, options, where))));
    Conference conference = made.conference();
    if (made.isReplayed()) {
      context.header("Idempotency-Replayed", "true");
    }
    context.header("Location", "/v1/conferences/" + conference.id());
    Responses.json(context.status(201), conference);
  }

  private @Nullable String policyOfChannel(String tenant, @Nullable String id) {
    if (id == null) {
      return null;
    }
    Channel channel = channels.find(tenant, id);
    if (channel == null) {
      throw Problem.invalid("/channel", "must be the id of one of your channels").exception();
    }
    return channel.residency();
  }

  private void list(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.CONFERENCES);
    quotas.take(context, Quotas.LIST, backend.tenant());
    ConferenceState state = Queries.choice(context, "state", ConferenceState.class, null);
    ConferenceStore.Selection selection =
        new ConferenceStore.Selection(
            backend.tenant(),
            state,
            region(context),
            Queries.time(context, "from"),
            Queries.time(context, "to"));
    int limit = Queries.integer(context, "limit", 1, PAGE_MAX, PAGE_DEFAULT);
    String alias = context.queryParam("alias");
    if (alias != null) {
      if (alias.isEmpty() || alias.length() > ALIAS_LENGTH_MAX) {
        throw Problem.invalid("query:alias", "must have 1 to 250 characters").exception();
      }
      Conference holder = conferences.findByAlias(backend.tenant(), alias);
      List<Conference> found =
          holder != null && selection.includes(holder) ? List.of(holder) : List.of();
      page(context, new ConferenceStore.Page(found, null), null);
      return;
    }
    String filters = selection.toString();
    String position = cursors.position(context, filters);
    ConferenceStore.Page page = conferences.list(selection, limit, position);
    page(context, page, page.next() == null ? null : cursors.sign(page.next(), filters));
  }

  private void read(Context context) {
    Conference conference = gate.visit(context).conference();
    String etag = Wire.etag(conference.revision());
    if (Queries.matches(context.header("If-None-Match"), conference.revision())) {
      context.status(304).header("ETag", etag);
      return;
    }
    Responses.json(context, conference);
  }

  private void update(Context context) {
    Gate.Visit visit = gate.visit(context);
    ConferenceId id = visit.conference().id();
    JsonBody body = Bodies.json(context);
    requireMayChange(context, visit, OptionFields.tenants(body));
    // After who may not: nobody else is to use up what the moderators have.
    quotas.take(context, Quotas.UPDATE, id.value());
    boolean isEmpty = body.isEmpty();
    // What is wrong with the body is told before anything is changed.
    OptionFields.change(body, visit.conference().options());
    body.finish();
    if (isEmpty) {
      throw Problem.invalid("", "must have an option to change, such as locked").exception();
    }
    Responses.json(
        context,
        Refusals.done(
            conferences.update(
                id,
                options -> OptionFields.change(body, options),
                Queries.expectedVersion(context))));
  }

  /**
   * Checks who asks; {@code tenants} is an option that moderators may not change, if there is one.
   */
  private void requireMayChange(Context context, Gate.Visit visit, @Nullable String tenants) {
    if (tenants == null) {
      gate.requireModerator(visit);
    } else if (visit.caller() instanceof Caller.Backend) {
      Caller.Backend _ = gate.backend(context, Scope.CONFERENCES);
    } else {
      throw Problem.forbidden(
              "key-needed", "Changing " + tenants + " needs a server key, not a join token.")
          .exception();
    }
  }

  private void end(Context context) {
    Gate.Visit visit = gate.visit(context);
    gate.requireModerator(visit);
    Conference conference = visit.conference();
    Long expected = Queries.expectedVersion(context);
    Responses.json(
        context, Refusals.done(conferences.end(conference.id(), EndReason.API, expected)));
  }

  private void mint(Context context) {
    Gate.Visit visit = gate.visitAsBackend(context);
    ApiKey key = gate.backend(context, Scope.CONFERENCES).key();
    Gate.requireOpen(visit.conference());
    JsonBody body = Bodies.json(context);
    String identity = body.requiredText("identity", JoinClaims.IDENTITY_LENGTH_MAX);
    String name = body.text("name", JoinClaims.NAME_LENGTH_MAX);
    Role role = body.choice("role", Role.class, Role.SPEAKER);
    JsonBody grants = body.object("grants");
    Grants usual = Grants.of(role);
    AudioGrant audio = grants.choice("audio", AudioGrant.class, usual.audio());
    boolean moderate = grants.flag("moderate", usual.moderate());
    boolean chat = grants.flag("chat", usual.chat());
    boolean files = grants.flag("files", usual.files());
    boolean spatial = grants.flag("spatial", usual.spatial());
    boolean record = grants.flag("record", usual.record());
    int ttlSec =
        body.integer(
            "ttlSec", TOKEN_TTL_SEC_MIN, TOKEN_TTL_SEC_MAX, (int) JoinTokens.LIFETIME.toSeconds());
    body.finish();
    JoinTokens.Bearer bearer =
        new JoinTokens.Bearer(
            identity, name, role, new Grants(audio, moderate, chat, files, spatial, record));
    ConferenceId conference = visit.conference().id();
    JoinTokens.Minted minted =
        tokens.mint(
            key,
            conference,
            bearer,
            Duration.ofSeconds(ttlSec),
            stamp(context, conference, key, Queries.hash(bearer + " " + ttlSec)));
    ObjectNode answer = Wire.object();
    answer.put("token", minted.token());
    Wire.put(answer, "expiresAt", minted.expiresAt());
    Responses.secret(context.status(201), answer);
  }

  /** Returns the stamp of a new token, or of the one that an earlier request was answered with. */
  private JoinTokens.Stamp stamp(
      Context context, ConferenceId conference, ApiKey key, String requestHash) {
    JoinTokens.Stamp fresh = tokens.stamp();
    String idempotencyKey = Queries.idempotencyKey(context);
    if (idempotencyKey == null) {
      return fresh;
    }
    MintRecords.Mint kept =
        mints.keep(
            conference, key.keyId(), idempotencyKey, new MintRecords.Mint(requestHash, fresh));
    if (!kept.requestHash().equals(requestHash)) {
      throw Refusals.problem(new Refusal.KeyReused()).exception();
    }
    if (!kept.stamp().equals(fresh)) {
      context.header("Idempotency-Replayed", "true");
    }
    return kept.stamp();
  }

  static boolean isAlias(String alias) {
    return alias.length() <= ALIAS_LENGTH_MAX && ALIAS.matcher(alias).matches();
  }

  private static void page(Context context, ConferenceStore.Page page, @Nullable String next) {
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    page.conferences().forEach(conference -> data.add(Views.conference(conference)));
    if (next != null) {
      answer.put("next", next);
      context.header("Link", Queries.nextLink(context, next));
    }
    Responses.json(context, answer);
  }

  /** The same for requests that ask for the same, however they were written. */
  private static String hash(
      @Nullable String alias, ConferenceOptions options, PlacementFields.Wish where) {
    ObjectNode request = Wire.object();
    Wire.put(request, "alias", alias);
    OptionFields.write(request, options);
    // What its policies say may be something else when the request is repeated.
    ObjectNode placement = (ObjectNode) request.path("placement");
    placement.remove(List.of("allowed", "residency", "metadataRegion"));
    Wire.put(placement, "residency", where.residency());
    return Queries.hash(Wire.text(request));
  }

  private static @Nullable Region region(Context context) {
    String region = context.queryParam("region");
    try {
      return region == null ? null : new Region(region);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid("query:region", "must be the name of a region").exception();
    }
  }
}
