package dev.parley.session.message;

/**
 * The one place in the sequence where a message with a sender's own name for it may be stored. It
 * moves on only when another message has that place, so that a message which is sent again, even by
 * two requests at once, is stored once.
 *
 * @param textHash tells a repetition from another message under the same name
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record SendClaim(long sequence, String textHash, long version) {
  SendClaim at(long next) {
    return new SendClaim(next, textHash, version);
  }
}
