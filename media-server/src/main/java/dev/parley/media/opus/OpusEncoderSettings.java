package dev.parley.media.opus;

/**
 * How an encoder is set up. Immutable.
 *
 * @param channels 1 or 2
 * @param frameSamples samples per channel of a frame: 120, 240, 480, 960, 1920 or 2880
 * @param bitrateBps target in bits per second, 6 000..510 000
 * @param complexity effort, 0..10
 * @param application what the codec is tuned for
 * @param inBandFec whether packets carry a coarse copy of the frame before
 * @param expectedLossPercent packets in a hundred that get lost, 0..100
 * @param dtx whether silence shrinks to packets that need not be sent
 */
public record OpusEncoderSettings(
    int channels,
    int frameSamples,
    int bitrateBps,
    int complexity,
    Application application,
    boolean inBandFec,
    int expectedLossPercent,
    boolean dtx) {
  /** What the codec is tuned for. */
  public enum Application {
    /** Speech on narrow or lossy paths; the signal is taken for voice. */
    VOIP,
    /** Faithful sound of any kind. */
    AUDIO
  }

  public OpusEncoderSettings {
    require(channels == 1 || channels == 2, "channels", channels, "1 or 2");
    require(
        isFrame(frameSamples), "frameSamples", frameSamples, "120, 240, 480, 960, 1920 or 2880");
    require(bitrateBps >= 6_000 && bitrateBps <= 510_000, "bitrateBps", bitrateBps, "6000..510000");
    require(complexity >= 0 && complexity <= 10, "complexity", complexity, "0..10");
    require(
        expectedLossPercent >= 0 && expectedLossPercent <= 100,
        "expectedLossPercent",
        expectedLossPercent,
        "0..100");
  }

  /**
   * Speech as the server sends it: 20 ms, 32 kbit/s a channel, complexity 5, FEC ready but no loss
   * expected yet.
   */
  public static OpusEncoderSettings voice(int channels) {
    return new OpusEncoderSettings(
        channels, OpusCodec.FRAME_SAMPLES, 32_000 * channels, 5, Application.VOIP, true, 0, false);
  }

  /** The same with another frame length, samples per channel. */
  public OpusEncoderSettings withFrameSamples(int samples) {
    return new OpusEncoderSettings(
        channels,
        samples,
        bitrateBps,
        complexity,
        application,
        inBandFec,
        expectedLossPercent,
        dtx);
  }

  /** The same with another target, bits per second. */
  public OpusEncoderSettings withBitrateBps(int bitsPerSecond) {
    return new OpusEncoderSettings(
        channels,
        frameSamples,
        bitsPerSecond,
        complexity,
        application,
        inBandFec,
        expectedLossPercent,
        dtx);
  }

  /** The same with another effort, 0..10. */
  public OpusEncoderSettings withComplexity(int effort) {
    return new OpusEncoderSettings(
        channels,
        frameSamples,
        bitrateBps,
        effort,
        application,
        inBandFec,
        expectedLossPercent,
        dtx);
  }

  /** The same tuned for something else. */
  public OpusEncoderSettings withApplication(Application tuning) {
    return new OpusEncoderSettings(
        channels,
        frameSamples,
        bitrateBps,
        complexity,
        tuning,
        inBandFec,
        expectedLossPercent,
        dtx);
  }

  /** The same with in-band FEC on or off, for the loss given in percent. */
  public OpusEncoderSettings withInBandFec(boolean enabled, int lossPercent) {
    return new OpusEncoderSettings(
        channels, frameSamples, bitrateBps, complexity, application, enabled, lossPercent, dtx);
  }

  /** The same with discontinuous transmission on or off. */
  public OpusEncoderSettings withDtx(boolean enabled) {
    return new OpusEncoderSettings(
        channels,
        frameSamples,
        bitrateBps,
        complexity,
        application,
        inBandFec,
        expectedLossPercent,
        enabled);
  }

  private static boolean isFrame(int samples) {
    return switch (samples) {
      case 120, 240, 480, 960, 1_920, 2_880 -> true;
      default -> false;
    };
  }

  private static void require(boolean holds, String setting, int value, String range) {
    if (!holds) {
      throw new IllegalArgumentException(setting + " must be " + range + ": " + value);
    }
  }
}
