package dev.parley.media.packet;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.junit.jupiter.api.Test;

class LostPacketsTest {
  private final OneToOneRingBuffer ring = MediaRing.ofCapacity(1024);
  private final LostPackets lost = new LostPackets();

  @Property(tries = 300)
  void everyFieldComesOutAsItWentIn(
      @ForAll int peerId,
      @ForAll @IntRange(max = 255) int line,
      @ForAll @IntRange(max = 65_535) int sequenceNumber,
      @ForAll @IntRange(min = 1, max = (1 << LostPackets.COUNT_MAX) - 1) int wanted) {
    assertThat(LostPackets.tryWrite(ring, peerId, line, sequenceNumber, wanted)).isTrue();

    int read = 0;
    // Where the ring wraps, a first read finds only padding.
    for (int i = 0; i < 2; i++) {
      read +=
          ring.read((type, buffer, index, length) -> {
            assertThat(type).isEqualTo(LostPackets.TYPE);
            lost.wrap(buffer, index);
            assertThat(lost.peerId()).isEqualTo(peerId);
            assertThat(lost.line()).isEqualTo(line);
            for (int bit = 0; bit < LostPackets.COUNT_MAX; bit++) {
              assertThat(lost.isLost(bit)).isEqualTo((wanted >>> bit & 1) != 0);
              assertThat(lost.sequenceNumber(bit)).isEqualTo((sequenceNumber + bit) & 0xFFFF);
            }
          });
    }
    assertThat(read).isEqualTo(1);
  }

  @Test
  void fullRingTakesNoMore() {
    int count = 0;
    while (LostPackets.tryWrite(ring, 1, 2, 3, 1)) {
      count++;
    }

    assertThat(count).isBetween(1, 64);
  }
}
