package dev.parley.media.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory outside the heap goes back on close, and nothing touches it afterwards. */
final class OpusMemoryTest {
  private static final int PAIRS = 3_000;
  private static final Path STATUS = Path.of("/proc/self/status");

  @BeforeEach
  void libopusIsPresent() {
    assumeThat(OpusCodec.libopus()).isNotNull();
  }

  @Test
  void closedCodecsLeaveNoMemoryBehind() throws IOException {
    assumeThat(Files.exists(STATUS)).isTrue();
    openAndClose(PAIRS / 10);
    long beforeKilobytes = residentKilobytes();
    openAndClose(PAIRS);
    long grownKilobytes = residentKilobytes() - beforeKilobytes;

    // Kept, they would need some 80 kB a pair: 240 MB.
    assertThat(grownKilobytes).isLessThan(100_000);
  }

  @Test
  void useAfterCloseIsAnExceptionAndNoCrash() {
    OpusEncoder encoder = OpusCodec.best().newEncoder(OpusEncoderSettings.voice(1));
    OpusDecoder decoder = OpusCodec.best().newDecoder(1);
    encoder.close();
    decoder.close();

    assertThatThrownBy(() -> encoder.encode(new float[960], 0, new byte[1_276], 0, 1_276))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> decoder.conceal(new float[960], 0, 960))
        .isInstanceOf(IllegalStateException.class);
  }

  private static void openAndClose(int pairs) {
    OpusCodec codec = Objects.requireNonNull(OpusCodec.libopus());
    float[] frame = new float[1_920];
    byte[] packet = new byte[1_276];
    for (int i = 0; i < pairs; i++) {
      try (OpusEncoder encoder = codec.newEncoder(OpusEncoderSettings.voice(2).withComplexity(0));
          OpusDecoder decoder = codec.newDecoder(2)) {
        decoder.decode(packet, 0, encoder.encode(frame, 0, packet, 0, packet.length), frame, 0);
      }
    }
  }

  private static long residentKilobytes() throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("no VmRSS in " + STATUS);
  }
}
