package dev.parley.media.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.speaker.SpeakerRanking;
import dev.parley.media.speaker.TalkerLevels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random conferences with loss, reordering, changes of talker, joins and leaves, judged by what
 * each receiver sees on each line. The seed is printed when a run fails.
 */
class ForwardPlanPropertyTest {
  private static final int FRAME = 960;
  private static final int LINES = 3;
  private static final int PEOPLE = 16;

  /** What a receiver can check on one line without knowing what the server did. */
  private static final class ModelLine {
    private int talker = -1;
    private long highest = -1;
    private long highestTimestamp;
    private long stayStart;
    private long stayTalkerStart;
    private int stayCount;
    private final Map<Long, Integer> talkerOfSequence = new HashMap<>();
    private final Set<Long> packets = new HashSet<>();
    private final Map<Long, Received> received = new HashMap<>();

    void receive(InFlight packet, int sequenceNumber, int timestamp, boolean marker) {
      if (highest < 0) {
        highest = sequenceNumber + 0xFFFFL;
        highestTimestamp = timestamp;
      }
      long sequence = highest + (short) (sequenceNumber - (int) highest);
      long ticks = highestTimestamp + (timestamp - (int) highestTimestamp);
      if (marker) {
        stayCount++;
        assertThat(sequence).as("no gap at a change").isEqualTo(highest + 1);
        assertThat(ticks).as("time goes on at a change").isGreaterThanOrEqualTo(highestTimestamp);
        talker = packet.talker();
        stayStart = sequence;
        stayTalkerStart = packet.sequence();
      }
      assertThat(packet.talker()).as("a change has the marker").isEqualTo(talker);
      assertThat(sequence - stayStart)
          .as("losses and order within a stay are the talker's own")
          .isEqualTo(packet.sequence() - stayTalkerStart);
      assertThat(talkerOfSequence.put(sequence, talker)).as("number used once").isNull();
      packets.add(packet.id());
      received.put(sequence, new Received(packet, timestamp, marker, stayCount));
      highest = Math.max(highest, sequence);
      highestTimestamp = Math.max(highestTimestamp, ticks);
    }
  }

  private record InFlight(int talker, long sequence, long dueNs) {
    long id() {
      return sequence * PEOPLE + talker;
    }
  }

  /** A packet of a talker that may be sent to those who did not hear him yet. */
  private record Kept(InFlight packet, long epoch, long sequence, long timestamp) {}

  private record Received(InFlight packet, int timestampTicks, boolean marker, int stay) {}

  private final VoicePackets packets = new VoicePackets();
  private final TalkerLevels levels = new TalkerLevels(0);
  private final SpeakerRanking ranking = new SpeakerRanking(levels, 5);
  private final ForwardPlan plan = new ForwardPlan(ranking, LINES);
  private final Map<Integer, ModelLine> model = new HashMap<>();
  private final Map<Long, Integer> talkerOfEpoch = new HashMap<>();
  private final long[] nextSequence = new long[PEOPLE];
  private final Map<Integer, TreeMap<Long, Kept>> kept = new HashMap<>();
  private final boolean[] isTalker = new boolean[PEOPLE];
  private final boolean[] isReceiver = new boolean[PEOPLE];
  private final List<InFlight> inFlight = new ArrayList<>();
  private long nowNs;
  private int sentCount;
  private int preRollCount;
  private int foundCount;

  @Property(tries = 100)
  void everyReceiverSeesOneSoundStreamOnEachLine(@ForAll long seed) {
    // jqwik keeps one instance for all tries.
    new ForwardPlanPropertyTest().run(seed);
  }

