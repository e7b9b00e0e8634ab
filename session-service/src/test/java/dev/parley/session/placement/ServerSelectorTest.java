package dev.parley.session.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.ServerLoad;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ServerSelectorTest {
  private static final Region EU = new Region("eu");
  private static final Region NA = new Region("na");
  private static final Region ASIA = new Region("asia");

  private final ServerSelector selector = new ServerSelector(new Random(7));

  @Test
  void nobodyFitsNobodyIsChosen() {
    assertThat(selector.choose(List.of(), Preference.NONE)).isNull();
    assertThat(selector.choose(List.of(server("a", EU, load(0, 500, false), 0)), Preference.NONE))
        .as("full")
        .isNull();
    assertThat(selector.choose(List.of(server("a", EU, load(0, 1, true), 0)), Preference.NONE))
        .as("draining")
        .isNull();
    assertThat(selector.choose(List.of(server("a", EU, load(0.95, 1, false), 0)), Preference.NONE))
        .as("no processor left")
        .isNull();
  }

  @Test
  void theRegionIsKept() {
    List<Candidate> all =
        List.of(server("a", EU, load(0.8, 400, false), 0), server("b", NA, load(0, 0, false), 0));

    for (int i = 0; i < 50; i++) {
      assertThat(chosen(selector, all, Preference.only(EU)).server()).isEqualTo(new ServerId("a"));
    }
    assertThat(selector.choose(all, Preference.only(ASIA))).as("rather none").isNull();
  }

  @Test
  void theNearestRegionIsChosenUnlessItIsTooBusy() {
    Preference near = new Preference(List.of(), false, Map.of(EU, 20.0, NA, 90.0), null);

    assertThat(regionOf(near, 0.3, 0.1)).isEqualTo(EU);
    assertThat(regionOf(near, 0.8, 0.1)).as("busy, but near").isEqualTo(EU);
    assertThat(regionOf(near, 0.89, 0.1)).as("very busy").isEqualTo(NA);
    assertThat(regionOf(near, 0.95, 0.1)).as("full").isEqualTo(NA);
  }

  @Test
  void aRegionOfWhichNothingIsKnownIsFar() {
    Preference near = new Preference(List.of(), false, Map.of(NA, 250.0), null);

    assertThat(regionOf(near, 0.1, 0.1)).isEqualTo(NA);
  }

  @Test
  void whereTheConferenceIsCountsAsALittleNearer() {
    Map<Region, Double> rttMs = Map.of(EU, 40.0, NA, 20.0);

    assertThat(regionOf(new Preference(List.of(), false, rttMs, null), 0.1, 0.1)).isEqualTo(NA);
    assertThat(regionOf(new Preference(List.of(), false, rttMs, EU), 0.1, 0.1)).isEqualTo(EU);
  }

  @Test
  void pinnedRegionsAreTakenInTheirOrderHoweverFar() {
    Preference pinned = new Preference(List.of(NA, EU), true, Map.of(EU, 1.0, NA, 300.0), EU);

    assertThat(regionOf(pinned, 0.1, 0.8)).isEqualTo(NA);
    assertThat(regionOf(pinned, 0.1, 0.95)).as("the first has no room").isEqualTo(EU);
  }

  private Region regionOf(Preference preference, double euCpu, double naCpu) {
    List<Candidate> two =
        List.of(
            server("a", EU, load(euCpu, 0, false), 0), server("b", NA, load(naCpu, 0, false), 0));
    return chosen(selector, two, preference).region();
  }

  @Test
  void ofTwoTheLessBusyIsChosen() {
    List<Candidate> two =
        List.of(server("a", EU, load(0.5, 0, false), 0), server("b", EU, load(0.1, 0, false), 0));

    for (int i = 0; i < 50; i++) {
      assertThat(chosen(selector, two, Preference.NONE).server()).isEqualTo(new ServerId("b"));
    }
  }

  @Test
  void lateTicksWeighMoreThanFreeSeats() {
    ServerLoad late = new ServerLoad(0.1, 0, 0, 0, 3, 0, false);
    List<Candidate> two =
        List.of(server("a", EU, late, 0), server("b", EU, load(0.5, 300, false), 0));

    assertThat(chosen(selector, two, Preference.NONE).server()).isEqualTo(new ServerId("b"));
  }

  /** Load is reported once a second; a burst between two reports must not pile up on one server. */
  @Property(tries = 50)
  void aBurstBetweenTwoReportsIsSpread(@ForAll long seed) {
    ServerSelector mine = new ServerSelector(new Random(seed));
    int[] placed = new int[10];

    for (int i = 0; i < 200; i++) {
      List<Candidate> all = new ArrayList<>();
      for (int s = 0; s < placed.length; s++) {
        all.add(server("s" + s, EU, load(0.1, 0, false), placed[s]));
      }
      Collections.shuffle(all, new Random(seed + i));
      placed[index(chosen(mine, all, Preference.only(EU)))]++;
    }

    assertThat(Arrays.stream(placed).boxed()).allMatch(count -> count >= 15 && count <= 25);
  }

  /** The same for people who join conferences that are there: their servers get fewer new ones. */
  @Test
  void joinsThatNoReportHasShownYetCount() {
    Candidate.Pending joining = new Candidate.Pending(0, 60);
    Candidate busy =
        new Candidate(new ServerId("a"), "i", EU, load(0.1, 0, false), 500, joining, 1);
    List<Candidate> two = List.of(busy, server("b", EU, load(0.2, 0, false), 0));

    assertThat(chosen(selector, two, Preference.NONE).server()).isEqualTo(new ServerId("b"));
  }

  /**
   * One server among busy ones has just started: everybody finds it the least busy. It gets about
   * its weight's share of two draws, not the whole herd.
   */
  @Property(tries = 50)
  void theHerdDoesNotGoToTheServerThatHasJustStarted(@ForAll long seed) {
    assertThat(placedOnFresh(seed, 0.1)).isLessThanOrEqualTo(15);
    assertThat(placedOnFresh(seed, 1)).as("when it has warmed up").isBetween(20, 70);
  }

  /** Of 200 conferences; nine others are half full, and no report comes in between. */
  private static int placedOnFresh(long seed, double weight) {
    ServerSelector mine = new ServerSelector(new Random(seed));
    int[] placed = new int[10];
    for (int i = 0; i < 200; i++) {
      List<Candidate> all = new ArrayList<>();
      for (int s = 0; s < placed.length; s++) {
        all.add(
            new Candidate(
                new ServerId("s" + s),
                "i",
                EU,
                load(s == 0 ? 0 : 0.5, 0, false),
                5000,
                new Candidate.Pending(placed[s], 0),
                s == 0 ? weight : 1));
      }
      placed[index(chosen(mine, all, Preference.NONE))]++;
    }
    return placed[0];
  }

  /** Over many reports, servers of any number end up with nearly the same. */
  @Property(tries = 30)
  void loadIsBalancedOverManyReports(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 12) int n) {
    ServerSelector mine = new ServerSelector(new Random(seed));
    int[] reported = new int[n];
    int[] placed = new int[n];
    for (int i = 0; i < n * 60; i++) {
      if (i % 20 == 0) {
        reported = placed.clone();
      }
      List<Candidate> all = new ArrayList<>();
      for (int s = 0; s < n; s++) {
        all.add(server("s" + s, EU, load(0, reported[s] * 3, false), placed[s] - reported[s]));
      }
      placed[index(chosen(mine, all, Preference.NONE))]++;
    }

    assertThat(Arrays.stream(placed).boxed()).allMatch(count -> count >= 48 && count <= 72);
  }

  @Test
  void theSameSeedChoosesTheSame() {
    assertThat(placedOnFresh(42, 1)).isEqualTo(placedOnFresh(42, 1));
  }

  private static Candidate chosen(
      ServerSelector selector, List<Candidate> all, Preference preference) {
    return Objects.requireNonNull(selector.choose(all, preference));
  }

  private static int index(Candidate chosen) {
    return Integer.parseInt(chosen.server().value().substring(1));
  }

  private static Candidate server(String name, Region region, ServerLoad load, int placed) {
    return new Candidate(
        new ServerId(name), "i", region, load, 500, new Candidate.Pending(placed, 0), 1);
  }

  private static ServerLoad load(double cpu, int participants, boolean draining) {
    return new ServerLoad(cpu, 0, 1, participants, 0, 0, draining);
  }
}
