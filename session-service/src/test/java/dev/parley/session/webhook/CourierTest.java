package dev.parley.session.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.Answer;
import dev.parley.session.conference.ConferenceOptions;
import dev.parley.session.conference.Conferences;
import dev.parley.session.conference.EndReason;
import dev.parley.session.conference.Notice;
import dev.parley.session.conference.NoticeType;
import dev.parley.session.harness.MovableClock;
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.WebhookItems;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deliveries to endpoints that take them, refuse them, have gone, or are slow. */
final class CourierTest {
  private static final String TENANT = "acme";
  private static final Instant START = Instant.parse("2026-11-21T04:00:00Z");

  private final EmbeddedStore file = EmbeddedStore.inMemory();
  private final ItemStore core = file.table("core", ConferenceItems.INDEXES);
  private final ItemStore ops = file.table("ops", WebhookItems.INDEXES);
  private final WebhookItems items = new WebhookItems(ops);
  private final MovableClock clock = new MovableClock(START);
  private final List<WebhookSender.Message> sent = new ArrayList<>();
  private final List<Instant> sentAt = new ArrayList<>();
  private Function<WebhookSender.Message, Outcome> endpoint = _ -> Outcome.DELIVERED;
  private final Node node = new Node(core, ops, clock, this::send, new Random(1));

  @AfterEach
  void close() {
    file.close();
  }

  @Test
  void refusedDeliveryIsTriedForThreeDaysAndLess() {
    endpoint = _ -> Outcome.REFUSED;
    Endpoint made = endpoint("https://a.example", Set.of(NoticeType.CONFERENCE_CREATED));
    conference("one");
    runFor(Duration.ofDays(4), Duration.ofMinutes(1));

    assertThat(sentAt).hasSizeBetween(9, 14);
    assertThat(sentAt.getFirst()).isEqualTo(START);
    assertThat(Duration.between(START, sentAt.getLast()))
        .isBetween(Delivery.TRIED_FOR, Delivery.TRIED_FOR.plusMinutes(2));
    assertThat(sent).extracting(CourierTest::id).containsOnly(id(sent.getFirst()));
    assertThat(sent).extracting(m -> m.headers().get("webhook-timestamp")).doesNotHaveDuplicates();
    Delivery failed = only(made);
    assertThat(failed.state()).isEqualTo(Delivery.State.FAILED);
    assertThat(failed.attempts()).isEqualTo(sent.size());
    assertThat(node.courier.count(Outcome.REFUSED)).isEqualTo(sent.size());
  }

  @Test
  void nextOfItsConferenceWaitsAndOtherConferencesDoNot() {
    Endpoint made = endpoint("https://a.example", Set.of());
    ConferenceId first = conference("one");
    endpoint = m -> m.body().contains(first.value()) ? Outcome.REFUSED : Outcome.DELIVERED;
    var _ = node.conferences.end(first, EndReason.API, null);
    node.runAll();
    sent.clear();
    ConferenceId other = conference("two");

    assertThat(sent).hasSize(1).first().matches(m -> m.body().contains(other.value()));
    endpoint = _ -> Outcome.DELIVERED;
    runFor(Duration.ofSeconds(10), Duration.ofSeconds(1));
    assertThat(node.webhooks.deliveries(made, 10, null).deliveries())
        .allMatch(delivery -> delivery.state() == Delivery.State.DELIVERED)
        .hasSize(3);
  }

  @Test
  void goneDisablesTheEndpointAndWhatWaitsFails() {
    Endpoint made = endpoint("https://a.example", Set.of());
    endpoint = _ -> Outcome.REFUSED;
    ConferenceId conference = conference("one");
    var _ = node.conferences.end(conference, EndReason.API, null);
    node.runAll();
    endpoint = _ -> Outcome.GONE;
    runFor(Duration.ofSeconds(20), Duration.ofSeconds(1));
    int attempts = sent.size();
    clock.advance(Subscriptions.REMEMBERED_FOR.plusSeconds(1));
    conference("two");
    runFor(Duration.ofMinutes(10), Duration.ofSeconds(30));

    assertThat(items.endpoint(TENANT, made.id()))
        .extracting(Endpoint::status)
        .isEqualTo(Endpoint.Status.GONE);
    assertThat(sent).hasSize(attempts);
    assertThat(node.webhooks.deliveries(made, 10, null).deliveries())
        .extracting(Delivery::state)
        .containsExactly(Delivery.State.FAILED, Delivery.State.FAILED);
    assertThat(node.courier.count(Outcome.GONE)).isEqualTo(1);
    assertThat(node.courier.count(Outcome.DISABLED)).isEqualTo(1);
  }

