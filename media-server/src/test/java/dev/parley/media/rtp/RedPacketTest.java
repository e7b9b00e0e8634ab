package dev.parley.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.packet.Limits;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class RedPacketTest {
  private final RedPacket red = new RedPacket();

  private boolean wrap(String hex, int payloadType) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    return red.wrap(new UnsafeBuffer(bytes), 0, bytes.length, payloadType);
  }

  @Test
  void primaryAloneIsRead() {
    assertThat(wrap("6F AA BB", 111)).isTrue();

    assertThat(red.redundantCount()).isZero();
    assertThat(red.primaryOffset()).isEqualTo(1);
    assertThat(red.primaryLength()).isEqualTo(2);
  }

  @Test
  void olderBlocksStandFirst() {
    // 1920 and 960 ticks before; 2 bytes and 1.
    assertThat(wrap("EF 1E 00 02  EF 0F 00 01  6F  A1 A2  B1  C1 C2 C3", 111)).isTrue();

    assertThat(red.redundantCount()).isEqualTo(2);
    assertThat(red.timestampOffsetTicks(0)).isEqualTo(1920);
    assertThat(red.redundantOffset(0)).isEqualTo(9);
    assertThat(red.redundantLength(0)).isEqualTo(2);
    assertThat(red.timestampOffsetTicks(1)).isEqualTo(960);
    assertThat(red.redundantOffset(1)).isEqualTo(11);
    assertThat(red.redundantLength(1)).isEqualTo(1);
    assertThat(red.primaryOffset()).isEqualTo(12);
    assertThat(red.primaryLength()).isEqualTo(3);
  }

  @Test
  void blocksOfAnotherPayloadTypeAreRefused() {
    assertThat(wrap("70 AA", 111)).isFalse();
    assertThat(wrap("F0 0F 00 01 6F A1 C1", 111)).isFalse();
    assertThat(wrap("EF 0F 00 01 70 A1 C1", 111)).isFalse();
  }

  @Test
  void whatGoesBeyondTheEndIsRefused() {
    assertThat(wrap("", 111)).isFalse();
    assertThat(wrap("6F", 111)).as("no primary block").isFalse();
    assertThat(wrap("EF", 111)).isFalse();
    assertThat(wrap("EF 0F 00", 111)).isFalse();
    assertThat(wrap("EF 0F 00 01", 111)).isFalse();
    assertThat(wrap("EF 0F 00 01 6F", 111)).isFalse();
    assertThat(wrap("EF 0F 00 01 6F A1", 111)).as("no primary block").isFalse();
    assertThat(wrap("EF 0F 03 FF 6F A1 C1", 111)).isFalse();
  }

  @Test
  void emptyRedundantBlockIsNoFault() {
    assertThat(wrap("EF 0F 00 00 6F C1", 111)).isTrue();
    assertThat(red.redundantLength(0)).isZero();
    assertThat(red.primaryLength()).isEqualTo(1);
  }

  @Test
  void moreBlocksThanTheLimitAreRefused() {
    String block = "EF 0F 00 00";

    assertThat(wrap(block.repeat(Limits.REDUNDANT_BLOCKS_MAX) + "6F C1", 111)).isTrue();
    assertThat(wrap(block.repeat(Limits.REDUNDANT_BLOCKS_MAX + 1) + "6F C1", 111)).isFalse();
  }

  @Test
  void allBlocksGetTheReceiversPayloadType() {
    byte[] bytes = HexFormat.of().parseHex("00EF1E0001EF0F00016FA1B1C1");

    RedPacket.renumber(new UnsafeBuffer(bytes), 1, 96);

    assertThat(bytes).isEqualTo(HexFormat.of().parseHex("00E01E0001E00F000160A1B1C1"));
  }
}
