package dev.parley.media.jitter;

import static dev.parley.media.jitter.PlayoutStep.FEC_OF_NEXT;
import static dev.parley.media.jitter.PlayoutStep.LOST;
import static dev.parley.media.jitter.PlayoutStep.PACKET;
import static dev.parley.media.jitter.PlayoutStep.SILENCE;
import static dev.parley.media.jitter.PlayoutStep.STARVED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class JitterBufferTest {
  private static final long TICK_NS = 20_000_000;
  private static final int SSRC = 0xCAFE;

  private final JitterBuffer buffer = new JitterBuffer();
  private final ArrivedPacket packet = new ArrivedPacket();
  private final UnsafeBuffer payload = new UnsafeBuffer(new byte[1_500]);
  private long nowNs = 5_000_000_000L;

  @Test
  void nothingReceivedIsSilence() {
    assertThat(buffer.next(nowNs)).isEqualTo(SILENCE);
    assertThat(buffer.stepTicks()).isEqualTo(960);
  }

  @Test
  void firstPacketWaitsForTheTarget() {
    insert(1);
    assertThat(buffer.next(nowNs)).isEqualTo(SILENCE);
    nowNs += buffer.targetTicks() * 1_000_000L / 48 - 1_000_000;
    assertThat(buffer.next(nowNs)).isEqualTo(SILENCE);
    nowNs += 1_100_000;

    assertThat(buffer.next(nowNs)).isEqualTo(PACKET);
  }

  @Test
  void payloadComesOutAsItWentIn() {
    payload.putBytes(100, new byte[] {7, 8, 9});
    buffer.insert(packet.header(SSRC, 1, 0, nowNs).payload(payload, 100, 3, 2_880));
    payload.setMemory(0, 200, (byte) 0);
    nowNs += 2 * TICK_NS;

    assertThat(buffer.next(nowNs)).isEqualTo(PACKET);

    assertThat(buffer.stepTicks()).isEqualTo(2_880);
    assertThat(buffer.payloadLength()).isEqualTo(3);
    int offset = buffer.payloadOffset();
    assertThat(Arrays.copyOfRange(buffer.payloadArray(), offset, offset + 3))
        .containsExactly(7, 8, 9);
  }

  @Test
  void swappedPacketsArePlayedInOrder() {
    start(10);
    insert(12);
    insert(11);

    assertPlayed(11);
    assertPlayed(12);
    assertThat(buffer.counters().lost()).isZero();
  }

  @Test
  void swapAtTheVeryStartIsPlayedInOrder() {
    insert(11);
    insert(10);
    nowNs += 2 * TICK_NS;

    assertPlayed(10);
    assertPlayed(11);
  }

  @Test
  void sequenceNumberWraps() {
    start(65_534);
    insert(65_536);
    insert(65_535);
    insert(65_537);

    assertPlayed(65_535);
    assertPlayed(0);
    assertPlayed(1);
    assertThat(buffer.counters().lost()).isZero();
  }

  @Test
  void duplicateIsDroppedHeldOrPlayed() {
    start(10);
    insert(11);

    assertThat(insert(11)).isEqualTo(InsertResult.DUPLICATE);
    assertPlayed(11);
    assertThat(insert(11)).isEqualTo(InsertResult.DUPLICATE);
    assertThat(buffer.counters().duplicate()).isEqualTo(2);
  }

  @Test
  void lonePacketLostIsRecoveredFromItsSuccessor() {
    start(10);
    insert(12);

    assertThat(next()).isEqualTo(FEC_OF_NEXT);
    assertPayload(12);
    assertPlayed(12);
    assertThat(buffer.counters().lost()).isEqualTo(1);
    assertThat(buffer.counters().recoveredByFec()).isEqualTo(1);
  }

  @Test
  void lossesInARowAreConcealedAndTheLastRecovered() {
    start(10);
    insert(14);

    assertThat(next()).isEqualTo(LOST);
    assertThat(next()).isEqualTo(LOST);
    assertThat(next()).isEqualTo(FEC_OF_NEXT);
    assertPlayed(14);
    assertThat(buffer.counters().lost()).isEqualTo(3);
    assertThat(buffer.counters().concealed()).isEqualTo(2);
  }

  @Test
  void longGapIsSkipped() {
    start(10);
    insert(50);

    assertPlayed(50);
    assertThat(buffer.counters().lost()).isEqualTo(39);
  }

  @Test
  void packetAfterItsTimeIsLate() {
    start(10);
    insert(12);
    assertThat(next()).isEqualTo(FEC_OF_NEXT);

    assertThat(insert(11)).isEqualTo(InsertResult.LATE);
    assertThat(buffer.counters().late()).isEqualTo(1);
  }

  @Test
  void starvedPlayoutHoldsAndPlaysWhatComesAfterAll() {
    start(10);
    assertThat(next()).isEqualTo(STARVED);
    insert(11);
    insert(12);

    assertPlayed(11);
    assertPlayed(12);
    assertThat(buffer.counters().lost()).isZero();
  }

  @Test
  void whatWasConcealedWhileStarvedIsNotConcealedAgain() {
    start(10);
    assertThat(next()).isEqualTo(STARVED);
    insert(12);

    assertPlayed(12);
    assertThat(buffer.counters().lost()).isEqualTo(1);
  }

  @Test
  void talkerWhoStopsFallsSilentAfterSixtyMilliseconds() {
    start(10);

    assertThat(next()).isEqualTo(STARVED);
    assertThat(next()).isEqualTo(STARVED);
    assertThat(next()).isEqualTo(STARVED);
    assertThat(next()).isEqualTo(SILENCE);
    assertThat(next()).isEqualTo(SILENCE);
  }

  @Test
  void pauseOfTheTalkerIsNoLoss() {
    start(10);
    for (int i = 0; i < 20; i++) {
      next();
    }
    insert(11, 31);
    nowNs += TICK_NS;

    assertPlayed(11);
    assertThat(buffer.counters().lost()).isZero();
  }

  @Test
  void packetLostDuringAPauseIsCountedButNotPlayedOut() {
    start(10);
    for (int i = 0; i < 20; i++) {
      next();
    }
    insert(13, 31);
    nowNs += TICK_NS;

    assertPlayed(13);
    assertThat(buffer.counters().lost()).isEqualTo(2);
  }

  @Test
  void otherSsrcBeginsAnew() {
    start(10);
    insert(11);
    buffer.insert(packet.header(SSRC + 1, 40_000, 77, nowNs).payload(number(40_000), 0, 10, 960));
    assertThat(buffer.next(nowNs)).isEqualTo(SILENCE);
    nowNs += 2 * TICK_NS;

    assertPlayed(40_000);
    assertThat(buffer.heldPackets()).isZero();
    assertThat(buffer.counters().restarts()).isEqualTo(1);
    assertThat(buffer.counters().lost()).isZero();
  }

  @Test
  void loneJumpIsDroppedButTwoInARowBeginAnew() {
    start(10);
    assertThat(insert(30_000)).isEqualTo(InsertResult.STRAY);
    insert(11);
    assertPlayed(11);
    assertThat(insert(30_000)).isEqualTo(InsertResult.STRAY);
    assertThat(insert(30_001)).isEqualTo(InsertResult.KEPT);
    nowNs += 2 * TICK_NS;

    assertPlayed(30_001);
    assertThat(buffer.counters().restarts()).isEqualTo(1);
  }

  @Test
  void whatIsMissingAtRestIsNoLoss() {
    start(10);
    insert(11);
    buffer.rest();
    assertThat(buffer.heldPackets()).isZero();
    assertThat(next()).isEqualTo(SILENCE);
    insert(500);
    nowNs += TICK_NS;

    assertPlayed(500);
    assertThat(buffer.counters().lost()).isZero();
    assertThat(buffer.counters().restarts()).isZero();
  }

  @Test
  void whatIsObservedAtRestTellsHowLateTheNextPacketIs() {
    start(10);
    buffer.rest();
    for (int sequence = 12; sequence < 812; sequence += 8) {
      buffer.observe(
          packet.header(SSRC, sequence, 960 * sequence, nowNs).payload(number(1), 0, 10, 960));
      nowNs += 8 * TICK_NS;
    }
    assertThat(buffer.heldPackets()).isZero();

    nowNs += 2 * TICK_NS;
    insert(812);

    assertPlayed(812);
    assertThat(buffer.delayTicks()).isEqualTo(3 * 960);
    assertThat(buffer.counters().lost()).isZero();
  }

  @Test
  void olderPacketsGiveWayToNewerOnes() {
    start(10);
    for (int i = 0; i < 70; i++) {
      insert(11 + i);
    }

    assertThat(buffer.heldPackets()).isEqualTo(JitterBuffer.SLOTS);
    assertThat(buffer.counters().overflowed()).isEqualTo(6);
  }

  @Test
  void burstAfterAnOutageIsShortened() {
    start(10);
    for (int i = 0; i < 40; i++) {
      next();
    }
    for (int i = 0; i < 40; i++) {
      insert(11 + i);
    }

    assertThat(next()).isEqualTo(PACKET);
    assertThat(buffer.counters().discarded()).isPositive();
    assertThat(buffer.delayTicks()).isLessThanOrEqualTo(buffer.targetTicks() + 200 * 48);
  }

  @Test
  void timestampJumpWithinTheStreamPlaysOn() {
    start(10);
    for (int sequence = 11; sequence < 40; sequence++) {
      int timestamp = 0x7FFF_0000 + sequence * 960;
      buffer.insert(
          packet.header(SSRC, sequence, timestamp, nowNs).payload(number(sequence), 0, 10, 960));
      next();
    }

    assertThat(buffer.counters().played()).isGreaterThan(25);
    assertThat(buffer.counters().lost()).isZero();
  }

  @Test
  void unusablePayloadsAreRefused() {
    packet.header(SSRC, 1, 0, nowNs);

    assertThat(buffer.insert(packet.payload(payload, 0, 0, 960))).isEqualTo(InsertResult.MALFORMED);
    assertThat(buffer.insert(packet.payload(payload, 0, 1_281, 960)))
        .isEqualTo(InsertResult.MALFORMED);
    assertThat(buffer.insert(packet.payload(payload, 0, 10, 0))).isEqualTo(InsertResult.MALFORMED);
    assertThat(buffer.insert(packet.payload(payload, 0, 10, 961)))
        .isEqualTo(InsertResult.MALFORMED);
    assertThat(buffer.insert(packet.payload(payload, 0, 10, 5_880)))
        .isEqualTo(InsertResult.MALFORMED);
    assertThat(buffer.counters().malformed()).isEqualTo(5);
  }

  /** Plays one packet, so that the next step is due. */
  private void start(int sequence) {
    insert(sequence);
    nowNs += TICK_NS;
    assertThat(next()).isEqualTo(PACKET);
  }

  private PlayoutStep next() {
    nowNs += TICK_NS;
    return buffer.next(nowNs);
  }

  private void assertPlayed(int sequence) {
    assertThat(next()).isEqualTo(PACKET);
    assertPayload(sequence);
  }

  private void assertPayload(int sequence) {
    assertThat(buffer.payloadLength()).isEqualTo(10);
    int offset = buffer.payloadOffset();
    int high = buffer.payloadArray()[offset] & 0xFF;
    int low = buffer.payloadArray()[offset + 1] & 0xFF;
    assertThat(high << 8 | low).isEqualTo(sequence);
  }

  private InsertResult insert(int sequence) {
    return insert(sequence, sequence);
  }

  private InsertResult insert(int sequence, int timestampFrames) {
    return buffer.insert(
        packet
            .header(SSRC, sequence, timestampFrames * 960, nowNs)
            .payload(number(sequence), 0, 10, 960));
  }

  private UnsafeBuffer number(int sequence) {
    payload.putByte(0, (byte) (sequence >> 8));
    payload.putByte(1, (byte) sequence);
    return payload;
  }
}
