package dev.parley.session.webhook;

import dev.parley.session.conference.DueShards;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where endpoints and deliveries are kept. Each method touches one record. A write takes the record
 * as it is to be, with the version that was read, and stores it only if that version is still the
 * stored one (0: only if there is none); it returns the record with its new version, or null if
 * somebody was faster. Thread-safe; blocks.
 */
public interface WebhookStore {
  /** How many shards the due work has. */
  int SHARD_COUNT = DueShards.COUNT;

  /** Which shards hold lanes that will be due; this store says so whenever it writes such. */
  DueShards dueShards();

  @Nullable Endpoint endpoint(String tenant, String id);

  /** Returns a tenant's endpoints, oldest ids in no particular order. */
  List<Endpoint> endpoints(String tenant);

  @Nullable Endpoint write(Endpoint endpoint);

  /** Removes the endpoint if it still has its version. */
  boolean remove(Endpoint endpoint);

  @Nullable Delivery delivery(LaneKey lane, long sequence);

  @Nullable Delivery write(Delivery delivery);

  /** Removes the delivery if it still has its version. */
  boolean remove(Delivery delivery);

  /** Returns the first delivery of a lane beyond a sequence, or null. */
  @Nullable Delivery next(LaneKey lane, long after);

  /** Lists an endpoint's deliveries, newest first. */
  Page deliveries(String endpoint, int limit, @Nullable String cursor);

  @Nullable Lane lane(LaneKey key);

  @Nullable Lane write(Lane lane);

  /**
   * Returns lanes that were due at that time or before, most overdue first.
   *
   * @param after the {@link DueLanes#next} of the page before, or null for the first
   */
  DueLanes due(int shard, Instant now, int limit, @Nullable String after);

  /** Returns lanes that have something to send, now or later. */
  List<Lane> waiting(int shard, int limit);

  /** Removes what may be forgotten and returns how much that was. */
  int removeExpired(int shard, Instant now, int limit);

  /**
   * Some deliveries.
   *
   * @param next for the next page, or null if this is the last
   */
  record Page(List<Delivery> deliveries, @Nullable String next) {
    public Page {
      deliveries = List.copyOf(deliveries);
    }
  }

  /**
   * Some lanes that are due.
   *
   * @param next for the next page, or null if this is the last
   */
  record DueLanes(List<LaneKey> lanes, @Nullable String next) {
    public DueLanes {
      lanes = List.copyOf(lanes);
    }
  }
}
