package dev.parley.session.conference;

import dev.parley.common.id.ParticipantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message to everyone in a conference. Never changes.
 *
 * @param sequence counts the conference's messages from 1, without a gap
 * @param sendKey stands for the sender and its own name for the message, or null if it gave none;
 *     two messages of a conference never have the same
 */
public record Message(
    long sequence, Sender sender, String text, Instant at, @Nullable String sendKey) {

  /** Returns its place in the sequence, with nobody's name and no text. */
  public Message erased() {
    Message nobodys = ofNobody();
    return new Message(sequence, nobodys.sender, "", at, null);
  }

  /** Returns it with nobody's name. */
  public Message ofNobody() {
    Sender nobody = new Sender(sender.participant(), Participant.Person.ERASED, null);
    return new Message(sequence, nobody, text, at, null);
  }

  /**
   * Who sent it, as that was then.
   *
   * @param participant null for the tenant's backend, as the others
   */
  public record Sender(
      @Nullable ParticipantId participant, @Nullable String identity, @Nullable String name) {
    /** The tenant's backend. */
    public static final Sender BACKEND = new Sender(null, null, null);

    /** Somebody in the conference. */
    public static Sender of(Participant stay) {
      return new Sender(stay.id(), stay.person().identity(), stay.person().name());
    }
  }
}
