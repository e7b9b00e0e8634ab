package dev.parley.session.webhook;

import dev.parley.common.id.ConferenceId;
import org.jspecify.annotations.Nullable;

/** Takes a person out of what is kept of webhooks. Thread-safe; blocks on the store. */
public final class DeliveryTraces {
  private final WebhookStore store;

  public DeliveryTraces(WebhookStore store) {
    this.store = store;
  }

  /**
   * What was found of a person.
   *
   * @param erased deliveries that name nobody any more
   * @param delivered how many of them an endpoint has taken with the name in it
   */
  public record Found(int erased, int delivered) {}

  /** Takes a person out of what one conference told a tenant's endpoints. May be repeated. */
  public Found erase(String tenant, ConferenceId conference, String identity) {
    int erased = 0;
    int delivered = 0;
    for (Endpoint endpoint : store.endpoints(tenant)) {
      LaneKey lane = new LaneKey(tenant, endpoint.id(), conference);
      for (Delivery next = store.next(lane, 0);
          next != null;
          next = store.next(lane, next.sequence())) {
        Delivery before = erase(next, identity);
        erased += before == null ? 0 : 1;
        delivered += before != null && before.state() == Delivery.State.DELIVERED ? 1 : 0;
      }
    }
    return new Found(erased, delivered);
  }

  /** Returns the delivery as it was, or null if it is not about that identity. */
  private @Nullable Delivery erase(Delivery found, String identity) {
    Delivery before = found;
    while (before != null) {
      String body = MessageBody.withoutPerson(before.body(), identity);
      if (body == null || store.write(before.withBody(body)) != null) {
        return body == null ? null : before;
      }
      // An attempt was recorded meanwhile, or it was forgotten.
      before = store.delivery(before.lane(), before.sequence());
    }
    return null;
  }
}
