package dev.parley.session.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.common.control.Order;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.token.Grants;
import dev.parley.common.token.Role;
import dev.parley.session.conference.Admission;
import dev.parley.session.conference.Answer;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.ConferenceOptions;
import dev.parley.session.conference.ConferenceState;
import dev.parley.session.conference.Conferences;
import dev.parley.session.conference.EndReason;
import dev.parley.session.conference.LeaveReason;
import dev.parley.session.conference.Moderation;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.ParticipantState;
import dev.parley.session.conference.Signalling;
import dev.parley.session.harness.MovableClock;
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.UsageItems;
import dev.parley.session.store.WebhookItems;
import dev.parley.session.store.embedded.EmbeddedStore;
import dev.parley.session.usage.Figures;
import dev.parley.session.usage.UsageRow;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Two nodes that die again and again, in the middle of any write or after any message went out, and
 * an endpoint that fails at times. Whatever came to be stored of calls is told at last: of each
 * conference everything, without a gap, for the first time in order; what comes twice is the same.
 */
final class CrashHistoryTest {
  private static final String TENANT = "acme";
  private static final int STEPS = 120;
  private static final int CONFERENCES = 3;
  private static final int SETTLING_ROUNDS_MAX = 200;
  private static final JsonMapper JSON = new JsonMapper();

  @Property(tries = 100)
  void everythingStoredIsToldInOrderWhateverDies(@ForAll long seed) {
    try (History history = new History(seed)) {
      for (int step = 0; step < STEPS; step++) {
        history.step();
      }
      history.settle();
      history.check();
    }
  }

  /** That the histories above are not too tame to find anything. */
  @Test
  void historiesHaveDeathsRepetitionsAndFullLives() {
    int deaths = 0;
    int repetitions = 0;
    int messages = 0;
    Set<String> types = new HashSet<>();
    for (long seed = 1; seed <= 5; seed++) {
      try (History history = new History(seed)) {
        for (int step = 0; step < STEPS; step++) {
          history.step();
        }
        history.settle();
        deaths += history.deaths;
        messages += history.received.size();
        repetitions += history.received.size() - history.bodies.size();
        history.received.forEach(message -> types.add(json(message).path("type").asText()));
      }
    }

    assertThat(deaths).isGreaterThan(30);
    assertThat(repetitions).isGreaterThan(5);
    assertThat(messages).isGreaterThan(60);
    assertThat(types).hasSize(6);
  }

  private static JsonNode json(WebhookSender.Message message) {
    try {
      return JSON.readTree(message.body());
    } catch (JsonProcessingException e) {
      throw new AssertionError(message.body(), e);
    }
  }

  private static final class History implements AutoCloseable {
    private final EmbeddedStore file = EmbeddedStore.inMemory();
    private final ItemStore core = file.table("core", ConferenceItems.INDEXES);
    private final ItemStore ops = file.table("ops", WebhookItems.INDEXES);
    private final ConferenceItems truth = new ConferenceItems(core);
    private final WebhookItems webhookTruth = new WebhookItems(ops);
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-21T04:00:00Z"));
    private final Random random;
    private final Node[] nodes;
    private final List<ConferenceId> ids = new ArrayList<>();
    private final Map<ParticipantId, ConferenceId> stays = new LinkedHashMap<>();
    private final Set<ParticipantId> joined = new HashSet<>();
    private final List<WebhookSender.Message> received = new ArrayList<>();
    private final Map<String, String> bodies = new HashMap<>();
    private boolean isCalm;
    private long reports;
    private int deaths;

    History(long seed) {
      random = new Random(seed);
      nodes = new Node[] {boot(0), boot(1)};
      for (int i = 0; i < CONFERENCES; i++) {
        ids.add(Node.IDS.conference(TENANT, "key " + i, null));
      }
      Endpoint.Target target =
          new Endpoint.Target(URI.create("http://receiver.example/"), null, Set.of());
      assertThat(nodes[0].webhooks.create(new Webhooks.Wish(TENANT, target, null, "")))
          .isInstanceOf(Answer.Done.class);
    }

    private Node boot(int index) {
      return new Node(core, ops, clock, message -> receive(index, message), random);
    }

    /** The endpoint, and the node that may die before it hears the answer. */
    private WebhookSender.Answer receive(int index, WebhookSender.Message message) {
      if (!isCalm && random.nextInt(5) == 0) {
        return new WebhookSender.Answer(Outcome.REFUSED, 500);
      }
      received.add(message);
      String id = message.headers().get("webhook-id");
      assertThat(bodies.merge(id, message.body(), (first, _) -> first)).isEqualTo(message.body());
      if (!isCalm && random.nextInt(8) == 0) {
        nodes[index].life.end();
      }
      return !isCalm && random.nextInt(10) == 0
          ? new WebhookSender.Answer(Outcome.TIMED_OUT, 0)
          : new WebhookSender.Answer(Outcome.DELIVERED, 204);
    }

