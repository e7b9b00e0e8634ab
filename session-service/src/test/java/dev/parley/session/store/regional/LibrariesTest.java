package dev.parley.session.store.regional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.conference.MetadataRegions;
import dev.parley.session.store.StoreUnavailableException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class LibrariesTest {
  private final MetadataRegions regions =
      tenant -> new TreeSet<>(tenant.equals("both") ? List.of("eu", "us") : List.of());
  private final Libraries<String> libraries =
      new Libraries<>(
          "home", "us", new TreeMap<>(Map.of("eu", "Frankfurt", "asia", "Tokyo")), regions);

  @Test
  void anIdentifierSaysWhere() {
    assertThat(libraries.of("ob_1")).isEqualTo("home");
    assertThat(libraries.of("ob_1.us")).isEqualTo("home");
    assertThat(libraries.of("ob_1.eu")).isEqualTo("Frankfurt");
    assertThat(libraries.of("a b.E")).isEqualTo("home");
  }

  @Test
  void whatBelongsWhereThereIsNoneIsNotTakenForGone() {
    assertThatThrownBy(() -> libraries.of("ob_1.mars"))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("mars");
  }

  @Test
  void aTenantIsLookedForOnlyWhereItMayBe() {
    assertThat(libraries.ofTenant("both")).containsExactly("home", "Frankfurt");
    assertThat(libraries.ofTenant("none")).containsExactly("home");
    assertThat(Libraries.one("home").ofTenant("both")).containsExactly("home");
  }

  @Test
  void oneThatIsAwayKeepsNothingElseFromBeingDone() {
    List<String> due =
        libraries.due(library -> {
          if (library.equals("Tokyo")) {
            throw new StoreUnavailableException("away", null);
          }
          return List.of(library);
        });

    assertThat(due).containsExactly("home", "Frankfurt");
  }

  @Test
  void theyFollowEachOther() {
    assertThat(libraries.after(null)).isEqualTo("asia");
    assertThat(libraries.after("asia")).isEqualTo("eu");
    assertThat(libraries.after("eu")).isNull();
  }
}
