package dev.parley.session.rest;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.access.RateWindows;
import dev.parley.session.capacity.Priority;
import dev.parley.session.conference.Answer;
import dev.parley.session.conference.ContendedException;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.Participants;
import dev.parley.session.event.ClientRequests;
import dev.parley.session.message.Messages;
import dev.parley.session.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What clients ask for over their events sockets, with the rules and problems of the REST API.
 * Thread-safe.
 */
public final class SocketRequests implements ClientRequests {
  private static final Logger LOG = LoggerFactory.getLogger(SocketRequests.class);

  private final Messages messages;
  private final Participants participants;
  private final RateWindows windows;
  private final Admittance admittance;

  public SocketRequests(
      Messages messages, Participants participants, RateWindows windows, Admittance admittance) {
    this.messages = messages;
    this.participants = participants;
    this.windows = windows;
    this.admittance = admittance;
  }

  @Override
  public Outcome send(
      ConferenceId conference, @Nullable ParticipantId sender, String cid, String text) {
    try {
      admittance.require(Priority.P1);
      Messages.Draft draft = new Messages.Draft(conference, sender, text, cid);
      return Priority.P1.call(() -> trySend(draft));
    } catch (ProblemException e) {
      return refused(e.problem());
    } catch (StoreUnavailableException e) {
      LOG.warn("store unavailable for a message: {}", e.getMessage());
      return refused(RestApi.storeUnavailable());
    } catch (ContendedException _) {
      return refused(RestApi.contended());
    } catch (RuntimeException e) {
      LOG.error("a message of {} failed", conference, e);
      return new Refused("internal", "Something failed here.", 0);
    }
  }

  private Outcome trySend(Messages.Draft draft) {
    requireFit("cid", draft.clientId(), Messages.CLIENT_ID_LENGTH_MAX);
    requireFit("data.text", draft.text(), Messages.TEXT_BYTES_MAX);
    ParticipantId id = draft.stay();
    Participant stay = id == null ? null : participants.find(draft.conference(), id);
    String identity = stay == null ? null : stay.person().identity();
    RateWindows.Decision decision =
        windows.take(Messages.quotaSubject(draft.conference(), identity), Messages.QUOTA);
    if (!decision.isAllowed()) {
      return refused(Quotas.exceeded(Messages.QUOTA, decision));
    }
    return switch (messages.send(draft)) {
      case Answer.Done<Messages.Sent> done ->
          new Done(done.value().message().sequence(), done.value().message().at());
      case Answer.Refused<Messages.Sent> refused -> refused(Refusals.problem(refused.refusal()));
    };
  }

  private static void requireFit(String field, @Nullable String text, int bytesMax) {
    int length = text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    if (length < 1 || length > bytesMax) {
      throw Problem.invalid(field, "must have 1 to " + bytesMax + " bytes in UTF-8").exception();
    }
  }

  private static Refused refused(Problem problem) {
    String retryAfter = problem.headers().get("Retry-After");
    int retryAfterSec = retryAfter == null ? 0 : Integer.parseInt(retryAfter);
    return new Refused(problem.code(), problem.detail(), retryAfterSec);
  }
}
