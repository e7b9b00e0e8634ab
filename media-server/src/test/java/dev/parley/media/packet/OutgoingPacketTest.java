package dev.parley.media.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.junit.jupiter.api.Test;

class OutgoingPacketTest {
  private final OneToOneRingBuffer ring = MediaRing.ofCapacity(1 << 15);
  private final OutgoingPacketWriter writer = new OutgoingPacketWriter();
  private final OutgoingPacket packet = new OutgoingPacket();

  @Property(tries = 300)
  void everyFieldComesOutAsItWentIn(
      @ForAll int seed,
      @ForAll @IntRange(max = Limits.CSRC_COUNT_MAX) int csrcCount,
      @ForAll @IntRange(max = Limits.TARGETS_PER_MESSAGE_MAX) int targetRoom,
      @ForAll @IntRange(max = 3) int unused,
      @ForAll @Size(max = Limits.PAYLOAD_LENGTH_MAX) byte[] payload) {
    int targetCount = Math.max(0, targetRoom - unused);
    assertThat(writer.tryClaim(ring, payload.length, csrcCount, targetRoom)).isTrue();
    writer.level(-(seed & 127), (seed & 1) != 0).payload(payload, 0);
    if ((seed & 2) != 0) {
      writer.retransmission();
    }
    for (int i = 0; i < csrcCount; i++) {
      writer.addCsrc(seed + i, -i);
    }
    for (int i = 0; i < targetCount; i++) {
      writer.addTarget(seed - i, i, seed + i, seed * i, (i & 1) != 0);
    }
    writer.commit();

    int read =
        readPastPadding((type, buffer, index, length) -> {
          assertThat(type).isEqualTo(OutgoingPacket.TYPE);
          assertThat(length)
              .isEqualTo(OutgoingPacket.encodedLength(payload.length, csrcCount, targetRoom));
          packet.wrap(buffer, index);
          assertThat(packet.levelDbov()).isEqualTo(-(seed & 127));
          assertThat(packet.voiceActivity()).isEqualTo((seed & 1) != 0);
          assertThat(packet.isRetransmission()).isEqualTo((seed & 2) != 0);
          assertThat(packet.csrcCount()).isEqualTo(csrcCount);
          for (int i = 0; i < csrcCount; i++) {
            assertThat(packet.csrc(i)).isEqualTo(seed + i);
            assertThat(packet.csrcLevelDbov(i)).isEqualTo(-i);
          }
          assertThat(packet.targetCount()).isEqualTo(targetCount);
          for (int i = 0; i < targetCount; i++) {
            assertThat(packet.targetPeerId(i)).isEqualTo(seed - i);
            assertThat(packet.targetLine(i)).isEqualTo(i);
            assertThat(packet.targetSequenceNumber(i)).isEqualTo((seed + i) & 0xFFFF);
            assertThat(packet.targetTimestampTicks(i)).isEqualTo(seed * i);
            assertThat(packet.targetMarker(i)).isEqualTo((i & 1) != 0);
          }
          byte[] out = new byte[Limits.PAYLOAD_LENGTH_MAX];
          assertThat(packet.getPayload(out, 0)).isEqualTo(payload.length);
          assertThat(Arrays.copyOf(out, payload.length)).isEqualTo(payload);
        });
    assertThat(read).isEqualTo(1);
  }

  @Test
  void levelIsUnknownUntilSet() {
    assertThat(writer.tryClaim(ring, 0, 0, 0)).isTrue();
    writer.commit();

    int read =
        readPastPadding((type, buffer, index, length) ->
            assertThat(packet.wrap(buffer, index).levelDbov())
                .isEqualTo(ReceivedPacket.LEVEL_UNKNOWN));
    assertThat(read).isEqualTo(1);
  }

  @Test
  void abortedClaimIsNeverSeen() {
    assertThat(writer.tryClaim(ring, 10, 0, 1)).isTrue();
    writer.abort();
    int read =
        readPastPadding((type, buffer, index, length) -> {
          throw new AssertionError("seen");
        });

    assertThat(read).isZero();
  }

  @Test
  void longestMessageFitsAnEighthOfTheRing() {
    int length =
        OutgoingPacket.encodedLength(
            Limits.PAYLOAD_LENGTH_MAX, Limits.CSRC_COUNT_MAX, Limits.TARGETS_PER_MESSAGE_MAX);

    assertThat(length).isLessThan(Limits.RING_CAPACITY / 8).isLessThan(4096);
  }

  /** Where the ring wraps, a first read finds only padding. */
  private int readPastPadding(MessageHandler handler) {
    int read = ring.read(handler);
    return read == 0 ? ring.read(handler) : read;
  }
}
