package dev.parley.systemtests.show.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.systemtests.history.HistoryChecker;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A media server and a session node are killed, and the store hangs, while people talk, as {@code
 * ./parley show faults} does. How soon all is well is that demonstration's to judge, on a machine
 * that does nothing else.
 */
@Timeout(240)
class FaultsIT {
  @TempDir private Path folder;

  @Test
  void nobodyIsLostWhenAMediaServerANodeAndTheStoreFailInTurn() throws Exception {
    try (Scene scene = new Scene(folder, 2)) {
      Measurement media = Measurement.of(Fault.MEDIA_KILLED, scene);
      assertThat(media.isWell()).as("%s", media).isTrue();
      assertThat(media.lost()).as("%s", media).isZero();
      assertThat(media.detectedMs()).as("it was given up: %s", media).isNotNaN();
      assertThat(media.moves().count()).as("its guests were told: %s", media).isPositive();
      assertThat(media.moves().areNext()).as("%s", media).isTrue();

      Measurement node = Measurement.of(Fault.NODE_KILLED, scene);
      assertThat(node.isWell()).as("%s", node).isTrue();
      assertThat(node.lost()).as("%s", node).isZero();
      assertThat(node.moves().count()).as("no media was moved: %s", node).isZero();

      Measurement store = Measurement.of(Fault.STORE_STOPPED, scene);
      assertThat(store.isWell()).as("recorded in the end: %s", store).isTrue();
      assertThat(store.lost()).as("%s", store).isZero();
      assertThat(store.essentials()).isNotNull();
      assertThat(store.essentials().areClear()).as("%s", store).isTrue();
      assertThat(store.essentials().haveGoneOn())
          .as("%s, %s", store.essentials().refusedModerations(), store.essentials().refusedLeaves())
          .isTrue();

      Race race = Race.of(scene, 5);
      assertThat(race).isEqualTo(new Race(5, 10, 0));
      assertThat(HistoryChecker.judge(scene.history())).isEmpty();
    }
  }
}
