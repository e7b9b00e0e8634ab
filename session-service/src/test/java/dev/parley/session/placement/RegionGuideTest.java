package dev.parley.session.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.parley.common.id.Region;
import dev.parley.session.placement.RegionGuide.Via;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RegionGuideTest {
  private static final Region EU = new Region("eu");
  private static final Region NA = new Region("na");
  private static final Region ASIA = new Region("asia");
  private static final Region LAB = new Region("lab");
  private static final List<Region> ALL = List.of(NA, ASIA, EU);
  private static final InetAddress SOMEWHERE = InetAddress.ofLiteral("203.0.113.9");

  private final RegionAtlas atlas =
      new RegionAtlas(Map.of(LAB, new RegionAtlas.Place("Zurich", new GeoPoint(47.4, 8.5))));

  @Test
  void theCountryOfTheAddressTellsWhatIsNear() {
    assertThat(order("DE")).containsExactly(EU, NA, ASIA);
    assertThat(order("BR")).containsExactly(NA, EU, ASIA);
    assertThat(order("JP")).containsExactly(ASIA, EU, NA);
    assertThat(guide("DE", null).distances(ALL, SOMEWHERE, List.of()))
        .allMatch(distance -> distance.via() == Via.GEOIP);
  }

  @Test
  void whatTheClientMeasuredCountsBeforeItsAddress() {
    List<RegionProbe> probes =
        List.of(
            new RegionProbe(NA, List.of(500.0, 9.0, 8.0), Duration.ZERO),
            new RegionProbe(EU, List.of(40.0, 60.0), Duration.ofMinutes(9)),
            new RegionProbe(ASIA, List.of(), Duration.ZERO));

    List<RegionGuide.Distance> distances = guide("DE", null).distances(ALL, SOMEWHERE, probes);

    assertThat(distances.get(0)).isEqualTo(new RegionGuide.Distance(NA, 9, Via.PROBES));
    assertThat(distances.get(1)).isEqualTo(new RegionGuide.Distance(EU, 50, Via.PROBES));
    assertThat(distances.get(2).via()).as("no answer came").isEqualTo(Via.GEOIP);
  }

  @Test
  void oldProbesDoNotCount() {
    List<RegionProbe> probes =
        List.of(new RegionProbe(NA, List.of(1.0), RegionProbe.AGE_MAX.plusSeconds(1)));

    assertThat(guide("DE", null).distances(ALL, SOMEWHERE, probes).getFirst().region())
        .isEqualTo(EU);
  }

  @Test
  void withoutAnyKnowledgeClientsAreWhereTheOperatorSays() {
    assertThat(guide(null, NA).distances(ALL, SOMEWHERE, List.of()))
        .extracting(RegionGuide.Distance::region, RegionGuide.Distance::via)
        .containsExactly(
            tuple(NA, Via.CONFIGURED), tuple(EU, Via.CONFIGURED), tuple(ASIA, Via.CONFIGURED));
    assertThat(guide(null, null).distances(ALL, null, List.of()).getFirst().region())
        .as("the first by name")
        .isEqualTo(ASIA);
  }

  @Test
  void aGuessDoesNotStandAgainstWhatWasMeasured() {
    List<RegionProbe> probes = List.of(new RegionProbe(EU, List.of(40.0), Duration.ZERO));

    assertThat(guide(null, NA).distances(ALL, SOMEWHERE, probes).getFirst().region()).isEqualTo(EU);
  }

  @Test
  void regionsOfWhichNobodyKnowsWhereTheyAreComeLast() {
    Region nowhere = new Region("nowhere");

    List<RegionGuide.Distance> distances =
        guide("NZ", null).distances(List.of(nowhere, EU, LAB), SOMEWHERE, List.of());

    assertThat(distances.getLast().region()).isEqualTo(nowhere);
    assertThat(distances.getLast().rttMs()).isEqualTo(RegionScore.FAR_MS);
  }

  @Test
  void greatCirclesAreAsLongAsTheyAre() {
    GeoPoint frankfurt = new GeoPoint(50.11, 8.68);
    GeoPoint singapore = new GeoPoint(1.35, 103.82);

    assertThat(frankfurt.distanceKm(singapore)).isCloseTo(10_260, within(60.0));
    assertThat(frankfurt.distanceKm(frankfurt)).isZero();
    assertThat(new GeoPoint(0, 179.5).distanceKm(new GeoPoint(0, -179.5)))
        .as("over the date line")
        .isCloseTo(111, within(1.0));
  }

  /** Who forgot one would send its people anywhere. */
  @Test
  void everyCountryHasAPlace() {
    for (String country : Locale.getISOCountries()) {
      assertThat(atlas.middleOf(country)).as(country).isNotNull();
    }
  }

  private List<Region> order(@Nullable String country) {
    return guide(country, null).distances(ALL, SOMEWHERE, List.of()).stream()
        .map(RegionGuide.Distance::region)
        .toList();
  }

  private RegionGuide guide(@Nullable String country, @Nullable Region usual) {
    return new RegionGuide(atlas, _ -> country, usual);
  }
}
