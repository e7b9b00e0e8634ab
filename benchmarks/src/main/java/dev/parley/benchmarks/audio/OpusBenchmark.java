package dev.parley.benchmarks.audio;

import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusDecoder;
import dev.parley.media.opus.OpusEncoder;
import dev.parley.media.opus.OpusEncoderSettings;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** 20 ms frames of speech through an encoder, and through a decoder that misses some. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class OpusBenchmark {
  private static final int FRAMES = 100;

  /** An encoder and two seconds of syllables. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // JMH calls prepare() first.
  public static class Encoding {
    @Param({"libopus", "concentus"})
    public String codec;

    @Param({"1", "2"})
    public int channels;

    @Param({"5", "10"})
    public int complexity;

    /** Packets in a hundred that are expected to get lost; above 0 each packet carries FEC. */
    @Param({"0", "10"})
    public int lossPercent;

    private OpusEncoder encoder;
    private float[] speech;
    private final byte[] packet = new byte[OpusEncoder.PACKET_LENGTH_MAX];
    private int frame;

    @Setup
    public void prepare() {
      OpusEncoderSettings settings =
          OpusEncoderSettings.voice(channels)
              .withComplexity(complexity)
              .withInBandFec(true, lossPercent);
      encoder = implementation(codec).newEncoder(settings);
      speech = Voice.frames(FRAMES, channels);
    }

    @TearDown
    public void close() {
      encoder.close();
    }
  }

  /** A decoder and two seconds of packets, all with FEC. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // JMH calls prepare() first.
  public static class Decoding {
    @Param({"libopus", "concentus"})
    public String codec;

    @Param({"1", "2"})
    public int channels;

    private OpusDecoder decoder;
    private float[] heard;
    private final byte[][] packets = new byte[FRAMES][];
    private int frame;

    @Setup
    public void prepare() {
      OpusCodec implementation = implementation(codec);
      decoder = implementation.newDecoder(channels);
      heard = new float[OpusCodec.PACKET_SAMPLES_MAX * channels];
      float[] speech = Voice.frames(FRAMES, channels);
      byte[] packet = new byte[OpusEncoder.PACKET_LENGTH_MAX];
      OpusEncoderSettings settings = OpusEncoderSettings.voice(channels).withInBandFec(true, 10);
      try (OpusEncoder encoder = implementation.newEncoder(settings)) {
        for (int i = 0; i < FRAMES; i++) {
          int from = i * OpusCodec.FRAME_SAMPLES * channels;
          int length = encoder.encode(speech, from, packet, 0, packet.length);
          packets[i] = Arrays.copyOf(packet, length);
        }
      }
    }

    @TearDown
    public void close() {
      decoder.close();
    }

    private byte[] next() {
      frame = (frame + 1) % FRAMES;
      return packets[frame];
    }
  }

  private static OpusCodec implementation(String codec) {
    OpusCodec implementation =
        codec.equals("libopus") ? OpusCodec.libopus() : OpusCodec.concentus();
    if (implementation == null) {
      throw new IllegalStateException(
          "libopus is absent: install libopus0, or run with -p codec=concentus");
    }
    return implementation;
  }

  @Benchmark
  public int encode(Encoding it) {
    it.frame = (it.frame + 1) % FRAMES;
    int from = it.frame * OpusCodec.FRAME_SAMPLES * it.channels;
    return it.encoder.encode(it.speech, from, it.packet, 0, it.packet.length);
  }

  @Benchmark
  public int decode(Decoding it) {
    byte[] packet = it.next();
    return it.decoder.decode(packet, 0, packet.length, it.heard, 0);
  }

  /** A lost frame from the copy in the next packet, and that packet: two frames. */
  @Benchmark
  public int recoverAndDecode(Decoding it) {
    it.next();
    byte[] packet = it.next();
    int recovered =
        it.decoder.decodeFec(packet, 0, packet.length, it.heard, 0, OpusCodec.FRAME_SAMPLES);
    return recovered + it.decoder.decode(packet, 0, packet.length, it.heard, 0);
  }

  /** A lost frame made up, and the next packet: two frames. */
  @Benchmark
  public int concealAndDecode(Decoding it) {
    it.next();
    byte[] packet = it.next();
    int concealed = it.decoder.conceal(it.heard, 0, OpusCodec.FRAME_SAMPLES);
    return concealed + it.decoder.decode(packet, 0, packet.length, it.heard, 0);
  }
}
