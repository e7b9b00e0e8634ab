package dev.parley.media.sdp;

/**
 * Thrown inside this package by whatever finds the offer unacceptable; {@link Negotiator} turns it
 * into {@link Negotiation.Refused}. Has no stack trace: a stranger may cause one with every
 * request.
 */
final class OfferFault extends Exception {
  private static final long serialVersionUID = 1;

  private final int line;

  /**
   * Refuses the offer.
   *
   * @param line the line at fault, from 1; 0 if none in particular
   * @param detail what to change, in one sentence
   */
  OfferFault(int line, String detail) {
    super(detail, null, false, false);
    this.line = line;
  }

  int line() {
    return line;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
