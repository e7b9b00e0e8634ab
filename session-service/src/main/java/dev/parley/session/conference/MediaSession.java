package dev.parley.session.conference;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One participant's media on one server. Immutable.
 *
 * @param lastSequence the newest report about it that has been applied, of the server's incarnation
 * @param since when the server was last asked to admit a leg of it
 * @param legs its peer connections, no two of which carry the same; an item of an older version has
 *     none
 * @param former the server that serves it too until it has left that one, or null
 * @param lostAt when it became known that nothing comes of it any more, or null
 * @param awaitedUntil when the ticket with which it is to begin is over; null once it has begun
 */
public record MediaSession(
    MediaServer server,
    long epoch,
    long lastSequence,
    Instant since,
    List<MediaLeg> legs,
    @Nullable MediaServer former,
    @Nullable Instant lostAt,
    @Nullable Instant awaitedUntil) {
  public MediaSession {
    legs = List.copyOf(Objects.requireNonNullElse(legs, List.of()));
  }

  /** Returns what a participant has when a leg is begun on a server, in the place of others. */
  static MediaSession with(
      MediaLeg leg, MediaServer server, long epoch, @Nullable MediaSession before, Instant now) {
    List<MediaLeg> legs = new ArrayList<>();
    if (before != null && before.isAt(server, epoch)) {
      before.legs.stream().filter(l -> !l.profile().overlaps(leg.profile())).forEach(legs::add);
    }
    legs.add(leg);
    return new MediaSession(
        server, epoch, sequence(server, before), now, legs, left(server, before), null, null);
  }

  /**
   * Returns what a participant has when it gets a ticket for a server: what there is, if that is
   * there already, for the ticket may never be used.
   */
  static MediaSession awaited(
      MediaServer server, long epoch, @Nullable MediaSession before, Instant now, Instant until) {
    boolean isThere = before != null && before.lostAt == null && before.isAt(server, epoch);
    if (before != null && isThere && !before.legs.isEmpty()) {
      return before;
    }
    MediaServer former = before != null && isThere ? before.former : left(server, before);
    return new MediaSession(
        server, epoch, sequence(server, before), now, List.of(), former, null, until);
  }

  private static long sequence(MediaServer server, @Nullable MediaSession before) {
    return before != null && before.server.equals(server) ? before.lastSequence : 0;
  }

  /** Returns the server that media moves away from, or null. */
  private static @Nullable MediaServer left(MediaServer server, @Nullable MediaSession before) {
    boolean isMoving = before != null && before.lostAt == null && !before.server.equals(server);
    return isMoving && before != null ? before.server : null;
  }

  /** Returns it with a leg that was begun with a ticket, in the place of others. */
  MediaSession began(MediaLeg leg, long legEpoch, Instant now) {
    List<MediaLeg> next = new ArrayList<>();
    if (legEpoch == epoch) {
      legs.stream().filter(l -> !l.profile().overlaps(leg.profile())).forEach(next::add);
    }
    next.add(leg);
    return new MediaSession(server, legEpoch, lastSequence, now, next, former, null, null);
  }

  /** Returns what there would be if a leg had not been begun, when there was this before it. */
  @Nullable MediaSession undone(MediaLeg leg, @Nullable MediaSession before) {
    List<MediaLeg> others = legs.stream().filter(l -> !l.id().equals(leg.id())).toList();
    if (before == null || !before.isAt(server, epoch)) {
      return others.isEmpty() ? before : withLegs(others);
    }
    List<MediaLeg> restored = new ArrayList<>(others);
    before.legs.stream().filter(l -> l.profile().overlaps(leg.profile())).forEach(restored::add);
    return new MediaSession(
        server, epoch, lastSequence, before.since, restored, former, lostAt, awaitedUntil);
  }

  /** Returns the leg with this id, or null. */
  public @Nullable MediaLeg leg(String id) {
    return legs.stream().filter(leg -> leg.id().equals(id)).findFirst().orElse(null);
  }

  /** Returns it with another in the place of the leg with the same id. */
  MediaSession withLeg(MediaLeg changed) {
    return withLegs(legs.stream().map(l -> l.id().equals(changed.id()) ? changed : l).toList());
  }

  /** Returns it without a leg. */
  MediaSession without(MediaLeg leg) {
    return withLegs(legs.stream().filter(l -> !l.id().equals(leg.id())).toList());
  }

  MediaSession applied(long sequence) {
    return new MediaSession(server, epoch, sequence, since, legs, former, lostAt, awaitedUntil);
  }

  MediaSession lost(Instant now) {
    return new MediaSession(server, epoch, lastSequence, since, legs, null, now, null);
  }

  private MediaSession withLegs(List<MediaLeg> next) {
    return new MediaSession(server, epoch, lastSequence, since, next, former, lostAt, awaitedUntil);
  }

  private boolean isAt(MediaServer other, long otherEpoch) {
    return server.equals(other) && epoch == otherEpoch;
  }
}
