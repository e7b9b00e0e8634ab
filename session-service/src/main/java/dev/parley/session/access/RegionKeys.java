package dev.parley.session.access;

import dev.parley.common.control.TicketKey;
import dev.parley.common.id.Region;
import dev.parley.common.token.MediaTicket;
import dev.parley.common.token.MediaTickets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;

/**
 * The keys of each region's media tickets: derived from the service's secret, another one each day,
 * and so the same on all nodes without their talking. At any time two are good: the one that signs,
 * and its neighbour in time. So media servers know a key half a day before it is used and half a
 * day after. Thread-safe.
 */
public final class RegionKeys {
  /** How long a key signs. */
  static final Duration PERIOD = Duration.ofDays(1);

  private final ServiceSecret secret;
  private final Clock clock;

  public RegionKeys(ServiceSecret secret, Clock clock) {
    this.secret = secret;
    this.clock = clock;
  }

  /** Returns the ticket as the region's media servers take it. */
  public String sign(Region region, MediaTicket ticket) {
    List<TicketKey> signing = List.of(key(region, periodAt(Duration.ZERO)));
    return new MediaTickets(region, signing).sign(ticket);
  }

  /** Returns the keys by which a region's servers are to check tickets now. */
  public List<TicketKey> good(Region region) {
    // In the first half of a period the one before, in the second the next.
    TreeSet<Long> periods = new TreeSet<>();
    periods.add(periodAt(PERIOD.dividedBy(2).negated()));
    periods.add(periodAt(PERIOD.dividedBy(2)));
    return periods.stream().map(period -> key(region, period)).toList();
  }

  private long periodAt(Duration fromNow) {
    return Math.floorDiv(clock.instant().plus(fromNow).getEpochSecond(), PERIOD.toSeconds());
  }

  private TicketKey key(Region region, long period) {
    return TicketKey.of(
        Long.toString(period), secret.derive("media-ticket " + region.value() + " " + period));
  }
}
