package dev.parley.media.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.speaker.SpeakerRanking;
import dev.parley.media.speaker.TalkerLevels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForwardPlanTest {
  private static final int FRAME = 960;
  private static final int LOUD = -20;
  private static final int QUIET = -90;

  private final VoicePackets packets = new VoicePackets();
  private final TalkerLevels levels = new TalkerLevels(0);
  private final SpeakerRanking ranking = new SpeakerRanking(levels, 4);
  private final ForwardPlan plan = new ForwardPlan(ranking, 3);
  private long nowNs;
  private long lastSentNs;

  private record Sent(
      int receiver, int line, int sequenceNumber, int timestampTicks, boolean marker) {}

  @Test
  void firstPacketStartsTheLineWithTheMarker() {
    talker(0);
    plan.addReceiver(7, 3, -1, 1);
    settle(LOUD);

    List<Sent> sent = send(0, 100, 5000);

    assertThat(sent).hasSize(1);
    assertThat(sent.getFirst().receiver()).isEqualTo(7);
    assertThat(sent.getFirst().marker()).isTrue();
    assertThat(send(0, 101, 5960).getFirst().marker()).isFalse();
  }

  @Test
  void lossAndReorderingOfTheTalkerStayVisible() {
    talker(0);
    plan.addReceiver(7, 3, -1, 1);
    settle(LOUD);
    int base = send(0, 65534, 0).getFirst().sequenceNumber();

    int afterLoss = send(0, 1, 3 * FRAME).getFirst().sequenceNumber();
    int late = send(0, 0, 2 * FRAME).getFirst().sequenceNumber();

    assertThat((afterLoss - base) & 0xFFFF).isEqualTo(3);
    assertThat((late - base) & 0xFFFF).isEqualTo(2);
  }

  @Test
  void changeOfTalkerGoesOnByOneAndByTheTimeThatPassed() {
    twoTalkersOneLine();
    settle(LOUD, QUIET);
    send(0, 5, 0);
    Sent last = send(0, 8, 3 * FRAME).getFirst();
    assertThat(send(1, 1, 1)).isEmpty();

    settle(QUIET, LOUD);
    long elapsedTicks = (nowNs - lastSentNs) * 48 / 1_000_000;
    Sent first = send(1, 2000, 123_456).getFirst();

    assertThat((first.sequenceNumber() - last.sequenceNumber()) & 0xFFFF).isEqualTo(1);
    assertThat(first.timestampTicks() - last.timestampTicks()).isEqualTo((int) elapsedTicks);
    assertThat(first.marker()).isTrue();
  }

  @Test
  void firstPacketOfAnotherTalkerNeverReachesIntoTheLastSound() {
    talker(0);
    plan.addReceiver(7, 3, -1, 1);
    settle(LOUD);
    Sent last = send(0, 5, 0).getFirst();

    Sent restarted = send(0, 20, 99, 0x5555).getFirst();

    assertThat(restarted.timestampTicks() - last.timestampTicks()).isEqualTo(FRAME);
    assertThat(restarted.sequenceNumber()).isEqualTo((last.sequenceNumber() + 1) & 0xFFFF);
  }

  @Test
  void latePacketsOfThePreviousTalkerAreDropped() {
    twoTalkersOneLine();
    settle(LOUD, QUIET);
    send(0, 5, 0);
    send(0, 7, 2 * FRAME);
    settle(QUIET, LOUD);
    send(1, 10, 0);

    assertThat(send(0, 6, FRAME)).isEmpty();
    assertThat(send(1, 9, -FRAME)).isEmpty();
  }

  @Test
  void longStayDoesNotMistakeWrapAroundForAPacketBeforeItsStart() {
    talker(0);
    plan.addReceiver(7, 3, -1, 1);
    settle(LOUD);
    int previous = send(0, 0, 0).getFirst().sequenceNumber();
    for (int i = 1; i < 200_000; i++) {
      List<Sent> sent = send(0, i & 0xFFFF, i * FRAME);
      if (sent.size() != 1 || ((sent.getFirst().sequenceNumber() - previous) & 0xFFFF) != 1) {
        throw new AssertionError("packet " + i + " after " + previous + ": " + sent);
      }
      previous = sent.getFirst().sequenceNumber();
    }
  }

  @Test
  void lostNumberIsFoundAcrossWrapAroundOnBothSides() {
    talker(0);
    plan.addReceiver(7, 3, -1, 1);
    settle(LOUD);
    for (int i = 0; i < 200_000; i++) {
      int sequenceNumber = send(0, i & 0xFFFF, i * FRAME).getFirst().sequenceNumber();
      SourceStays source = plan.find(7, 0, sequenceNumber - 20 & 0xFFFF);
      if (i >= 20
          && (source == null || ((int) source.sourceSequence() & 0xFFFF) != (i - 20 & 0xFFFF))) {
        throw new AssertionError("packet " + (i - 20) + " is not found under its number");
      }
    }
  }

  @Test
  void numbersOfNobodyAreNotFound() {
    talker(0);
    plan.addReceiver(7, 3, -1, 1);
    settle(LOUD);
    int sent = send(0, 5, 0).getFirst().sequenceNumber();

    assertThat(plan.find(7, 0, sent)).isNotNull();
    assertThat(plan.find(7, 0, sent + 1 & 0xFFFF)).as("not sent yet").isNull();
    assertThat(plan.find(7, 0, sent - 1 & 0xFFFF)).as("before the first").isNull();
    assertThat(plan.find(7, 1, sent)).as("unused line").isNull();
    assertThat(plan.find(7, 3, sent)).as("no such line").isNull();
    assertThat(plan.find(8, 0, sent)).as("no such receiver").isNull();
  }

  @Test
  void confirmedJumpGoesOnWithoutAGap() {
    talker(0);
    plan.addReceiver(7, 3, -1, 1);
    settle(LOUD);
    Sent last = send(0, 5, 0).getFirst();

    assertThat(send(0, 30_000, 1)).isEmpty();
    Sent next = send(0, 30_001, 2).getFirst();

    assertThat(next.sequenceNumber()).isEqualTo((last.sequenceNumber() + 1) & 0xFFFF);
  }

  @Test
  void speakerHearsAsManyOthersAsAListener() {
    for (int talker = 0; talker < 4; talker++) {
      talker(talker);
    }
    plan.addReceiver(0, 3, 0, 1);
    plan.addReceiver(9, 3, -1, 2);
    settle(LOUD, LOUD, LOUD, LOUD);

    int heardBySpeaker = 0;
    int heardByListener = 0;
    for (int talker = 0; talker < 4; talker++) {
      for (Sent sent : send(talker, 1, 1)) {
        assertThat(sent.receiver() == 0 && talker == 0).as("own voice").isFalse();
        heardBySpeaker += sent.receiver() == 0 ? 1 : 0;
        heardByListener += sent.receiver() == 9 ? 1 : 0;
      }
    }
    assertThat(heardBySpeaker).isEqualTo(3);
    assertThat(heardByListener).isEqualTo(3);
  }

  @Test
  void receiverWithOneLineHearsTheDominantSpeaker() {
    talker(0);
    talker(1);
    talker(2);
    plan.addReceiver(7, 1, -1, 1);
    settle(QUIET, LOUD, QUIET);

    assertThat(send(0, 1, 1)).isEmpty();
    assertThat(send(1, 1, 1)).hasSize(1);
    assertThat(send(2, 1, 1)).isEmpty();
  }

  @Test
  void speakerWhoStaysKeepsHisLine() {
    for (int talker = 0; talker < 5; talker++) {
      talker(talker);
    }
    plan.addReceiver(7, 3, -1, 1);
    settle(LOUD, LOUD, LOUD, QUIET, QUIET);
    int line = send(1, 1, 1).getFirst().line();

    settle(QUIET, LOUD, QUIET, LOUD, LOUD);
    Sent next = send(1, 2, 2).getFirst();

    assertThat(next.line()).isEqualTo(line);
    assertThat(next.marker()).isFalse();
  }

  @Test
  void removedTalkerLeavesItsLineToTheNext() {
    twoTalkersOneLine();
    settle(LOUD, QUIET);
    Sent last = send(0, 1, 1).getFirst();

    ranking.remove(0);
    levels.remove(0);
    plan.removeTalker(0);
    settle(QUIET, QUIET);

    Sent next = send(1, 1, 1).getFirst();
    assertThat(next.sequenceNumber()).isEqualTo((last.sequenceNumber() + 1) & 0xFFFF);
  }

  @Test
  void removedReceiverIsSentNothing() {
    talker(0);
    plan.addReceiver(7, 3, -1, 1);
    plan.addReceiver(8, 3, -1, 1);
    settle(LOUD);

    plan.removeReceiver(7);

    assertThat(send(0, 1, 1)).extracting(Sent::receiver).containsExactly(8);
  }

  private void twoTalkersOneLine() {
    talker(0);
    talker(1);
    plan.addReceiver(7, 1, -1, 1);
  }

  private void talker(int talker) {
    levels.add(talker);
    plan.addTalker(talker);
  }

  /** Three seconds at these levels: enough for any order to settle. */
  private void settle(int... levelsDbov) {
    for (int i = 0; i < 150; i++) {
      for (int talker = 0; talker < levelsDbov.length; talker++) {
        if (levels.isPresent(talker)) {
          levels.onLevel(talker, levelsDbov[talker], true, nowNs);
        }
      }
      nowNs += 20_000_000;
      levels.update(nowNs);
      ranking.update(nowNs);
    }
    plan.assign();
  }

  private List<Sent> send(int talker, int sequenceNumber, int timestampTicks) {
    return send(talker, sequenceNumber, timestampTicks, 0x1000 + talker);
  }

  private List<Sent> send(int talker, int sequenceNumber, int timestampTicks, int ssrc) {
    List<Sent> sent = new ArrayList<>();
    ReceivedPacket packet = packets.packet(ssrc, sequenceNumber, timestampTicks, nowNs);
    if (plan.accept(talker, packet) && plan.mayForward(talker)) {
      plan.onPacket(
          talker,
          packet,
          FRAME,
          (receiver, line, sequence, timestamp, marker) ->
              sent.add(new Sent(receiver, line, sequence, timestamp, marker)));
    }
    lastSentNs = sent.isEmpty() ? lastSentNs : nowNs;
    return sent;
  }
}
