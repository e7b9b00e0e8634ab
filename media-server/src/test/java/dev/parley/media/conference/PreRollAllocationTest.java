package dev.parley.media.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.forward.ForwardPlan;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.speaker.SpeakerRanking;
import dev.parley.media.speaker.TalkerLevels;
import org.agrona.concurrent.MessageHandler;
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

  private final AllocationRig rig = new AllocationRig();
  private final ReceivedPacket packet = new ReceivedPacket();
  private final MessageHandler onPacket =
      (type, buffer, index, length) -> forward(packet.wrap(buffer, index));
  private final MessageHandler onOutgoing = (type, buffer, index, length) -> {};
  private final AgentParts parts = new AgentParts(rig.settings());
  private final ParticipantTable participants = new ParticipantTable();
  private final TalkerLevels levels = new TalkerLevels(0);
  private final SpeakerRanking ranking = new SpeakerRanking(levels, 5);
  private final ForwardPlan plan = new ForwardPlan(ranking, 3);
  private final ForwardSender sender = new ForwardSender(parts, plan, levels, participants);
  private final VoicePacket voice = new VoicePacket();
  private final Talker[] talkers = new Talker[TALKERS];
  private int tick;

  @Test
  void promotingTalkersAllocatesNothing() {
    admit();

    run(WARM_UP_TICKS);
    long before = rig.counters.get(ConferenceCounter.PRE_ROLL_TARGETS);
    long beforeBytes = rig.allocatedBytes();
    run(MEASURED_TICKS);
    long allocatedBytes = rig.allocatedBytes() - beforeBytes;

    assertThat(rig.counters.get(ConferenceCounter.PRE_ROLL_TARGETS) - before)
        .isGreaterThan(MEASURED_TICKS / TICKS_PER_TURN);
    assertThat(allocatedBytes).isLessThan(MEASURED_TICKS);
  }

  private void admit() {
    ConferenceDescription room = new ConferenceDescription("room", 1, 3, 5);
    Conference conference = new Conference(parts, room, 0);
    for (int number = 0; number <= LISTENER; number++) {
      boolean maySend = number < LISTENER;
      ParticipantDescription description =
          new ParticipantDescription(
              "p" + number,
              number,
              number,
              0,
              ConferenceRig.FORWARD_RED,
              maySend,
              false,
              111,
              ConferenceRig.RED,
              ParticipantDescription.Side.BOTH);
      Participant participant = new Participant(conference, number, description);
      participant.begin(description);
      participants.add(participant);
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
      rig.nowNs += TICK_NS;
      for (int talker = 0; talker < TALKERS; talker++) {
        boolean isLoud = tick / TICKS_PER_TURN % TALKERS == talker;
        rig.send(talker, tick, 111, PAYLOAD, isLoud ? -20 : -90);
      }
      while (rig.inbound.size() > 0) {
        rig.inbound.read(onPacket);
      }
      levels.update(rig.nowNs);
      if (ranking.update(rig.nowNs)) {
        plan.assign();
      }
      sender.sendPreRolls(rig.nowNs);
      while (rig.outbound.size() > 0) {
        rig.outbound.read(onOutgoing);
      }
      tick++;
    }
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
