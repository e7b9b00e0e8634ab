package dev.parley.media.door;

import dev.parley.common.control.CommandResult;
import dev.parley.common.control.CommandResult.Outcome;
import dev.parley.common.control.Order.EndSession;
import dev.parley.common.control.Order.RestartIce;
import dev.parley.common.sdp.SdpFragment;
import dev.parley.common.token.MediaTicket;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Answers what is asked at the door: offers with a ticket, and what may be done with the sessions
 * they begin (RFC 9725 §4). Thread-safe.
 */
final class DoorDesk {
  private static final int RETRY_BUSY_SEC = 2;
  private static final String OFFER_METHODS = "GET, HEAD, OPTIONS, POST";
  private static final String SESSION_METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH";
  private static final String DAY_SEC = "86400";

  private final DoorOrders orders;
  private final String url;
  private final Supplier<Instant> clock;
  private final Consumer<DoorCounter> counters;
  private final UsedTickets used = new UsedTickets(UsedTickets.COUNT_MAX);
  private final DoorSessions sessions;

  /**
   * Takes what it needs.
   *
   * @param url what clients are sent to, without a slash at its end
   */
  DoorDesk(DoorOrders orders, String url, Supplier<Instant> clock, Consumer<DoorCounter> counters) {
    this.orders = orders;
    this.url = url;
    this.clock = clock;
    this.counters = counters;
    this.sessions =
        new DoorSessions(s -> orders.holds(s.conference(), s.participant(), s.session()));
  }

  int sessionCount() {
    return sessions.count();
  }

  DoorAnswer answer(DoorRequest request) throws DoorRefusal {
    return switch (request.path()) {
      case DoorPath.Offer offer ->
          switch (request.method()) {
            case "POST" -> offer(request, offer.ticket());
            case "GET" -> DoorAnswer.of(204);
            case "HEAD" -> DoorAnswer.of(200).with("Content-Type", DoorAnswer.SDP);
            case "OPTIONS" -> options(OFFER_METHODS, "Accept-Post", DoorAnswer.SDP);
            default -> throw wrongMethod(OFFER_METHODS);
          };
      case DoorPath.Session session ->
          switch (request.method()) {
            case "PATCH" -> change(request, session);
            case "DELETE" -> end(session);
            case "GET", "HEAD" -> {
              DoorSessions.IceSession _ = find(session);
              yield DoorAnswer.of(204);
            }
            case "OPTIONS" -> options(SESSION_METHODS, "Accept-Patch", DoorAnswer.SDP_FRAGMENT);
            default -> throw wrongMethod(SESSION_METHODS);
          };
    };
  }

  private DoorAnswer offer(DoorRequest request, String text) throws DoorRefusal {
    requireType(request, DoorAnswer.SDP, "Accept-Post");
    if (request.body().isEmpty()) {
      throw DoorRefusal.ofRequest(DoorAnswer.malformed("The body is empty; send the SDP offer."));
    }
    MediaTicket ticket = ticket(text);
    Outcome outcome = orders.admit(ticket, request.body());
    if (outcome instanceof CommandResult.Accepted accepted && accepted.answer() != null) {
      MediaTicket.Terms terms = ticket.terms();
      DoorPath.Session session =
          new DoorPath.Session(ticket.place().conference(), terms.participant(), terms.session());
      String fragment = accepted.clientFragment() == null ? "" : accepted.clientFragment();
      DoorAnswer answer =
          DoorAnswer.of(201)
              .with("Location", url + session.path())
              .with("ETag", sessions.begin(session, fragment).etag())
              .with("Content-Type", DoorAnswer.SDP);
      for (String server : ticket.iceServers()) {
        answer = answer.with("Link", server);
      }
      counters.accept(DoorCounter.OFFERS_ANSWERED);
      return answer.saying(accepted.answer());
    }
    throw refused(outcome);
  }

  /** A ticket is used up once it is shown, whatever becomes of the offer. */
  private MediaTicket ticket(String text) throws DoorRefusal {
    if (!orders.mayCheckTickets()) {
      throw new DoorRefusal(
          DoorCounter.REFUSED_BUSY,
          DoorAnswer.unavailable(
              "no-capacity",
              "This media server has just started; ask the session service again.",
              RETRY_BUSY_SEC));
    }
    MediaTicket ticket = orders.check(text);
    if (ticket == null) {
      throw new DoorRefusal(
          DoorCounter.REFUSED_TICKET_INVALID,
          DoorAnswer.problem(
              401,
              "ticket-invalid",
              "Not authenticated",
              "The ticket is wrong or too old; send the offer to the session service again."));
    }
    return switch (used.use(ticket, clock.get())) {
      case FIRST -> ticket;
      case AGAIN ->
          throw new DoorRefusal(
              DoorCounter.REFUSED_TICKET_USED,
              DoorAnswer.problem(
                  409,
                  "ticket-used",
                  "Used before",
                  "A ticket is for one offer; send this one to the session service."));
      case REFUSED -> throw busy();
    };
  }

