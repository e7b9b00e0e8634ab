package dev.parley.media.conference;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.parley.media.forward.ForwardPlan;
import dev.parley.media.jitter.JitterBuffer;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.packet.MediaRing;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.packet.ReceivedPacketWriter;
import dev.parley.media.speaker.SpeakerRanking;
import dev.parley.media.speaker.TalkerLevels;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.junit.jupiter.api.Test;

/**
 * Eight talkers who take turns each half second, so that each turn begins with what was kept: no
 * byte allocated by keeping, promoting and forwarding. Without the conference round it, whose
 * events of who speaks are garbage.
 */
class PreRollAllocationTest {
  private static final int TALKERS = 8;
  private static final int LISTENER = 8;
  private static final int WARM_UP_TICKS = 4000;
  private static final int MEASURED_TICKS = 2000;
  private static final int TICKS_PER_TURN = 25;
  private static final long TICK_NS = 20_000_000L;
  private static final byte[] PAYLOAD = new byte[80];

  private final RingBuffer inbound = MediaRing.ofCapacity(1 << 16);
  private final RingBuffer outbound = MediaRing.ofCapacity(1 << 18);
  private final ReceivedPacketWriter writer = new ReceivedPacketWriter();
  private final ReceivedPacket packet = new ReceivedPacket();
  private final MessageHandler onPacket =
      (type, buffer, index, length) -> forward(packet.wrap(buffer, index));
  private final MessageHandler onOutgoing = (type, buffer, index, length) -> {};
  private final ConferenceCounters counters = new ConferenceCounters();
  private final AgentParts parts = new AgentParts(settings());
  private final ParticipantTable participants = new ParticipantTable();
  private final TalkerLevels levels = new TalkerLevels(0);
  private final SpeakerRanking ranking = new SpeakerRanking(levels, 5);
  private final ForwardPlan plan = new ForwardPlan(ranking, 3);
  private final ForwardSender sender = new ForwardSender(parts, plan, levels, participants);
  private final VoicePacket voice = new VoicePacket();
  private final Talker[] talkers = new Talker[TALKERS];
  private long nowNs;
  private int tick;

  @Test
  void promotingTalkersAllocatesNothing() {
    admit();
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    run(WARM_UP_TICKS);
    long before = counters.get(ConferenceCounter.PRE_ROLL_TARGETS);
    long beforeBytes = thread.getCurrentThreadAllocatedBytes();
    run(MEASURED_TICKS);
    long allocatedBytes = thread.getCurrentThreadAllocatedBytes() - beforeBytes;

    assertThat(counters.get(ConferenceCounter.PRE_ROLL_TARGETS) - before)
        .isGreaterThan(MEASURED_TICKS / TICKS_PER_TURN);
    assertThat(allocatedBytes).isLessThan(MEASURED_TICKS);
  }

  private ConferenceAgentSettings settings() {
    return new ConferenceAgentSettings(
        () -> nowNs,
        List.of(inbound),
        List.of(outbound),
        loop -> {},
        (loop, peer) -> true,
        new ManyToOneConcurrentArrayQueue<>(16),
        OpusCodec.best(),
        5,
        JitterBuffer.MIN_DELAY_DEFAULT_MS,
        counters,
        1);
  }

  private void admit() {
    ConferenceDescription room = new ConferenceDescription("room", 1, 3, 5);
    Conference conference = new Conference(parts, room, 0);
    for (int number = 0; number <= LISTENER; number++) {
      boolean maySend = number < LISTENER;
      participants.add(
          new Participant(
              conference,
              number,
              new ParticipantDescription(
                  "p" + number,
                  number,
                  number,
                  0,
                  ConferenceRig.FORWARD_RED,
                  maySend,
                  false,
                  111,
                  ConferenceRig.RED)));
      if (maySend) {
        talkers[number] = new Talker(number, number, 111, ConferenceRig.RED);
        participants.get(number).talker(talkers[number]);
        plan.addTalker(number);
        levels.add(number);
      }
    }
    sender.addReceiver(participants.get(LISTENER));
  }

  private void run(int ticks) {
    for (int i = 0; i < ticks; i++) {
      nowNs += TICK_NS;
      for (int talker = 0; talker < TALKERS; talker++) {
        send(talker, tick / TICKS_PER_TURN % TALKERS == talker);
      }
      while (inbound.size() > 0) {
        inbound.read(onPacket);
      }
      levels.update(nowNs);
      if (ranking.update(nowNs)) {
        plan.assign();
      }
      sender.sendPreRolls(nowNs);
      while (outbound.size() > 0) {
        outbound.read(onOutgoing);
      }
      tick++;
    }
  }

  private void send(int talker, boolean isLoud) {
    if (!writer.tryClaim(inbound, PAYLOAD.length)) {
      throw new IllegalStateException("inbound ring full");
    }
    writer
        .peerId(talker)
        .arrivalNs(nowNs)
        .ssrc(talker)
        .timestampTicks(tick * 960)
        .sequenceNumber(tick)
        .payloadType(111)
        .levelDbov(isLoud ? -20 : -90)
        .voiceActivity(isLoud)
        .marker(false)
        .payload(PAYLOAD, 0);
    writer.commit();
  }

  private void forward(ReceivedPacket received) {
    Talker talker = talkers[received.peerId()];
    VoicePacket.Fault fault = voice.wrap(talker, received);
    assert fault == VoicePacket.Fault.NONE : fault;
    talker.open(received.timestampTicks());
    levels.onLevel(
        talker.number(), received.levelDbov(), received.voiceActivity(), received.arrivalNs());
    sender.forward(voice);
  }
}
