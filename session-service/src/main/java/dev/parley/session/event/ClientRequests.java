package dev.parley.session.event;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What clients may ask for over their events sockets. Thread-safe; blocks. */
public interface ClientRequests {

  /**
   * Sends a message.
   *
   * @param sender whose client asks, or null for the tenant's backend
   * @param cid the client's own name for the message
   */
  Outcome send(ConferenceId conference, @Nullable ParticipantId sender, String cid, String text);

  /** What came of a request. */
  sealed interface Outcome {}

  /** It was done, and is safe. */
  record Done(long sequence, Instant at) implements Outcome {}

  /**
   * It was not done.
   *
   * @param code as in the problems of the REST API
   * @param retryAfterSec when it may be tried again, or 0 if that would not help
   */
  record Refused(String code, String detail, int retryAfterSec) implements Outcome {}
}
