package dev.parley.session.usage;

/**
 * What was used. Immutable; figures of different stays add up.
 *
 * @param conferences that went live
 * @param participants stays whose media came up, on the day they joined
 * @param participantMs how long they stayed
 * @param mixedMs how long of it they heard a mix
 * @param forwardedMs how long of it they were forwarded the others' packets
 * @param messages that were written in conferences
 * @param webhookMessages that conferences gave to webhook endpoints, each once
 */
public record Figures(
    long conferences,
    long participants,
    long participantMs,
    long mixedMs,
    long forwardedMs,
    long messages,
    long webhookMessages) {
  /** Nothing. */
  public static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, 0);

  /** Returns both together. */
  public Figures plus(Figures other) {
    return new Figures(
        conferences + other.conferences,
        participants + other.participants,
        participantMs + other.participantMs,
        mixedMs + other.mixedMs,
        forwardedMs + other.forwardedMs,
        messages + other.messages,
        webhookMessages + other.webhookMessages);
  }
}
