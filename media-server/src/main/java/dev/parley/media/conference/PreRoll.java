package dev.parley.media.conference;

import dev.parley.media.forward.ForwardPlan;
import dev.parley.media.packet.Limits;
import dev.parley.media.packet.ReceivedPacket;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The latest Opus packets of one talker, for listeners onto whose lines he comes: selection takes
 * some frames to see that he has begun, and his first syllable is in them. About 1.4 kB, all taken
 * at construction. Owned by one mix agent.
 */
final class PreRoll {
  /**
   * Packets kept: a talker takes the place of one who is silent, or much quieter, within so many.
   */
  static final int PACKETS_MAX = 4;

  /** No more sound than that is sent at once, 80 ms, lest it waits for long at the listeners'. */
  static final int DURATION_TICKS_MAX = 4 * 960;

  /** What came longer ago belongs to no syllable that is still being said. */
  static final long AGE_NS_MAX = 120_000_000L;

  private static final int MASK = PACKETS_MAX - 1;
  private static final long NONE = -1;

  private final UnsafeBuffer payloads =
      new UnsafeBuffer(new byte[PACKETS_MAX * Limits.PRE_ROLL_PACKET_LENGTH_MAX]);
  private final long[] sequences = new long[PACKETS_MAX];
  private final long[] timestamps = new long[PACKETS_MAX];
  private final long[] arrivalsNs = new long[PACKETS_MAX];
  private final short[] lengths = new short[PACKETS_MAX];
  private final short[] durationsTicks = new short[PACKETS_MAX];
  private final byte[] levelsDbov = new byte[PACKETS_MAX];
  private final byte[] shownLevelsDbov = new byte[PACKETS_MAX];
  private final boolean[] voiceActivities = new boolean[PACKETS_MAX];
  private final boolean[] onsets = new boolean[PACKETS_MAX];
  private final boolean[] markers = new boolean[PACKETS_MAX];
  private final int[] selected = new int[PACKETS_MAX];
  private long epoch;
  private long newest = NONE;
  private int selectedCount;
  private int at;

  PreRoll() {
    clear();
  }

  /** Forgets everything. */
  void clear() {
    Arrays.fill(sequences, NONE);
    newest = NONE;
  }

  /**
   * Keeps the Opus packet of the one that the plan has just accepted.
   *
   * @param isSound false if it is as good as silent: then neither it nor what came before is sent
   * @param isOnset true if it stands out from what its talker sounded like before
   */
  void put(VoicePacket voice, ForwardPlan plan, boolean isSound, boolean isOnset, int shownDbov) {
    int talker = voice.talker().number();
    long sequence = plan.sequenceOf(talker);
    if (plan.epochOf(talker) != epoch) {
      clear();
      epoch = plan.epochOf(talker);
    }
    if (sequence <= newest - PACKETS_MAX) {
      return;
    }
    newest = Math.max(newest, sequence);
    int place = (int) sequence & MASK;
    ReceivedPacket packet = voice.packet();
    boolean isKept = isSound && voice.payloadLength() <= Limits.PRE_ROLL_PACKET_LENGTH_MAX;
    sequences[place] = sequence;
    timestamps[place] = plan.timestampOf(talker);
    arrivalsNs[place] = packet.arrivalNs();
    durationsTicks[place] = (short) voice.durationTicks();
    levelsDbov[place] = (byte) packet.levelDbov();
    shownLevelsDbov[place] = (byte) shownDbov;
    voiceActivities[place] = packet.voiceActivity();
    onsets[place] = isOnset;
    markers[place] = packet.marker();
    lengths[place] = (short) (isKept ? voice.payloadLength() : 0);
    if (isKept) {
      int from = voice.payloadOffset();
      payloads.putBytes(offsetOf(place), packet.buffer(), from, voice.payloadLength());
    }
  }

  /**
   * Selects what is to be sent now of the talker's present epoch; how many packets that is: from
   * his onset on and one before it, in which the consonant may be that was not loud enough, but
   * nothing of one who has been talking all along.
   */
  int select(long presentEpoch, long nowNs) {
    selectedCount = 0;
    int count = 0;
    int ticks = 0;
    boolean isNextOnset = false;
    for (int i = 0; i < PACKETS_MAX && presentEpoch == epoch && newest != NONE; i++) {
      int place = (int) (newest - i) & MASK;
      if (sequences[place] == newest - i) {
        ticks += durationsTicks[place];
        boolean isTooMuch = count > 0 && ticks > DURATION_TICKS_MAX;
        if (lengths[place] == 0 || isTooMuch || nowNs - arrivalsNs[place] > AGE_NS_MAX) {
          break;
        }
        selected[count++] = place;
        selectedCount = onsets[place] || isNextOnset ? count : selectedCount;
        isNextOnset = onsets[place];
      }
    }
    return selectedCount;
  }

  /** Goes to one of those selected, 0 for the oldest. */
  void read(int index) {
    at = selected[selectedCount - 1 - index];
  }

  /** Its sequence number, counted without wrap-around. */
  long sequence() {
    return sequences[at];
  }

  /** Its timestamp in ticks of 48 kHz, counted without wrap-around. */
  long timestamp() {
    return timestamps[at];
  }

  int durationTicks() {
    return durationsTicks[at];
  }

  /** As it came; may be unknown. */
  int levelDbov() {
    return levelsDbov[at];
  }

  /** The level its talker was shown with when it came. */
  int shownDbov() {
    return shownLevelsDbov[at];
  }

  boolean voiceActivity() {
    return voiceActivities[at];
  }

  boolean marker() {
    return markers[at];
  }

  DirectBuffer payload() {
    return payloads;
  }

  int payloadOffset() {
    return offsetOf(at);
  }

  int payloadLength() {
    return lengths[at];
  }

  private static int offsetOf(int place) {
    return place * Limits.PRE_ROLL_PACKET_LENGTH_MAX;
  }
}
