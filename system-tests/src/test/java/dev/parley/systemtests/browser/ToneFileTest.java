package dev.parley.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToneFileTest {
  @Test
  void fileIsAWavOfBurstsAndPauses(@TempDir Path folder) throws Exception {
    Path file = ToneFile.write(folder, 1000);

    try (AudioInputStream audio = AudioSystem.getAudioInputStream(file.toFile())) {
      AudioFormat format = audio.getFormat();
      assertThat(format.getSampleRate()).isEqualTo(48_000f);
      assertThat(format.getChannels()).isEqualTo(1);
      assertThat(audio.getFrameLength()).isEqualTo(48L * (900 + 1100 + 1300 + 1000));
      byte[] samples = audio.readAllBytes();
      assertThat(peak(samples, 100, 600)).isBetween(13_000, 13_200);
      assertThat(peak(samples, 700, 900)).isZero();
    }
  }

  private static int peak(byte[] samples, int fromMs, int toMs) {
    int peak = 0;
    for (int i = fromMs * 48; i < toMs * 48; i++) {
      int sample = (samples[2 * i + 1] << 8) | (samples[2 * i] & 0xFF);
      peak = Math.max(peak, Math.abs(sample));
    }
    return peak;
  }
}
