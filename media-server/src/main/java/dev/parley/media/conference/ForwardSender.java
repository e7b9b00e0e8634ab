package dev.parley.media.conference;

import dev.parley.media.forward.ForwardPlan;
import dev.parley.media.forward.ForwardTargets;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.speaker.TalkerLevels;

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

  ForwardSender(
      AgentParts parts, ForwardPlan plan, TalkerLevels levels, ParticipantTable participants) {
    this.parts = parts;
    this.plan = plan;
    this.levels = levels;
    this.participants = participants;
    receiversOnLoop = new int[parts.fan.loopCount()];
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
    plan.onPacket(talker.number(), packet, durationTicks, this);
    parts.counters.add(ConferenceCounter.FORWARDED_TARGETS, fan.end());
  }

  @Override
  public void onTarget(
      int receiver, int line, int sequenceNumber, int timestampTicks, boolean marker) {
    Participant participant = participants.get(receiver);
    int expected = receiversOnLoop[participant.loopIndex()];
    parts.fan.addTarget(participant, expected, line, sequenceNumber, timestampTicks, marker);
  }
}
