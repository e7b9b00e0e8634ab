package dev.parley.media.forward;

import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.speaker.SpeakerRanking;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who receives which forwarded packet, under which numbers, in one conference. It holds one slot
 * more than any receiver has lines, so that a speaker, who is not sent himself, still fills all of
 * his. Duplicates are assumed gone (SRTP's replay check). Owned by one mix agent.
 */
public final class ForwardPlan {
  /** Lines of one receiver that are used at most. */
  public static final int LINES_MAX = 8;

  private static final int INITIAL_CAPACITY = 8;

  /** Epochs of one talker's stream: more than it can begin anew. */
  private static final long EPOCHS_PER_STREAM = 1L << 32;

  private final SpeakerRanking ranking;
  private final SpeakerSlots slots;
  private final int linesMax;
  private @Nullable TalkerStream[] streams = new TalkerStream[INITIAL_CAPACITY];
  private final ForwardLines lines;
  private ForwardReceiver[] receivers = new ForwardReceiver[INITIAL_CAPACITY];

  /** Of each receiver, in the order of sending. */
  private int[] numbers = new int[INITIAL_CAPACITY];

  private int receiverCount;
  private long nextEpoch;
  private int promotedSlots;

  /**
   * A plan with nobody in it.
   *
   * @param ranking the order of the same conference's talkers, with more places than lines
   * @param linesMax how many speakers a receiver hears at most, 1 to {@link #LINES_MAX}
   */
  public ForwardPlan(SpeakerRanking ranking, int linesMax) {
    if (linesMax < 1 || linesMax > LINES_MAX) {
      throw new IllegalArgumentException("linesMax must be 1 to 8: " + linesMax);
    }
    this.ranking = ranking;
    this.linesMax = linesMax;
    slots = new SpeakerSlots(linesMax + 1);
    lines = new ForwardLines(linesMax, slots.count());
  }

  /** Adds a talker, whose number is new or was removed. */
  public void addTalker(int talker) {
    if (talker >= streams.length) {
      streams = Arrays.copyOf(streams, Math.max(talker + 1, 2 * streams.length));
    }
    assert streams[talker] == null : talker;
    streams[talker] = new TalkerStream(nextEpoch);
    nextEpoch += EPOCHS_PER_STREAM;
  }

  /** Removes a talker, who must be out of the ranking already, from every line. */
  public void removeTalker(int talker) {
    assert ranking.placeOf(talker) < 0 : talker;
    streams[talker] = null;
    assign();
  }

  /**
   * Adds a receiver, in mid-talk or not.
   *
   * @param receiver its number, unused by any other
   * @param lineCount how many lines it offers; at most {@code linesMax} are used
   * @param ownTalker who it is itself as a talker, or -1
   * @param seed sets where its sequence numbers and timestamps start
   */
  public void addReceiver(int receiver, int lineCount, int ownTalker, long seed) {
    if (receiverCount == receivers.length) {
      receivers = Arrays.copyOf(receivers, 2 * receiverCount);
      numbers = Arrays.copyOf(numbers, 2 * receiverCount);
    }
    ForwardReceiver added = new ForwardReceiver(Math.min(lineCount, linesMax), ownTalker);
    lines.add(receiverCount);
    long random = seed;
    for (int line = 0; line < added.lineCount(); line++) {
      random = random * 6364136223846793005L + 1442695040888963407L;
      // The top bit is left clear: a receiver that misses the first packets must not mistake the
      // wrap-around that follows (RFC 3711 section 3.3.1).
      lines.open(receiverCount, line, (int) (random >>> 49), (int) (random >>> 16));
    }
    added.assign(slots, ranking, lines, receiverCount);
    receivers[receiverCount] = added;
    numbers[receiverCount] = receiver;
    receiverCount++;
  }

  /** Removes a receiver; no-op if it is not here. */
  public void removeReceiver(int receiver) {
    int place = placeOf(receiver);
    if (place < 0) {
      return;
    }
    // Shifted, not swapped: the order of receivers is the order of sending.
    lines.remove(place, receiverCount);
    receiverCount--;
    System.arraycopy(receivers, place + 1, receivers, place, receiverCount - place);
    System.arraycopy(numbers, place + 1, numbers, place, receiverCount - place);
  }

  /**
   * Takes everybody off a receiver's lines while it is on hold; no-op if it is not here. The lines
   * keep their numbers, as in a silence.
   */
  public void hold(int receiver, boolean isHeld) {
    int place = placeOf(receiver);
    if (place >= 0) {
      receivers[place].hold(isHeld);
      // Not a promotion: what was said on hold is not sent afterwards.
      receivers[place].assign(slots, ranking, lines, place);
    }
  }

  /** The receiver's place in the order of sending, or -1. */
  private int placeOf(int receiver) {
    for (int place = 0; place < receiverCount; place++) {
      if (numbers[place] == receiver) {
        return place;
      }
    }
    return -1;
  }

  /** How many receive. */
  public int receiverCount() {
    return receiverCount;
  }

  /** Follows the ranking. Call after any change of it. */
  public void assign() {
    slots.assign(ranking);
    for (int i = 0; i < receiverCount; i++) {
      promotedSlots |= receivers[i].assign(slots, ranking, lines, i);
    }
  }

  /** True if a talker has come onto a line since the last call of {@link #takePromotedSlots}. */
  public boolean hasPromotedSlots() {
    return promotedSlots != 0;
  }

  /**
   * The slots of the talkers who have come onto somebody's line since the last call, a bit each;
   * those a new receiver found speaking are not among them.
   */
  public int takePromotedSlots() {
    int taken = promotedSlots;
    promotedSlots = 0;
    return taken;
  }

  /** The talker in a slot, or -1. */
  public int talkerIn(int slot) {
    return slots.talkerIn(slot);
  }

  /** How many talkers are forwarded at once. */
  public int slotCount() {
    return slots.count();
  }

  /** The talker's place among those forwarded, which he keeps while he is; or -1. */
  public int slotOf(int talker) {
    return slots.slotOf(talker);
  }

  /** Names, among all streams here, the one the talker's last packet belongs to. */
  public long epochOf(int talker) {
    return stream(talker).epoch();
  }

  /** The talker's last packet's sequence number, counted without wrap-around within its epoch. */
  public long sequenceOf(int talker) {
    return stream(talker).sequence();
  }

  /** The talker's last packet's timestamp in ticks of 48 kHz, likewise. */
  public long timestampOf(int talker) {
    return stream(talker).timestamp();
  }

  private TalkerStream stream(int talker) {
    TalkerStream stream = streams[talker];
    assert stream != null : talker;
    return stream;
  }

  /**
   * Finds what a receiver got, or should have got, under a number of its own.
   *
   * @param receiver the number given to {@link #addReceiver}
   * @param line index of its line
   * @param sequenceNumber as the receiver sees it, 0..65535
   * @return where the packet came from; null if there was none of late
   */
  public @Nullable SourceStays find(int receiver, int line, int sequenceNumber) {
    int place = placeOf(receiver);
    boolean isKnown = place >= 0 && line < receivers[place].lineCount();
    return isKnown ? lines.find(place, line, sequenceNumber) : null;
  }

  /** Counts one packet in. False if it is to be dropped. */
  public boolean accept(int talker, ReceivedPacket packet) {
    return stream(talker).accept(packet.ssrc(), packet.sequenceNumber(), packet.timestampTicks());
  }

  /** True if there may be somebody to forward a talker's packet to. */
  public boolean mayForward(int talker) {
    return receiverCount > 0 && slots.slotOf(talker) >= 0;
  }

  /**
   * Plans a packet that was just accepted, of a talker who has a slot.
   *
   * @param durationTicks how long its sound lasts, in ticks of 48 kHz
   * @return how many receivers were named
   */
  public int onPacket(
      int talker, ReceivedPacket packet, int durationTicks, ForwardTargets targets) {
    TalkerStream stream = stream(talker);
    int slot = slots.slotOf(talker);
    boolean marker = packet.marker();
    long nowNs = packet.arrivalNs();
    int count = 0;
    for (int i = 0; i < receiverCount; i++) {
      int line = lines.lineOf(i, slot);
      if (line >= 0 && lines.rewrite(i, line, stream, durationTicks, nowNs)) {
        name(i, line, marker, targets);
        count++;
      }
    }
    return count;
  }

  /** Goes back to a packet that was accepted in the talker's present epoch. */
  public void revisit(int talker, long sequence, long timestamp) {
    stream(talker).revisit(sequence, timestamp);
  }

  /**
   * Plans the packet gone back to, for receivers who got neither it nor a later one: those on whose
   * lines the talker has just come. Packets must be planned in their order.
   *
   * @param marker what the packet had
   * @param durationTicks how long its sound lasts, in ticks of 48 kHz
   * @param nowNs when it is sent: its stream is not to look late
   * @return how many receivers were named
   */
  public int onPreRoll(
      int talker, boolean marker, int durationTicks, long nowNs, ForwardTargets targets) {
    TalkerStream stream = stream(talker);
    int slot = slots.slotOf(talker);
    int count = 0;
    for (int i = 0; i < receiverCount; i++) {
      int line = lines.lineOf(i, slot);
      if (line >= 0 && !isPast(i, stream) && lines.rewrite(i, line, stream, durationTicks, nowNs)) {
        name(i, line, marker, targets);
        count++;
      }
    }
    return count;
  }

  /** True if this packet of a talker's stream, or a later one, was sent on any line of late. */
  private boolean isPast(int place, TalkerStream stream) {
    for (int line = 0; line < receivers[place].lineCount(); line++) {
      if (lines.isPast(place, line, stream)) {
        return true;
      }
    }
    return false;
  }

  private void name(int place, int line, boolean marker, ForwardTargets targets) {
    assert receivers[place].talkerOn(line) != receivers[place].ownTalker() : line;
    targets.onTarget(
        numbers[place],
        line,
        lines.sequenceNumber(),
        lines.timestampTicks(),
        marker || lines.beginsStay());
  }
}
