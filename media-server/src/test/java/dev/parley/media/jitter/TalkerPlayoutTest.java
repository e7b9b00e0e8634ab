package dev.parley.media.jitter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TalkerPlayoutTest {
  private static final long TICK_NS = 20_000_000;
  private static final SeededNetwork.Delivery UNSEEN = (datagram, result) -> {};

  private final JitterBuffer buffer = new JitterBuffer();
  private final float[] frame = new float[960];
  private long nowNs = 3_000_000;

  @ParameterizedTest
  @ValueSource(ints = {120, 240, 480, 960, 1_920, 2_880, 5_760})
  void packetsOfAnyLengthComeOutAsOneUnbrokenSound(int durationTicks) {
    SeededNetwork network = new SeededNetwork(1);
    network.talk(0, 288_000 / durationTicks, durationTicks);
    network.sort();
    CountingDecoder decoder = new CountingDecoder(false);
    TalkerPlayout playout = new TalkerPlayout(buffer, decoder);
    // By then the delay has settled.
    run(playout, network, 200);

    List<Float> heard = run(playout, network, 95);

    float number = heard.get(0);
    for (float sample : heard) {
      assertThat(sample).isEqualTo(number++);
    }
    assertThat(decoder.concealed).isZero();
    assertThat(buffer.counters().lost()).isZero();
  }

  @Test
  void lossIsRecoveredOrConcealedAndTheRestStaysInPlace() {
    SeededNetwork network = new SeededNetwork(2);
    network.lossProbability = 0.1;
    network.talk(0, 500, 960);
    network.sort();
    CountingDecoder decoder = new CountingDecoder(false);
    TalkerPlayout playout = new TalkerPlayout(buffer, decoder);

    run(playout, network, 520);

    assertThat(decoder.decoded).isEqualTo(500 - network.lostPackets());
    assertThat(buffer.counters().lost())
        .isBetween(network.lostPackets() - 3L, (long) network.lostPackets());
    assertThat(decoder.recovered).isPositive();
    assertThat(playout.leftOutTicks()).isZero();
  }

  @Test
  void endOfSpeechFadesOutAndIsThenSilence() {
    SeededNetwork network = new SeededNetwork(3);
    network.talk(0, 20, 960);
    network.sort();
    TalkerPlayout playout = new TalkerPlayout(buffer, new CountingDecoder(false));
    for (int tick = 0; tick < 20; tick++) {
      tick(playout, network);
    }
    assertThat(tick(playout, network)).isIn(PlayedFrame.VOICE, PlayedFrame.CONCEALED);
    PlayedFrame last = PlayedFrame.VOICE;
    float lastSample = 0;
    for (int tick = 0; tick < 10 && last != PlayedFrame.SILENCE; tick++) {
      lastSample = frame[959];
      last = tick(playout, network);
    }

    assertThat(last).isEqualTo(PlayedFrame.SILENCE);
    assertThat(lastSample).isZero();
    assertThat(frame).containsOnly(0f);
  }

  /** Ten minutes of a sender whose clock is off by 0.03 %: 180 ms, were nothing done. */
  @ParameterizedTest
  @ValueSource(doubles = {0.9997, 1.0003})
  void driftingClockNeitherStarvesNorFillsTheBuffer(double clockFactor) {
    SeededNetwork network = new SeededNetwork(4);
    network.clockFactor = clockFactor;
    network.jitterNs = 3_000_000;
    network.talk(0, 30_000, 960);
    network.sort();
    TalkerPlayout playout = new TalkerPlayout(buffer, new CountingDecoder(true));

    int held = 0;
    for (int tick = 0; tick < 29_900; tick++) {
      tick(playout, network);
      held = Math.max(held, buffer.heldPackets());
    }

    assertThat(held).isLessThanOrEqualTo(5);
    assertThat(buffer.counters().starved()).isLessThan(30);
    assertThat(buffer.counters().lost()).isZero();
    if (clockFactor > 1) {
      assertThat(playout.leftOutTicks()).isBetween(6_000L, 12_000L);
    }
  }

  @Test
  void targetGrowsWithJitterAndShrinksWhenCalm() {
    SeededNetwork network = new SeededNetwork(5);
    network.talk(0, 500, 960);
    network.jitterNs = 80_000_000;
    network.talk(500 * 960, 1_000, 960);
    network.jitterNs = 0;
    network.talk(1_500 * 960, 3_000, 960);
    network.sort();
    TalkerPlayout playout = new TalkerPlayout(buffer, new CountingDecoder(true));

    run(playout, network, 500);
    int calm = buffer.targetTicks();
    run(playout, network, 500);
    long starvedBefore = buffer.counters().starved();
    long lostBefore = buffer.counters().lost();
    run(playout, network, 480);
    int rough = buffer.targetTicks();
    long missing =
        buffer.counters().starved() - starvedBefore + buffer.counters().lost() - lostBefore;
    run(playout, network, 2_980);

    assertThat(calm).isLessThanOrEqualTo(20 * 48);
    assertThat(rough).isBetween(60 * 48, 90 * 48);
    assertThat(missing).isLessThan(480 / 20);
    assertThat(buffer.targetTicks()).isLessThanOrEqualTo(20 * 48);
    assertThat(buffer.heldPackets()).isLessThanOrEqualTo(3);
  }

  /**
   * A burst after 200 ms without packets: sound that is never quiet is shortened to what is needed,
   * by at most a quarter and from 80 ms on by a third, and goes on without a click.
   */
  @ParameterizedTest
  @EnumSource
  void delayThatABurstLeftIsGoneAfterThreeSecondsOfAnySound(TimeStretchTest.Sound sound) {
    SeededNetwork network = new SeededNetwork(6);
    network.talk(0, 400, 960);
    network.heldUntilNs = 410 * TICK_NS;
    network.talk(400 * 960, 400, 960);
    network.sort();
    TalkerPlayout playout = new TalkerPlayout(buffer, new PlaybackDecoder(sound.samples()));
    run(playout, network, 399);
    long before = playout.leftOutTicks();
    run(playout, network, 15);
    int grown = buffer.heldPackets();
    List<Float> heard = run(playout, network, 150);

    assertThat(grown).isGreaterThanOrEqualTo(5);
    assertThat(buffer.heldPackets()).isLessThanOrEqualTo(1);
    assertThat(buffer.delayTicks()).isLessThan((5 + 2 + 20) * 48);
    assertThat(playout.leftOutTicks() - before).isBetween(5 * 960L, 9 * 960L);
    assertThat(buffer.counters().discarded()).isZero();
    assertThat(largestStep(heard)).isLessThan(1.25f * sound.largestStep());
  }

  /** A sender's slow clock: each packet comes 2 µs later than it should, 60 ms in ten minutes. */
  @Test
  void delayThatBecomesTooShortIsMadeLongerBeforeAnythingIsMissing() {
    SeededNetwork network = new SeededNetwork(9);
    network.clockFactor = 0.9999;
    network.talk(0, 30_000, 960);
    network.sort();
    PlaybackDecoder decoder = new PlaybackDecoder(TimeStretchTest.Sound.VOICE_IN_NOISE.samples());
    TalkerPlayout playout = new TalkerPlayout(buffer, decoder);

    for (int tick = 0; tick < 29_900; tick++) {
      tick(playout, network);
    }

    assertThat(decoder.madeUp).isZero();
    assertThat(buffer.counters().lost()).isZero();
    assertThat(playout.putInTicks() - playout.leftOutTicks()).isBetween(40 * 48L, 80 * 48L);
  }

  @Test
  void skippedFramesPassTheTimeWithoutDecoding() {
    SeededNetwork network = new SeededNetwork(7);
    network.talk(0, 100, 2_880);
    network.sort();
    CountingDecoder decoder = new CountingDecoder(false);
    TalkerPlayout playout = new TalkerPlayout(buffer, decoder);

    for (int tick = 0; tick < 200; tick++) {
      network.deliver(buffer, nowNs, UNSEEN);
      playout.skipFrame(nowNs);
      nowNs += TICK_NS;
    }
    assertThat(decoder.decoded).isZero();
    assertThat(buffer.heldPackets()).isLessThanOrEqualTo(2);
    List<Float> heard = run(playout, network, 10);

    int start = firstAbove(heard, 0.5f);
    assertThat(start).isLessThan(2_881);
    assertThat((double) heard.get(start + 200)).isBetween(48_000 * 3.8, 48_000 * 4.05);
  }

  @Test
  void nothingIsLostOrStarvedAtRest() {
    SeededNetwork network = new SeededNetwork(11);
    network.talk(0, 500, 960);
    network.sort();
    TalkerPlayout playout = new TalkerPlayout(buffer, new CountingDecoder(false));
    run(playout, network, 100);

    playout.rest();
    assertThat(buffer.heldPackets()).isZero();
    nowNs += 200 * TICK_NS;
    network.deliver(new JitterBuffer(), nowNs, UNSEEN);
    List<Float> heard = run(playout, network, 10);

    assertThat(firstAbove(heard, 0.5f)).isBetween(0, 2 * 960);
    assertThat(buffer.counters().starved()).isZero();
    assertThat(buffer.counters().lost()).isZero();
  }

  @Test
  void undecodablePacketsAreConcealedAndCounted() {
    SeededNetwork network = new SeededNetwork(8);
    network.talk(0, 50, 960);
    network.sort();
    CountingDecoder decoder = new CountingDecoder(false);
    decoder.refuses = true;
    TalkerPlayout playout = new TalkerPlayout(buffer, decoder);

    run(playout, network, 45);

    assertThat(playout.undecodable()).isGreaterThan(40);
    assertThat(decoder.concealed).isGreaterThanOrEqualTo((int) playout.undecodable());
  }

  private List<Float> run(TalkerPlayout playout, SeededNetwork network, int ticks) {
    List<Float> heard = new ArrayList<>(ticks * 960);
    for (int i = 0; i < ticks; i++) {
      tick(playout, network);
      for (float sample : frame) {
        heard.add(sample);
      }
    }
    return heard;
  }

  private PlayedFrame tick(TalkerPlayout playout, SeededNetwork network) {
    network.deliver(buffer, nowNs, UNSEEN);
    PlayedFrame played = playout.readFrame(frame, nowNs);
    nowNs += TICK_NS;
    return played;
  }

  private static double largestStep(List<Float> samples) {
    float largest = 0;
    for (int i = 1; i < samples.size(); i++) {
      largest = Math.max(largest, Math.abs(samples.get(i) - samples.get(i - 1)));
    }
    return largest;
  }

  private static int firstAbove(List<Float> samples, float threshold) {
    int index = 0;
    while (samples.get(index) < threshold) {
      index++;
    }
    return index;
  }
}
