package dev.parley.media.control;

import static dev.parley.media.control.ControlLinkRig.A;
import static dev.parley.media.control.ControlLinkRig.B;
import static dev.parley.media.control.ControlLinkRig.SECOND_NS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Questions about uploads: any node answers, and a break costs nothing but time. */
class ControlLinkUploadsTest {
  private static final UploadRequest.Track TRACK = new UploadRequest.Track("rc_1", 1, "mix");
  private static final UploadRequest.Wish WISH =
      new UploadRequest.Sign(List.of(new UploadRequest.Create()));

  private final ControlLinkRig rig = new ControlLinkRig(100);

  @Test
  void aQuestionIsAnswered() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a");

    CompletableFuture<UploadAnswer.Outcome> answer = ask();
    a.say(new UploadAnswer(1, new UploadAnswer.Available()));

    assertThat(a.heard()).containsExactly(new UploadRequest(1, TRACK, WISH));
    assertThat(answer).isCompletedWithValue(new UploadAnswer.Available());
  }

  @Test
  void whatIsAskedWithoutALinkIsSentWhenOneIsUp() {
    CompletableFuture<UploadAnswer.Outcome> answer = ask();
    assertThat(answer).isNotDone();

    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a");

    assertThat(a.heard()).containsExactly(new UploadRequest(1, TRACK, WISH));
  }

  @Test
  void anotherNodeIsAskedWhenALinkBreaks() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a", A, B);
    ScriptedNodes.Dialled b = rig.nodes.last().welcome("b", A, B);
    CompletableFuture<UploadAnswer.Outcome> answer = ask();
    ScriptedNodes.Dialled asked = a.heard().isEmpty() ? b : a;
    ScriptedNodes.Dialled other = asked == a ? b : a;
    assertThat(asked.heard()).hasSize(1);
    assertThat(other.heard()).isEmpty();

    asked.breakOff();

    assertThat(other.heard()).containsExactly(new UploadRequest(1, TRACK, WISH));
    other.say(new UploadAnswer(1, new UploadAnswer.Unwanted()));
    assertThat(answer).isCompletedWithValue(new UploadAnswer.Unwanted());
  }

  @Test
  void aNodeThatIsSilentIsNotWaitedForAndALateAnswerDoesNoHarm() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a", A, B);
    ScriptedNodes.Dialled b = rig.nodes.last().welcome("b", A, B);
    CompletableFuture<UploadAnswer.Outcome> answer = ask();

    rig.loop.advance(5 * SECOND_NS);

    assertThat(a.heard()).isEqualTo(b.heard()).hasSize(1);
    b.say(new UploadAnswer(1, new UploadAnswer.Available()));
    a.say(new UploadAnswer(1, new UploadAnswer.Available()));
    assertThat(answer).isCompletedWithValue(new UploadAnswer.Available());
    assertThat(rig.counters.value(LinkCounter.UPLOADS_LATE)).isEqualTo(1);
    assertThat(rig.link.upCount()).isEqualTo(2);
  }

  @Test
  void aKeyIsAskedOfAnotherNodeSooner() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a", A, B);
    ScriptedNodes.Dialled b = rig.nodes.last().welcome("b", A, B);
    CompletableFuture<UploadAnswer.Outcome> answer =
        rig.link.ask(TRACK, new UploadRequest.SpoolKey());
    rig.loop.run();
    rig.loop.advance(SECOND_NS / 2);

    assertThat(a.heard()).isEqualTo(b.heard()).hasSize(1);
    assertThat(answer).isNotDone();
  }

  @Test
  void withinAMinuteThereIsAnAnswer() {
    CompletableFuture<UploadAnswer.Outcome> withoutLink = ask();
    rig.loop.advance(61 * SECOND_NS);
    assertThat(withoutLink.join()).isInstanceOf(UploadAnswer.Later.class);

    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a");
    CompletableFuture<UploadAnswer.Outcome> unanswered = ask();
    rig.loop.advance(61 * SECOND_NS);
    assertThat(unanswered.join()).isInstanceOf(UploadAnswer.Later.class);
    assertThat(a.heard().size()).isBetween(4, 12);
  }

  @Test
  void onlySoManyWaitAndClosingAnswersThem() {
    List<CompletableFuture<UploadAnswer.Outcome>> answers = new ArrayList<>();
    for (int i = 0; i < 65; i++) {
      answers.add(ask());
    }
    assertThat(answers.getLast().join()).isInstanceOf(UploadAnswer.Later.class);
    assertThat(answers.get(63)).isNotDone();

    rig.link.close();
    rig.loop.run();

    assertThat(answers).allMatch(CompletableFuture::isDone);
    CompletableFuture<UploadAnswer.Outcome> after = ask();
    assertThat(after.join()).isInstanceOf(UploadAnswer.Later.class);
  }

  private CompletableFuture<UploadAnswer.Outcome> ask() {
    CompletableFuture<UploadAnswer.Outcome> answer = rig.link.ask(TRACK, WISH);
    rig.loop.run();
    return answer;
  }
}
