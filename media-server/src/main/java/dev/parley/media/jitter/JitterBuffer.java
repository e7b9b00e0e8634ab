package dev.parley.media.jitter;

import java.util.Arrays;

/**
 * One talker's packets between arrival and playout: puts them in order, holds each until the delay
 * target has passed, and tells step by step what to play. Owned by one thread (a mix agent). All
 * memory is taken at construction; payloads are copied in.
 *
 * <p>Sequence numbers tell what is lost, timestamps tell when a packet is due: a pause of the
 * talker moves the timestamp on but not the sequence number (RFC 7587 §4.1, discontinuous
 * transmission), and so is no loss. Time is counted in ticks of 48 kHz; numbers that wrap on the
 * wire are unwrapped on arrival.
 */
public final class JitterBuffer {
  /** Packets held at most: 1.28 s of 20 ms packets. */
  public static final int SLOTS = 64;

  /** Least target of the delay unless another is set, in milliseconds. */
  public static final int MIN_DELAY_DEFAULT_MS = DelayTarget.MIN_DEFAULT_MS;

  /** Greatest target of the delay, in milliseconds. */
  public static final int MAX_DELAY_MS = DelayTarget.MAX_TICKS / DelayTarget.TICKS_PER_MS;

  /** Longest payload taken: what fits a datagram of an Ethernet path. */
  public static final int PAYLOAD_LENGTH_MAX = 1_280;

  /** Ticks of one step in which there is no packet to set the length: 20 ms. */
  public static final int STEP_TICKS = 960;

  private static final int QUANTUM_TICKS = 120;
  private static final int DURATION_MAX_TICKS = 5_760;

  /** Concealment makes sense for this many packets in a row; a longer gap is skipped. */
  private static final int CONCEALED_IN_A_ROW_MAX = 5;

  /** The talker counts as pausing when nothing came for 60 ms beyond its time. */
  private static final int STARVED_MAX_TICKS = 3 * STEP_TICKS;

  /** Delay beyond the target from which packets are thrown away even in mid-word. */
  private static final int EXCESS_MAX_TICKS = 200 * DelayTarget.TICKS_PER_MS;

  /** Bounds of a plausible next sequence number (RFC 3550 §A.1). */
  private static final int DROPOUT_MAX = 3_000;

  private static final int MISORDER_MAX = 100;

  /** Packets that may come before the first one that arrived. */
  private static final int REORDER_AT_START = 8;

  private static final int NONE = -1;

  private final long[] sequences = new long[SLOTS];
  private final long[] timestamps = new long[SLOTS];
  private final int[] durations = new int[SLOTS];
  private final int[] lengths = new int[SLOTS];
  private final boolean[] held = new boolean[SLOTS];
  private final byte[] payloads = new byte[SLOTS * PAYLOAD_LENGTH_MAX];
  private final DelayTarget target;
  private final JitterCounters counters = new JitterCounters();

  private boolean isStarted;
  private boolean isPlaying;
  private boolean hasPlayed;
  private int ssrc;
  private int straySuccessor = NONE;
  private int heldCount;
  private long highestSequence;
  private long highestTimestamp;
  private long nextSequence;
  private long nextTimestamp;
  private int lastDurationTicks = STEP_TICKS;
  private int starvedTicks;

  private int stepTicks = STEP_TICKS;
  private int stepSlot;
  private long stepDelayTicks;

  /** A buffer whose target is at least {@link #MIN_DELAY_DEFAULT_MS}. */
  public JitterBuffer() {
    this(MIN_DELAY_DEFAULT_MS);
  }

  /** A buffer whose target is at least {@code minDelayMs} beyond the fastest arrival, 0..200. */
  public JitterBuffer(int minDelayMs) {
    target = new DelayTarget(minDelayMs);
  }

