package dev.parley.session.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.Answer;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.ConferenceEvent;
import dev.parley.session.conference.ConferenceOptions;
import dev.parley.session.conference.Message;
import dev.parley.session.harness.MovableClock;
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.store.MessageItems;
import dev.parley.session.store.StoreUnavailableException;
import dev.parley.session.store.Table;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages over a real store that fails when told to, before or after a write. */
final class MessagesTest {
  private static final ConferenceId CONFERENCE = new ConferenceId("cf_1");

  private final MovableClock clock = new MovableClock(Instant.parse("2026-11-21T04:00:00Z"));
  private final EmbeddedStore file = EmbeddedStore.inMemory();
  private final ConferenceItems conferences =
      new ConferenceItems(file.table("core", ConferenceItems.INDEXES));
  private final FailingStore store = new FailingStore(new MessageItems(file.table(Table.LIBRARY)));
  private final List<Long> told = new ArrayList<>();

  // Two nodes: neither knows of what the other is about.
  private final Messages one = node();
  private final Messages other = node();

  @BeforeEach
  void makeConference() {
    conferences.write(
        Conference.create(CONFERENCE, "t", null, ConferenceOptions.DEFAULT, "h", clock.instant()));
  }

  @AfterEach
  void close() {
    file.close();
  }

  @Test
  void whateverWriteFailsARepetitionIsTheSameMessage() {
    for (int failing = 1; failing <= 2; failing++) {
      for (boolean isWritten : new boolean[] {false, true}) {
        String name = "c" + failing + isWritten;
        store.failAt(failing, isWritten);
        assertThatThrownBy(() -> send(one, name)).isInstanceOf(StoreUnavailableException.class);
        // Meanwhile the place that it was given may be taken.
        send(other, null);

        Messages.Sent sent = send(other, name);

        assertThat(send(one, name).message()).isEqualTo(sent.message());
        assertThat(told).contains(sent.message().sequence());
      }
    }
    assertThat(texts()).as("4 of a name, 4 without").hasSize(8).doesNotContainNull();
    assertThat(texts().stream().filter(text -> text.startsWith("c"))).doesNotHaveDuplicates();
  }

  @Test
  void aPlaceIsGivenOnceHoweverNodesInterleave() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      String name = "n" + random.nextInt(40);
      // The other node does the same, or another, in the middle of what this one does.
      String nested = random.nextBoolean() ? name : "n" + random.nextInt(40);
      store.before(1 + random.nextInt(2), () -> send(other, nested));
      send(one, name);
    }

    assertThat(texts()).as("seed %d", seed).doesNotHaveDuplicates();
    assertThat(list().stream().map(Message::sequence))
        .as("seed %d: no gap", seed)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, texts().size()).boxed().toList());
  }

  private Messages node() {
    return new Messages(
        store,
        conferences,
        (_, event) -> told.add(((ConferenceEvent.MessageSent) event).message().sequence()),
        clock);
  }

  private static Messages.Sent send(Messages node, @Nullable String name) {
    Messages.Draft draft =
        new Messages.Draft(CONFERENCE, null, name == null ? "nameless" : name, name);
    return switch (node.send(draft)) {
      case Answer.Done<Messages.Sent> done -> done.value();
      case Answer.Refused<Messages.Sent> refused ->
          throw new AssertionError("refused: " + refused.refusal());
    };
  }

  private List<Message> list() {
    return store.list(CONFERENCE, new MessageStore.Wish(0, Long.MAX_VALUE, false, 1000));
  }

  private List<String> texts() {
    return list().stream().map(Message::text).toList();
  }

  /** Fails once, or has something else happen first, at the n-th write from now. */
  private static final class FailingStore implements MessageStore {
    private final MessageStore store;
    private int writesUntil;
    private Runnable first = () -> {};
    private Runnable then = () -> {};

    FailingStore(MessageStore store) {
      this.store = store;
    }

    void failAt(int write, boolean isWritten) {
      Runnable failure =
          () -> {
            throw new StoreUnavailableException("as the test said", null);
          };
      writesUntil = write;
      first = isWritten ? () -> {} : failure;
      then = isWritten ? failure : () -> {};
    }

    void before(int write, Runnable action) {
      writesUntil = write;
      first = action;
      then = () -> {};
    }

    @Override
    public @Nullable Message add(ConferenceId conference, Message message) {
      boolean isTheOne = --writesUntil == 0;
      if (isTheOne) {
        first.run();
      }
      Message there = store.add(conference, message);
      if (isTheOne) {
        then.run();
      }
      return there;
    }

    @Override
    public void replace(ConferenceId conference, Message message) {
      store.replace(conference, message);
    }

    @Override
    public void removeClaim(ConferenceId conference, String sendKey) {
      store.removeClaim(conference, sendKey);
    }

    @Override
    public boolean forget(ConferenceId conference) {
      return store.forget(conference);
    }

    @Override
    public long lastSequence(ConferenceId conference) {
      return store.lastSequence(conference);
    }

    @Override
    public List<Message> list(ConferenceId conference, Wish wish) {
      return store.list(conference, wish);
    }

    @Override
    public @Nullable SendClaim claim(ConferenceId conference, String sendKey) {
      return store.claim(conference, sendKey);
    }

    @Override
    public @Nullable SendClaim write(ConferenceId conference, String sendKey, SendClaim claim) {
      boolean isTheOne = --writesUntil == 0;
      if (isTheOne) {
        first.run();
      }
      SendClaim written = store.write(conference, sendKey, claim);
      if (isTheOne) {
        then.run();
      }
      return written;
    }
  }
}
