package dev.parley.systemtests.history;

/** What a client asked the session tier for. */
public sealed interface Request {
  /** Make a conference; the same key is the same conference. The result is its id. */
  record Create(String idempotencyKey) implements Request {}

  /**
   * Come in. The result is the id of the stay.
   *
   * @param replaces true to take the place of an earlier stay of the identity
   */
  record Join(String identity, boolean replaces) implements Request {}

  /** Send an offer anew for a stay; who has none any more comes in anew by that. */
  record Offer(String identity) implements Request {}

  /** Go. */
  record Leave(String participant) implements Request {}

  /**
   * Take somebody else out.
   *
   * @param bans whether the identity may not come back
   */
  record Remove(String participant, String identity, boolean bans) implements Request {}

  /** Close the door, or open it. */
  record Lock(boolean locked) implements Request {}

  /** End the conference. */
  record End() implements Request {}

  /** Say something; the same key is the same message. The result is its sequence. */
  record Send(String idempotencyKey, String text) implements Request {}
}
