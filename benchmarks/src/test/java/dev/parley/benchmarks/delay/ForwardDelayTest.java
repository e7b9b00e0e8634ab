package dev.parley.benchmarks.delay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.benchmarks.client.PacketStamp;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.media.rtp.RtpPacket;
import dev.parley.media.rtp.RtpPacketWriter;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ForwardDelayTest {
  private static final VoiceSource TONE = VoiceSource.tone(440, -20);

  private final AtomicLong nowNs = new AtomicLong(1_000_000_000);
  private final ForwardDelay delay = new ForwardDelay(2, 4, nowNs::get);

  @Test
  void countsFromTheSendingOfThatTalkersPacket() {
    delay.begin();
    delay.onSend(0, 5);
    nowNs.addAndGet(10_000);
    delay.onSend(1, 5);
    arrives(0, 5, 200_000);
    arrives(1, 5, 200_000);

    assertThat(delay.delayNs().getTotalCount()).isEqualTo(2);
    assertThat(delay.delayNs().getMinValue()).isBetween(189_000L, 191_000L);
    assertThat(delay.delayNs().getMaxValue()).isBetween(199_000L, 201_000L);
  }

  @Test
  void warmUpAndWhatWasNeverSentAndSetClocksAreNotMeasured() {
    delay.onSend(0, 0);
    arrives(0, 0, 1_000);
    delay.begin();
    arrives(1, 7, 1_000);
    delay.onSend(0, 1);
    arrives(0, 1, -20_000);

    assertThat(delay.delayNs().getTotalCount()).isZero();
    assertThat(delay.backwards()).isEqualTo(1);
  }

  @Test
  void listensAtAHandfulSpreadOverAllWhoListen() {
    ForwardDelay large = new ForwardDelay(20, 200);

    int[] sampled = IntStream.range(0, 200).filter(large::listensAt).toArray();

    assertThat(sampled).hasSize(12);
    assertThat(sampled[0]).isBetween(20, 40);
    assertThat(sampled[11]).isBetween(180, 199);
  }

  private void arrives(int talker, int count, long afterFirstNs) {
    UnsafeBuffer datagram = new UnsafeBuffer(new byte[1_500]);
    UnsafeBuffer frame = TONE.frame(0);
    RtpPacketWriter writer = new RtpPacketWriter();
    writer.begin(datagram, 0, 111, false);
    writer.source(1, 1, 1);
    int length = writer.payload(frame, 0, frame.capacity());
    PacketStamp.write(datagram, length, talker, count, 0);
    RtpPacket packet = new RtpPacket();
    packet.wrap(datagram, 0, length);
    delay.onArrival(3, packet, datagram, 1_000_000_000 + afterFirstNs);
  }
}
