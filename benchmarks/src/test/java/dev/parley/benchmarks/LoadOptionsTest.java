package dev.parley.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class LoadOptionsTest {
  private final LoadOptions options = new LoadOptions();

  @Test
  void everySlotOfEveryListenerIsFilled() {
    options.participants = 20;
    options.mixed = 5;
    options.slots = 3;

    assertThat(options.expectedPerSecond()).isEqualTo(50 * (5 + 15 * 3));
  }

  @Test
  void nobodyHearsMoreThanThereAre() {
    options.participants = 5;
    options.rooms = 2;
    options.mixed = 0;

    // Three in one room hear two each, two in the other hear one each.
    assertThat(options.expectedPerSecond()).isEqualTo(50 * (3 * 2 + 2));
  }

  @Test
  void whoOnlyListensIsNotHeard() {
    options.participants = 12;
    options.talkers = 2;
    options.mixed = 0;
    options.slots = 3;
    options.quietIntervalMs = 0;

    // The two talkers hear each other, ten listeners hear both.
    assertThat(options.expectedPerSecond()).isEqualTo(50 * (2 + 10 * 2));
    assertThat(options.linesHeard(0)).isEqualTo(1);
    assertThat(options.linesHeard(2)).isEqualTo(2);
  }

  @Test
  void commandLineIsUnderstood() {
    CommandLine command = new CommandLine(new Soak());

    assertThat(command.execute("--help")).isZero();
    assertThat(command.execute("--participants", "many")).isEqualTo(2);
  }
}