  private static DoorRefusal refused(Outcome outcome) {
    return switch (outcome) {
      case CommandResult.OfferRefused refused ->
          new DoorRefusal(
              DoorCounter.REFUSED_OFFER,
              DoorAnswer.problem(
                  422, "sdp-unacceptable", "Offer refused", refused.detail(), refused.line()));
      case CommandResult.Stale _ ->
          new DoorRefusal(
              DoorCounter.REFUSED_STALE,
              DoorAnswer.problem(
                  409,
                  "allocation-stale",
                  "Conference moved",
                  "The conference is on another media server now, or over; send the offer to the"
                      + " session service again."));
      case CommandResult.NotFound _ ->
          new DoorRefusal(
              DoorCounter.REFUSED_REMOVED,
              DoorAnswer.problem(
                  410, "left", "Participant gone", "The participant was removed; join again."));
      case CommandResult.Accepted _, CommandResult.IceRestarted _, CommandResult.Busy _ -> busy();
    };
  }

  private static DoorRefusal busy() {
    return new DoorRefusal(
        DoorCounter.REFUSED_BUSY,
        DoorAnswer.unavailable(
            "no-capacity",
            "This media server has no room or no time now; ask the session service again.",
            RETRY_BUSY_SEC));
  }

  /**
   * Begins ICE anew if the client has a new fragment. Otherwise takes trickled candidates, which an
   * ICE-lite server does without: that they are of the ICE session of now is all there is to check.
   */
  private DoorAnswer change(DoorRequest request, DoorPath.Session session) throws DoorRefusal {
    DoorSessions.IceSession now = find(session);
    requireType(request, DoorAnswer.SDP_FRAGMENT, "Accept-Patch");
    SdpFragment given = fragment(request.body());
    boolean isForAny = isForAny(request, now);
    String fragment = given.fragment();
    if (isForAny && fragment == null) {
      throw DoorRefusal.ofRequest(
          DoorAnswer.malformed("Send a=ice-ufrag and a=ice-pwd to begin ICE anew."));
    }
    boolean isNew = fragment != null && !fragment.equals(now.clientFragment());
    // Asked for again by a client that missed the answer, as at the session service.
    boolean isRepeated = isForAny && now.restarts() > 0;
    if (fragment == null || !(isNew || isRepeated)) {
      return DoorAnswer.of(204);
    }
    Outcome outcome =
        orders.restartIce(
            session.conference(),
            new RestartIce(session.participant(), session.session(), fragment));
    if (outcome instanceof CommandResult.IceRestarted ice) {
      counters.accept(DoorCounter.ICE_RESTARTS);
      return DoorAnswer.of(200)
          .with("ETag", sessions.restart(session, fragment).etag())
          .with("Content-Type", DoorAnswer.SDP_FRAGMENT)
          .saying(given.answer(ice.fragment(), ice.password(), ice.candidates()));
    }
    throw outcome instanceof CommandResult.NotFound
        ? DoorRefusal.ofRequest(DoorAnswer.notFound())
        : busy();
  }

  private DoorAnswer end(DoorPath.Session session) throws DoorRefusal {
    DoorSessions.IceSession _ = find(session);
    Outcome outcome =
        orders.close(
            session.conference(), new EndSession(session.participant(), session.session()));
    if (outcome instanceof CommandResult.Busy) {
      throw busy();
    }
    sessions.forget(session);
    counters.accept(DoorCounter.SESSIONS_ENDED);
    return DoorAnswer.of(200);
  }

  private DoorSessions.IceSession find(DoorPath.Session session) throws DoorRefusal {
    DoorSessions.IceSession found = sessions.find(session);
    if (found == null) {
      throw DoorRefusal.ofRequest(DoorAnswer.notFound());
    }
    return found;
  }

  private static SdpFragment fragment(String text) throws DoorRefusal {
    try {
      return SdpFragment.parse(text);
    } catch (IllegalArgumentException e) {
      throw DoorRefusal.ofRequest(DoorAnswer.malformed(String.valueOf(e.getMessage())));
    }
  }

  /** Returns true for {@code *}, false for the ICE session of now; another ends the request. */
  private static boolean isForAny(DoorRequest request, DoorSessions.IceSession now)
      throws DoorRefusal {
    String given = request.ifMatch();
    if (given == null) {
      throw DoorRefusal.ofRequest(
          DoorAnswer.problem(
              428,
              "if-match-missing",
              "Which ICE session?",
              "Send If-Match with the ETag of the last answer, or * to begin ICE anew."));
    }
    if (given.strip().equals("*")) {
      return true;
    }
    if (Arrays.stream(given.split(",", -1)).map(String::strip).noneMatch(now.etag()::equals)) {
      throw DoorRefusal.ofRequest(
          DoorAnswer.problem(
              412,
              "ice-session-over",
              "Another ICE session",
              "ICE was begun anew since; send * in If-Match to begin it once more."));
    }
    return false;
  }

  private static void requireType(DoorRequest request, String wanted, String header)
      throws DoorRefusal {
    if (!request.isOfType(wanted)) {
      throw DoorRefusal.ofRequest(
          DoorAnswer.problem(
                  415,
                  "unsupported-media-type",
                  "Wrong type of body",
                  "Send the body as " + wanted + " and say so in Content-Type.")
              .with(header, wanted));
    }
  }

  private static DoorAnswer options(String methods, String header, String type) {
    return DoorAnswer.of(200)
        .with("Allow", methods)
        .with("Access-Control-Allow-Methods", methods)
        .with("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match")
        .with("Access-Control-Max-Age", DAY_SEC)
        .with(header, type);
  }

  private static DoorRefusal wrongMethod(String methods) {
    return DoorRefusal.ofRequest(
        DoorAnswer.problem(405, "method-not-allowed", "Wrong method", "Use another method here.")
            .with("Allow", methods));
  }
}
