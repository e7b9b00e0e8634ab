package dev.parley.systemtests.browser;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a WAV file with bursts of one tone. The bursts follow each other in uneven intervals, so
 * that a burst that arrives late cannot be taken for the next one.
 */
public final class ToneFile {
  private static final int SAMPLE_RATE_HZ = 48_000;
  private static final int[] INTERVALS_MS = {900, 1100, 1300, 1000};
  private static final int PAUSE_MS = 200;
  private static final int RAMP_MS = 2;
  private static final double AMPLITUDE = 0.4;
  private static final int HEADER_LENGTH = 44;

  private ToneFile() {}

  /** Writes the file and returns its path: 48 kHz, one channel, 16 bits. */
  public static Path write(Path folder, int frequencyHz) throws IOException {
    int samples = 0;
    for (int intervalMs : INTERVALS_MS) {
      samples += samplesOf(intervalMs);
    }
    ByteBuffer wav =
        ByteBuffer.allocate(HEADER_LENGTH + samples * 2).order(ByteOrder.LITTLE_ENDIAN);
    writeHeader(wav, samples * 2);
    for (int intervalMs : INTERVALS_MS) {
      writeBurst(wav, samplesOf(intervalMs - PAUSE_MS), frequencyHz);
      wav.position(wav.position() + samplesOf(PAUSE_MS) * 2);
    }
    Path path = folder.resolve("tone-" + frequencyHz + ".wav");
    Files.write(path, wav.array());
    return path;
  }

  private static void writeHeader(ByteBuffer wav, int dataLength) {
    wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(HEADER_LENGTH - 8 + dataLength);
    wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
        .putInt(16)
        .putShort((short) 1)
        .putShort((short) 1);
    wav.putInt(SAMPLE_RATE_HZ).putInt(SAMPLE_RATE_HZ * 2).putShort((short) 2).putShort((short) 16);
    wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(dataLength);
  }

  private static void writeBurst(ByteBuffer wav, int samples, int frequencyHz) {
    int ramp = samplesOf(RAMP_MS);
    for (int i = 0; i < samples; i++) {
      double envelope = Math.min(1.0, Math.min(i, samples - 1 - i) / (double) ramp);
      double value =
          AMPLITUDE * envelope * Math.sin(2 * Math.PI * frequencyHz * i / SAMPLE_RATE_HZ);
      wav.putShort((short) Math.round(value * Short.MAX_VALUE));
    }
  }

  private static int samplesOf(int durationMs) {
    return SAMPLE_RATE_HZ / 1000 * durationMs;
  }
}
