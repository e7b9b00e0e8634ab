package dev.parley.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.media.packet.Limits;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;

class RedPacketFuzzTest {
  private final RedPacket red = new RedPacket();

  @FuzzTest
  void anyBytesAreReadOrRefused(byte[] bytes) {
    int payloadType = bytes.length == 0 ? 111 : bytes[0] & 0x7F;
    UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    if (!red.wrap(buffer, 0, bytes.length, payloadType)) {
      return;
    }
    assertThat(red.redundantCount()).isBetween(0, Limits.REDUNDANT_BLOCKS_MAX);
    int at = RedPacket.REDUNDANT_HEADER_LENGTH * red.redundantCount() + 1;
    for (int i = 0; i < red.redundantCount(); i++) {
      assertThat(red.redundantOffset(i)).isEqualTo(at);
      assertThat(red.redundantLength(i)).isBetween(0, RedPacket.REDUNDANT_LENGTH_MAX);
      assertThat(red.timestampOffsetTicks(i)).isBetween(0, RedPacket.TIMESTAMP_OFFSET_MAX);
      at += red.redundantLength(i);
    }
    assertThat(red.primaryOffset()).isEqualTo(at);
    assertThat(red.primaryLength()).isEqualTo(bytes.length - at).isPositive();
    int primaryOffset = red.primaryOffset();

    RedPacket.renumber(buffer, 0, 127 - payloadType);

    assertThat(red.wrap(buffer, 0, bytes.length, 127 - payloadType)).isTrue();
    assertThat(red.primaryOffset()).isEqualTo(primaryOffset);
  }

  @Property(tries = 1000)
  void whatIsWrittenIsRead(
      @ForAll @IntRange(max = 127) int payloadType,
      @ForAll @IntRange(max = RedPacket.TIMESTAMP_OFFSET_MAX) int offsetTicks,
      @ForAll @Size(max = 80) byte[] older,
      @ForAll @Size(min = 1, max = 80) byte[] primary,
      @ForAll @IntRange(max = 5) int offset) {
    int headersLength = RedPacket.REDUNDANT_HEADER_LENGTH + RedPacket.PRIMARY_HEADER_LENGTH;
    UnsafeBuffer buffer =
        new UnsafeBuffer(new byte[offset + headersLength + older.length + primary.length]);
    RedPacket.writeHeaders(buffer, offset, payloadType, offsetTicks, older.length);
    buffer.putBytes(offset + headersLength, older);
    buffer.putBytes(offset + headersLength + older.length, primary);

    assertThat(red.wrap(buffer, offset, buffer.capacity() - offset, payloadType)).isTrue();

    assertThat(red.redundantCount()).isEqualTo(1);
    assertThat(red.timestampOffsetTicks(0)).isEqualTo(offsetTicks);
    byte[] bytes = buffer.byteArray();
    int from = red.redundantOffset(0);
    assertThat(Arrays.copyOfRange(bytes, from, from + red.redundantLength(0))).isEqualTo(older);
    from = red.primaryOffset();
    assertThat(Arrays.copyOfRange(bytes, from, from + red.primaryLength())).isEqualTo(primary);
  }
}
