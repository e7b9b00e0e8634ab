package dev.parley.session.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** However a conference comes to leave its server, it stays where it may be. */
final class PlacementMovesTest {
  private static final Region EU = new Region("eu");
  private static final MediaServer EU_1 = server("eu-1", "eu");
  private static final MediaServer NA_1 = server("na-1", "na");
  private static final MediaServer EU_2 = server("eu-2", "eu");

  private final Stage stage = new Stage();
  private ConferenceId conference = new ConferenceId("none");
  private Participant ana;

  @BeforeEach
  void anaIsInEurope() {
    stage.up.clear();
    stage.up.addAll(List.of(EU_1, NA_1));
    Placement placement =
        Objects.requireNonNull(
            Placement.of(Placement.Mode.AUTO, List.of(), "eu-only", List.of(EU)));
    conference = stage.conference(ConferenceOptions.DEFAULT.placed(placement));
    stage.facts.onServerUp(EU_1, List.of());
    stage.facts.onServerUp(NA_1, List.of());
    ana = stage.offer(stage.join(conference, "ana"));
    assertThat(serverOf(conference)).isEqualTo(EU_1);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void whenItsServerDiesItWaitsForOneThatItMayHave() {
    stage.up.remove(EU_1);

    stage.moves.rescue(EU_1, conference);

    assertThat(serverOf(conference)).as("rather none than one elsewhere").isNull();
    assertThat(Stage.refusal(stage.tryOffer(stage.read(ana))))
        .isEqualTo(new Refusal.ResidencyDenied("eu-only", List.of(EU)));
    stage.up.add(EU_2);
    ana = stage.offer(stage.read(ana));
    assertThat(serverOf(conference)).isEqualTo(EU_2);
  }

  @Test
  void whenItsServerDiesItGoesToAnotherThatItMayHave() {
    stage.up.remove(EU_1);
    stage.up.add(EU_2);

    stage.moves.rescue(EU_1, conference);

    assertThat(serverOf(conference)).isEqualTo(EU_2);
  }

  @Test
  void whenItsServerIsDrainedItStaysRatherThanGoElsewhere() {
    stage.fleet.drain(EU_1.server(), Duration.ofMinutes(1));

    assertThat(stage.moves.lead(EU_1, conference)).isFalse();
    assertThat(stage.moves.stuckCount()).isEqualTo(1);
    stage.up.add(EU_2);
    assertThat(stage.moves.lead(EU_1, conference)).isTrue();

    assertThat(serverOf(conference)).isEqualTo(EU_2);
  }

  @Test
  void whoComesFirstToAnEmptyConferenceDecidesAnew() {
    ConferenceId free = stage.conference(ConferenceOptions.DEFAULT);
    Placing placing = new Placing(stage.store, stage.servers);
    Participant first = stage.join(free, "first");
    placing.approach(first, near(10, 20));
    placing.approach(stage.join(free, "second"), near(2, 1));
    assertThat(Objects.requireNonNull(stage.store.allocation(free)).near()).isEqualTo(near(10, 20));

    stage.participants.leave(free, first.id(), LeaveReason.CLIENT);
    stage.participants.endAll(free);
    placing.approach(stage.join(free, "third"), near(30, 1));

    assertThat(Objects.requireNonNull(stage.store.allocation(free)).near()).isEqualTo(near(30, 1));
  }

  private static List<RegionDistance> near(double euMs, double naMs) {
    return List.of(new RegionDistance(EU, euMs), new RegionDistance(new Region("na"), naMs));
  }

  private @Nullable MediaServer serverOf(ConferenceId id) {
    return Objects.requireNonNull(stage.store.allocation(id)).server();
  }

  private static MediaServer server(String id, String region) {
    return new MediaServer(new ServerId(id), "one", new Region(region));
  }
}
