package dev.parley.common.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class MetadataRegionTest {
  @Test
  void whatIsMarkedIsFound() {
    String marked = MetadataRegion.mark("ob_AbC-_9", "eu-central-1");

    assertThat(marked).isEqualTo("ob_AbC-_9.eu-central-1");
    assertThat(MetadataRegion.of(marked)).isEqualTo("eu-central-1");
    assertThat(MetadataRegion.mark("ob_AbC-_9", null)).isEqualTo("ob_AbC-_9");
    assertThat(MetadataRegion.of("ob_AbC-_9")).isNull();
    assertThat(MetadataRegion.unmarked(marked)).isEqualTo("ob_AbC-_9");
    assertThat(MetadataRegion.unmarked("ob_AbC-_9")).isEqualTo("ob_AbC-_9");
  }

  @Test
  void whatIsNoNameIsNoRegion() {
    assertThat(MetadataRegion.of("")).isNull();
    assertThat(MetadataRegion.of("notes.txt")).isNull();
    assertThat(MetadataRegion.of("cf_1.2.eu")).isNull();
    assertThat(MetadataRegion.of("cf_1.")).isNull();
    assertThat(MetadataRegion.of("cf_1.-eu")).isNull();
    assertThat(MetadataRegion.of("cf_1.EU")).isNull();
    assertThat(MetadataRegion.of("cf_1.eu\n")).isNull();
    assertThat(MetadataRegion.of("cf_1." + "e".repeat(25))).isNull();
    assertThatThrownBy(() -> MetadataRegion.mark("cf_1", "e.u"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theLongestFitsAnIdentifier() {
    String recording = "rc_" + "f".repeat(32);
    assertThat(new RecordingId(MetadataRegion.mark(recording, "e".repeat(24))).value())
        .hasSizeLessThanOrEqualTo(64);
  }
}
