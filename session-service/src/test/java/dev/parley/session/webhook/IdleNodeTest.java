package dev.parley.session.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.conference.ConferenceOptions;
import dev.parley.session.conference.Conferences;
import dev.parley.session.conference.EndReason;
import dev.parley.session.harness.MovableClock;
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.WebhookItems;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node asks of the store though nobody asks anything of it. */
final class IdleNodeTest {
  private static final Duration ROUND = Duration.ofMillis(500);
  private static final Duration WATCHED = Duration.ofMinutes(10);

  private final EmbeddedStore file = EmbeddedStore.inMemory();
  private final AtomicLong operations = new AtomicLong();
  private final MovableClock clock = new MovableClock(Instant.parse("2026-11-21T04:00:00Z"));
  private final Node node =
      new Node(
          counted(file.table("core", ConferenceItems.INDEXES)),
          counted(file.table("ops", WebhookItems.INDEXES)),
          clock,
          _ -> new WebhookSender.Answer(Outcome.DELIVERED, 204),
          new Random(1));

  @AfterEach
  void close() {
    file.close();
  }

  @Test
  void anIdleNodeAsksTheStoreAFewTimesASecond() {
    run(Duration.ofMinutes(1));
    var _ =
        node.webhooks.create(
            new Webhooks.Wish(
                "acme",
                new Endpoint.Target(URI.create("https://a.example"), null, Set.of()),
                null,
                ""));
    for (int i = 0; i < 50; i++) {
      var _ =
          node.conferences.create(
              new Conferences.Wish("acme", null, ConferenceOptions.DEFAULT, "key " + i, "h"));
      node.runAll();
      var _ =
          node.conferences.end(Node.IDS.conference("acme", "key " + i, null), EndReason.API, null);
      run(Duration.ofSeconds(1));
    }
    run(Duration.ofMinutes(5));

    long before = operations.get();
    run(WATCHED);

    assertThat((double) (operations.get() - before) / WATCHED.toSeconds())
        .as("operations a second, after a busy time")
        .isLessThan(4);
  }

  @Test
  void anotherNodesShardsAreItsOwn() {
    node.dueWork.share(_ -> false);
    node.courier.share(_ -> false);
    run(Duration.ofMinutes(1));

    long before = operations.get();
    run(WATCHED);

    // What was decided about servers and regions is read each 5 s.
    assertThat((double) (operations.get() - before) / WATCHED.toSeconds()).isLessThan(0.3);
  }

  private void run(Duration time) {
    for (long i = time.dividedBy(ROUND); i > 0; i--) {
      clock.advance(ROUND);
      node.dueWork.run();
      node.courier.run();
      node.runAll();
    }
  }

  private ItemStore counted(ItemStore store) {
    return (ItemStore)
        Proxy.newProxyInstance(
            ItemStore.class.getClassLoader(),
            new Class<?>[] {ItemStore.class},
            (_, method, arguments) -> {
              operations.incrementAndGet();
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