  /** Takes a packet in. Work and memory are bounded whatever the packet says. */
  public InsertResult insert(ArrivedPacket packet) {
    counters.received++;
    if (!isUsable(packet)) {
      counters.malformed++;
      return InsertResult.MALFORMED;
    }
    if (!isStarted || packet.ssrc() != ssrc) {
      begin(packet);
    }
    if (isStray(packet)) {
      counters.stray++;
      return InsertResult.STRAY;
    }
    long sequence = unwrapSequence(packet.sequenceNumber());
    int slot = slotOf(sequence);
    if (sequences[slot] == sequence) {
      counters.duplicate++;
      return InsertResult.DUPLICATE;
    }
    long timestamp = unwrapTimestamp(packet.timestampTicks());
    learnTransit(packet.arrivalNs(), sequence, timestamp);
    if (sequence < nextSequence) {
      counters.late++;
      return InsertResult.LATE;
    }
    makeRoomFor(sequence);
    store(slot, sequence, timestamp, packet);
    return InsertResult.KEPT;
  }

  private static boolean isUsable(ArrivedPacket packet) {
    int duration = packet.durationTicks();
    int length = packet.payloadLength();
    return length > 0
        && length <= PAYLOAD_LENGTH_MAX
        && duration > 0
        && duration <= DURATION_MAX_TICKS
        && duration % QUANTUM_TICKS == 0;
  }

  /**
   * True for a lone jump; two packets in a row beyond it are a stream that began anew, and are let
   * in.
   */
  private boolean isStray(ArrivedPacket packet) {
    int distance = (short) (packet.sequenceNumber() - (int) highestSequence);
    if (distance <= DROPOUT_MAX && distance >= -MISORDER_MAX) {
      straySuccessor = NONE;
      return false;
    }
    if (packet.sequenceNumber() == straySuccessor) {
      begin(packet);
      return false;
    }
    straySuccessor = packet.sequenceNumber() + 1 & 0xFFFF;
    return true;
  }

  private void begin(ArrivedPacket packet) {
    if (isStarted) {
      counters.restarts++;
    }
    Arrays.fill(held, false);
    Arrays.fill(sequences, NONE);
    heldCount = 0;
    ssrc = packet.ssrc();
    straySuccessor = NONE;
    highestSequence = 0x1_0000L + packet.sequenceNumber();
    highestTimestamp = packet.timestampTicks() & 0xFFFF_FFFFL;
    nextSequence = highestSequence - REORDER_AT_START;
    starvedTicks = 0;
    isStarted = true;
    isPlaying = false;
    hasPlayed = false;
    target.forgetBase();
  }

  /**
   * Drops what is held, since nobody is going to hear it. The stream may go on with {@link #insert}
   * or {@link #observe}: what is missing in between is no loss.
   */
  public void rest() {
    Arrays.fill(held, false);
    heldCount = 0;
    nextSequence = highestSequence + 1;
    starvedTicks = 0;
    isPlaying = false;
    hasPlayed = false;
  }

  /**
   * Learns from a packet at {@linkplain #rest rest} how late packets come, and keeps nothing of it.
   * Not every packet need be shown.
   */
  public void observe(ArrivedPacket packet) {
    counters.received++;
    if (!isUsable(packet)) {
      counters.malformed++;
      return;
    }
    if (!isStarted || packet.ssrc() != ssrc) {
      begin(packet);
    }
    if (isStray(packet)) {
      counters.stray++;
      return;
    }
    long sequence = unwrapSequence(packet.sequenceNumber());
    long timestamp = unwrapTimestamp(packet.timestampTicks());
    learnTransit(packet.arrivalNs(), sequence, timestamp);
    if (sequence >= highestSequence) {
      highestSequence = sequence;
      highestTimestamp = timestamp;
      nextSequence = sequence + 1;
    }
  }

  private long unwrapSequence(int sequenceNumber) {
    return highestSequence + (short) (sequenceNumber - (int) highestSequence);
  }

  private long unwrapTimestamp(int timestampTicks) {
    return highestTimestamp + (timestampTicks - (int) highestTimestamp);
  }

  /** An old packet teaches how late packets come, but never moves the clocks' offset. */
  private void learnTransit(long arrivalNs, long sequence, long timestamp) {
    long arrivalTicks = ticksOf(arrivalNs);
    long transitTicks = arrivalTicks - timestamp;
    if (sequence >= highestSequence || target.fits(transitTicks)) {
      target.onTransit(arrivalTicks, transitTicks);
    }
  }

