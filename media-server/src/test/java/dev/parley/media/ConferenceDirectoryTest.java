package dev.parley.media;

import static dev.parley.common.control.Order.SignallingProfile.RTC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.media.ConferenceDirectory.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ConferenceDirectoryTest {
  private static final ConferenceId ROOM = new ConferenceId("room");
  private static final ConferenceId OTHER = new ConferenceId("other");
  private static final ParticipantId ALICE = new ParticipantId("alice");
  private static final ParticipantId BOB = new ParticipantId("bob");

  private final ConferenceDirectory directory = new ConferenceDirectory(3, 2, Headroom.UNLIMITED);

  private ConferenceDirectory.Seated seat(ConferenceId conference, ParticipantId participant) {
    return (ConferenceDirectory.Seated) directory.seat(conference, 1, participant, null, RTC, null);
  }

  @Test
  void conferencesSpreadOverThreadsAndPeersStayOnTheirConferences() {
    ConferenceDirectory.Seated alice = seat(ROOM, ALICE);
    ConferenceDirectory.Seated bob = seat(ROOM, BOB);
    ConferenceDirectory.Seated other = seat(OTHER, ALICE);

    assertThat(alice.seat().loopIndex()).isEqualTo(directory.agentOf(ROOM));
    assertThat(bob.seat().loopIndex()).isEqualTo(directory.agentOf(ROOM));
    assertThat(other.seat().loopIndex()).isEqualTo(directory.agentOf(OTHER));
    assertThat(directory.agentOf(ROOM)).isNotEqualTo(directory.agentOf(OTHER));
  }

  @Test
  void sessionThatEndedIsNotTheOneBegunMeanwhile() {
    ConferenceDirectory.Seated former = seat(ROOM, ALICE);
    ConferenceDirectory.Seated current = seat(ROOM, ALICE);

    assertThat(directory.onGone(ROOM, ALICE, former.seat().peerId())).isFalse();
    assertThat(directory.contains(ROOM, ALICE)).isTrue();
    assertThat(directory.onGone(ROOM, ALICE, current.seat().peerId())).isTrue();
    assertThat(directory.contains(ROOM, ALICE)).isFalse();
  }

  @Test
  void fullServerSaysSoButLetsThoseInsideChangeTheirSession() {
    seat(ROOM, ALICE);
    seat(ROOM, BOB);
    seat(OTHER, ALICE);

    assertThat(directory.seat(OTHER, 1, BOB, null, RTC, null))
        .isInstanceOf(ConferenceDirectory.NoSeat.class);
    assertThat(seat(ROOM, ALICE).former()).isNotEmpty();
    assertThat(directory.participantCount()).isEqualTo(3);
  }

  @Test
  void seatGivenBackLeavesNothing() {
    ConferenceDirectory.Seated alice = seat(ROOM, ALICE);

    directory.giveBack(ROOM, ALICE, alice);

    assertThat(directory.conferenceCount()).isZero();
    assertThat(directory.participantCount()).isZero();
    assertThat(directory.agentOf(ROOM)).isEqualTo(-1);
  }

  @Test
  void secondSessionGivenBackLeavesTheFirst() {
    ConferenceDirectory.Seated first = seat(ROOM, ALICE);
    ConferenceDirectory.Seated second = seat(ROOM, ALICE);

    directory.giveBack(ROOM, ALICE, second);

    assertThat(seat(ROOM, ALICE).former()).containsExactly(first.seat());
  }

  @Test
  void drainingServerTakesNobodyNew() {
    seat(ROOM, ALICE);

    directory.drain();

    assertThat(directory.seat(ROOM, 1, BOB, null, RTC, null))
        .isEqualTo(new ConferenceDirectory.NoSeat("this server is draining"));
    assertThat(seat(ROOM, ALICE).former()).isNotEmpty();
  }

  @Test
  void endingServerTakesNobodyAtAll() {
    seat(ROOM, ALICE);

    directory.close();

    assertThat(directory.seat(ROOM, 1, ALICE, null, RTC, null))
        .isEqualTo(new ConferenceDirectory.NoSeat("this server is ending"));
  }

  @Test
  void endingConferenceTakesNobody() {
    seat(ROOM, ALICE);
    assertThat(directory.end(ROOM, _ -> true)).isTrue();

    assertThat(directory.seat(ROOM, 1, BOB, null, RTC, null))
        .isEqualTo(new ConferenceDirectory.NoSeat("the conference is ending"));
    directory.onClosed(ROOM);
    seat(ROOM, BOB);
    assertThat(directory.contains(ROOM, ALICE)).isFalse();
  }

  @Test
  void whoeverIsOnHisWayInWhenTheConferenceEndsStaysOutAndLeavesNothing() {
    ConferenceDirectory.Seated alice = seat(ROOM, ALICE);
    ConferenceDirectory.Seated bob = seat(ROOM, BOB);
    assertThat(directory.end(ROOM, _ -> true)).isTrue();

    assertThat(directory.enter(ROOM, ALICE, alice.seat(), _ -> Entry.DONE)).isNull();
    assertThat(directory.enter(ROOM, BOB, bob.seat(), _ -> Entry.DONE)).isNull();
    directory.giveBack(ROOM, ALICE, alice);
    directory.giveBack(ROOM, BOB, bob);

    assertThat(directory.conferenceCount()).isZero();
    assertThat(directory.participantCount()).isZero();
  }

  @Test
  void onlyWhoHasTheSeatEnters() {
    ConferenceDirectory.Seated former = seat(ROOM, ALICE);
    ConferenceDirectory.Seated current = seat(ROOM, ALICE);

    assertThat(directory.enter(ROOM, ALICE, former.seat(), _ -> Entry.DONE)).isNull();
    assertThat(directory.enter(ROOM, ALICE, current.seat(), _ -> Entry.DONE)).isEqualTo(Entry.DONE);
  }

  @Test
  void startedConferenceStaysUntilItsAgentTellsOfItsEnd() {
    ConferenceDirectory.Seated alice = seat(ROOM, ALICE);
    directory.enter(ROOM, ALICE, alice.seat(), _ -> Entry.DONE);
    ConferenceDirectory.Seated bob = seat(ROOM, BOB);
    directory.onGone(ROOM, ALICE, alice.seat().peerId());
    directory.giveBack(ROOM, BOB, bob);

    assertThat(directory.conferenceCount()).isEqualTo(1);
    assertThat(directory.end(ROOM, _ -> false)).as("its agent is too far behind").isFalse();
    assertThat(seat(ROOM, BOB).former()).isEmpty();
    directory.onClosed(ROOM);
    assertThat(directory.conferenceCount()).isZero();
    assertThat(directory.end(ROOM, _ -> true)).isNull();
  }

  @Test
  void busyThreadsGetNobodyNew() {
    BusyThreads busy = new BusyThreads();
    ConferenceDirectory tested = new ConferenceDirectory(10, 2, busy);
    busy.busy.add(0);

    assertThat(tested.seat(ROOM, 1, ALICE, null, RTC, null))
        .isInstanceOfSatisfying(
            ConferenceDirectory.Seated.class,
            seated -> {
              assertThat(tested.agentOf(ROOM)).isEqualTo(1);
              assertThat(seated.seat().loopIndex()).isEqualTo(1);
            });

    busy.busy.add(1);
    assertThat(tested.seat(ROOM, 1, BOB, null, RTC, null))
        .isInstanceOf(ConferenceDirectory.NoSeat.class);
    assertThat(tested.seat(OTHER, 1, BOB, null, RTC, null))
        .isInstanceOf(ConferenceDirectory.NoSeat.class);
    assertThat(tested.busyCount()).isEqualTo(2);
    assertThat(tested.conferenceCount()).isEqualTo(1);
  }

  @Test
  void peersOfAConferenceWhoseThreadHasMuchToDoGoToOthers() {
    BusyThreads threads = new BusyThreads();
    ConferenceDirectory tested = new ConferenceDirectory(10, 2, threads);
    tested.seat(ROOM, 1, ALICE, null, RTC, null);
    threads.strained.add(0);

    assertThat(tested.seat(ROOM, 1, BOB, null, RTC, null))
        .isInstanceOfSatisfying(
            ConferenceDirectory.Seated.class,
            seated -> {
              assertThat(tested.agentOf(ROOM)).isZero();
              assertThat(seated.seat().loopIndex()).isEqualTo(1);
            });
  }

  @Test
  void whoIsHereMayAlwaysChangeSession() {
    BusyThreads busy = new BusyThreads();
    ConferenceDirectory tested = new ConferenceDirectory(10, 2, busy);
    tested.seat(ROOM, 1, ALICE, null, RTC, null);
    busy.busy.addAll(List.of(0, 1));

    assertThat(tested.seat(ROOM, 1, ALICE, null, RTC, null))
        .isInstanceOf(ConferenceDirectory.Seated.class);
    assertThat(tested.seat(ROOM, 1, BOB, null, RTC, null))
        .isInstanceOf(ConferenceDirectory.NoSeat.class);
  }

  @Test
  void whoComesInThePlaceOfOneWhoIsHereIsNotMore() {
    BusyThreads busy = new BusyThreads();
    ConferenceDirectory tested = new ConferenceDirectory(1, 2, busy);
    tested.seat(ROOM, 1, ALICE, null, RTC, null);
    busy.busy.addAll(List.of(0, 1));

    assertThat(tested.seat(OTHER, 1, BOB, ALICE, RTC, null))
        .isInstanceOf(ConferenceDirectory.NoSeat.class);
    assertThat(tested.seat(ROOM, 1, BOB, ALICE, RTC, null))
        .isInstanceOf(ConferenceDirectory.Seated.class);
  }

  @Test
  void whoComesInThePlaceOfOneWhoHasJustGoneIsNotMore() {
    BusyThreads busy = new BusyThreads();
    ConferenceDirectory tested = new ConferenceDirectory(1, 2, busy);
    var alice = (ConferenceDirectory.Seated) tested.seat(ROOM, 1, ALICE, null, RTC, null);
    busy.busy.addAll(List.of(0, 1));
    tested.onGone(ROOM, ALICE, alice.seat().peerId());
    tested.onClosed(ROOM);
    tested.drain();

    assertThat(tested.seat(ROOM, 1, BOB, null, RTC, null))
        .isInstanceOf(ConferenceDirectory.NoSeat.class);
    assertThat(tested.seat(OTHER, 1, BOB, ALICE, RTC, null))
        .isInstanceOf(ConferenceDirectory.NoSeat.class);
    assertThat(tested.seat(ROOM, 1, BOB, ALICE, RTC, null))
        .isInstanceOf(ConferenceDirectory.Seated.class);
    assertThat(tested.seat(ROOM, 1, new ParticipantId("carol"), ALICE, RTC, null))
        .as("the server is full")
        .isInstanceOf(ConferenceDirectory.NoSeat.class);
  }

  private static final class BusyThreads implements Headroom {
    final Set<Integer> busy = new HashSet<>();
    final Set<Integer> strained = new HashSet<>();

    @Override
    public boolean isBusy(int thread) {
      return busy.contains(thread);
    }

    @Override
    public boolean isCalm(int thread) {
      return !strained.contains(thread) && !isBusy(thread);
    }
  }

  @Test
  void snapshotTellsNewestEpochAndWhoIsThere() {
    ConferenceDirectory.Seated alice = seat(ROOM, ALICE);
    directory.seat(ROOM, 3, BOB, null, RTC, null);
    directory.onGone(ROOM, ALICE, alice.seat().peerId());

    assertThat(directory.snapshots())
        .containsExactly(new ConferenceSnapshot(ROOM, 3, List.of(BOB)));
  }

  /** Against a plain model: whatever happens, sums are right and peer ids are never used twice. */
  @Property(tries = 200)
  void sumsAreRightWhateverHappens(@ForAll long seed) {
    Random random = new Random(seed);
    ConferenceDirectory tested = new ConferenceDirectory(8, 3, Headroom.UNLIMITED);
    Map<ConferenceId, Map<ParticipantId, Integer>> model = new HashMap<>();
    Set<Integer> peerIds = new HashSet<>();
    for (int step = 0; step < 200; step++) {
      ConferenceId conference = new ConferenceId("c" + random.nextInt(3));
      ParticipantId participant = new ParticipantId("p" + random.nextInt(5));
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          if (tested.seat(conference, step, participant, null, RTC, null)
              instanceof ConferenceDirectory.Seated seated) {
            assertThat(peerIds.add(seated.seat().peerId())).isTrue();
            tested.enter(conference, participant, seated.seat(), _ -> Entry.DONE);
            model
                .computeIfAbsent(conference, c -> new HashMap<>())
                .put(participant, seated.seat().peerId());
          }
        }
        case 2 -> {
          boolean wasThere = model.getOrDefault(conference, Map.of()).containsKey(participant);
          boolean wasHosted = model.containsKey(conference);
          if (tested.seat(conference, step, participant, null, RTC, null)
              instanceof ConferenceDirectory.Seated seated) {
            tested.giveBack(conference, participant, seated);
          }
          assertThat(tested.contains(conference, participant)).isEqualTo(wasThere);
          assertThat(tested.agentOf(conference) >= 0).isEqualTo(wasHosted);
        }
        case 3 -> {
          Integer peerId = model.getOrDefault(conference, new HashMap<>()).remove(participant);
          assertThat(tested.onGone(conference, participant, peerId == null ? 0 : peerId)).isTrue();
        }
        default -> {
          tested.onClosed(conference);
          model.remove(conference);
        }
      }
      List<ParticipantId> all = new ArrayList<>();
      model.values().forEach(seats -> all.addAll(seats.keySet()));
      assertThat(tested.participantCount()).isEqualTo(all.size()).isLessThanOrEqualTo(8);
      assertThat(tested.conferenceCount()).isEqualTo(model.size());
    }
  }
}
