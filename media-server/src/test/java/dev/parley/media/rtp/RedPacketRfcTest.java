package dev.parley.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The packet drawn in RFC 2198 section 7: 20 ms of DVI4 and, 20 ms older, of LPC, at 8 kHz. */
class RedPacketRfcTest {
  private static final int DVI4 = 5;
  private static final int LPC = 7;
  private static final int LPC_LENGTH = 14;
  private static final int DVI4_LENGTH = 84;
  private static final int OFFSET_TICKS = 160;

  private final RedPacket red = new RedPacket();

  private static UnsafeBuffer payload(int redundantType, int primaryType) {
    UnsafeBuffer payload = new UnsafeBuffer(new byte[4 + 1 + LPC_LENGTH + DVI4_LENGTH]);
    // Bit by bit as in the drawing of section 3: F, block PT, timestamp offset, block length.
    int header = 1 << 31 | redundantType << 24 | OFFSET_TICKS << 10 | LPC_LENGTH;
    payload.putInt(0, header, ByteOrder.BIG_ENDIAN);
    payload.putByte(4, (byte) primaryType);
    return payload;
  }

  @Test
  void drawnPacketIsReadWhereBothBlocksAreOfOneType() {
    UnsafeBuffer payload = payload(DVI4, DVI4);

    assertThat(red.wrap(payload, 0, payload.capacity(), DVI4)).isTrue();

    assertThat(red.redundantCount()).isEqualTo(1);
    assertThat(red.timestampOffsetTicks(0)).isEqualTo(OFFSET_TICKS);
    assertThat(red.redundantOffset(0)).isEqualTo(5);
    assertThat(red.redundantLength(0)).isEqualTo(LPC_LENGTH);
    assertThat(red.primaryOffset()).isEqualTo(5 + LPC_LENGTH);
    assertThat(red.primaryLength()).isEqualTo(DVI4_LENGTH);
  }

  @Test
  void redundancyInAnotherCodecIsNotWhatIsNegotiatedHere() {
    UnsafeBuffer payload = payload(LPC, DVI4);

    assertThat(red.wrap(payload, 0, payload.capacity(), DVI4)).isFalse();
  }

  @Test
  void headersAreWrittenAsDrawn() {
    UnsafeBuffer written = new UnsafeBuffer(new byte[5]);
    RedPacket.writeHeaders(written, 0, DVI4, OFFSET_TICKS, LPC_LENGTH);

    assertThat(written).isEqualTo(new UnsafeBuffer(payload(DVI4, DVI4), 0, 5));
  }
}
