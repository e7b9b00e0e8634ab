package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import org.jspecify.annotations.Nullable;

/**
 * Which media server holds a conference. Every change of server, and the end, raises the epoch;
 * servers refuse orders of an older one, so that two servers never both take orders for it.
 *
 * @param server null when none holds it now
 * @param encoders how hard that server encodes its mixes, as it told; null for the full effort
 * @param isClosed true when the conference is over and no server may get it any more
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record Allocation(
    ConferenceId conference,
    @Nullable MediaServer server,
    @Nullable EncoderEffort encoders,
    long epoch,
    boolean isClosed,
    long version) {

  static Allocation none(ConferenceId conference) {
    return new Allocation(conference, null, null, 0, false, 0);
  }

  Allocation on(MediaServer next) {
    return new Allocation(conference, next, null, epoch + 1, false, version);
  }

  Allocation free() {
    return new Allocation(conference, null, null, epoch, isClosed, version);
  }

  /** Returns it without the server that held it, whose orders are stale from now on. */
  Allocation freed() {
    return new Allocation(conference, null, null, epoch + 1, isClosed, version);
  }

  Allocation encoding(EncoderEffort effort) {
    EncoderEffort told = effort.isFull() ? null : effort;
    return new Allocation(conference, server, told, epoch, isClosed, version);
  }

  Allocation beyond(long seenEpoch) {
    return new Allocation(
        conference, server, encoders, Math.max(epoch, seenEpoch) + 1, isClosed, version);
  }

  Allocation closed() {
    return new Allocation(conference, server, encoders, epoch + 1, true, version);
  }

  /** Returns it with another version. */
  public Allocation withVersion(long stored) {
    return new Allocation(conference, server, encoders, epoch, isClosed, stored);
  }
}
