package dev.parley.session.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Order;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.token.Grants;
import dev.parley.common.token.Role;
import dev.parley.session.conference.Admission;
import dev.parley.session.conference.Answer;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.ConferenceOptions;
import dev.parley.session.conference.ConferenceState;
import dev.parley.session.conference.Conferences;
import dev.parley.session.conference.NoticeType;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.Signalling;
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
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The first stay of a conference connects, and the node dies in the middle of what it writes then.
 * The media server tells the next node again, and whoever wants only that is told that the
 * conference is live.
 */
final class LiveNoticeCrashTest {
  private static final String TENANT = "acme";

  @ParameterizedTest
  @CsvSource({"1,false", "1,true", "2,false", "2,true", "3,false", "3,true", "4,true"})
  void thatAConferenceIsLiveIsToldWhereverTheNodeDies(int write, boolean isWritten) {
    try (EmbeddedStore file = EmbeddedStore.inMemory()) {
      ItemStore core = file.table("core", ConferenceItems.INDEXES);
      ItemStore ops = file.table("ops", WebhookItems.INDEXES);
      MovableClock clock = new MovableClock(Instant.parse("2026-11-21T04:00:00Z"));
      List<String> told = new ArrayList<>();
      WebhookSender sender =
          message -> {
            told.add(message.headers().get("webhook-id") + " " + message.body());
            return new WebhookSender.Answer(Outcome.DELIVERED, 204);
          };
      Node node = new Node(core, ops, clock, sender, new Random(1));
      var _ =
          node.webhooks.create(
              new Webhooks.Wish(
                  TENANT,
                  new Endpoint.Target(
                      URI.create("https://a.example"), null, Set.of(NoticeType.CONFERENCE_LIVE)),
                  null,
                  ""));
      var _ =
          node.conferences.create(
              new Conferences.Wish(TENANT, null, ConferenceOptions.DEFAULT, "key", "h"));
      ConferenceId id = Node.IDS.conference(TENANT, "key", null);
      Participant ana = join(node, id);
      node.runAll();
      StateEvent connected = new StateEvent.ParticipantConnected(id, 1, ana.id());

      node.life.endAfter(write, isWritten);
      try {
        node.facts.onState(Node.SERVER, 1, connected);
        node.runAll();
      } catch (MortalStore.Death _) {
        // Before it has acknowledged the report, or after: then nothing is left to do.
      }
      Node next = new Node(core, ops, clock, sender, new Random(2));
      next.facts.onState(Node.SERVER, 1, connected);
      for (int i = 0; i < 200; i++) {
        clock.advance(Duration.ofSeconds(1));
        next.dueWork.run();
        next.courier.run();
        next.runAll();
      }

      assertThat(told).isNotEmpty().allMatch(one -> one.contains("conference.live"));
      assertThat(Set.copyOf(told)).as("one message, perhaps repeated").hasSize(1);
      Conference conference = new ConferenceItems(core).conference(id);
      assertThat(conference).isNotNull().returns(ConferenceState.LIVE, Conference::state);
    }
  }

  private static Participant join(Node node, ConferenceId id) {
    Answer<Participant> joined =
        node.admission.join(
            new Admission.Wish(
                id,
                new Participant.Person("ana", null, Role.SPEAKER, Grants.of(Role.SPEAKER)),
                false,
                false));
    if (joined instanceof Answer.Done<Participant>(Participant stay)) {
      var _ =
          node.signalling.offer(
              id,
              stay.id(),
              new Signalling.Offer("v=0", Order.Listening.AUTO, Order.SignallingProfile.RTC));
      return stay;
    }
    throw new AssertionError(joined);
  }
}