    void step() {
      int index = random.nextInt(nodes.length);
      Node node = nodes[index];
      if (random.nextInt(6) == 0) {
        node.life.endAfter(1 + random.nextInt(6), random.nextBoolean());
      }
      long reported = reports;
      survive(index, this::act);
      if (reports > reported) {
        // Nothing else brings anyone into a call.
        watch();
      }
      clock.advance(Duration.ofMillis(random.nextInt(4_000)));
    }

    private void survive(int index, Consumer<Node> act) {
      try {
        act.accept(nodes[index]);
      } catch (MortalStore.Death e) {
        deaths++;
        nodes[index] = boot(index);
      }
    }

    private void act(Node node) {
      ConferenceId id = ids.get(random.nextInt(ids.size()));
      ParticipantId any = anyStay(id);
      switch (random.nextInt(14)) {
        case 0, 1 -> create(node, id);
        case 2, 3 -> join(node, id);
        case 4, 5 -> report(node, id, any, true);
        case 6 -> report(node, id, any, false);
        case 7 -> {
          if (any != null) {
            node.moderation.change(
                id, any, new Moderation.Change(random.nextBoolean(), null, null, null), true, null);
          }
        }
        case 8 -> {
          if (any != null) {
            node.participants.leave(id, any, LeaveReason.CLIENT);
          }
        }
        case 9 -> {
          if (random.nextInt(6) == 0) {
            node.conferences.end(id, EndReason.API, null);
          }
        }
        case 10 -> node.dueWork.run();
        case 11 -> node.courier.run();
        default -> {
          if (!node.background.isEmpty()) {
            node.background.remove(random.nextInt(node.background.size())).run();
          }
        }
      }
    }

    private @Nullable ParticipantId anyStay(ConferenceId id) {
      List<ParticipantId> here =
          stays.entrySet().stream()
              .filter(stay -> stay.getValue().equals(id))
              .map(Map.Entry::getKey)
              .toList();
      return here.isEmpty() ? null : here.get(random.nextInt(here.size()));
    }

    private void create(Node node, ConferenceId id) {
      var _ =
          node.conferences.create(
              new Conferences.Wish(
                  TENANT, null, ConferenceOptions.DEFAULT, "key " + ids.indexOf(id), "h"));
    }

    private void join(Node node, ConferenceId id) {
      if (truth.conference(id) == null) {
        return;
      }
      Answer<Participant> joined =
          node.admission.join(
              new Admission.Wish(
                  id,
                  new Participant.Person(
                      "p" + random.nextInt(6), null, Role.SPEAKER, Grants.of(Role.SPEAKER)),
                  false,
                  random.nextBoolean()));
      if (joined instanceof Answer.Done<Participant> done) {
        stays.put(done.value().id(), id);
        var _ =
            node.signalling.offer(
                id,
                done.value().id(),
                new Signalling.Offer("v=0", Order.Listening.AUTO, Order.SignallingProfile.RTC));
      }
    }

    private void report(Node node, ConferenceId id, @Nullable ParticipantId any, boolean isUp) {
      if (any != null) {
        node.facts.onState(
            Node.SERVER,
            ++reports,
            isUp
                ? new StateEvent.ParticipantConnected(id, 1, any)
                : new StateEvent.ParticipantReconnecting(id, 1, any));
      }
    }

    /** Notes who is in a call, from the store alone. */
    private void watch() {
      for (ConferenceId id : ids) {
        for (Participant stay : truth.present(id)) {
          if (stay.state() != ParticipantState.CONNECTING) {
            joined.add(stay.id());
          }
        }
      }
    }

    /** Nothing dies any more and the endpoint is well: everything must come through. */
    void settle() {
      isCalm = true;
      for (int i = 0; i < nodes.length; i++) {
        nodes[i] = boot(i);
      }
      for (int round = 0; round < SETTLING_ROUNDS_MAX; round++) {
        clock.advance(round < 10 ? Duration.ofSeconds(10) : Duration.ofMinutes(20));
        for (Node node : nodes) {
          node.dueWork.run();
          node.courier.run();
          node.runAll();
        }
        if (round > 10 && isSettled()) {
          return;
        }
      }
      throw new AssertionError("not settled");
    }

