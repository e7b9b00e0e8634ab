package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which media server holds a conference. Every change of server, and the end, raises the epoch;
 * servers refuse orders of an older one, so that two servers never both take orders for it.
 *
 * @param server null when none holds it now
 * @param encoders how hard that server encodes its mixes, as it told; null for the full effort
 * @param former the server that it is leaving and that still serves it, or null
 * @param near how far regions are from who came first; an item of an older version has none
 * @param isClosed true when the conference is over and no server may get it any more
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record Allocation(
    ConferenceId conference,
    @Nullable MediaServer server,
    @Nullable EncoderEffort encoders,
    @Nullable Former former,
    List<RegionDistance> near,
    long epoch,
    boolean isClosed,
    long version) {

  public Allocation {
    near = List.copyOf(Objects.requireNonNullElse(near, List.of()));
  }

  /**
   * Where a conference was until it began to move.
   *
   * @param until when it stops being served there
   * @param isTold true once clients have been told that they may leave it
   */
  public record Former(MediaServer server, Instant until, boolean isTold) {}

  static Allocation none(ConferenceId conference) {
    return new Allocation(conference, null, null, null, List.of(), 0, false, 0);
  }

  Allocation on(MediaServer next) {
    return new Allocation(conference, next, null, null, near, epoch + 1, false, version);
  }

  /** Returns it on another server, while the one it is on goes on for a while. */
  Allocation leading(MediaServer next, Instant until) {
    Former leaving = server == null ? null : new Former(server, until, false);
    return new Allocation(conference, next, null, leaving, near, epoch + 1, false, version);
  }

  /** Returns it with clients told that they may leave the former server. */
  Allocation told(Instant until) {
    Former leaving = former == null ? null : new Former(former.server(), until, true);
    return new Allocation(conference, server, encoders, leaving, near, epoch, isClosed, version);
  }

  /** Returns it with the former server left. */
  Allocation arrived() {
    return new Allocation(conference, server, encoders, null, near, epoch, isClosed, version);
  }

  Allocation free() {
    return new Allocation(conference, null, null, null, near, epoch, isClosed, version);
  }

  /** Returns it without the server that held it, whose orders are stale from now on. */
  Allocation freed() {
    return new Allocation(conference, null, null, null, near, epoch + 1, isClosed, version);
  }

  /** Returns it with other distances from those who come. */
  Allocation nearTo(List<RegionDistance> distances) {
    return new Allocation(
        conference, server, encoders, former, distances, epoch, isClosed, version);
  }

  Allocation encoding(EncoderEffort effort) {
    EncoderEffort told = effort.isFull() ? null : effort;
    return new Allocation(conference, server, told, former, near, epoch, isClosed, version);
  }

  Allocation beyond(long seenEpoch) {
    return new Allocation(
        conference,
        server,
        encoders,
        former,
        near,
        Math.max(epoch, seenEpoch) + 1,
        isClosed,
        version);
  }

  Allocation closed() {
    return new Allocation(conference, server, encoders, former, near, epoch + 1, true, version);
  }

  /** Returns when it needs looking after even if nobody asks, or null if never. */
  public @Nullable Instant dueAt() {
    return former == null ? null : former.until();
  }

  /** Returns it with another version. */
  public Allocation withVersion(long stored) {
    return new Allocation(conference, server, encoders, former, near, epoch, isClosed, stored);
  }
}
