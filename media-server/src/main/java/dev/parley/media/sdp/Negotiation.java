package dev.parley.media.sdp;

/** What became of an offer. */
public sealed interface Negotiation {
  /** It can be answered. */
  record Accepted(NegotiatedSession session) implements Negotiation {}

  /**
   * It cannot.
   *
   * @param detail what to change, in one sentence
   * @param line the offer's line at fault, from 1; 0 if none in particular
   */
  record Refused(String detail, int line) implements Negotiation {}
}