  private void makeRoomFor(long sequence) {
    long lowest = sequence - SLOTS + 1;
    if (lowest <= nextSequence) {
      return;
    }
    int dropped = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
      if (held[slot] && sequences[slot] < lowest) {
        release(slot);
        dropped++;
      }
    }
    counters.overflowed += dropped;
    if (hasPlayed) {
      counters.lost += lowest - nextSequence - dropped;
    }
    nextSequence = lowest;
    isPlaying = false;
  }

  private void store(int slot, long sequence, long timestamp, ArrivedPacket packet) {
    sequences[slot] = sequence;
    timestamps[slot] = timestamp;
    durations[slot] = packet.durationTicks();
    lengths[slot] = packet.payloadLength();
    held[slot] = true;
    heldCount++;
    packet.copyPayloadTo(payloads, slot * PAYLOAD_LENGTH_MAX);
    if (sequence >= highestSequence) {
      highestSequence = sequence;
      highestTimestamp = timestamp;
    }
  }

  /**
   * What to play next, at {@code nowNs} on the clock of the arrivals. Each call moves the playout
   * on by {@link #stepTicks}. The payload, where the step has one, is valid until the next {@link
   * #insert}.
   */
  public PlayoutStep next(long nowNs) {
    long nowTicks = ticksOf(nowNs);
    stepTicks = STEP_TICKS;
    if (!isPlaying && !mayStart(nowTicks)) {
      return PlayoutStep.SILENCE;
    }
    if (heldCount == 0) {
      return starve();
    }
    discardExcess(nowTicks);
    int missing = skipCovered((int) (firstHeld() - nextSequence));
    return missing > 0 ? missingStep(missing) : packetStep(nowTicks);
  }

  /**
   * A talk-spurt starts when its first packet has waited as long as the target asks, and so long
   * beyond that that the others of its frame will have, too.
   */
  private boolean mayStart(long nowTicks) {
    if (heldCount == 0) {
      return false;
    }
    long first = firstHeld();
    if (!hasWaited(slotOf(first), nowTicks)) {
      return false;
    }
    if (hasPlayed) {
      counters.lost += first - nextSequence;
    }
    nextSequence = first;
    nextTimestamp = timestamps[slotOf(first)];
    starvedTicks = 0;
    isPlaying = true;
    hasPlayed = true;
    return true;
  }

  /**
   * The playout holds: should the packet still come, it is played, and the delay has grown by what
   * it needed.
   */
  private PlayoutStep starve() {
    if (starvedTicks >= STARVED_MAX_TICKS) {
      isPlaying = false;
      return PlayoutStep.SILENCE;
    }
    starvedTicks += STEP_TICKS;
    counters.starved++;
    return PlayoutStep.STARVED;
  }

  private void discardExcess(long nowTicks) {
    long first = firstHeld();
    while (heldCount > 1 && delayOf(slotOf(first), nowTicks) > target.ticks() + EXCESS_MAX_TICKS) {
      counters.lost += first - nextSequence;
      counters.discarded++;
      moveBeyond(first);
      first = firstHeld();
    }
  }

  /**
   * Missing packets whose time was concealed while the buffer was empty need no concealment again.
   */
  private int skipCovered(int missingPackets) {
    int missing = missingPackets;
    if (missing > CONCEALED_IN_A_ROW_MAX) {
      skipMissing(missing);
      return 0;
    }
    while (missing > 0 && starvedTicks >= lastDurationTicks) {
      starvedTicks -= lastDurationTicks;
      skipMissing(1);
      missing--;
    }
    return missing;
  }

  private void skipMissing(int count) {
    counters.lost += count;
    nextSequence += count;
    nextTimestamp += (long) count * lastDurationTicks;
  }

  private PlayoutStep missingStep(int missing) {
    skipMissing(1);
    starvedTicks = 0;
    stepTicks = lastDurationTicks;
    if (missing > 1) {
      counters.concealed++;
      return PlayoutStep.LOST;
    }
    counters.recoveredByFec++;
    stepSlot = slotOf(nextSequence);
    return PlayoutStep.FEC_OF_NEXT;
  }

  private PlayoutStep packetStep(long nowTicks) {
    int slot = slotOf(nextSequence);
    long pauseTicks = timestamps[slot] - nextTimestamp - starvedTicks;
    stepDelayTicks = delayOf(slot, nowTicks);
    if (pauseTicks > 0 && !hasWaited(slot, nowTicks)) {
      nextTimestamp += STEP_TICKS;
      return PlayoutStep.SILENCE;
    }
    stepSlot = slot;
    stepTicks = durations[slot];
    lastDurationTicks = durations[slot];
    starvedTicks = 0;
    moveBeyond(nextSequence);
    counters.played++;
    return PlayoutStep.PACKET;
  }

  private void moveBeyond(long sequence) {
    int slot = slotOf(sequence);
    release(slot);
    nextSequence = sequence + 1;
    nextTimestamp = timestamps[slot] + durations[slot];
  }

  private void release(int slot) {
    held[slot] = false;
    heldCount--;
  }

  /** The lowest sequence number held; at least one is. */
  private long firstHeld() {
    assert heldCount > 0;
    long sequence = nextSequence;
    while (!held[slotOf(sequence)]) {
      sequence++;
    }
    return sequence;
  }

  private boolean hasWaited(int slot, long nowTicks) {
    return delayOf(slot, nowTicks) >= target.ticks() + STEP_TICKS - gridTicks(durations[slot]);
  }

  /**
   * What the delays of a stream's packets at the ticks differ by: the greatest common divisor of
   * their duration and a frame's. The last packet that a frame needs starts this much, or less,
   * before the frame's end.
   */
  private static int gridTicks(int durationTicks) {
    int larger = STEP_TICKS;
    int smaller = durationTicks;
    while (smaller != 0) {
      int rest = larger % smaller;
      larger = smaller;
      smaller = rest;
    }
    return larger;
  }

  private long delayOf(int slot, long nowTicks) {
    return nowTicks - timestamps[slot] - target.baseTicks();
  }

  private static int slotOf(long sequence) {
    return (int) sequence & SLOTS - 1;
  }

  /** Nanoseconds to ticks of 48 kHz: times 48 000, by 1 000 000 000. */
  private static long ticksOf(long ns) {
    return ns * 3 / 62_500;
  }

  /** How much sound the last step is to yield, in ticks of 48 kHz. */
  public int stepTicks() {
    return stepTicks;
  }

  /** The array with the payload of the last step, if it was PACKET or FEC_OF_NEXT. */
  public byte[] payloadArray() {
    return payloads;
  }

  /** Where that payload starts. */
  public int payloadOffset() {
    return stepSlot * PAYLOAD_LENGTH_MAX;
  }

  /** That payload's length in bytes. */
  public int payloadLength() {
    return lengths[stepSlot];
  }

  /**
   * How long after the fastest possible arrival the last PACKET was handed out, in ticks; its sound
   * is as much later as its place in the frame.
   */
  public int delayTicks() {
    return (int) Math.max(-EXCESS_MAX_TICKS, Math.min(3 * EXCESS_MAX_TICKS, stepDelayTicks));
  }

  /**
   * The shortest delay of its sound at which each packet, handed out in frames of 20 ms as the last
   * PACKET was, has waited {@code reserveTicks} longer than the target asks. Less is too short;
   * more helps only once it is enough for one more packet in reserve, which is a multiple of 20 ms
   * more.
   */
  public int neededTicks(int reserveTicks) {
    int grid = gridTicks(stepTicks);
    int atLeast = target.ticks() + reserveTicks;
    return atLeast + Math.floorMod(stepDelayTicks - atLeast, grid) + STEP_TICKS - grid;
  }

  /** True if the packet after the last one handed out is here. */
  public boolean hasNext() {
    return heldCount > 0 && held[slotOf(nextSequence)];
  }

  /** The delay aimed at, beyond the network's fastest, in ticks of 48 kHz. */
  public int targetTicks() {
    return target.ticks();
  }

  /** Packets held. */
  public int heldPackets() {
    return heldCount;
  }

  /** What happened so far. */
  public JitterCounters counters() {
    return counters;
  }
}
