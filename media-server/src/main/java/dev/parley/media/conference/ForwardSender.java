package dev.parley.media.conference;

import dev.parley.media.forward.ForwardPlan;
import dev.parley.media.forward.ForwardTargets;
import dev.parley.media.forward.SourceStays;
import dev.parley.media.packet.LostPackets;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.speaker.TalkerLevels;
import org.jspecify.annotations.Nullable;

/**
 * Passes a talker's packet on to the receivers that the plan names, as soon as it has come: its
 * Opus packet alone, or as RED (RFC 2198) to those who take it, see {@link RedForm}. Owned by one
 * mix agent.
 */
final class ForwardSender implements ForwardTargets {
  private final ForwardPlan plan;
  private final TalkerLevels levels;
  private final PreRollSender preRolls;
  private final ForwardSeats seats = new ForwardSeats();
  private final int[] receiversOnLoop;

  /** Of the receivers, those who take RED. */
  private final int[] redOnLoop;

  /** Of those, the ones who lose packets. */
  private final int[] lossyOnLoop;

  /** What was sent of the talkers in each slot; made with the slot's first packet. */
  private final @Nullable SentHistory[] histories;

  /** Likewise, as RED; made with the slot's first such packet. */
  private final @Nullable SentHistory[] redHistories;

  private AgentParts parts;
  private RedForm redForm;
  private int redTargets;

  ForwardSender(
      AgentParts parts, ForwardPlan plan, TalkerLevels levels, ParticipantTable participants) {
    this.parts = parts;
    this.plan = plan;
    this.levels = levels;
    redForm = new RedForm(parts.redFan);
    receiversOnLoop = new int[parts.fan.loopCount()];
    redOnLoop = new int[parts.fan.loopCount()];
    lossyOnLoop = new int[parts.fan.loopCount()];
    histories = new SentHistory[plan.slotCount()];
    redHistories = new SentHistory[plan.slotCount()];
    preRolls = new PreRollSender(parts, plan, levels, participants, histories);
  }

  /** Leaves the agent. */
  void detach() {
    parts.forwardReceivers -= plan.receiverCount();
  }

  /** Goes on with another agent's parts. */
  void attach(AgentParts newParts) {
    parts = newParts;
    redForm = new RedForm(parts.redFan);
    preRolls.attach(parts);
    parts.forwardReceivers += plan.receiverCount();
  }

  void addReceiver(Participant participant) {
    // Also of one whose voice comes later, by a session of its own.
    int ownTalker = participant.number();
    int lineCount = participant.reception().lineCount();
    plan.addReceiver(participant.number(), lineCount, ownTalker, parts.random.nextLong());
    receiversOnLoop[participant.loopIndex()]++;
    if (participant.reception().red()) {
      participant.redReceiver(new RedReceiver(lineCount));
      redOnLoop[participant.loopIndex()]++;
    }
    seats.put(participant);
    parts.forwardReceivers++;
  }

  void removeReceiver(Participant participant) {
    plan.removeReceiver(participant.number());
    receiversOnLoop[participant.loopIndex()]--;
    RedReceiver redReceiver = participant.redReceiver();
    if (redReceiver != null) {
      participant.redReceiver(null);
      redOnLoop[participant.loopIndex()]--;
      lossyOnLoop[participant.loopIndex()] -= redReceiver.isLossy() ? 1 : 0;
    }
    parts.forwardReceivers--;
  }

  /** Forwards nothing to a receiver while it is on hold; no-op for one that hears a mix. */
  void hold(Participant participant) {
    plan.hold(participant.number(), participant.isHeld());
  }

  /** Takes in what a receiver's client reported, 0..255 in 256ths. */
  void onFractionLost(Participant participant, RedReceiver redReceiver, int fractionLost) {
    int before = redReceiver.isLossy() ? 1 : 0;
    redReceiver.onFractionLost(fractionLost);
    int after = redReceiver.isLossy() ? 1 : 0;
    lossyOnLoop[participant.loopIndex()] += after - before;
  }

  /** Passes a packet on, and keeps it for those who will hear its talker from a moment later on. */
  void forward(VoicePacket voice) {
    // First: it must not overtake what came before.
    sendPreRolls(voice.packet().arrivalNs());
    int talker = voice.talker().number();
    if (!plan.accept(talker, voice.packet())) {
      return;
    }
    if (plan.mayForward(talker)) {
      pass(voice);
    }
    if (voice.talker().isOpen() && plan.receiverCount() > 0) {
      preRolls.keep(voice);
    }
  }

