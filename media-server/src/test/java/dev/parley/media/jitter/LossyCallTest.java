package dev.parley.media.jitter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.mix.ToneDetector;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusDecoder;
import dev.parley.media.opus.OpusEncoder;
import dev.parley.media.opus.OpusEncoderSettings;
import dev.parley.media.opus.OpusEncoderSettings.Application;
import dev.parley.media.opus.OpusPacket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Opus over a bad network through jitter buffer and decoder: the tone goes on. The codec is set up
 * for music, since its speech half takes a pure tone for noise.
 */
final class LossyCallTest {
  private static final double TONE_HERTZ = 500;
  private static final int SECONDS = 10;

  private static final int WINDOW = 4_800;
  private static final long SEED = 20_261_121;

  private record Datagram(long arrivalNs, int sequence, UnsafeBuffer payload) {}

  /** The decoder as the playout wants it. */
  private record Decoder(OpusDecoder opus) implements FrameDecoder {
    @Override
    public int decode(
        byte[] packet, int packetOffset, int packetLength, float[] samples, int samplesOffset) {
      return opus.decode(packet, packetOffset, packetLength, samples, samplesOffset);
    }

    @Override
    public int decodeFec(
        byte[] nextPacket,
        int packetOffset,
        int packetLength,
        float[] samples,
        int samplesOffset,
        int frameSamples) {
      return opus.decodeFec(
          nextPacket, packetOffset, packetLength, samples, samplesOffset, frameSamples);
    }

    @Override
    public int conceal(float[] samples, int samplesOffset, int frameSamples) {
      return opus.conceal(samples, samplesOffset, frameSamples);
    }

    @Override
    public int channels() {
      return opus.channels();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {480, 960, 1_920, 2_880})
  void toneGoesOnThroughLossAndJitter(int frameSamples) {
    System.out.println("seed " + SEED);
    List<Datagram> network = call(frameSamples, 0.05, 25_000_000L);
    float[] heard = new float[SECONDS * 48_000];
    JitterBuffer buffer = new JitterBuffer();
    try (OpusDecoder decoder = OpusCodec.best().newDecoder(1)) {
      listen(network, new TalkerPlayout(buffer, new Decoder(decoder)), heard, frameSamples);
    }

    int goodWindows = 0;
    int windows = 0;
    for (int from = 48_000; from + WINDOW <= heard.length; from += WINDOW) {
      windows++;
      goodWindows += ToneDetector.amplitude(heard, from, from + WINDOW, TONE_HERTZ) > 0.15 ? 1 : 0;
    }
    assertThat(goodWindows).isGreaterThanOrEqualTo(windows * 90 / 100);
    assertThat(buffer.counters().lost()).isPositive();
    assertThat(buffer.counters().late()).isLessThan(network.size() / 20);
  }

  private static List<Datagram> call(int frameSamples, double loss, long jitterNs) {
    Random random = new Random(SEED);
    List<Datagram> network = new ArrayList<>();
    OpusEncoderSettings settings =
        OpusEncoderSettings.voice(1)
            .withFrameSamples(frameSamples)
            .withApplication(Application.AUDIO)
            .withBitrateBps(96_000)
            .withComplexity(1)
            .withInBandFec(true, 10);
    try (OpusEncoder encoder = OpusCodec.best().newEncoder(settings)) {
      byte[] packet = new byte[4_000];
      for (int n = 0; n < SECONDS * 48_000 / frameSamples; n++) {
        float[] frame = new float[frameSamples];
        ToneDetector.addTone(frame, 1, TONE_HERTZ, 0.3, (long) n * frameSamples);
        int length = encoder.encode(frame, 0, packet, 0, packet.length);
        if (random.nextDouble() >= loss) {
          long sentNs = (n + 1L) * frameSamples * 1_000_000_000L / 48_000;
          long arrivalNs = sentNs + (long) (random.nextDouble() * jitterNs);
          network.add(new Datagram(arrivalNs, n, new UnsafeBuffer(Arrays.copyOf(packet, length))));
        }
      }
    }
    network.sort(Comparator.comparingLong(Datagram::arrivalNs));
    return network;
  }

  private static void listen(
      List<Datagram> network, TalkerPlayout playout, float[] heard, int frameSamples) {
    ArrivedPacket arrived = new ArrivedPacket();
    OpusPacket opusPacket = new OpusPacket();
    float[] frame = new float[960];
    int next = 0;
    for (int tick = 0; tick < heard.length / 960; tick++) {
      long nowNs = tick * 20_000_000L + 9_000_000;
      while (next < network.size() && network.get(next).arrivalNs() <= nowNs) {
        Datagram datagram = network.get(next++);
        UnsafeBuffer payload = datagram.payload();
        assertThat(opusPacket.wrap(payload, 0, payload.capacity())).isTrue();
        arrived
            .header(
                1, datagram.sequence(), datagram.sequence() * frameSamples, datagram.arrivalNs())
            .payload(payload, 0, payload.capacity(), opusPacket.durationSamples());
        playout.buffer().insert(arrived);
      }
      playout.readFrame(frame, nowNs);
      System.arraycopy(frame, 0, heard, tick * 960, 960);
    }
  }
}
