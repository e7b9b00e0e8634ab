package dev.parley.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.packet.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
  private final List<byte[]> frames = new ArrayList<>();
  private final FrameReader reader =
      new FrameReader((frame, length) -> frames.add(Arrays.copyOf(frame, length)));

  @Test
  void packetsComeOutAsTheyWentIn() {
    byte[] longest = new byte[Limits.DATAGRAM_LENGTH_MAX];
    longest[longest.length - 1] = 9;

    assertThat(reader.read(framed(new byte[] {1}, longest, new byte[] {2, 3}))).isTrue();

    assertThat(frames).containsExactly(new byte[] {1}, longest, new byte[] {2, 3});
  }

  @Test
  void aPacketThatComesInPiecesIsKeptUntilItIsWhole() {
    ByteBuf bytes = framed(new byte[] {1, 2, 3});
    while (bytes.readableBytes() > 1) {
      assertThat(reader.read(bytes.readSlice(1))).isTrue();
      assertThat(frames).isEmpty();
    }

    assertThat(reader.read(bytes)).isTrue();

    assertThat(frames).containsExactly(new byte[] {1, 2, 3});
  }

  @Test
  void anEmptyPacketSaysNothing() {
    assertThat(reader.read(framed(new byte[0], new byte[] {7}))).isTrue();

    assertThat(frames).containsExactly(new byte[] {7});
  }

  @Test
  void tooLongAPacketEndsTheStreamBeforeAnyOfItIsKept() {
    ByteBuf header = Unpooled.buffer().writeShort(Limits.DATAGRAM_LENGTH_MAX + 1);

    assertThat(reader.read(header)).isFalse();

    assertThat(frames).isEmpty();
  }

  @Property(tries = 500)
  void howAStreamIsCutDoesNotMatter(
      @ForAll @Size(max = 8) List<@Size(min = 1, max = 300) byte[]> packets,
      @ForAll @IntRange(min = 1, max = 400) int pieceLength) {
    frames.clear();
    ByteBuf bytes = framed(packets.toArray(byte[][]::new));

    while (bytes.isReadable()) {
      int length = Math.min(pieceLength, bytes.readableBytes());
      assertThat(reader.read(bytes.readSlice(length))).isTrue();
    }

    assertThat(frames).containsExactlyElementsOf(packets);
  }

  private static ByteBuf framed(byte[]... packets) {
    ByteBuf bytes = Unpooled.buffer();
    for (byte[] packet : packets) {
      bytes.writeShort(packet.length).writeBytes(packet);
    }
    return bytes;
  }
}
