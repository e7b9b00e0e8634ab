package dev.parley.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.packet.Limits;
import dev.parley.media.packet.MediaRing;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.junit.jupiter.api.Test;

class ReadRestTest {
  private boolean isPrompt;
  private final ReadRest rest = new ReadRest(new AgentRings[] {rings()}, 0);

  @Test
  void aQuietThreadWaitsForItsSockets() {
    rest.onRead(1, 0);

    assertThat(rest.untilReadNs(0)).isZero();
  }

  @Test
  void aThreadWithMuchToReadIsDeafUntilTheNextReadIsDue() {
    rest.onRead(2, 0);

    assertThat(rest.untilReadNs(0)).isEqualTo(ReadRest.REST_NS);
    assertThat(rest.untilReadNs(ReadRest.REST_NS)).isZero();
  }

  @Test
  void packetsInCloseSuccessionAreMuchToRead() {
    rest.onRead(1, 0);
    rest.onRead(1, ReadRest.REST_NS / 4);

    assertThat(rest.untilReadNs(ReadRest.REST_NS / 4)).isEqualTo(ReadRest.REST_NS);
  }

  @Test
  void itWaitsForItsSocketsWhenReadsBringLittleAgain() {
    rest.onRead(5, 0);
    rest.onRead(1, ReadRest.REST_NS);

    assertThat(rest.untilReadNs(ReadRest.REST_NS)).isZero();
  }

  @Test
  void whereTheKernelTimesPacketsItRestsForLonger() {
    rest.mayRestLong();
    rest.onRead(5, 0);
    rest.onRead(5, ReadRest.LONG_REST_NS);

    assertThat(rest.untilReadNs(ReadRest.LONG_REST_NS)).isEqualTo(ReadRest.LONG_REST_NS);
  }

  @Test
  void itReadsBeforeASmallSocketBufferIsFull() {
    rest.mayRestLong();
    rest.onRead(1, 0);
    rest.onRead(100, ReadRest.REST_NS * 2);

    assertThat(rest.untilReadNs(ReadRest.REST_NS * 2))
        .isEqualTo(ReadRest.REST_NS * 2 / 100 * ReadRest.DATAGRAMS_PER_REST_MAX);
  }

  @Test
  void aHandshakeIsNotKeptWaitingLong() {
    rest.mayRestLong();
    rest.onHandshake(0);
    rest.onRead(2, ReadRest.LONG_REST_NS);
    assertThat(rest.untilReadNs(ReadRest.LONG_REST_NS)).isEqualTo(ReadRest.REST_NS);

    rest.onRead(2, ReadRest.BRISK_NS);
    assertThat(rest.untilReadNs(ReadRest.BRISK_NS)).isEqualTo(ReadRest.LONG_REST_NS);
  }

  @Test
  void whereMoreWaitsItDoesNotRest() {
    rest.onRead(Limits.DATAGRAMS_PER_READ_MAX, 0);

    assertThat(rest.untilReadNs(0)).isZero();
  }

  @Test
  void whoIsForwardedPacketsDoesNotWait() {
    isPrompt = true;
    rest.onRead(50, 0);

    assertThat(rest.untilReadNs(0)).isZero();
  }

  private AgentRings rings() {
    RingBuffer ring = MediaRing.ofCapacity(1024);
    return new AgentRings(
        ring,
        ring,
        new AgentRings.Wake() {
          @Override
          public void wake(boolean isFilling) {}

          @Override
          public boolean isPrompt() {
            return isPrompt;
          }
        });
  }
}
