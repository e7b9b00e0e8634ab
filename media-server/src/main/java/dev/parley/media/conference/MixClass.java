package dev.parley.media.conference;

import dev.parley.media.conference.ParticipantDescription.Reception;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mix listeners of one conference who can share an encode: same channels, bitrate and FEC. Bitrates
 * are rounded down to a few steps, so that clients cannot make a class each. Owned by one mix
 * agent.
 */
final class MixClass {
  /** Bitrates of one channel, bits per second. The last is what the server chooses by itself. */
  private static final int[] BITRATES_BPS = {12_000, 16_000, 20_000, 24_000, 32_000};

  private static final int INITIAL_CAPACITY = 4;

  private final int channels;
  private final int bitrateBps;
  private final boolean fec;
  private final int[] listenersOnLoop;
  private MixListener[] listeners = new MixListener[INITIAL_CAPACITY];
  private int listenerCount;
  private final List<RecordingTap> taps = new ArrayList<>(1);
  private @Nullable MixOutput output;

  MixClass(Reception reception, int loopCount) {
    channels = reception.channels();
    bitrateBps = bitrateBps(reception);
    fec = reception.fec();
    listenersOnLoop = new int[loopCount];
  }

  int channels() {
    return channels;
  }

  int bitrateBps() {
    return bitrateBps;
  }

  /** Recordings of what all hear who are not in the mix themselves. */
  List<RecordingTap> taps() {
    return taps;
  }

  /** True if nobody hears it, and it is not recorded. */
  boolean isIdle() {
    return listenerCount == 0 && taps.isEmpty();
  }

  /** True if one who is to hear so belongs here. */
  boolean fits(Reception reception) {
    return reception.channels() == channels
        && bitrateBps(reception) == bitrateBps
        && reception.fec() == fec;
  }

  private static int bitrateBps(Reception reception) {
    int channels = reception.channels();
    int chosen = BITRATES_BPS[BITRATES_BPS.length - 1];
    if (reception.bitrateBps() > 0) {
      chosen = BITRATES_BPS[0];
      for (int step : BITRATES_BPS) {
        chosen = step * channels <= reception.bitrateBps() ? step : chosen;
      }
    }
    return chosen * channels;
  }

  MixOutput acquireOutput(MixOutputPool pool) {
    return pool.acquire(channels, bitrateBps, fec);
  }

  void add(MixListener listener) {
    if (listenerCount == listeners.length) {
      listeners = Arrays.copyOf(listeners, 2 * listenerCount);
    }
    listeners[listenerCount++] = listener;
    listenersOnLoop[listener.participant().loopIndex()]++;
  }

  void remove(MixListener listener) {
    int index = 0;
    while (listeners[index] != listener) {
      index++;
    }
    listenerCount--;
    System.arraycopy(listeners, index + 1, listeners, index, listenerCount - index);
    listenersOnLoop[listener.participant().loopIndex()]--;
  }

  int listenerCount() {
    return listenerCount;
  }

  MixListener listener(int index) {
    return listeners[index];
  }

  /** How many of this class are on a loop, whether they share the encode now or not. */
  int listenersOnLoop(int loop) {
    return listenersOnLoop[loop];
  }

  /** How many hear what all hear: they are not in the mix themselves. */
  int sharingCount() {
    int count = 0;
    for (int i = 0; i < listenerCount; i++) {
      count += listeners[i].ownOutput() == null ? 1 : 0;
    }
    return count;
  }

  /** The worst loss among those who share the encode, in percent. */
  int lossPercent() {
    int percent = 0;
    for (int i = 0; i < listenerCount; i++) {
      if (listeners[i].ownOutput() == null) {
        percent = Math.max(percent, listeners[i].lossPercent());
      }
    }
    return percent;
  }

  /** The shared encode, or null while nobody shares it. */
  @Nullable MixOutput output() {
    return output;
  }

  void output(@Nullable MixOutput newOutput) {
    output = newOutput;
  }
}