  @Test
  void replayedDeliveryIsTheSameMessageSignedAnew() {
    Endpoint made = endpoint("https://a.example", Set.of());
    conference("one");
    clock.advance(Duration.ofHours(1));
    String id = id(sent.getFirst());

    Answer<Delivery> again = node.webhooks.replay(made, id);

    assertThat(again).isInstanceOf(Answer.Done.class);
    assertThat(sent).hasSize(2);
    assertThat(sent.getLast().body()).isEqualTo(sent.getFirst().body());
    assertThat(sent.getLast().headers()).containsEntry("webhook-id", id);
    assertThat(sent.getLast().headers().get("webhook-signature"))
        .isNotEqualTo(sent.getFirst().headers().get("webhook-signature"));
    assertThat(only(made).attempts()).isEqualTo(2);
    for (String none : List.of("", "_", "x_", "x_0", "x_y", id + "1", "ü_1")) {
      assertThat(node.webhooks.replay(made, none)).as(none).isInstanceOf(Answer.Refused.class);
    }
  }

  @Test
  void replayOfOneThatWaitsTriesItsLaneAtOnce() {
    Endpoint made = endpoint("https://a.example", Set.of());
    endpoint = _ -> Outcome.UNREACHABLE;
    ConferenceId conference = conference("one");
    var _ = node.conferences.end(conference, EndReason.API, null);
    node.runAll();
    runFor(Duration.ofHours(12), Duration.ofMinutes(10));
    endpoint = _ -> Outcome.DELIVERED;
    sent.clear();

    Answer<Delivery> answer = node.webhooks.replay(made, conference + "_2");
    node.runAll();

    assertThat(answer).isInstanceOf(Answer.Done.class);
    assertThat(sent)
        .extracting(CourierTest::id)
        .containsExactly(conference + "_1", conference + "_2");
  }

  @Test
  void replayWhileAnAttemptIsUnderWayMakesAnotherAtOnceIfThatFails() {
    Endpoint made = endpoint("https://a.example", Set.of());
    endpoint =
        message -> {
          if (sent.size() == 1) {
            // The receiver is mended in this moment, and its operator says so.
            assertThat(node.webhooks.replay(made, id(message))).isInstanceOf(Answer.Done.class);
            return Outcome.REFUSED;
          }
          return Outcome.DELIVERED;
        };
    conference("one");
    node.courier.run();
    node.runAll();

    assertThat(sentAt).containsExactly(START, START);
    assertThat(only(made).state()).isEqualTo(Delivery.State.DELIVERED);
  }

  @Test
  void replayWhileAnAttemptSucceedsChangesNothing() {
    Endpoint made = endpoint("https://a.example", Set.of());
    endpoint =
        message -> {
          assertThat(node.webhooks.replay(made, id(message))).isInstanceOf(Answer.Done.class);
          return Outcome.DELIVERED;
        };
    conference("one");
    runFor(Duration.ofMinutes(1), Duration.ofSeconds(1));

    assertThat(sent).hasSize(1);
    assertThat(node.courier.waitingCount()).isZero();
  }

  @Test
  void deletedEndpointGetsNothingMoreAndLeavesNothing() {
    Endpoint made = endpoint("https://a.example", Set.of());
    endpoint = _ -> Outcome.REFUSED;
    conference("one");
    int attempts = sent.size();

    assertThat(node.webhooks.remove(TENANT, made.id())).isInstanceOf(Answer.Done.class);
    runFor(Duration.ofMinutes(5), Duration.ofSeconds(5));

    assertThat(sent).hasSize(attempts);
    assertThat(node.webhooks.deliveries(made, 10, null).deliveries()).isEmpty();
    assertThat(node.courier.waitingCount()).isZero();
  }

