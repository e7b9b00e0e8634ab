package dev.parley.session.rest;

import dev.parley.session.conversation.FilingRefusal;
import dev.parley.session.conversation.Outcome;

/** What is refused of channels, categories and conversations, as problems. Stateless. */
final class FilingProblems {
  private FilingProblems() {}

  /** Returns what was done, or ends the request with the problem. */
  static <T> T done(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T> done -> done.value();
      case Outcome.Refused<T> refused -> throw problem(refused.refusal()).exception();
    };
  }

  static Problem problem(FilingRefusal refusal) {
    return switch (refusal) {
      case FilingRefusal.NotFound r -> Problem.notFound(r.what());
      case FilingRefusal.KeyReused _ -> Refusals.keyReused();
      case FilingRefusal.VersionMismatch r ->
          new Problem(
              412,
              "version-mismatch",
              "Changed meanwhile",
              "The version is now \"" + r.current() + "\"; read it again, then decide.");
      case FilingRefusal.Held r ->
          conflict(
              "object-held",
              "The " + r.what() + " is on legal hold; end that first (DELETE …/legal-hold).");
      case FilingRefusal.NameTaken r ->
          conflict(
                  "category-name-taken",
                  "Another category there has this name; choose another, or use that one.")
              .with("category", r.holder());
      case FilingRefusal.TooDeep r ->
          conflict(
              "category-too-deep", "Categories may be " + r.max() + " deep; put it further up.");
      case FilingRefusal.TooMany r ->
          conflict(
              "too-many-categories", "The tree has all of its " + r.max() + "; delete one first.");
      case FilingRefusal.Cycle _ ->
          conflict("category-cycle", "A category cannot be below itself; move that one first.");
      case FilingRefusal.NotEmpty r ->
          conflict(
              "category-not-empty", "There is " + r.what() + " in it; move or unfile that first.");
      case FilingRefusal.NoSuchCategory _ ->
          Problem.invalid(
              "/categories",
              "must be ids of categories of yours, or of the channel that the conversation is in");
    };
  }

  private static Problem conflict(String code, String detail) {
    return new Problem(409, code, "Conflict", detail);
  }
}
