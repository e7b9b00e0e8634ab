package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.control.Deed;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.access.Caller;
import dev.parley.session.conference.Bans;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.Participants;
import dev.parley.session.conference.Unrecorded;
import dev.parley.session.store.StoreMemory;
import dev.parley.session.store.StoreUnavailableException;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import org.jspecify.annotations.Nullable;

/**
 * What goes on while the store is away: muting, holding, leaving, removing. Who may is judged by
 * what this node remembers; what it does not know is answered as ever. Thread-safe.
 */
final class Outage {
  private final StoreMemory memory;
  private final Unrecorded unrecorded;
  private final Participants participants;
  private final Gate gate;

  Outage(StoreMemory memory, Unrecorded unrecorded, Participants participants, Gate gate) {
    this.memory = memory;
    this.unrecorded = unrecorded;
    this.participants = participants;
    this.gate = gate;
  }

  /** Does the one, or if the store does not answer the other, from memory. */
  private Handler bridged(Handler recorded, Handler fromMemory) {
    return context -> {
      StoreUnavailableException unavailable = null;
      if (memory.isAway()) {
        unavailable = recall(context, fromMemory);
        if (unavailable == null) {
          return;
        }
      }
      try {
        recorded.handle(context);
      } catch (StoreUnavailableException e) {
        if (unavailable != null || recall(context, fromMemory) != null) {
          throw e;
        }
      }
    };
  }

  /** Returns what was missing, or null if it was done. */
  private @Nullable StoreUnavailableException recall(Context context, Handler fromMemory)
      throws Exception {
    try {
      return memory.recall(() -> {
        fromMemory.handle(context);
        return null;
      });
    } catch (StoreUnavailableException e) {
      return e;
    }
  }

  /** Returns the handler that changes a participant, or mutes and holds it at least. */
  Handler updating(Handler recorded) {
    return bridged(recorded, this::update);
  }

  /** Returns the handler that takes a participant out. */
  Handler removing(Handler recorded) {
    return bridged(recorded, this::remove);
  }

  private void update(Context context) {
    Gate.Visit visit = gate.visitUnchecked(context);
    Participant participant = participant(context, visit);
    boolean isSelf = visit.isSelf(participant);
    JsonBody body = Bodies.json(context);
    Boolean muted = body.has("muted") ? body.flag("muted", false) : null;
    Boolean held = body.has("held") ? body.flag("held", false) : null;
    boolean hasMore = body.has("handRaised") || body.has("role") || body.has("position");
    if (hasMore || (muted == null) == (held == null) || Queries.expectedVersion(context) != null) {
      throw new StoreUnavailableException("this needs the store", null);
    }
    body.finish();
    if (!isSelf || held != null) {
      requireModerator(context);
    }
    Deed deed;
    if (held == null) {
      deed = Boolean.TRUE.equals(muted) ? Deed.MUTE : Deed.UNMUTE;
    } else {
      deed = held ? Deed.HOLD : Deed.RELEASE;
    }
    answer(context, Refusals.done(unrecorded.carryOut(participant, deed, isSelf, 0)));
  }

  private void remove(Context context) {
    Gate.Visit visit = gate.visitUnchecked(context);
    Participant participant = participant(context, visit);
    boolean isSelf = visit.isSelf(participant);
    int banSec = Queries.integer(context, "ban", 1, (int) Bans.LENGTH_MAX.toSeconds(), 0);
    if (!isSelf || banSec > 0) {
      requireModerator(context);
    }
    boolean isOut = participant.departure() != null || unrecorded.isGone(participant.id());
    if (isOut && banSec > 0) {
      throw new StoreUnavailableException("a ban by itself needs the store", null);
    }
    if (isOut) {
      answer(context, participant);
      return;
    }
    Deed deed = isSelf && banSec == 0 ? Deed.LEAVE : Deed.EVICT;
    answer(context, Refusals.done(unrecorded.carryOut(participant, deed, isSelf, banSec)));
  }

  /** Who is in can be asked about; of others the store knows more. */
  private Participant participant(Context context, Gate.Visit visit) {
    ParticipantId id = Gate.participantId(context.pathParam("p"));
    Participant participant = id == null ? null : participants.find(visit.conference().id(), id);
    if (participant == null || participant.csrc() == 0) {
      throw new StoreUnavailableException("this needs the store", null);
    }
    AuditTrail.participant(context, participant);
    return participant;
  }

  /** Whoever was taken out while nothing is recorded may moderate no more. */
  private void requireModerator(Context context) {
    Gate.Visit visit = gate.visit(context);
    gate.requireModerator(visit);
    if (visit.caller() instanceof Caller.Joiner joiner) {
      Participant stay = participants.findStay(visit.conference().id(), joiner.claims().identity());
      if (stay != null && unrecorded.isGone(stay.id())) {
        throw Problem.unauthorized(
                "token-revoked", "You are out of the conference; ask for a new join token.")
            .exception();
      }
    }
  }

  private static void answer(Context context, Participant wished) {
    if (wished.departure() != null) {
      context.status(204);
      return;
    }
    ObjectNode answer = Views.participant(wished);
    answer.put("recorded", false);
    Responses.json(context.status(202), answer);
  }
}