  @Test
  void whatIsFinishedIsForgottenAfterAWeek() {
    Endpoint made = endpoint("https://a.example", Set.of());
    conference("one");
    runFor(Delivery.KEPT_FOR.minusHours(2), Duration.ofHours(2));
    assertThat(node.webhooks.deliveries(made, 10, null).deliveries()).isNotEmpty();

    runFor(Duration.ofDays(3), Duration.ofHours(2));

    assertThat(node.webhooks.deliveries(made, 10, null).deliveries()).isEmpty();
    // The endpoint alone is left.
    assertThat(ops.scan(100, null).items()).hasSize(1);
  }

  @Test
  void endpointThatHangsDoesNotHoldUpAnother() throws Exception {
    endpoint("https://slow.example", Set.of());
    endpoint("https://quick.example", Set.of());
    int conferences = 300;
    CountDownLatch quick = new CountDownLatch(conferences);
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger hanging = new AtomicInteger();
    WebhookSender sender =
        message -> {
          if (message.url().getHost().startsWith("slow")) {
            hanging.incrementAndGet();
            awaitQuietly(end);
          } else {
            quick.countDown();
          }
          return new WebhookSender.Answer(Outcome.DELIVERED, 200);
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Courier courier = new Courier(items, sender, clock, new Random(1), threads);
      Subscriptions subscriptions = new Subscriptions(items, clock, courier);
      Notice notice = new Notice(1, NoticeType.CONFERENCE_CREATED, START, Map.of(), null);
      for (int i = 0; i < conferences; i++) {
        subscriptions.accept(TENANT, new ConferenceId("cf_" + i), List.of(notice));
      }

      while (!quick.await(1, TimeUnit.MILLISECONDS)) {
        courier.run();
      }

      assertThat(hanging).as("the hanging endpoint's share of the places").hasValue(4);
      courier.close();
      end.countDown();
    }
  }

  @Test
  void howLongTheOldestHasWaitedIsKnown() {
    endpoint("https://a.example", Set.of());
    endpoint = _ -> Outcome.REFUSED;
    conference("one");
    conference("two");
    runFor(Duration.ofMinutes(30), Duration.ofSeconds(10));

    assertThat(node.courier.waitingCount()).isEqualTo(2);
    assertThat(node.courier.waitingSec()).isEqualTo(1_800, within(1.0));
    endpoint = _ -> Outcome.DELIVERED;
    runFor(Duration.ofHours(3), Duration.ofMinutes(1));
    assertThat(node.courier.waitingCount()).isZero();
    assertThat(node.courier.waitingSec()).isZero();
  }

  private static String id(WebhookSender.Message message) {
    return Objects.requireNonNull(message.headers().get("webhook-id"));
  }

  private WebhookSender.Answer send(WebhookSender.Message message) {
    sent.add(message);
    sentAt.add(clock.instant());
    Outcome outcome = endpoint.apply(message);
    return new WebhookSender.Answer(outcome, outcome == Outcome.DELIVERED ? 200 : 0);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Endpoint endpoint(String url, Set<NoticeType> types) {
    Answer<Webhooks.Made> answer =
        node.webhooks.create(
            new Webhooks.Wish(TENANT, new Endpoint.Target(URI.create(url), null, types), null, ""));
    if (answer instanceof Answer.Done<Webhooks.Made> done) {
      return done.value().endpoint();
    }
    throw new AssertionError(answer);
  }

  private ConferenceId conference(String key) {
    var _ = node.conferences.create(wish(key));
    node.runAll();
    return Node.IDS.conference(TENANT, key, null);
  }

  private static Conferences.Wish wish(String key) {
    return new Conferences.Wish(TENANT, null, ConferenceOptions.DEFAULT, key, "h");
  }

  private Delivery only(Endpoint made) {
    List<Delivery> deliveries = node.webhooks.deliveries(made, 10, null).deliveries();
    assertThat(deliveries).hasSize(1);
    return deliveries.getFirst();
  }

  private void runFor(Duration time, Duration step) {
    Instant end = clock.instant().plus(time);
    while (clock.instant().isBefore(end)) {
      clock.advance(step);
      node.courier.run();
      node.runAll();
    }
  }
}
