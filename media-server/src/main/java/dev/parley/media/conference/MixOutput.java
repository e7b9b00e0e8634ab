package dev.parley.media.conference;

import dev.parley.media.mix.FrameKernels;
import dev.parley.media.mix.LevelMeter;
import dev.parley.media.mix.Limiter;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusEncoder;
import dev.parley.media.opus.OpusEncoderSettings;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One encoded stream of a mix: limiter, encoder, and what is sent in silence. Owned by one mix
 * agent; lent out by a {@link MixOutputPool}.
 *
 * <p>Silence: the encoder runs on for {@link #TAIL_TICKS}, then stops. From then on a packet with
 * nothing but its first byte goes out each {@link #KEEP_ALIVE_TICKS}, just as an Opus encoder with
 * discontinuous transmission sends it (RFC 6716 section 2.1.9): clients make comfort noise of it
 * instead of concealing losses, and see that the stream lives.
 */
final class MixOutput {
  /** Frames of silence that are still encoded, 200 ms: what is left of the sound dies away. */
  static final int TAIL_TICKS = 10;

  /** Ticks from one packet to the next in silence, 400 ms. */
  static final int KEEP_ALIVE_TICKS = 20;

  /** A frame up to this level counts as silence: below the noise of any room or microphone. */
  static final int SILENCE_DBOV = -80;

  /** The first byte of a packet with one empty CELT frame of 20 ms, full band, mono. */
  private static final int EMPTY_FRAME_TOC = 0xF8;

  private static final int TOC_STEREO = 0x04;
  private static final int TOC_FRAME_COUNT_CODE = 0x03;
  private static final int VOICE_DBOV = -50;

  private final int channels;
  private final OpusEncoder encoder;
  private final Limiter limiter;
  private final float[] frame;
  private final byte[] packet = new byte[OpusEncoder.PACKET_LENGTH_MAX];
  private final UnsafeBuffer packetBuffer = new UnsafeBuffer(packet);
  private final SentHistory history = new SentHistory();
  private EncoderEffort effort;
  private ConferenceCounters counters;
  private long epoch;
  private long packetCount;
  private int complexity;
  private int toc;
  private int packetLength;
  private int silentTicks;
  private int levelDbov;
  private boolean marker;
  private boolean mustStandAlone;
  private boolean standsAlone;
  private boolean fec;
  private int expectedLossPercent;

  MixOutput(OpusCodec codec, int channels, EncoderEffort effort, ConferenceCounters counters) {
    this.channels = channels;
    this.effort = effort;
    this.counters = counters;
    complexity = effort.complexity();
    encoder = codec.newEncoder(OpusEncoderSettings.voice(channels).withComplexity(complexity));
    limiter = new Limiter(channels, OpusCodec.FRAME_SAMPLES);
    frame = new float[OpusCodec.FRAME_SAMPLES * channels];
  }

  /** Goes on as one of another agent's. */
  void follow(EncoderEffort otherEffort, ConferenceCounters otherCounters) {
    effort = otherEffort;
    counters = otherCounters;
  }

  int channels() {
    return channels;
  }

  /** Makes it as new, for a stream of so many bits per second, with a name of its own. */
  void begin(long newEpoch, int bitrateBps, boolean usesFec) {
    fec = usesFec;
    epoch = newEpoch;
    packetCount = 0;
    encoder.reset();
    encoder.bitrate(bitrateBps);
    encoder.inBandFec(fec);
    encoder.expectedLoss(0);
    expectedLossPercent = 0;
    limiter.reset();
    toc = EMPTY_FRAME_TOC | (channels == 2 ? TOC_STEREO : 0);
    silentTicks = TAIL_TICKS;
    mustStandAlone = false;
  }

  /**
   * Gets ready to go on where another encoder stopped: hears the frame before, and makes the next
   * one lean on nothing, so that the listener's decoder follows from the first frame on.
   */
  void takeOver(float[] previousMix) {
    if (LevelMeter.levelDbov(previousMix, previousMix.length) > SILENCE_DBOV) {
      encode(previousMix);
      silentTicks = 0;
    }
    mustStandAlone = true;
  }

  /** Makes the next frame lean on nothing, for a listener who comes from another encoder. */
  void welcome() {
    mustStandAlone = true;
  }

  /** Adapts in-band FEC to the listeners' losses. */
  void expectLoss(int percent) {
    if (percent != expectedLossPercent) {
      expectedLossPercent = percent;
      encoder.expectedLoss(percent);
    }
  }

  /** Takes one frame of the mix bus. True if there is a packet to send. */
  boolean produce(float[] mix, boolean hasSound) {
    levelDbov = hasSound ? LevelMeter.levelDbov(mix, mix.length) : LevelMeter.LEVEL_MIN_DBOV;
    if (levelDbov > SILENCE_DBOV) {
      marker = silentTicks >= TAIL_TICKS;
      silentTicks = 0;
    } else {
      marker = false;
      silentTicks++;
    }
    int quietTicks = silentTicks - TAIL_TICKS - 1;
    if (quietTicks < 0) {
      boolean isEncoded = encode(mix);
      packetCount += isEncoded ? 1 : 0;
      return isEncoded;
    }
    packet[0] = (byte) toc;
    packetLength = 1;
    boolean isDue = quietTicks % KEEP_ALIVE_TICKS == 0;
    packetCount += isDue ? 1 : 0;
    return isDue;
  }

  private boolean encode(float[] mix) {
    if (channels == TalkerSound.BUS_CHANNELS) {
      System.arraycopy(mix, 0, frame, 0, frame.length);
    } else {
      FrameKernels.stereoToMono(mix, frame, frame.length);
    }
    limiter.apply(frame);
    if (standsAlone != mustStandAlone) {
      standsAlone = mustStandAlone;
      encoder.predictionDisabled(standsAlone);
    }
    mustStandAlone = false;
    if (complexity != effort.complexity()) {
      complexity = effort.complexity();
      encoder.complexity(complexity);
    }
    packetLength = encoder.encode(frame, 0, packet, 0, packet.length);
    if (packetLength <= 0) {
      counters.increment(ConferenceCounter.ENCODE_FAILURES);
      return false;
    }
    counters.increment(ConferenceCounter.FRAMES_ENCODED);
    if (fec && expectedLossPercent > 0) {
      counters.increment(ConferenceCounter.FRAMES_ENCODED_WITH_FEC);
    }
    toc = packet[0] & ~TOC_FRAME_COUNT_CODE;
    return true;
  }

  /** Keeps the packet just produced, which the fan holds, for listeners who lose it. */
  void keep(int timestampTicks, OutgoingFan fan) {
    history.put(epoch, packetCount, timestampTicks, marker, fan);
  }

  SentHistory history() {
    return history;
  }

  /** Names this stream among all that the pool's outputs have made and will make. */
  long epoch() {
    return epoch;
  }

  /** Packets produced so far: the number of the newest, from 1. */
  long packetCount() {
    return packetCount;
  }

  /** The packet that {@link #produce} made; valid until its next call. */
  DirectBuffer packet() {
    return packetBuffer;
  }

  int packetLength() {
    return packetLength;
  }

  /** Level of the frame, -127..0 dBov. */
  int levelDbov() {
    return levelDbov;
  }

  boolean hasVoice() {
    return levelDbov > VOICE_DBOV;
  }

  /** True on the first packet after silence (RFC 7587 section 4.1). */
  boolean marker() {
    return marker;
  }

  void close() {
    encoder.close();
  }
}
