package dev.parley.media.conference;

import dev.parley.media.forward.SourceStays;
import org.jspecify.annotations.Nullable;

/**
 * Sends one receiver once more what it lost: the same content under the same number, timestamp and
 * marker, since SRTP allows nothing else. Owned by one mix agent.
 */
final class Retransmitter {
  private final AgentParts parts;

  Retransmitter(AgentParts parts) {
    this.parts = parts;
  }

  /**
   * Sends one packet again, or counts that it is not here any more.
   *
   * @param source where the packet came from, or null if that is not known
   * @param histories those that may have it
   */
  void send(
      Participant receiver,
      int line,
      int sequenceNumber,
      @Nullable SourceStays source,
      @Nullable SentHistory[] histories) {
    SentHistory history = source == null ? null : holder(source, histories);
    if (source == null || history == null) {
      parts.counters.increment(ConferenceCounter.RETRANSMISSIONS_NOT_KEPT);
      return;
    }
    OutgoingFan fan = parts.fan;
    history.begin(fan);
    int timestampTicks = source.timestampTicks(history.timestampTicks());
    boolean marker = history.marker() || source.isMarked();
    fan.addTarget(receiver.seat(), 1, line, sequenceNumber, timestampTicks, marker);
    parts.counters.add(ConferenceCounter.RETRANSMITTED_TARGETS, fan.end());
  }

  private static @Nullable SentHistory holder(
      SourceStays source, @Nullable SentHistory[] histories) {
    for (SentHistory history : histories) {
      if (history != null && history.find(source.epoch(), source.sourceSequence())) {
        return history;
      }
    }
    return null;
  }
}
