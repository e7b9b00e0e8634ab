package dev.parley.session.conversation;

/** Why something was not done with a channel, a category or a conversation. */
public sealed interface FilingRefusal {

  /** There is none of that name. */
  record NotFound(String what) implements FilingRefusal {}

  /** The idempotency key was used with another body. */
  record KeyReused() implements FilingRefusal {}

  /** It is not the version that the sender saw. */
  record VersionMismatch(long current) implements FilingRefusal {}

  /** It is on legal hold. */
  record Held(String what) implements FilingRefusal {}

  /** Another beside it has that name. */
  record NameTaken(String holder) implements FilingRefusal {}

  /** The tree would be deeper than it may. */
  record TooDeep(int max) implements FilingRefusal {}

  /** The tree has as many as it may. */
  record TooMany(int max) implements FilingRefusal {}

  /** A category cannot be below itself. */
  record Cycle() implements FilingRefusal {}

  /** Something is in it. */
  record NotEmpty(String what) implements FilingRefusal {}

  /** What it is to be filed in is not there, or is another channel's. */
  record NoSuchCategory(String id) implements FilingRefusal {}
}
