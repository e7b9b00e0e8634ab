package dev.parley.common.control;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.parley.common.id.CommandId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A media server's answer to one {@link Command}. */
public record CommandResult(CommandId id, Outcome outcome) implements MediaMessage {

  public CommandResult {
    requireNonNull(id, "id");
    requireNonNull(outcome, "outcome");
  }

  /** How a command ended. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Accepted.class, name = "accepted"),
    @JsonSubTypes.Type(value = IceRestarted.class, name = "ice-restarted"),
    @JsonSubTypes.Type(value = Busy.class, name = "busy"),
    @JsonSubTypes.Type(value = NotFound.class, name = "not-found"),
    @JsonSubTypes.Type(value = Stale.class, name = "stale"),
    @JsonSubTypes.Type(value = OfferRefused.class, name = "offer-refused")
  })
  public sealed interface Outcome
      permits Accepted, IceRestarted, Busy, NotFound, Stale, OfferRefused {}

  /**
   * Done.
   *
   * @param answer the SDP answer to an admitted participant's offer, otherwise null
   * @param listening the way the participant hears the others ({@code FORWARD} or {@code MIX}),
   *     otherwise null
   * @param clientFragment the ICE user name fragment of an admitted participant's client, as
   *     negotiated (RFC 8839 §5.4), otherwise null
   */
  public record Accepted(
      @Nullable String answer, Order.@Nullable Listening listening, @Nullable String clientFragment)
      implements Outcome {
    /** Done, and nothing more to say. */
    public static final Accepted PLAIN = new Accepted(null, null, null);
  }

  /**
   * ICE has begun anew; the old session goes on until the client has nominated in the new one.
   *
   * @param fragment the server's new user name fragment
   * @param candidates values of {@code a=candidate} (RFC 8839 §5.1), best first
   */
  public record IceRestarted(String fragment, String password, List<String> candidates)
      implements Outcome {
    public IceRestarted {
      requireNonNull(fragment, "fragment");
      requireNonNull(password, "password");
      candidates = List.copyOf(candidates);
    }

    /** The password is not for logs. */
    @Override
    public String toString() {
      return "IceRestarted[fragment=" + fragment + "]";
    }
  }

  /** The server has no room, or its threads are too far behind; try another. */
  public record Busy(String detail) implements Outcome {
    public Busy {
      requireNonNull(detail, "detail");
    }
  }

  /** The conference or participant is not here. Unlike silence, this may be acted on. */
  public record NotFound() implements Outcome {}

  /** The server has seen a newer epoch of this conference. */
  public record Stale(long epoch) implements Outcome {}

  /**
   * The offer cannot be answered.
   *
   * @param detail what to change, in one sentence
   * @param line the offer's line at fault, from 1; 0 if it is none in particular
   */
  public record OfferRefused(String detail, int line) implements Outcome {
    public OfferRefused {
      requireNonNull(detail, "detail");
      Ranges.requireAtLeast(0, line, "line");
    }
  }
}