  private void run(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < PEOPLE; i++) {
      nextSequence[i] = (1L << 20) + random.nextInt(65536);
    }
    int loud = 0;
    for (int tick = 0; tick < 1500; tick++) {
      nowNs += 15_000_000 + random.nextInt(10_000_000);
      if (random.nextInt(tick < 100 ? 5 : 40) == 0) {
        joinOrLeave(random.nextInt(PEOPLE), random);
      }
      loud = random.nextInt(50) == 0 ? random.nextInt(1 << PEOPLE) : loud;
      speak(loud, random);
      deliver();
      askForALostPacket(random);
      levels.update(nowNs);
      if (ranking.update(nowNs)) {
        plan.assign();
      }
      sendPreRolls();
    }
    assertThat(preRollCount).as("and something from before its talker's turn").isPositive();
    assertThat(sentCount).as("the run forwarded something").isPositive();
    assertThat(foundCount).as("and found it again").isPositive();
  }

  private void joinOrLeave(int who, Random random) {
    if (isTalker[who]) {
      ranking.remove(who);
      levels.remove(who);
      plan.removeTalker(who);
      plan.removeReceiver(who);
      isTalker[who] = false;
      isReceiver[who] = false;
      kept.remove(who);
      inFlight.removeIf(packet -> packet.talker() == who);
      model.keySet().removeIf(key -> key / 100 == who);
      return;
    }
    levels.add(who);
    plan.addTalker(who);
    isTalker[who] = true;
    if (random.nextInt(4) > 0) {
      plan.addReceiver(who, 1 + random.nextInt(4), who, random.nextLong());
      isReceiver[who] = true;
    }
  }

  private void speak(int loud, Random random) {
    for (int talker = 0; talker < PEOPLE; talker++) {
      if (!isTalker[talker]) {
        continue;
      }
      boolean isLoud = (loud >>> talker & 1) != 0;
      levels.onLevel(talker, isLoud ? -20 - random.nextInt(10) : -80, isLoud, nowNs);
      long sequence = nextSequence[talker]++;
      if (random.nextInt(10) > 0) {
        long delayNs = random.nextInt(6) == 0 ? random.nextInt(80_000_000) : 0;
        inFlight.add(new InFlight(talker, sequence, nowNs + delayNs));
      }
    }
  }

  private void deliver() {
    for (InFlight packet : List.copyOf(inFlight)) {
      if (packet.dueNs() > nowNs) {
        continue;
      }
      inFlight.remove(packet);
      ReceivedPacket received =
          packets.packet(
              packet.talker(), (int) packet.sequence() & 0xFFFF, timestamp(packet), nowNs);
      // What came before its talker's turn is sent first.
      sendPreRolls();
      if (!plan.accept(packet.talker(), received)) {
        continue;
      }
      if (plan.mayForward(packet.talker())) {
        plan.onPacket(packet.talker(), received, FRAME, receiversOf(packet));
      }
      keep(packet);
    }
  }

  private ForwardTargets receiversOf(InFlight packet) {
    return (receiver, line, sequenceNumber, timestampTicks, marker) -> {
      assertThat(receiver).as("own voice").isNotEqualTo(packet.talker());
      assertThat(isReceiver[receiver]).isTrue();
      assertThat(line).isBetween(0, LINES - 1);
      for (int other = 0; other < LINES; other++) {
        ModelLine modelLine = model.get(receiver * 100 + other);
        assertThat(modelLine != null && modelLine.packets.contains(packet.id()))
            .as("sent twice")
            .isFalse();
      }
      model
          .computeIfAbsent(receiver * 100 + line, key -> new ModelLine())
          .receive(packet, sequenceNumber, timestampTicks, marker);
      sentCount++;
    };
  }

  private void keep(InFlight packet) {
    int talker = packet.talker();
    TreeMap<Long, Kept> latest = kept.computeIfAbsent(talker, key -> new TreeMap<>());
    long sequence = plan.sequenceOf(talker);
    latest.put(
        sequence, new Kept(packet, plan.epochOf(talker), sequence, plan.timestampOf(talker)));
    if (latest.size() > 4) {
      latest.pollFirstEntry();
    }
  }

  private void sendPreRolls() {
    int slots = plan.takePromotedSlots();
    for (int slot = 0; slot < plan.slotCount(); slot++) {
      int talker = plan.talkerIn(slot);
      if ((slots & 1 << slot) == 0 || !kept.containsKey(talker)) {
        continue;
      }
      for (Kept older : kept.get(talker).values()) {
        if (older.epoch() == plan.epochOf(talker)) {
          plan.revisit(talker, older.sequence(), older.timestamp());
          preRollCount += plan.onPreRoll(talker, false, FRAME, nowNs, receiversOf(older.packet()));
        }
      }
    }
  }

  /** Each number still means the packet that was sent under it, and all that went with it. */
  private void askForALostPacket(Random random) {
    for (Map.Entry<Integer, ModelLine> entry : model.entrySet()) {
      int receiver = entry.getKey() / 100;
      int line = entry.getKey() % 100;
      ModelLine modelLine = entry.getValue();
      long sequence = modelLine.highest + 2 - random.nextInt(70);
      SourceStays source = plan.find(receiver, line, (int) sequence & 0xFFFF);
      Received sent = modelLine.received.get(sequence);
      if (sequence > modelLine.highest) {
        assertThat(source).as("not sent yet").isNull();
      } else if (sent != null && source != null) {
        foundCount++;
        assertThat(talkerOfEpoch.merge(source.epoch(), sent.packet.talker(), (old, now) -> old))
            .as("an epoch is one talker's")
            .isEqualTo(sent.packet.talker());
        assertThat((int) source.sourceSequence() & 0xFFFF)
            .isEqualTo((int) sent.packet.sequence() & 0xFFFF);
        assertThat(source.timestampTicks(timestamp(sent.packet))).isEqualTo(sent.timestampTicks);
        assertThat(source.isMarked()).isEqualTo(sent.marker);
      } else if (sent != null) {
        assertThat(sent.stay)
            .as("only what is stays ago may be forgotten")
            .isLessThanOrEqualTo(modelLine.stayCount - SourceStays.COUNT);
      }
    }
  }

  private static int timestamp(InFlight packet) {
    return (int) (packet.sequence() * FRAME + packet.talker() * 1_000_000_007L);
  }
}
