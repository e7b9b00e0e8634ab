package dev.parley.media.opus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.opus.OpusPacket.Bandwidth;
import dev.parley.media.opus.OpusPacket.Mode;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of RFC 6716 §3.1 and the rules R1 to R7 of §3.4. */
final class OpusPacketTest {
  private final OpusPacket packet = new OpusPacket();

  @ParameterizedTest
  @CsvSource({
    "0, SILK, NARROWBAND, 480",
    "3, SILK, NARROWBAND, 2880",
    "4, SILK, MEDIUMBAND, 480",
    "7, SILK, MEDIUMBAND, 2880",
    "9, SILK, WIDEBAND, 960",
    "10, SILK, WIDEBAND, 1920",
    "12, HYBRID, SUPERWIDEBAND, 480",
    "13, HYBRID, SUPERWIDEBAND, 960",
    "14, HYBRID, FULLBAND, 480",
    "15, HYBRID, FULLBAND, 960",
    "16, CELT, NARROWBAND, 120",
    "19, CELT, NARROWBAND, 960",
    "20, CELT, WIDEBAND, 120",
    "25, CELT, SUPERWIDEBAND, 240",
    "30, CELT, FULLBAND, 480",
    "31, CELT, FULLBAND, 960"
  })
  void configurationTellsModeBandwidthAndFrameSize(
      int configuration, Mode mode, Bandwidth bandwidth, int samples) {
    assertThat(wrap(configuration << 3, 1, 2, 3)).isTrue();

    assertThat(packet.mode()).isEqualTo(mode);
    assertThat(packet.bandwidth()).isEqualTo(bandwidth);
    assertThat(packet.frameSamples()).isEqualTo(samples);
    assertThat(packet.durationSamples()).isEqualTo(samples);
    assertThat(packet.isStereo()).isFalse();
  }

  @Test
  void thirdBitTellsStereo() {
    assertThat(wrap(15 << 3 | 4)).isTrue();

    assertThat(packet.isStereo()).isTrue();
  }

  @Test
  void nothingIsNoPacket() {
    assertThat(wrap()).isFalse();
  }

  @Test
  void firstByteAloneIsAnEmptyFrame() {
    assertThat(wrap(9 << 3)).isTrue();
    assertThat(packet.frameCount()).isEqualTo(1);
  }

  @Test
  void frameIsNoLongerThan1275Bytes() {
    assertThat(wrap(new int[1 + 1_275])).isTrue();
    assertThat(wrap(new int[1 + 1_276])).isFalse();
  }

  @Test
  void twoEqualFramesShareAnEvenLength() {
    assertThat(wrap(9 << 3 | 1, 1, 2)).isTrue();
    assertThat(packet.frameCount()).isEqualTo(2);
    assertThat(packet.durationSamples()).isEqualTo(1_920);
    assertThat(wrap(9 << 3 | 1, 1)).isFalse();
  }

  @Test
  void twoUnequalFramesTellTheFirstsLength() {
    assertThat(wrap(9 << 3 | 2, 1, 0xAA, 0xBB)).isTrue();
    assertThat(wrap(9 << 3 | 2)).isFalse();
    assertThat(wrap(9 << 3 | 2, 3, 0xAA, 0xBB)).isFalse();
    assertThat(wrap(9 << 3 | 2, 252)).isFalse();
  }

  @Test
  void longLengthTakesTwoBytes() {
    int[] bytes = new int[1 + 2 + 256 + 1];
    bytes[0] = 9 << 3 | 2;
    bytes[1] = 252;
    bytes[2] = 1;

    assertThat(wrap(bytes)).isTrue();
  }

  @Test
  void manyFramesNeedACountFrom1() {
    assertThat(wrap(16 << 3 | 3)).isFalse();
    assertThat(wrap(16 << 3 | 3, 0)).isFalse();
    assertThat(wrap(16 << 3 | 3, 48)).isTrue();
    assertThat(packet.durationSamples()).isEqualTo(5_760);
    assertThat(wrap(16 << 3 | 3, 49)).isFalse();
  }

  @Test
  void soundLastsAtMost120Ms() {
    assertThat(wrap(11 << 3 | 3, 2)).isTrue();
    assertThat(packet.durationSamples()).isEqualTo(5_760);
    assertThat(wrap(11 << 3 | 3, 3)).isFalse();
  }

  @Test
  void equalFramesDivideTheBytes() {
    assertThat(wrap(16 << 3 | 3, 3, 1, 2, 3, 4, 5, 6)).isTrue();
    assertThat(wrap(16 << 3 | 3, 3, 1, 2, 3, 4, 5)).isFalse();
  }

  @Test
  void ownLengthsMustFit() {
    assertThat(wrap(16 << 3 | 3, 0x80 | 3, 1, 0, 0xAA)).isTrue();
    assertThat(wrap(16 << 3 | 3, 0x80 | 3, 1, 1, 0xAA)).isFalse();
    assertThat(wrap(16 << 3 | 3, 0x80 | 3, 1)).isFalse();
  }

  @Test
  void paddingMustFit() {
    assertThat(wrap(16 << 3 | 3, 0x40 | 1, 2, 0xAA, 0, 0)).isTrue();
    assertThat(wrap(16 << 3 | 3, 0x40 | 1, 4, 0xAA, 0, 0)).isFalse();
    assertThat(wrap(16 << 3 | 3, 0x40 | 1)).isFalse();
    assertThat(wrap(16 << 3 | 3, 0x40 | 1, 255)).isFalse();
    assertThat(wrap(16 << 3 | 3, 0x40 | 1, 255, 255, 255)).isFalse();
  }

  @Test
  void rangeOutsideTheBufferIsRefused() {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[10]);

    assertThat(packet.wrap(buffer, 5, 6)).isFalse();
    assertThat(packet.wrap(buffer, -1, 2)).isFalse();
    assertThat(packet.wrap(buffer, Integer.MAX_VALUE, 2)).isFalse();
    assertThat(packet.wrap(new byte[10], 9, 2)).isFalse();
    assertThat(packet.wrap(new byte[10], 9, 1)).isTrue();
  }

  private boolean wrap(int... bytes) {
    byte[] array = new byte[bytes.length + 4];
    for (int i = 0; i < bytes.length; i++) {
      array[2 + i] = (byte) bytes[i];
    }
    return packet.wrap(array, 2, bytes.length);
  }
}
