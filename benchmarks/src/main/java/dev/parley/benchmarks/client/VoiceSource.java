package dev.parley.benchmarks.client;

import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusEncoder;
import dev.parley.media.opus.OpusEncoderSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Generated sound, encoded once and repeated: a frame each 20 ms with its audio level (RFC 6464).
 * Immutable; clients share one.
 */
public final class VoiceSource {
  private static final int FRAMES_PER_SECOND = 50;
  private static final double SAMPLES_PER_SECOND = OpusCodec.SAMPLES_PER_SECOND;
  private static final int SILENCE_DBOV = -127;

  /** RMS above which a frame counts as voice. */
  private static final double VOICE_DBOV = -50;

  private final List<UnsafeBuffer> frames;
  private final int[] levelsDbov;

  private VoiceSource(List<UnsafeBuffer> frames, int[] levelsDbov) {
    this.frames = frames;
    this.levelsDbov = levelsDbov;
  }

  /** A sine tone; whole periods fit, so its repetition is seamless at multiples of 1 Hz. */
  public static VoiceSource tone(int hertz, double levelDbov) {
    double amplitude = Math.sqrt(2) * Math.pow(10, levelDbov / 20);
    float[] samples = new float[OpusCodec.SAMPLES_PER_SECOND * 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (amplitude * Math.sin(2 * Math.PI * hertz * i / SAMPLES_PER_SECOND));
    }
    return encode(samples);
  }

  /**
   * Something a codec and a level meter take for speech: voiced syllables of four harmonics, four a
   * second, in sentences of two to four seconds with pauses between.
   */
  public static VoiceSource speech(long seed, int seconds, double levelDbov) {
    return speech(seed, seconds, levelDbov, true);
  }

  /** The same without pauses, for one whose {@link TalkPattern} makes them. */
  public static VoiceSource unbrokenSpeech(long seed, int seconds, double levelDbov) {
    return speech(seed, seconds, levelDbov, false);
  }

  private static VoiceSource speech(long seed, int seconds, double levelDbov, boolean hasPauses) {
    Random random = new Random(seed);
    float[] samples = new float[OpusCodec.SAMPLES_PER_SECOND * seconds];
    double pitchHertz = 100 + random.nextInt(120);
    double amplitude = Math.pow(10, levelDbov / 20);
    double phase = 0;
    boolean talking = true;
    int until = 0;
    for (int i = 0; i < samples.length; i++) {
      if (i >= until) {
        talking = until == 0 || !hasPauses || !talking;
        until =
            i
                + (int)
                    ((talking ? 2 + 2 * random.nextDouble() : 0.4 + random.nextDouble())
                        * SAMPLES_PER_SECOND);
      }
      double syllable = Math.max(0, Math.sin(2 * Math.PI * 4 * i / SAMPLES_PER_SECOND) + 0.4);
      phase += 2 * Math.PI * pitchHertz * (1 + 0.1 * syllable) / SAMPLES_PER_SECOND;
      double voiced =
          Math.sin(phase)
              + 0.6 * Math.sin(2 * phase)
              + 0.4 * Math.sin(3 * phase)
              + 0.2 * Math.sin(5 * phase);
      samples[i] =
          (float) (talking ? amplitude * syllable * voiced : 0.0001 * random.nextGaussian());
    }
    return encode(samples);
  }

  /** A microphone in a quiet room: noise far below speech. */
  public static VoiceSource quietRoom(long seed) {
    Random random = new Random(seed);
    float[] samples = new float[OpusCodec.SAMPLES_PER_SECOND * 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.0002 * random.nextGaussian());
    }
    return encode(samples);
  }

  /** Any sound; whole frames of it, mono. */
  public static VoiceSource encode(float[] samples) {
    int count = samples.length / OpusCodec.FRAME_SAMPLES;
    List<UnsafeBuffer> frames = new ArrayList<>(count);
    int[] levelsDbov = new int[count];
    byte[] packet = new byte[OpusEncoder.PACKET_LENGTH_MAX];
    try (OpusEncoder encoder = OpusCodec.best().newEncoder(OpusEncoderSettings.voice(1))) {
      // The second pass is kept: then the encoder's state at the end fits the beginning.
      for (int i = 0; i < 2 * count; i++) {
        int offset = i % count * OpusCodec.FRAME_SAMPLES;
        int length = encoder.encode(samples, offset, packet, 0, packet.length);
        byte[] padded = length < 0 ? null : PacketStamp.makeRoom(packet, length);
        if (padded == null) {
          throw new IllegalStateException("not a packet of one frame: " + length);
        }
        if (i >= count) {
          frames.add(new UnsafeBuffer(padded));
          levelsDbov[i - count] = levelDbov(samples, offset);
        }
      }
    }
    return new VoiceSource(List.copyOf(frames), levelsDbov);
  }

  private static int levelDbov(float[] samples, int offset) {
    double sum = 0;
    for (int i = 0; i < OpusCodec.FRAME_SAMPLES; i++) {
      sum += samples[offset + i] * samples[offset + i];
    }
    double rms = Math.sqrt(sum / OpusCodec.FRAME_SAMPLES);
    return rms == 0 ? SILENCE_DBOV : (int) Math.max(SILENCE_DBOV, Math.round(20 * Math.log10(rms)));
  }

  /** The packet of one frame, with room for a {@link PacketStamp} at its end; copy it. */
  public UnsafeBuffer frame(long index) {
    return frames.get((int) (index % frames.size()));
  }

  /** 0..-127. */
  int levelDbov(long index) {
    return levelsDbov[(int) (index % levelsDbov.length)];
  }

  boolean isVoice(long index) {
    return levelDbov(index) > VOICE_DBOV;
  }

  /** How long it lasts before it repeats. */
  int seconds() {
    return frames.size() / FRAMES_PER_SECOND;
  }
}
