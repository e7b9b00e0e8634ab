package dev.parley.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class RtpPacketTest {
  private final RtpPacketWriter writer = new RtpPacketWriter();
  private final RtpPacket packet = new RtpPacket();
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8192]);

  @Property(tries = 300)
  void everyFieldComesOutAsItWentIn(
      @ForAll int ssrc,
      @ForAll @IntRange(max = 65535) int sequenceNumber,
      @ForAll @IntRange(max = 15) int csrcCount,
      @ForAll @IntRange(max = 255) int padding,
      @ForAll @Size(max = 200) byte[] payload) {
    writer.begin(buffer, 1, ssrc & 127, ssrc < 0).source(ssrc, sequenceNumber, ~ssrc);
    for (int i = 0; i < csrcCount; i++) {
      writer.addCsrc(ssrc + i);
    }
    int length = writer.payload(new UnsafeBuffer(payload), 0, payload.length);
    length = padding == 0 ? length : writer.padding(padding);

    assertThat(packet.wrap(buffer, 1, length)).isEqualTo(RtpParseResult.VALID);
    assertThat(packet.ssrc()).isEqualTo(ssrc);
    assertThat(packet.sequenceNumber()).isEqualTo(sequenceNumber);
    assertThat(packet.timestampTicks()).isEqualTo(~ssrc);
    assertThat(packet.payloadType()).isEqualTo(ssrc & 127);
    assertThat(packet.marker()).isEqualTo(ssrc < 0);
    assertThat(packet.csrcCount()).isEqualTo(csrcCount);
    for (int i = 0; i < csrcCount; i++) {
      assertThat(packet.csrc(i)).isEqualTo(ssrc + i);
    }
    assertThat(packet.findExtension(1)).isEqualTo(RtpPacket.ABSENT);
    assertThat(bytes(packet.payloadOffset(), packet.payloadLength())).isEqualTo(payload);
  }

  @Property(tries = 300)
  void elementsOfBothFormsComeOutAsTheyWentIn(
      @ForAll boolean twoByte,
      @ForAll @Size(max = 14) List<@Size(min = 1, max = 16) byte[]> values,
      @ForAll @Size(max = 50) byte[] payload) {
    writer.begin(buffer, 0, 111, false).source(1, 2, 3).beginExtensions(twoByte);
    for (int i = 0; i < values.size(); i++) {
      writer.extension(twoByte ? 14 * (i + 1) : i + 1, values.get(i));
    }
    int length = writer.endExtensions().payload(new UnsafeBuffer(payload), 0, payload.length);

    assertThat(packet.wrap(buffer, 0, length)).isEqualTo(RtpParseResult.VALID);
    for (int i = 0; i < values.size(); i++) {
      int elementOffset = packet.findExtension(twoByte ? 14 * (i + 1) : i + 1);
      assertThat(bytes(elementOffset, packet.foundLength())).isEqualTo(values.get(i));
    }
    assertThat(packet.findExtension(13 * 15)).isEqualTo(RtpPacket.ABSENT);
    assertThat(bytes(packet.payloadOffset(), packet.payloadLength())).isEqualTo(payload);
  }

  @Test
  void levelIsReadFromBothForms() {
    for (boolean twoByte : List.of(false, true)) {
      writer.begin(buffer, 0, 111, false).source(1, 2, 3).beginExtensions(twoByte);
      writer.extension(4, new byte[] {'0'}).extension(1, AudioLevel.element(-42, true));
      int length = writer.endExtensions().payload(buffer, 0, 0);

      assertThat(packet.wrap(buffer, 0, length)).isEqualTo(RtpParseResult.VALID);
      int element = buffer.getByte(packet.findExtension(1));
      assertThat(packet.foundLength()).isEqualTo(1);
      assertThat(AudioLevel.levelDbov(element)).isEqualTo(-42);
      assertThat(AudioLevel.voiceActivity(element)).isTrue();
    }
  }

  @Test
  void levelsBeyondTheRangeAreBroughtToItsEnds() {
    assertThat(AudioLevel.levelDbov(AudioLevel.element(3, false))).isZero();
    assertThat(AudioLevel.levelDbov(AudioLevel.element(-300, true))).isEqualTo(-127);
  }

  @Test
  void paddingBetweenElementsIsSkipped() {
    // Ids 1 and 2, two bytes of padding between them, as drawn in RFC 8285 section 4.2.
    byte[] bytes = HexFormat.of().parseHex("906f00010000000200000003bede000210aa0000215566cc");
    buffer.wrap(bytes);

    assertThat(packet.wrap(buffer, 0, bytes.length)).isEqualTo(RtpParseResult.VALID);
    assertThat(buffer.getByte(packet.findExtension(1))).isEqualTo((byte) 0xAA);
    assertThat(buffer.getByte(packet.findExtension(2))).isEqualTo((byte) 0x55);
    assertThat(packet.foundLength()).isEqualTo(2);
    assertThat(packet.payloadLength()).isZero();
  }

  @Test
  void idFifteenEndsTheOneByteForm() {
    byte[] bytes = HexFormat.of().parseHex("906f00010000000200000003bede0001f0aa10bb");
    buffer.wrap(bytes);

    assertThat(packet.wrap(buffer, 0, bytes.length)).isEqualTo(RtpParseResult.VALID);
    assertThat(packet.findExtension(1)).isEqualTo(RtpPacket.ABSENT);
  }

  @Test
  void whatIsWrongIsTold() {
    List<RtpParseResult> results = new ArrayList<>();
    for (String hex :
        List.of(
            "806f0001000000020000",
            "406f00010000000200000003",
            "816f00010000000200000003",
            "906f00010000000200000003bede",
            "906f00010000000200000003bede0001",
            "a06f00010000000200000003",
            "a06f0001000000020000000300",
            "a06f0001000000020000000302")) {
      byte[] bytes = HexFormat.of().parseHex(hex);
      results.add(packet.wrap(new UnsafeBuffer(bytes), 0, bytes.length));
    }

    assertThat(results)
        .containsExactly(
            RtpParseResult.TOO_SHORT,
            RtpParseResult.BAD_VERSION,
            RtpParseResult.TOO_SHORT,
            RtpParseResult.BAD_EXTENSION,
            RtpParseResult.BAD_EXTENSION,
            RtpParseResult.BAD_PADDING,
            RtpParseResult.BAD_PADDING,
            RtpParseResult.BAD_PADDING);
  }

  private byte[] bytes(int offset, int length) {
    byte[] bytes = new byte[length];
    buffer.getBytes(offset, bytes);
    return bytes;
  }
}
