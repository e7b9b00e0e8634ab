package dev.parley.common.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.CommandId;
import dev.parley.common.id.ConferenceId;
import org.junit.jupiter.api.Test;

class CommandLogTest {
  private static final CommandResult.Outcome DONE = CommandResult.Accepted.PLAIN;
  private final CommandLog log = new CommandLog(3, 2, 2);

  @Test
  void aCommandIsAppliedOnceAndARepetitionGetsTheFirstOutcome() {
    assertThat(log.arrive(command("a", "cf", 1))).isEqualTo(new CommandLog.Apply());
    assertThat(log.arrive(command("a", "cf", 1))).isEqualTo(new CommandLog.Running());
    log.finish(new CommandId("a"), DONE);

    assertThat(log.arrive(command("a", "cf", 1))).isEqualTo(new CommandLog.Answer(DONE));
  }

  @Test
  void anOlderEpochIsStaleAndANewerOneReplacesIt() {
    apply("a", "cf", 5);

    assertThat(log.arrive(command("b", "cf", 4)))
        .isEqualTo(new CommandLog.Answer(new CommandResult.Stale(5)));
    assertThat(log.arrive(command("c", "cf", 6))).isEqualTo(new CommandLog.Apply());
    assertThat(log.newestEpoch(new ConferenceId("cf"))).isEqualTo(6);
  }

  @Test
  void aRepetitionOfAnOldEpochsCommandStillGetsItsOutcome() {
    apply("a", "cf", 1);
    apply("b", "cf", 2);

    assertThat(log.arrive(command("a", "cf", 1))).isEqualTo(new CommandLog.Answer(DONE));
  }

  @Test
  void tooManyAtOnceIsBusyAndMayBeAskedAgain() {
    log.arrive(command("a", "cf", 1));
    log.arrive(command("b", "cf", 1));

    assertThat(log.arrive(command("c", "cf", 1)))
        .isInstanceOf(CommandLog.Answer.class)
        .extracting(answer -> ((CommandLog.Answer) answer).outcome())
        .isInstanceOf(CommandResult.Busy.class);
    log.finish(new CommandId("a"), DONE);
    assertThat(log.arrive(command("c", "cf", 1))).isEqualTo(new CommandLog.Apply());
  }

  @Test
  void memoryIsBounded() {
    for (int i = 0; i < 100; i++) {
      apply("a" + i, "cf" + i, 1);
    }

    assertThat(log.finishedCount()).isEqualTo(3);
    assertThat(log.runningCount()).isZero();
    assertThat(log.newestEpoch(new ConferenceId("cf99"))).isEqualTo(1);
    assertThat(log.newestEpoch(new ConferenceId("cf0"))).isNull();
  }

  private void apply(String id, String conference, long epoch) {
    assertThat(log.arrive(command(id, conference, epoch))).isEqualTo(new CommandLog.Apply());
    log.finish(new CommandId(id), DONE);
  }

  private static Command command(String id, String conference, long epoch) {
    return new Command(
        new CommandId(id), new ConferenceId(conference), epoch, new Order.EndConference());
  }
}
