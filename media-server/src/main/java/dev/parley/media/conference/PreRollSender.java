package dev.parley.media.conference;

import dev.parley.media.forward.ForwardPlan;
import dev.parley.media.forward.ForwardTargets;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.speaker.TalkerLevels;
import org.jspecify.annotations.Nullable;

/**
 * Sends what a talker said in the moments before he came onto a line, to those who hear him from
 * now on. It goes as plain Opus to all, and into the slot's history as it would have gone in its
 * time: what somebody else got then may be asked for again. Owned by one mix agent.
 */
final class PreRollSender implements ForwardTargets {
  private final ForwardPlan plan;
  private final TalkerLevels levels;
  private final ParticipantTable participants;
  private final @Nullable SentHistory[] histories;
  private AgentParts parts;
  private int expectedTargets;

  /** Shares the histories of the packets sent without RED. */
  PreRollSender(
      AgentParts parts,
      ForwardPlan plan,
      TalkerLevels levels,
      ParticipantTable participants,
      @Nullable SentHistory[] histories) {
    this.parts = parts;
    this.plan = plan;
    this.levels = levels;
    this.participants = participants;
    this.histories = histories;
  }

  /** Goes on with another agent's parts. */
  void attach(AgentParts newParts) {
    parts = newParts;
  }

  /** Keeps a packet of one who may be heard, which the plan has just accepted. */
  void keep(VoicePacket voice) {
    ReceivedPacket packet = voice.packet();
    int talker = voice.talker().number();
    int levelDbov = packet.levelDbov();
    // Without a level it cannot be told; but then he is only sent once he was measured and talks.
    boolean isUnknown = levelDbov == ReceivedPacket.LEVEL_UNKNOWN;
    boolean isSound = isUnknown || levels.isSound(talker, levelDbov, packet.voiceActivity());
    boolean isOnset = isUnknown || levels.isOnset(talker, levelDbov);
    voice.talker().preRoll().put(voice, plan, isSound, isOnset, levels.shownDbov(talker));
  }

  /** Sends what is kept of those who have come onto a line and talk. */
  void send(long nowNs) {
    int slots = plan.takePromotedSlots();
    for (int slot = 0; slot < plan.slotCount(); slot++) {
      int number = plan.talkerIn(slot);
      boolean isPromoted = (slots & 1 << slot) != 0 && number >= 0 && levels.isActive(number);
      Talker talker = isPromoted ? participants.get(number).talker() : null;
      if (talker != null) {
        send(talker, slot, nowNs);
      }
    }
  }

  private void send(Talker talker, int slot, long nowNs) {
    PreRoll preRoll = talker.preRoll();
    int count = preRoll.select(plan.epochOf(talker.number()), nowNs);
    expectedTargets = plan.receiverCount();
    for (int i = 0; i < count && expectedTargets > 0; i++) {
      preRoll.read(i);
      plan.revisit(talker.number(), preRoll.sequence(), preRoll.timestamp());
      expectedTargets = sendPacket(talker, slot, preRoll, nowNs);
    }
  }

  private int sendPacket(Talker talker, int slot, PreRoll preRoll, long nowNs) {
    int number = talker.number();
    OutgoingFan fan = parts.fan;
    boolean isMeasured = preRoll.levelDbov() == ReceivedPacket.LEVEL_UNKNOWN;
    fan.begin(preRoll.payload(), preRoll.payloadOffset(), preRoll.payloadLength());
    fan.level(isMeasured ? preRoll.shownDbov() : preRoll.levelDbov(), preRoll.voiceActivity());
    fan.addCsrc(talker.csrc(), preRoll.shownDbov());
    int targets = plan.onPreRoll(number, preRoll.marker(), preRoll.durationTicks(), nowNs, this);
    if (targets > 0) {
      SentHistory history = SentHistory.in(histories, slot);
      long epoch = plan.epochOf(number);
      if (!history.find(epoch, preRoll.sequence())) {
        int timestampTicks = (int) preRoll.timestamp();
        history.put(epoch, preRoll.sequence(), timestampTicks, preRoll.marker(), fan);
      }
    }
    int handedOver = fan.end();
    parts.counters.add(ConferenceCounter.FORWARDED_TARGETS, handedOver);
    parts.counters.add(ConferenceCounter.PRE_ROLL_TARGETS, handedOver);
    return targets;
  }

  @Override
  public void onTarget(
      int receiver, int line, int sequenceNumber, int timestampTicks, boolean marker) {
    Participant participant = participants.get(receiver);
    RedReceiver redReceiver = participant.redReceiver();
    if (redReceiver != null) {
      redReceiver.onSent(line, sequenceNumber, false);
    }
    parts.fan.addTarget(
        participant.seat(), expectedTargets, line, sequenceNumber, timestampTicks, marker);
  }
}
