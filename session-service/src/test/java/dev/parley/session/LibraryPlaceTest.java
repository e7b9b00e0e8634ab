package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.common.config.SettingsException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LibraryPlaceTest {
  @Test
  void anEntryIsARegionMaybeWithATable() {
    assertThat(LibraryPlace.parse("eu").folder()).isEqualTo("library-eu.rocksdb");
    LibraryPlace far = LibraryPlace.parse("eu=eu-central-1@http://127.0.0.1:8000/x");
    assertThat(far.region()).isEqualTo("eu");
    assertThat(far.awsRegion()).contains("eu-central-1");
    assertThat(far.endpoint()).hasToString("Optional[http://127.0.0.1:8000/x]");
    for (String wrong : List.of("", "EU", "e.u", "eu=", "eu@http://x", "eu=a@ftp://x")) {
      assertThatThrownBy(() -> LibraryPlace.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatDoesNotGoTogetherIsTold() {
    refused(List.of("eu", "eu"), Optional.empty(), false, "twice");
    refused(List.of("eu"), Optional.of("eu"), false, "library-region");
    refused(List.of("eu"), Optional.empty(), true, "AWS region");
    refused(List.of("eu=eu-west-1"), Optional.empty(), false, "not DynamoDB");
    assertThat(
            LibraryPlace.names(
                LibraryPlace.all(List.of("eu", "asia"), Optional.of("us"), false),
                Optional.of("us")))
        .containsExactly("asia", "eu", "us");
  }

  private static void refused(
      List<String> entries, Optional<String> own, boolean isDynamo, String detail) {
    assertThatThrownBy(() -> LibraryPlace.all(entries, own, isDynamo))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(detail);
  }
}
