package dev.parley.media.conference;

import dev.parley.media.opus.OpusCodec;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Keeps encoders for those who come into a mix and go out of it, so that a change of talker makes
 * no garbage. Owned by one mix agent; a conference that moves takes its outputs along.
 */
final class MixOutputPool {
  /** Idle encoders kept for each channel count; the rest are closed. */
  private static final int IDLE_MAX = 32;

  /** No agent lends more outputs in its life; so that all agents' streams have different names. */
  private static final int EPOCH_BITS = 48;

  private final OpusCodec codec;
  private final EncoderEffort effort;
  private final ConferenceCounters counters;
  private final ArrayDeque<MixOutput> mono = new ArrayDeque<>(IDLE_MAX);
  private final ArrayDeque<MixOutput> stereo = new ArrayDeque<>(IDLE_MAX);
  private long epoch;

  MixOutputPool(
      int agentIndex, OpusCodec codec, EncoderEffort effort, ConferenceCounters counters) {
    epoch = (long) agentIndex << EPOCH_BITS;
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

  /** Gives away the idle output with this history, if there is one. */
  @Nullable MixOutput takeIdle(SentHistory history) {
    MixOutput taken = takeIdle(history, mono);
    return taken == null ? takeIdle(history, stereo) : taken;
  }

  private static @Nullable MixOutput takeIdle(SentHistory history, ArrayDeque<MixOutput> idle) {
    for (MixOutput output : idle) {
      if (output.history() == history) {
        idle.remove(output);
        return output;
      }
    }
    return null;
  }

  /** Takes an output of another agent's pool for one of its own, lent out as it is. */
  void adopt(MixOutput output) {
    output.follow(effort, counters);
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
