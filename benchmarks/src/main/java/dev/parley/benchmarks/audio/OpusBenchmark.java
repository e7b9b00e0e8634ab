package dev.parley.benchmarks.audio;

import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusDecoder;
import dev.parley.media.opus.OpusEncoder;
import dev.parley.media.opus.OpusEncoderSettings;
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

/** One 20 ms frame of speech through an encoder, a decoder, and the decoder's loss concealment. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() first.
public class OpusBenchmark {
  private static final int FRAMES = 100;

  @Param({"libopus", "concentus"})
  public String codec;

  @Param({"1", "2"})
  public int channels;

  @Param({"5"})
  public int complexity;

  private OpusEncoder encoder;
  private OpusDecoder decoder;
  private float[] speech;
  private float[] heard;
  private final byte[] packet = new byte[OpusEncoder.PACKET_LENGTH_MAX];
  private final byte[][] packets = new byte[FRAMES][];
  private int frame;

  /** Two seconds of syllables, and their packets. */
  @Setup
  public void prepare() {
    OpusCodec implementation =
        codec.equals("libopus") ? OpusCodec.libopus() : OpusCodec.concentus();
    if (implementation == null) {
      throw new IllegalStateException(
          "libopus is absent: install libopus0, or run with -p codec=concentus");
    }
    encoder =
        implementation.newEncoder(OpusEncoderSettings.voice(channels).withComplexity(complexity));
    decoder = implementation.newDecoder(channels);
    heard = new float[OpusCodec.PACKET_SAMPLES_MAX * channels];
    speech = Voice.frames(FRAMES, channels);
    for (int i = 0; i < FRAMES; i++) {
      int length = encode(i);
      packets[i] = java.util.Arrays.copyOf(packet, length);
    }
  }

  /** Gives the native memory back. */
  @TearDown
  public void close() {
    encoder.close();
    decoder.close();
  }

  @Benchmark
  public int encode() {
    return encode(nextFrame());
  }

  @Benchmark
  public int decode() {
    byte[] received = packets[nextFrame()];
    return decoder.decode(received, 0, received.length, heard, 0);
  }

  @Benchmark
  public int concealEveryTenth() {
    int index = nextFrame();
    if (index % 10 == 9) {
      return decoder.conceal(heard, 0, OpusCodec.FRAME_SAMPLES);
    }
    return decoder.decode(packets[index], 0, packets[index].length, heard, 0);
  }

  private int encode(int index) {
    return encoder.encode(
        speech, index * OpusCodec.FRAME_SAMPLES * channels, packet, 0, packet.length);
  }

  private int nextFrame() {
    frame = (frame + 1) % FRAMES;
    return frame;
  }
}
