package dev.parley.media.ogg;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Random;

final class OggOpusReaderFuzzTest {
  private int bytesRead;

  /** Bytes of an attacker's in the midst of a good file: nothing throws, nothing grows. */
  @FuzzTest
  void readerSurvives(byte[] bytes) {
    WrittenStream stream = new WrittenStream(new Random(7), new OpusHead(1, 312));
    stream.add(30);
    byte[] good = stream.bytes();
    byte[] file = new byte[good.length + bytes.length];
    int cut = stream.pageEnds.get(2)[0];
    System.arraycopy(good, 0, file, 0, cut);
    System.arraycopy(bytes, 0, file, cut, bytes.length);
    System.arraycopy(good, cut, file, cut + bytes.length, good.length - cut);

    OggOpusReader reader = read(file);
    read(bytes);

    assertThat(reader.head()).isEqualTo(new OpusHead(1, 312));
    assertThat(reader.bytesSkipped()).isLessThanOrEqualTo(file.length);
    assertThat(reader.playedSamples()).isNotNegative();
  }

  private OggOpusReader read(byte[] file) {
    OggOpusReader reader = new OggOpusReader();
    bytesRead = 0;
    reader.read(file, 0, file.length, (_, _, length) -> bytesRead += length);
    assertThat(bytesRead).isLessThanOrEqualTo(file.length);
    return reader;
  }
}
