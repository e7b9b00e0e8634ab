package dev.parley.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Order.Listening;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.token.Grants;
import dev.parley.common.token.Role;
import dev.parley.session.conference.LeaveReason;
import dev.parley.session.conference.Outbox;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.Participant.Departure;
import dev.parley.session.conference.Participant.Person;
import dev.parley.session.conference.ParticipantState;
import dev.parley.session.conference.Standing;
import dev.parley.session.coordination.local.LocalCoordination;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConferenceItemsTest {
  private static final ConferenceId CONFERENCE = new ConferenceId("cf_1");
  private static final Instant NOW = Instant.parse("2026-11-21T04:00:00Z");

  private final EmbeddedStore store = EmbeddedStore.inMemory();
  private final LateIndex late = new LateIndex(store.table("core", ConferenceItems.INDEXES));
  private final LocalCoordination coordination =
      new LocalCoordination(Clock.systemUTC(), System::nanoTime, new Random(1));
  private final ConferenceItems items =
      new ConferenceItems(late, coordination.rosterVersions(), null);

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void whoIsPresentIsToldAsItWasWrittenThoughTheIndexIsBehind() {
    Participant ana = write(stay("pt_ana", 0, ParticipantState.CONNECTING));
    Participant ben = write(stay("pt_ben", 1, ParticipantState.CONNECTING));
    late.stopIndex(CONFERENCE);
    write(left(ana));
    Participant connected = write(in(ben, ParticipantState.CONNECTED));
    Participant eve = write(stay("pt_eve", -1, ParticipantState.CONNECTING));

    assertThat(items.present(CONFERENCE)).containsExactly(eve, connected);
  }

  private Participant write(Participant participant) {
    return Objects.requireNonNull(items.write(participant));
  }

  private static Participant stay(String id, int joinedSec, ParticipantState state) {
    return new Participant(
        new ParticipantId(id),
        CONFERENCE,
        "t",
        new Person(id, null, Role.SPEAKER, Grants.of(Role.SPEAKER)),
        1,
        state,
        false,
        Listening.AUTO,
        null,
        NOW.plusSeconds(joinedSec),
        null,
        null,
        null,
        Standing.USUAL,
        Outbox.EMPTY,
        0);
  }

  private static Participant in(Participant before, ParticipantState state) {
    return with(before, state, null);
  }

  private static Participant left(Participant before) {
    return with(before, ParticipantState.LEFT, new Departure(NOW, LeaveReason.CLIENT, null, null));
  }

  private static Participant with(
      Participant before, ParticipantState state, @Nullable Departure departure) {
    return new Participant(
        before.id(),
        CONFERENCE,
        before.tenant(),
        before.person(),
        before.csrc(),
        state,
        false,
        before.listening(),
        null,
        before.joinedAt(),
        departure,
        null,
        before.waiting(),
        before.standing(),
        before.outbox(),
        before.version());
  }

  /** A store whose indexes can fall behind, as those of a distributed one do. */
  private static final class LateIndex implements ItemStore {
    private final ItemStore store;
    private @Nullable ItemPage stopped;

    LateIndex(ItemStore store) {
      this.store = store;
    }

    void stopIndex(ConferenceId conference) {
      stopped = store.queryIndex(ConferenceItems.PRESENT, ItemRange.all("C#" + conference, 100));
    }

    @Override
    public @Nullable Item get(ItemKey key) {
      return store.get(key);
    }

    @Override
    public WriteResult create(Item item) {
      return store.create(item);
    }

    @Override
    public WriteResult replace(Item item) {
      return store.replace(item);
    }

    @Override
    public WriteResult delete(ItemKey key, long version) {
      return store.delete(key, version);
    }

    @Override
    public ItemPage query(ItemRange range) {
      return store.query(range);
    }

    @Override
    public ItemPage queryIndex(String index, ItemRange range) {
      return stopped == null ? store.queryIndex(index, range) : stopped;
    }

    @Override
    public ItemPage scan(int limit, @Nullable ItemKey after) {
      return store.scan(limit, after);
    }
  }
}
