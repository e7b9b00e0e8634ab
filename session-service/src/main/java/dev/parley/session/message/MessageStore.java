package dev.parley.session.message;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where messages are kept. Each method touches one record. Thread-safe; blocks. */
public interface MessageStore {

  /**
   * Stores a message unless another has its sequence.
   *
   * @return null if it is stored, otherwise the one that is there
   */
  @Nullable Message add(ConferenceId conference, Message message);

  /** Puts another in the place of the message that has its sequence. */
  void replace(ConferenceId conference, Message message);

  /** Forgets the claim, if it is there. */
  void removeClaim(ConferenceId conference, String sendKey);

  /**
   * Removes what was written in a conference, a bounded number of messages at a time.
   *
   * @return false if there are more
   */
  boolean forget(ConferenceId conference);

  /** Returns the sequence of the newest message, 0 if there is none. */
  long lastSequence(ConferenceId conference);

  /** Returns messages in the order that the wish says. */
  List<Message> list(ConferenceId conference, Wish wish);

  @Nullable SendClaim claim(ConferenceId conference, String sendKey);

  /**
   * Stores a claim if the stored one still has the version that was read (0: if there is none).
   *
   * @return it with its new version, or null if somebody was faster
   */
  @Nullable SendClaim write(ConferenceId conference, String sendKey, SendClaim claim);

  /**
   * Which messages.
   *
   * @param above only messages with a higher sequence
   * @param below only messages with a lower sequence
   * @param isNewestFirst false for the oldest first
   * @param limit 1 to 1000
   */
  record Wish(long above, long below, boolean isNewestFirst, int limit) {}
}
