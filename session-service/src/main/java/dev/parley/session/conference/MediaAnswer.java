package dev.parley.session.conference;

import dev.parley.common.control.Order;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of an order to a media server. {@link NotFound} is a fact and may be acted on; {@link
 * Unreachable} is the absence of one and may not.
 */
public sealed interface MediaAnswer {

  /**
   * Done.
   *
   * @param answer the SDP answer if a participant was admitted, otherwise null
   * @param listening {@code FORWARD} or {@code MIX} if a participant was admitted that hears the
   *     others, otherwise null
   * @param clientFragment the client's ICE user name fragment if a participant was admitted,
   *     otherwise null
   */
  record Accepted(
      @Nullable String answer, Order.@Nullable Listening listening, @Nullable String clientFragment)
      implements MediaAnswer {}

  /**
   * ICE has begun anew in a leg.
   *
   * @param fragment the server's new user name fragment
   * @param candidates values of {@code a=candidate}, best first
   */
  record IceRestarted(String fragment, String password, List<String> candidates)
      implements MediaAnswer {

    /** The password is not for logs. */
    @Override
    public String toString() {
      return "IceRestarted[fragment=" + fragment + "]";
    }
  }

  /** The server has no room or is too far behind. */
  record Busy(String detail) implements MediaAnswer {}

  /** The conference or participant is not on that server. */
  record NotFound() implements MediaAnswer {}

  /** Nobody answered in time. */
  record Unreachable(String detail) implements MediaAnswer {}

  /** The server has seen a newer epoch of the conference. */
  record Stale(long epoch) implements MediaAnswer {}

  /**
   * The offer cannot be answered.
   *
   * @param line the offer's line at fault, from 1; 0 if none in particular
   */
  record OfferRefused(String detail, int line) implements MediaAnswer {}
}
