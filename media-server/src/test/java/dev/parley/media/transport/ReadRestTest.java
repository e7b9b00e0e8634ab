package dev.parley.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

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
