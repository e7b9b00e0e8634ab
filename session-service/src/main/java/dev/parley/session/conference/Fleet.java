package dev.parley.session.conference;

import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The media servers and regions as operators see and steer them. What they decide is in the store,
 * and holds on every node within some seconds. Thread-safe; blocks on the store.
 */
public final class Fleet {
  private static final int ATTEMPTS_MAX = 8;

  private final ConferenceStore store;
  private final Changes changes;
  private final MediaServers mediaServers;

  /** Takes what it needs. */
  public Fleet(ConferenceStore store, Clock clock, MediaServers mediaServers) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.mediaServers = mediaServers;
  }

  /**
   * A media server and how much is left on it.
   *
   * @param conferences that it holds
   */
  public record Held(KnownServer server, int conferences) {}

  /** Returns the servers that some node hears of or has given up just now. */
  public List<Held> servers() {
    List<Held> held = new ArrayList<>();
    for (KnownServer known : store.knownFleet().servers()) {
      held.add(new Held(known, store.conferencesOn(known.server()).size()));
    }
    return held;
  }

  /** Returns the regions that were decided about. */
  public List<KnownRegion> regions() {
    return store.knownFleet().regions();
  }

  /**
   * Has a server emptied, without cutting a call. Doing it again sets another deadline.
   *
   * @return null if no node knows such a server
   */
  public @Nullable Held drain(ServerId server, Duration deadline) {
    return change(server, known -> known.draining(changes.now(), changes.now().plus(deadline)));
  }

  /** Has a server take conferences again; what has gone does not come back. Null as above. */
  public @Nullable Held undrain(ServerId server) {
    return change(server, KnownServer::undrained);
  }

  /** Keeps new conferences out of a region, or lets them in again. */
  public KnownRegion set(Region region, RegionState state) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      KnownRegion known = store.knownRegion(region);
      if (known == null) {
        known = KnownRegion.of(region, changes.now());
      }
      KnownRegion written =
          known.state() == state && known.version() > 0
              ? known
              : store.write(known.in(state, changes.now()));
      if (written != null) {
        tellSelector();
        return written;
      }
    }
    throw new ContendedException("region " + region);
  }

  /** Has the choice of servers leave out those that were decided about. */
  void tellSelector() {
    tellSelector(store.knownFleet());
  }

  void tellSelector(KnownFleet fleet) {
    Set<MediaServer> draining = new HashSet<>();
    for (KnownServer known : fleet.servers()) {
      if (known.drain() != null || known.isLost()) {
        draining.add(known.server());
      }
    }
    Set<Region> isolated = new HashSet<>();
    for (KnownRegion known : fleet.regions()) {
      if (known.state() == RegionState.ISOLATED) {
        isolated.add(known.region());
      }
    }
    mediaServers.leaveOut(draining, isolated);
  }

  private @Nullable Held change(ServerId id, Function<KnownServer, KnownServer> change) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      KnownServer known = find(id);
      if (known == null) {
        return null;
      }
      KnownServer written = store.write(change.apply(known));
      if (written != null) {
        tellSelector();
        return new Held(written, store.conferencesOn(written.server()).size());
      }
    }
    throw new ContendedException("server " + id);
  }

  /** The incarnation of now. */
  private @Nullable KnownServer find(ServerId id) {
    for (KnownServer known : store.knownFleet().servers()) {
      if (known.server().server().equals(id) && !known.isLost()) {
        return known;
      }
    }
    return null;
  }
}
