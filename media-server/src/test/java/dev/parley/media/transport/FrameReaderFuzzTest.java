package dev.parley.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.media.packet.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FrameReaderFuzzTest {
  private int frameCount;

  @FuzzTest
  void anyStreamIsReadOrEnded(byte[] bytes) {
    read(bytes, bytes.length == 0 ? 0 : (bytes[0] & 0xFF) % bytes.length);
  }

  @Property(tries = 1000)
  void anyStreamInTwoPiecesIsReadOrEnded(
      @ForAll @Size(max = 400) byte[] bytes, @ForAll @IntRange(max = 400) int cut) {
    // Short packets, so that several are in it.
    for (int i = 0; i < bytes.length; i += 7) {
      bytes[i] = 0;
    }
    read(bytes, Math.min(cut, bytes.length));
  }

  private void read(byte[] bytes, int cut) {
    frameCount = 0;
    FrameReader reader =
        new FrameReader((_, length) -> {
          frameCount++;
          assertThat(length).isBetween(1, Limits.DATAGRAM_LENGTH_MAX);
        });
    ByteBuf stream = Unpooled.wrappedBuffer(bytes);

    boolean goesOn = reader.read(stream.readSlice(cut)) && reader.read(stream);

    assertThat(goesOn && stream.isReadable()).isFalse();
    assertThat(frameCount * (FrameReader.HEADER_LENGTH + 1)).isLessThanOrEqualTo(bytes.length);
  }
}
