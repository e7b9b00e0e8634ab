package dev.parley.media.conference;

import dev.parley.media.forward.ForwardPlan;
import dev.parley.media.forward.ForwardTargets;
import dev.parley.media.forward.SourceStays;
import dev.parley.media.packet.LostPackets;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.speaker.TalkerLevels;
import org.jspecify.annotations.Nullable;

/**
 * Passes a talker's packet on to the receivers that the plan names, as soon as it has come. Owned
 * by one mix agent.
 */
final class ForwardSender implements ForwardTargets {
  private final AgentParts parts;
  private final ForwardPlan plan;
  private final TalkerLevels levels;
  private final ParticipantTable participants;
  private final int[] receiversOnLoop;

  /** What was sent of the talkers in each slot; made with the slot's first packet. */
  private final @Nullable SentHistory[] histories;

  ForwardSender(
      AgentParts parts, ForwardPlan plan, TalkerLevels levels, ParticipantTable participants) {
    this.parts = parts;
    this.plan = plan;
    this.levels = levels;
    this.participants = participants;
    receiversOnLoop = new int[parts.fan.loopCount()];
    histories = new SentHistory[plan.slotCount()];
  }

  void addReceiver(Participant participant) {
    int ownTalker = participant.talker() == null ? -1 : participant.number();
    int lineCount = participant.description().reception().lineCount();
    plan.addReceiver(participant.number(), lineCount, ownTalker, parts.random.nextLong());
    receiversOnLoop[participant.loopIndex()]++;
    parts.forwardReceivers++;
  }

  void removeReceiver(Participant participant) {
    plan.removeReceiver(participant.number());
    receiversOnLoop[participant.loopIndex()]--;
    parts.forwardReceivers--;
  }

  void forward(Talker talker, ReceivedPacket packet, int durationTicks) {
    OutgoingFan fan = parts.fan;
    fan.begin(packet.buffer(), packet.payloadOffset(), packet.payloadLength());
    int shownDbov = levels.shownDbov(talker.number());
    boolean isMeasured = packet.levelDbov() == ReceivedPacket.LEVEL_UNKNOWN;
    fan.level(isMeasured ? shownDbov : packet.levelDbov(), packet.voiceActivity());
    fan.addCsrc(talker.csrc(), shownDbov);
    if (plan.onPacket(talker.number(), packet, durationTicks, this) > 0) {
      keep(talker.number(), packet);
    }
    parts.counters.add(ConferenceCounter.FORWARDED_TARGETS, fan.end());
  }

  private void keep(int talker, ReceivedPacket packet) {
    int slot = plan.slotOf(talker);
    SentHistory history = histories[slot];
    if (history == null) {
      history = new SentHistory();
      histories[slot] = history;
    }
    history.put(
        plan.epochOf(talker),
        plan.sequenceOf(talker),
        packet.timestampTicks(),
        packet.marker(),
        parts.fan);
  }

  /** Sends a receiver again what it lost. */
  void onLostPackets(Participant receiver, LostPackets lost) {
    for (int i = 0; i < LostPackets.COUNT_MAX; i++) {
      if (lost.isLost(i)) {
        int sequenceNumber = lost.sequenceNumber(i);
        SourceStays source = plan.find(receiver.number(), lost.line(), sequenceNumber);
        parts.retransmitter.send(receiver, lost.line(), sequenceNumber, source, histories);
      }
    }
  }

  @Override
  public void onTarget(
      int receiver, int line, int sequenceNumber, int timestampTicks, boolean marker) {
    Participant participant = participants.get(receiver);
    int expected = receiversOnLoop[participant.loopIndex()];
    parts.fan.addTarget(participant, expected, line, sequenceNumber, timestampTicks, marker);
  }
}
