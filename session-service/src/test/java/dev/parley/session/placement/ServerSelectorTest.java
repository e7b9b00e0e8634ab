package dev.parley.session.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.ServerLoad;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ServerSelectorTest {
  private static final Region EU = new Region("eu");
  private static final Region NA = new Region("na");

  private final ServerSelector selector = new ServerSelector(new Random(7));

  @Test
  void nobodyFitsNobodyIsChosen() {
    assertThat(selector.choose(List.of(), null)).isNull();
    assertThat(selector.choose(List.of(server("a", EU, load(0, 500, false), 0)), null))
        .as("full")
        .isNull();
    assertThat(selector.choose(List.of(server("a", EU, load(0, 1, true), 0)), null))
        .as("draining")
        .isNull();
    assertThat(selector.choose(List.of(server("a", EU, load(0.95, 1, false), 0)), null))
        .as("no processor left")
        .isNull();
  }

  @Test
  void theRegionIsKept() {
    List<Candidate> all =
        List.of(server("a", EU, load(0.8, 400, false), 0), server("b", NA, load(0, 0, false), 0));

    for (int i = 0; i < 50; i++) {
      assertThat(Objects.requireNonNull(selector.choose(all, EU)).server())
          .isEqualTo(new ServerId("a"));
    }
  }

  @Test
  void ofTwoTheLessBusyIsChosen() {
    List<Candidate> two =
        List.of(server("a", EU, load(0.5, 0, false), 0), server("b", EU, load(0.1, 0, false), 0));

    for (int i = 0; i < 50; i++) {
      assertThat(Objects.requireNonNull(selector.choose(two, null)).server())
          .isEqualTo(new ServerId("b"));
    }
  }

  @Test
  void lateTicksWeighMoreThanFreeSeats() {
    ServerLoad late = new ServerLoad(0.1, 0, 0, 0, 3, 0, false);
    List<Candidate> two =
        List.of(server("a", EU, late, 0), server("b", EU, load(0.5, 300, false), 0));

    assertThat(Objects.requireNonNull(selector.choose(two, null)).server())
        .isEqualTo(new ServerId("b"));
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
      Candidate chosen = Objects.requireNonNull(mine.choose(all, EU));
      placed[Integer.parseInt(chosen.server().value().substring(1))]++;
    }

    assertThat(Arrays.stream(placed).boxed()).allMatch(count -> count >= 15 && count <= 25);
  }

  private static Candidate server(String name, Region region, ServerLoad load, int placed) {
    return new Candidate(new ServerId(name), "i", region, load, 500, placed);
  }

  private static ServerLoad load(double cpu, int participants, boolean draining) {
    return new ServerLoad(cpu, 0, 1, participants, 0, 0, draining);
  }
}
