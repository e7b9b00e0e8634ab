package dev.parley.media.conference;

import dev.parley.media.opus.OpusCodec;
import java.util.ArrayDeque;

/**
 * Keeps encoders for those who come into a mix and go out of it, so that a change of talker makes
 * no garbage. Owned by one mix agent.
 */
final class MixOutputPool {
  /** Idle encoders kept for each channel count; the rest are closed. */
  private static final int IDLE_MAX = 32;

  private final OpusCodec codec;
  private final EncoderEffort effort;
  private final ConferenceCounters counters;
  private final ArrayDeque<MixOutput> mono = new ArrayDeque<>(IDLE_MAX);
  private final ArrayDeque<MixOutput> stereo = new ArrayDeque<>(IDLE_MAX);
  private long epoch;

  MixOutputPool(OpusCodec codec, EncoderEffort effort, ConferenceCounters counters) {
    this.codec = codec;
    this.effort = effort;
    this.counters = counters;
  }

  /** Lends an output, as new. */
  MixOutput acquire(int channels, int bitrateBps, boolean fec) {
    MixOutput output = idle(channels).pollLast();
    if (output == null) {
      output = new MixOutput(codec, channels, effort, counters);
    }
    output.begin(++epoch, bitrateBps, fec);
    return output;
  }

  void release(MixOutput output) {
    ArrayDeque<MixOutput> idle = idle(output.channels());
    if (idle.size() < IDLE_MAX) {
      idle.addLast(output);
    } else {
      output.close();
    }
  }

  void close() {
    mono.forEach(MixOutput::close);
    mono.clear();
    stereo.forEach(MixOutput::close);
    stereo.clear();
  }

  private ArrayDeque<MixOutput> idle(int channels) {
    return channels == 1 ? mono : stereo;
  }
}