  /** Sends what those have just said who have come onto somebody's line. */
  void sendPreRolls(long nowNs) {
    if (plan.hasPromotedSlots()) {
      preRolls.send(nowNs);
    }
  }

  private void pass(VoicePacket voice) {
    ReceivedPacket packet = voice.packet();
    int talker = voice.talker().number();
    int shownDbov = levels.shownDbov(talker);
    boolean isMeasured = packet.levelDbov() == ReceivedPacket.LEVEL_UNKNOWN;
    int levelDbov = isMeasured ? shownDbov : packet.levelDbov();
    OutgoingFan fan = parts.fan;
    fan.begin(packet.buffer(), voice.payloadOffset(), voice.payloadLength());
    fan.level(levelDbov, packet.voiceActivity());
    fan.addCsrc(voice.talker().csrc(), shownDbov);
    redForm.begin(voice, levelDbov, shownDbov);
    redTargets = 0;
    if (plan.onPacket(talker, packet, voice.durationTicks(), this) > 0) {
      keep(voice);
    }
    parts.counters.add(ConferenceCounter.FORWARDED_TARGETS, fan.end());
    if (redTargets > 0) {
      endRed(voice);
    }
  }

  private void endRed(VoicePacket voice) {
    int handedOver = parts.redFan.end();
    parts.counters.add(ConferenceCounter.FORWARDED_TARGETS, handedOver);
    parts.counters.add(
        voice.isRed() ? ConferenceCounter.RED_PASSED_TARGETS : ConferenceCounter.RED_ADDED_TARGETS,
        handedOver);
  }

  /** Also what nobody was sent in this form: the next packet may have it beside. */
  private void keep(VoicePacket voice) {
    int slot = plan.slotOf(voice.talker().number());
    if (redTargets > 0) {
      // First: it may hold sound that lies where the other will be kept.
      keep(redHistories, slot, voice, parts.redFan);
    }
    keep(histories, slot, voice, parts.fan);
  }

  private void keep(
      @Nullable SentHistory[] kept, int slot, VoicePacket voice, OutgoingFan content) {
    int talker = voice.talker().number();
    SentHistory.in(kept, slot)
        .put(
            plan.epochOf(talker),
            plan.sequenceOf(talker),
            voice.packet().timestampTicks(),
            voice.packet().marker(),
            content);
  }

  /** Sends a receiver again what it lost. */
  void onLostPackets(Participant receiver, LostPackets lost) {
    RedReceiver redReceiver = receiver.redReceiver();
    for (int i = 0; i < LostPackets.COUNT_MAX; i++) {
      if (lost.isLost(i)) {
        int sequenceNumber = lost.sequenceNumber(i);
        SourceStays source = plan.find(receiver.number(), lost.line(), sequenceNumber);
        boolean wasRed =
            redReceiver != null && redReceiver.wasSentAsRed(lost.line(), sequenceNumber);
        parts.retransmitter.send(
            receiver, lost.line(), sequenceNumber, source, wasRed ? redHistories : histories);
      }
    }
  }

  @Override
  public void onTarget(
      int receiver, int line, int sequenceNumber, int timestampTicks, boolean marker) {
    long seat = seats.seatOf(receiver);
    int loop = Seat.loopOf(seat);
    boolean isRed = isRedFor(seats.redReceiverOf(receiver), line, sequenceNumber, marker);
    int redExpected = redForm.isPassed() ? redOnLoop[loop] : lossyOnLoop[loop];
    int expected = isRed ? redExpected : receiversOnLoop[loop] - redExpected;
    OutgoingFan fan = isRed ? parts.redFan : parts.fan;
    fan.addTarget(seat, expected, line, sequenceNumber, timestampTicks, marker);
    redTargets += isRed ? 1 : 0;
  }

  /**
   * Chooses the form for a receiver. None with a marker is RED: where a line changes its talker,
   * what went before in his stream is not what went before on the line.
   */
  private boolean isRedFor(
      @Nullable RedReceiver redReceiver, int line, int sequenceNumber, boolean marker) {
    if (redReceiver == null) {
      return false;
    }
    boolean isWanted = !marker && (redForm.isPassed() || redReceiver.isLossy());
    boolean isRed = isWanted && redForm.isToBeHad(plan, histories);
    redReceiver.onSent(line, sequenceNumber, isRed);
    return isRed;
  }
}
