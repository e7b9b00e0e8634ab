package dev.parley.systemtests.show.recording;

import dev.parley.media.ogg.OggOpusReader;
import dev.parley.media.ogg.OpusHead;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusDecoder;
import java.util.Arrays;

/**
 * A recorded track as a player has it: decoded by libopus, pre-skip left out, ended where the file
 * says (RFC 7845).
 *
 * @param samples mono, 48 kHz
 * @param playedSamples as the file says
 * @param isWhole true if it has its end, and nothing in it is broken
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
record DecodedTrack(float[] samples, long playedSamples, boolean isWhole) {

  /** Decodes an Ogg Opus file with one channel. */
  static DecodedTrack of(byte[] file) {
    OggOpusReader reader = new OggOpusReader();
    try (OpusDecoder decoder = OpusCodec.best().newDecoder(1)) {
      Decoding decoding = new Decoding(decoder);
      reader.read(file, 0, file.length, decoding::onPacket);
      OpusHead head = reader.head();
      int from = head == null ? 0 : head.preSkipSamples();
      int to = (int) Math.min(decoding.length, from + reader.playedSamples());
      boolean isWhole =
          reader.hasEnd()
              && reader.bytesSkipped() == 0
              && reader.pagesMissing() == 0
              && decoding.failures == 0
              && to - from == reader.playedSamples();
      return new DecodedTrack(
          Arrays.copyOfRange(decoding.samples, Math.min(from, to), to),
          reader.playedSamples(),
          isWhole);
    }
  }

  /** In milliseconds. */
  double durationMs() {
    return playedSamples / (double) Sounds.MS;
  }

  /** Root mean square of all of it. */
  double loudness() {
    double sum = 0;
    for (float sample : samples) {
      sum += (double) sample * sample;
    }
    return samples.length == 0 ? 0 : Math.sqrt(sum / samples.length);
  }

  /** Gathers what a decoder makes of packets. One thread. */
  private static final class Decoding {
    private final OpusDecoder decoder;
    private float[] samples = new float[1 << 20];
    private int length;
    private int failures;

    Decoding(OpusDecoder decoder) {
      this.decoder = decoder;
    }

    void onPacket(byte[] bytes, int offset, int packetLength) {
      if (samples.length - length < OpusCodec.PACKET_SAMPLES_MAX) {
        samples = Arrays.copyOf(samples, 2 * samples.length);
      }
      int count = decoder.decode(bytes, offset, packetLength, samples, length);
      if (count < 0) {
        failures++;
      } else {
        length += count;
      }
    }
  }
}