    private boolean isSettled() {
      for (int shard = 0; shard < WebhookStore.SHARD_COUNT; shard++) {
        if (!webhookTruth.waiting(shard, 1).isEmpty()) {
          return false;
        }
      }
      return conferences().stream()
              .allMatch(c -> c.outbox().pending().isEmpty() && c.counted() == isOver(c))
          && stays.entrySet().stream()
              .map(stay -> truth.participant(stay.getValue(), stay.getKey()))
              .allMatch(stay ->
                  stay == null || stay.outbox().pending().isEmpty() && !isToBeCounted(stay));
    }

    private static boolean isOver(Conference conference) {
      return conference.state() == ConferenceState.ENDED;
    }

    private static boolean isToBeCounted(Participant stay) {
      Participant.Departure departure = stay.departure();
      return departure != null && departure.use() != null && !departure.use().counted();
    }

    private List<Conference> conferences() {
      List<Conference> stored = new ArrayList<>();
      for (ConferenceId id : ids) {
        Conference conference = truth.conference(id);
        if (conference != null) {
          stored.add(conference);
        }
      }
      return stored;
    }

    void check() {
      for (Conference conference : conferences()) {
        check(conference);
      }
      checkUsage();
    }

    /** Each stay and each conference is counted once: by the rows, and by its own record. */
    private void checkUsage() {
      Figures expected = Figures.NONE;
      for (Map.Entry<ParticipantId, ConferenceId> entry : stays.entrySet()) {
        Participant stay = truth.participant(entry.getValue(), entry.getKey());
        Participant.Departure departure = stay == null ? null : stay.departure();
        if (stay != null && departure != null && departure.use() != null) {
          long ms = Duration.between(stay.joinedAt(), departure.leftAt()).toMillis();
          // A node that dies may leave undecided how somebody heard the others.
          long forwardedMs = stay.listening() == Order.Listening.FORWARD ? ms : 0;
          expected = expected.plus(new Figures(0, 1, ms, 0, forwardedMs, 0, 0));
          assertThat(departure.use().counted()).as("marked").isTrue();
        }
      }
      for (Conference conference : conferences()) {
        if (conference.state() == ConferenceState.ENDED) {
          int live = conference.times().liveAt() == null ? 0 : 1;
          long told = conference.outbox().lastSequence();
          expected = expected.plus(new Figures(live, 0, 0, 0, 0, 7, told));
          assertThat(conference.counted()).as("marked").isTrue();
        }
      }
      LocalDate day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
      Figures counted = Figures.NONE;
      for (UsageRow row :
          new UsageItems(ops).rows(TENANT, day.minusDays(30), day.plusDays(1), null).rows()) {
        counted = counted.plus(row.figures());
      }
      assertThat(counted).isEqualTo(expected);
    }

    private void check(Conference conference) {
      Map<String, List<String>> told = new HashMap<>();
      List<Long> sequences = new ArrayList<>();
      Set<String> seen = new HashSet<>();
      for (WebhookSender.Message message : received) {
        JsonNode data = json(message).path("data");
        if (data.path("conferenceId").asText().equals(conference.id().value())
            && seen.add(message.headers().get("webhook-id"))) {
          sequences.add(data.path("sequence").asLong());
          told.computeIfAbsent(json(message).path("type").asText(), _ -> new ArrayList<>())
              .add(data.path("participantId").asText());
        }
      }
      List<Long> all = new ArrayList<>();
      for (long i = 1; i <= conference.outbox().lastSequence(); i++) {
        all.add(i);
      }
      assertThat(sequences).as("for the first time in order, without a gap").isEqualTo(all);
      assertThat(told.getOrDefault("conference.created", List.of())).hasSize(1);
      assertThat(told.getOrDefault("conference.live", List.of()))
          .hasSize(conference.times().liveAt() == null ? 0 : 1);
      assertThat(told.getOrDefault("conference.ended", List.of()))
          .hasSize(conference.state() == ConferenceState.ENDED ? 1 : 0);
      Set<String> in = new TreeSet<>();
      Set<String> out = new TreeSet<>();
      stays.forEach((stay, where) -> {
        if (where.equals(conference.id()) && joined.contains(stay)) {
          in.add(stay.value());
          Participant now = truth.participant(where, stay);
          if (now != null && now.state() == ParticipantState.LEFT) {
            out.add(stay.value());
          }
        }
      });
      assertThat(told.getOrDefault("participant.joined", List.of()))
          .containsExactlyInAnyOrderElementsOf(in);
      assertThat(told.getOrDefault("participant.left", List.of()))
          .containsExactlyInAnyOrderElementsOf(out);
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
