package dev.parley.session.webhook;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.Notice;
import dev.parley.session.conference.NoticeSink;
import dev.parley.session.conference.NoticeType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Turns the notices of conferences into deliveries, one for each endpoint that wants them.
 * Remembers for some seconds what a tenant's endpoints want, so that who has none pays nothing.
 * Thread-safe; blocks on the store.
 */
public final class Subscriptions implements NoticeSink {
  /** How long another node's change of an endpoint may go unnoticed here. */
  static final Duration REMEMBERED_FOR = Duration.ofSeconds(5);

  private static final int TENANTS_REMEMBERED_MAX = 10_000;
  private static final int FEEDING_ATTEMPTS_MAX = 50;

  private final WebhookStore store;
  private final Clock clock;
  private final Courier courier;
  private final ConcurrentMap<String, Known> known = new ConcurrentHashMap<>();

  public Subscriptions(WebhookStore store, Clock clock, Courier courier) {
    this.store = store;
    this.clock = clock;
    this.courier = courier;
  }

  private record Known(List<Endpoint> endpoints, Instant readAt) {
    boolean takes(NoticeType type) {
      return endpoints.stream().anyMatch(endpoint -> endpoint.takes(type));
    }
  }

  @Override
  public boolean wants(String tenant, NoticeType type) {
    Instant now = clock.instant();
    Known remembered = known.get(tenant);
    if (remembered == null || now.isAfter(remembered.readAt().plus(REMEMBERED_FOR))) {
      if (known.size() >= TENANTS_REMEMBERED_MAX) {
        known.clear();
      }
      try {
        remembered = new Known(store.endpoints(tenant), now);
      } catch (RuntimeException e) {
        // A notice that nobody wants is dropped when it is handed on; one that was never posted is
        // lost. And no call is to fail for want of webhooks.
        return remembered == null || remembered.takes(type);
      }
      known.put(tenant, remembered);
    }
    return remembered.takes(type);
  }

  /** Forgets what a tenant's endpoints want, for they have changed. */
  void forget(String tenant) {
    known.remove(tenant);
  }

  @Override
  public void accept(String tenant, ConferenceId conference, List<Notice> notices) {
    for (Endpoint endpoint : store.endpoints(tenant)) {
      List<Notice> wanted =
          notices.stream().filter(notice -> endpoint.takes(notice.type())).toList();
      if (!wanted.isEmpty()) {
        LaneKey lane = new LaneKey(tenant, endpoint.id(), conference);
        wanted.forEach(notice -> store.write(delivery(lane, notice)));
        // After the deliveries: whoever sees the lane fed must find them.
        feed(lane);
        courier.wake(lane);
      }
    }
  }

  private void feed(LaneKey key) {
    for (int attempt = 1; attempt <= FEEDING_ATTEMPTS_MAX; attempt++) {
      Lane lane = store.lane(key);
      Instant now = clock.instant();
      // Written even if it is due already: whoever is about to call it idle must fail.
      if (store.write((lane == null ? Lane.of(key, now) : lane).fed(now)) != null) {
        return;
      }
    }
    throw new IllegalStateException("a lane changed too often: " + key);
  }

  /** Written only if it is not there: what was handed on before may have been sent already. */
  private static Delivery delivery(LaneKey lane, Notice notice) {
    return Delivery.born(
        lane,
        notice.sequence(),
        notice.type(),
        MessageBody.of(lane.conference(), notice),
        notice.at());
  }
}
