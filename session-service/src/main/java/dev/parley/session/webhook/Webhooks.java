package dev.parley.session.webhook;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.access.RandomText;
import dev.parley.session.access.ServiceSecret;
import dev.parley.session.conference.Answer;
import dev.parley.session.conference.ContendedException;
import dev.parley.session.conference.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A tenant's webhooks: its endpoints, and what was sent to them. Thread-safe; blocks. */
public final class Webhooks {
  /** Most endpoints of one tenant: each event is sent to every one of them. */
  public static final int ENDPOINTS_MAX = 20;

  private static final int ATTEMPTS_MAX = 20;
  private static final int ID_LENGTH = 16;

  private final WebhookStore store;
  private final Clock clock;
  private final Reach reach;
  private final Subscriptions subscriptions;
  private final Courier courier;
  private final byte[] idKey;

  /**
   * Takes what it needs.
   *
   * @param idKey turns idempotency keys into ids; the same on every node
   */
  public Webhooks(
      WebhookStore store,
      Clock clock,
      Reach reach,
      Subscriptions subscriptions,
      Courier courier,
      byte[] idKey) {
    this.store = store;
    this.clock = clock;
    this.reach = reach;
    this.subscriptions = subscriptions;
    this.courier = courier;
    this.idKey = idKey.clone();
  }

  /**
   * A wish for an endpoint.
   *
   * @param idempotencyKey null if a repetition is to make another
   * @param requestHash of everything in the request that matters
   */
  public record Wish(
      String tenant, Endpoint.Target target, @Nullable String idempotencyKey, String requestHash) {}

  /**
   * An endpoint that was made.
   *
   * @param isReplayed true if an earlier request with the same key made it
   */
  public record Made(Endpoint endpoint, boolean isReplayed) {}

  /** Makes an endpoint, or answers what an earlier request with the same key made. */
  public Answer<Made> create(Wish wish) {
    String id = id(wish);
    Endpoint earlier = store.endpoint(wish.tenant(), id);
    if (earlier != null) {
      return earlier.requestHash().equals(wish.requestHash())
          ? new Answer.Done<>(new Made(earlier, true))
          : new Answer.Refused<>(new Refusal.KeyReused());
    }
    String fault = reach.fault(wish.target().url());
    if (fault != null) {
      return new Answer.Refused<>(new Refusal.UrlRefused(fault));
    }
    if (store.endpoints(wish.tenant()).size() >= ENDPOINTS_MAX) {
      return new Answer.Refused<>(new Refusal.TooManyEndpoints(ENDPOINTS_MAX));
    }
    Endpoint made =
        store.write(
            new Endpoint(
                id,
                wish.tenant(),
                wish.target(),
                Endpoint.Status.ENABLED,
                Secret.draw(),
                null,
                wish.requestHash(),
                now(),
                0));
    if (made == null) {
      // The same request runs twice at this moment; the second answers what the first made.
      throw new ContendedException("webhook endpoint " + id);
    }
    subscriptions.forget(wish.tenant());
    return new Answer.Done<>(new Made(made, false));
  }

  public List<Endpoint> list(String tenant) {
    return store.endpoints(tenant);
  }

  public @Nullable Endpoint find(String tenant, String id) {
    return store.endpoint(tenant, id);
  }

  /**
   * Changes where an endpoint is, what it wants, and whether it is sent anything.
   *
   * @param expectedVersion changes it only if it has this version, or null
   */
  public Answer<Endpoint> change(
      String tenant, String id, UnaryOperator<Endpoint> change, @Nullable Long expectedVersion) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Endpoint before = store.endpoint(tenant, id);
      if (before == null) {
        return new Answer.Refused<>(new Refusal.NotFound("webhook endpoint"));
      }
      if (expectedVersion != null && expectedVersion != before.version()) {
        return new Answer.Refused<>(new Refusal.VersionMismatch(before.version()));
      }
      Endpoint next = change.apply(before);
      String fault =
          next.target().url().equals(before.target().url())
              ? null
              : reach.fault(next.target().url());
      if (fault != null) {
        return new Answer.Refused<>(new Refusal.UrlRefused(fault));
      }
      Endpoint after = next.equals(before) ? before : store.write(next);
      if (after != null) {
        subscriptions.forget(tenant);
        return new Answer.Done<>(after);
      }
    }
    throw new ContendedException("webhook endpoint " + id);
  }

  /** Gives an endpoint a new secret; the one before signs beside it for a day. */
  public Answer<Endpoint> rotate(String tenant, String id) {
    Secret drawn = Secret.draw();
    return change(tenant, id, endpoint -> endpoint.rotated(drawn, now()), null);
  }

  /** Removes an endpoint; what was still to be sent there is dropped. */
  public Answer<Endpoint> remove(String tenant, String id) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Endpoint endpoint = store.endpoint(tenant, id);
      if (endpoint == null) {
        return new Answer.Refused<>(new Refusal.NotFound("webhook endpoint"));
      }
      if (store.remove(endpoint)) {
        subscriptions.forget(tenant);
        return new Answer.Done<>(endpoint);
      }
    }
    throw new ContendedException("webhook endpoint " + id);
  }

  /** Lists what was and is to be sent to an endpoint, newest first. */
  public WebhookStore.Page deliveries(Endpoint endpoint, int limit, @Nullable String cursor) {
    return store.deliveries(endpoint.id(), limit, cursor);
  }

  /**
   * Sends a delivery once more, now, and answers with what came of it. One that is still to be sent
   * keeps its place: its lane is tried at once, or as soon as the attempt under way has failed.
   */
  public Answer<Delivery> replay(Endpoint endpoint, String messageId) {
    int end = messageId.lastIndexOf('_');
    Delivery delivery = end < 1 ? null : find(endpoint, messageId, end);
    if (delivery == null) {
      return new Answer.Refused<>(new Refusal.NotFound("delivery"));
    }
    if (delivery.state() == Delivery.State.PENDING) {
      hasten(delivery.lane());
      return new Answer.Done<>(delivery);
    }
    Delivery after = courier.sendAgain(endpoint, delivery);
    if (after == null) {
      throw new ContendedException("attempts of endpoint " + endpoint.id());
    }
    return new Answer.Done<>(after);
  }

  private @Nullable Delivery find(Endpoint endpoint, String messageId, int end) {
    try {
      ConferenceId conference = new ConferenceId(messageId.substring(0, end));
      long sequence = Long.parseLong(messageId.substring(end + 1));
      LaneKey lane = new LaneKey(endpoint.tenant(), endpoint.id(), conference);
      return sequence < 1 ? null : store.delivery(lane, sequence);
    } catch (IllegalArgumentException e) {
      // It is no id of ours.
      return null;
    }
  }

  private void hasten(LaneKey key) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Lane lane = store.lane(key);
      Lane hastened = lane == null ? null : lane.hastened(now());
      if (hastened == null || hastened.equals(lane)) {
        // Nothing is to be sent any more, or somebody has hastened it already.
        return;
      }
      if (store.write(hastened) != null) {
        courier.wake(key);
        return;
      }
    }
    throw new ContendedException("deliveries of endpoint " + key.endpoint());
  }

  private String id(Wish wish) {
    String key = wish.idempotencyKey();
    if (key == null) {
      return "we_" + RandomText.base64(ID_LENGTH);
    }
    byte[] message = (wish.tenant() + '\0' + key).getBytes(StandardCharsets.UTF_8);
    byte[] hash = Arrays.copyOf(ServiceSecret.hmac(idKey, message), ID_LENGTH);
    return "we_" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
