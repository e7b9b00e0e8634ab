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
  void whoSendsNothingIsNotHeard() {
    options.participants = 101;
    options.talkers = 1;
    options.mixed = 0;
    options.slots = 1;
    options.quietIntervalMs = 0;

    assertThat(options.heardBy(0)).isZero();
    assertThat(options.expectedPerSecond()).isEqualTo(50 * 100);
  }

  @Test
  void allOfAnAudioBridgeHearItsOneMix() {
    options.server = LoadOptions.Server.AUDIOBRIDGE;
    options.participants = 20;

    assertThat(options.expectedPerSecond()).isEqualTo(50 * 20);
    assertThat(options.packetIntervalMs(0)).isEqualTo(20);
  }

  @Test
  void mountpointsTalkerIsNoParticipant() {
    options.server = LoadOptions.Server.STREAMING;
    options.participants = 20;

    assertThat(options.expectedPerSecond()).isEqualTo(50 * 20);
    assertThat(options.packetIntervalMs(0)).isZero();
  }

  @Test
  void whoJoinsLaterTakesThePlaceOfWhoLeft() {
    options.participants = 20;

    assertThat(options.place(3)).isEqualTo(3);
    assertThat(options.place(43)).isEqualTo(3);
  }

  @Test
  void withPausesNobodyKnowsWhatIsDue() {
    options.talkSpurts = true;
    assertThat(options.isContinuous()).isTrue();

    options.quietIntervalMs = 0;
    assertThat(options.isContinuous()).isFalse();
    assertThat(options.mayBeSilent()).isTrue();
  }

  @Test
  void whatCannotBeRunIsRefused() {
    CommandLine command = new CommandLine(new Load()).setCaseInsensitiveEnumValuesAllowed(true);

    assertThat(command.execute("--loss", "101")).isEqualTo(2);
    assertThat(command.execute("--jitter", "-1")).isEqualTo(2);
    assertThat(command.execute("--churn", "-1")).isEqualTo(2);
    assertThat(command.execute("--churn", "1", "--server", "audiobridge")).isEqualTo(2);
  }

  @Test
  void commandLineIsUnderstood() {
    CommandLine command = new CommandLine(new Soak());

    assertThat(command.execute("--help")).isZero();
    assertThat(command.execute("--participants", "many")).isEqualTo(2);
  }
}
