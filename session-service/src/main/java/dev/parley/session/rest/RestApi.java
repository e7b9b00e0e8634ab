package dev.parley.session.rest;

import dev.parley.session.access.ApiKey;
import dev.parley.session.access.Credentials;
import dev.parley.session.access.EventTickets;
import dev.parley.session.access.JoinTokens;
import dev.parley.session.access.MintRecords;
import dev.parley.session.access.RandomText;
import dev.parley.session.access.RateWindows;
import dev.parley.session.access.ServiceSecret;
import dev.parley.session.access.TokenIssuers;
import dev.parley.session.conference.Admission;
import dev.parley.session.conference.Bans;
import dev.parley.session.conference.Conferences;
import dev.parley.session.conference.ContendedException;
import dev.parley.session.conference.Moderation;
import dev.parley.session.conference.Participants;
import dev.parley.session.conference.Placing;
import dev.parley.session.conference.Positions;
import dev.parley.session.conference.Signalling;
import dev.parley.session.conference.Unrecorded;
import dev.parley.session.conference.WaitingRoom;
import dev.parley.session.conversation.Categories;
import dev.parley.session.conversation.Channels;
import dev.parley.session.conversation.Conversations;
import dev.parley.session.erasure.Erasures;
import dev.parley.session.event.EventStreams;
import dev.parley.session.library.FileSharing;
import dev.parley.session.library.TenantRetentions;
import dev.parley.session.media.RegionCensus;
import dev.parley.session.message.Messages;
import dev.parley.session.object.ObjectStoreUnavailableException;
import dev.parley.session.placement.RegionGuide;
import dev.parley.session.placement.ResidencyPolicies;
import dev.parley.session.recording.Recordings;
import dev.parley.session.store.StoreMemory;
import dev.parley.session.store.StoreUnavailableException;
import dev.parley.session.usage.UsageReports;
import dev.parley.session.webhook.Webhooks;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything under {@code /v1} and {@code /docs}. Thread-safe. */
public final class RestApi implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RestApi.class);
  private static final int RETRY_STORE_SEC = 2;
  private static final int RETRY_CONTENDED_SEC = 1;
  private static final int RETRY_WATCH_SEC = 10;

  private final ConferenceRoutes conferenceRoutes;
  private final ParticipantRoutes participantRoutes;
  private final SignallingRoutes signallingRoutes;
  private final MediaSessionRoutes mediaSessionRoutes;
  private final WebhookRoutes webhookRoutes;
  private final MessageRoutes messageRoutes;
  private final ObjectRoutes objectRoutes;
  private final FileRoutes fileRoutes;
  private final RecordingRoutes recordingRoutes;
  private final FilingRoutes filingRoutes;
  private final EventStreams streams;
  private final ModerationRoutes moderationRoutes;
  private final WaitingRoutes waitingRoutes;
  private final QualityRoutes qualityRoutes;
  private final UsageRoutes usageRoutes;
  private final ErasureRoutes erasureRoutes;
  private final TokenIssuerRoutes tokenIssuerRoutes;
  private final RegionRoutes regionRoutes;
  private final ResidencyRoutes residencyRoutes;
  private final RetentionRoutes retentionRoutes;
  private final @Nullable OpenRoomRoutes openRoomRoutes;
  private final DescriptionRoutes descriptionRoutes = new DescriptionRoutes();
  private final AuditTrail trail;
  private final LongAdder problems = new LongAdder();
  private final LongAdder failures = new LongAdder();

  public RestApi(
      Domain domain,
      Access access,
      IceServers iceServers,
      @Nullable OpenRooms openRooms,
      EventStreams streams) {
    this.streams = streams;
    trail = access.trail();
    Gate gate = new Gate(access.credentials(), domain.conferences(), domain.participants());
    Quotas quotas = new Quotas(access.windows());
    Cursors cursors = new Cursors(access.secret());
    Approaches approaches = new Approaches(domain.geography());
    regionRoutes = new RegionRoutes(domain.geography(), approaches, gate, quotas);
    residencyRoutes = new ResidencyRoutes(domain.geography().policies(), gate, quotas);
    retentionRoutes = new RetentionRoutes(domain.people().filing().retentions(), gate, quotas);
    conferenceRoutes = new ConferenceRoutes(domain, access, gate, quotas, cursors);
    webhookRoutes = new WebhookRoutes(domain.webhooks(), gate, quotas, cursors);
    FileSharing files = domain.people().files();
    LinkSigning links = new LinkSigning(files.library(), approaches);
    objectRoutes =
        new ObjectRoutes(
            files.library(), domain.geography().policies(), links, gate, quotas, cursors);
    fileRoutes = new FileRoutes(files, links, gate, quotas, cursors);
    recordingRoutes =
        new RecordingRoutes(domain.people(), domain.participants(), links, gate, quotas, cursors);
    MessagePages pages = new MessagePages(domain.people().messages(), cursors);
    messageRoutes = new MessageRoutes(domain.people().messages(), gate, quotas, pages);
    filingRoutes = new FilingRoutes(domain, links, pages, gate, quotas, cursors);
    participantRoutes =
        new ParticipantRoutes(
            domain,
            new MediaAddresses(access.tickets(), iceServers),
            approaches,
            gate,
            quotas,
            new Outage(access.memory(), domain.people().unrecorded(), domain.participants(), gate));
    moderationRoutes = new ModerationRoutes(domain.people(), gate);
    waitingRoutes = new WaitingRoutes(domain.people().waitingRoom(), gate);
    qualityRoutes = new QualityRoutes(domain.participants(), gate);
    usageRoutes = new UsageRoutes(domain.people().usage(), gate, quotas, cursors);
    erasureRoutes = new ErasureRoutes(domain.people().erasures(), gate, quotas);
    tokenIssuerRoutes = new TokenIssuerRoutes(access.issuers(), gate, quotas);
    signallingRoutes = new SignallingRoutes(domain, iceServers, approaches, gate, quotas);
    mediaSessionRoutes = new MediaSessionRoutes(domain.signalling(), gate, quotas);
    openRoomRoutes =
        openRooms == null
            ? null
            : new OpenRoomRoutes(
                domain.conferences(),
                domain.geography().policies(),
                access.tokens(),
                openRooms.keys(),
                quotas,
                openRooms.isLoopbackOnly());
  }

  /** The parts of the domain that requests reach. */
  public record Domain(
      Conferences conferences,
      Admission admission,
      Participants participants,
      Signalling signalling,
      Webhooks webhooks,
      People people,
      Geography geography) {}

  /** The parts that tell where media servers are, and which of them are near whom. */
  public record Geography(
      RegionCensus census,
      RegionGuide guide,
      Placing placing,
      ClientAddresses addresses,
      ResidencyPolicies policies) {}

  /** What people do in conferences, and moderators with them, and what that comes to. */
  public record People(
      Messages messages,
      Moderation moderation,
      Bans bans,
      Unrecorded unrecorded,
      Positions positions,
      WaitingRoom waitingRoom,
      UsageReports usage,
      Erasures erasures,
      FileSharing files,
      Recordings recordings,
      Filing filing) {}

  /** What calls are sorted by that are over, and how long what is left of them is kept. */
  public record Filing(
      Channels channels,
      Categories categories,
      Conversations conversations,
      TenantRetentions retentions) {}

  /** The parts that decide who may. */
  public record Access(
      Credentials credentials,
      JoinTokens tokens,
      MintRecords mints,
      EventTickets tickets,
      RateWindows windows,
      ServiceSecret secret,
      TokenIssuers issuers,
      AuditTrail trail,
      StoreMemory memory) {}

  /**
   * How open rooms are offered.
   *
   * @param keys gives a good key of the tenant in whose name rooms are made
   * @param isLoopbackOnly true if only this machine can reach the service
   */
  public record OpenRooms(Supplier<@Nullable ApiKey> keys, boolean isLoopbackOnly) {}

  /** Adds all routes and says what becomes of errors. */
  public void register(RoutesConfig routes) {
    routes.before(context -> {
      Responses.requestId(context, "rq_" + RandomText.base64(12));
      context.header("X-Content-Type-Options", "nosniff");
    });
    conferenceRoutes.register(routes);
    participantRoutes.register(routes);
    signallingRoutes.register(routes);
    mediaSessionRoutes.register(routes);
    webhookRoutes.register(routes);
    messageRoutes.register(routes);
    objectRoutes.register(routes);
    fileRoutes.register(routes);
    recordingRoutes.register(routes);
    filingRoutes.register(routes);
    moderationRoutes.register(routes);
    waitingRoutes.register(routes);
    qualityRoutes.register(routes);
    usageRoutes.register(routes);
    erasureRoutes.register(routes);
    tokenIssuerRoutes.register(routes);
    regionRoutes.register(routes);
    residencyRoutes.register(routes);
    retentionRoutes.register(routes);
    descriptionRoutes.register(routes);
    if (openRoomRoutes != null) {
      openRoomRoutes.register(routes);
    }
    routes.get("/v1/conferences/{c}/events", this::stream);
    routes.after(trail::record);
    routes.exception(ProblemException.class, (e, context) -> answer(context, e.problem()));
    routes.exception(
        StoreUnavailableException.class,
        (e, context) -> {
          // While it lasts each request says so: one line each.
          LOG.warn("{} store unavailable: {}", Responses.requestId(context), e.getMessage());
          answer(context, storeUnavailable());
        });
    routes.exception(
        ObjectStoreUnavailableException.class,
        (e, context) -> {
          LOG.warn("{} {}", Responses.requestId(context), e.getMessage());
          answer(context, objectStoreUnavailable());
        });
    routes.exception(ContendedException.class, (_, context) -> answer(context, contended()));
    routes.exception(HttpResponseException.class, (e, context) -> answer(context, general(e)));
    routes.exception(Exception.class, (e, context) -> fail(context, e));
  }

  /** Ends the requests that would not end by themselves. */
  @Override
  public void close() {
    streams.close();
  }

  /** How many requests ended with a problem. */
  public long problemCount() {
    return problems.sum();
  }

  /** How many requests ended with a failure of ours. */
  public long failureCount() {
    return failures.sum();
  }

  private void answer(Context context, Problem problem) {
    problems.increment();
    Responses.problem(context, problem);
  }

  private void fail(Context context, Exception e) {
    failures.increment();
    LOG.error("{} {} {} failed", Responses.requestId(context), context.method(), context.path(), e);
    Responses.problem(
        context,
        new Problem(
            500,
            "internal",
            "Our fault",
            "Something failed here; report it with the requestId if it happens again."));
  }

  static Problem storeUnavailable() {
    return Problem.unavailable(
        "store-unavailable", "The store does not answer; try again soon.", RETRY_STORE_SEC);
  }

  private static Problem objectStoreUnavailable() {
    return Problem.unavailable(
        "object-store-unavailable",
        "The object's store does not answer as it should; try again soon.",
        RETRY_STORE_SEC);
  }

  static Problem contended() {
    return Problem.unavailable("busy", "Too many do the same now; try again.", RETRY_CONTENDED_SEC);
  }

  private void stream(Context context) throws IOException {
    String accept = context.header("Accept");
    if (accept == null || !accept.contains(EventStreams.MEDIA_TYPE)) {
      throw upgradeRequired();
    }
    String lastEventId = context.header("Last-Event-ID");
    EventStreams.Outcome outcome =
        streams.serve(
            context,
            context.pathParam("c"),
            context.queryParam("ticket"),
            lastEventId == null ? context.queryParam("lastEventId") : lastEventId);
    switch (outcome) {
      case STREAMED -> {}
      case WRONG_TICKET ->
          throw Problem.unauthorized(
                  "ticket-invalid", "The ticket is wrong, too old or used; get a new one.")
              .exception();
      case TOO_MANY ->
          throw Problem.unavailable(
                  "busy", "This node has too many watchers; come back later.", RETRY_WATCH_SEC)
              .exception();
    }
  }

  private static ProblemException upgradeRequired() {
    return new Problem(
            426,
            "upgrade-required",
            "WebSocket or stream",
            "Open this address as a WebSocket, or accept text/event-stream, with a ticket.")
        .withHeader("Upgrade", "websocket")
        .exception();
  }

  /** What the server library itself refused. */
  private static Problem general(HttpResponseException e) {
    return switch (e.getStatus()) {
      case 404 -> Problem.notFound("resource; /docs lists them");
      case 405 -> {
        String allowed =
            e instanceof MethodNotAllowedResponse
                ? e.getDetails().getOrDefault("availableMethods", "")
                : "";
        Problem problem =
            new Problem(405, "method-not-allowed", "Wrong method", "Use another method here.");
        yield allowed.isEmpty() ? problem : problem.withHeader("Allow", allowed);
      }
      case 413 -> new Problem(413, "too-large", "Body too large", "Send less.");
      default ->
          new Problem(e.getStatus(), "refused", "Refused", "The request could not be handled.");
    };
  }
}
