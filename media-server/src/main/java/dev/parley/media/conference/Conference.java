package dev.parley.media.conference;

import dev.parley.media.conference.ConferenceEvent.ClosedReason;
import dev.parley.media.conference.ConferenceEvent.ConferenceClosed;
import dev.parley.media.conference.ConferenceEvent.EncodersChanged;
import dev.parley.media.conference.ConferenceEvent.GoneReason;
import dev.parley.media.conference.ConferenceEvent.ParticipantConnected;
import dev.parley.media.conference.ConferenceEvent.ParticipantGone;
import dev.parley.media.conference.ConferenceEvent.ParticipantReconnecting;
import dev.parley.media.conference.ConferenceEvent.QualityMeasured;
import dev.parley.media.conference.ConferenceEvent.SessionGone;
import dev.parley.media.conference.ConferenceEvent.SpeakersChanged;
import dev.parley.media.conference.ParticipantDescription.Listening;
import dev.parley.media.conference.ParticipantDescription.Side;
import dev.parley.media.forward.ForwardPlan;
import dev.parley.media.packet.LostPackets;
import dev.parley.media.packet.PeerState;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.packet.ReceptionReport;
import dev.parley.media.packet.UplinkReport;
import dev.parley.media.speaker.SpeakerRanking;
import dev.parley.media.speaker.TalkerLevels;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One conference: who is in it, who is heard, and by what way. Packets are forwarded as they come;
 * all else happens at the ticks of its {@link TickSchedule}. Owned by one mix agent, its only
 * caller, until that lets go of it for another.
 */
final class Conference {
  private final ParticipantTable participants = new ParticipantTable();
  private final TalkerLevels levels;
  private final SpeakerRanking ranking;
  private final ForwardPlan plan;
  private final ForwardSender forwarding;
  private final ConferenceMix mix;
  private final SpeakersReport speakersReport;
  private final QualityReport qualityReport;
  private final EffortReport effortReport;
  private final ConferenceRecordings recordings;
  private AgentParts parts;
  private List<MixOutput> luggage = List.of();
  private ConferenceDescription description;
  private final TickSchedule schedule;
  private long workNs;

  /** Starts at the time of its first tick, which spreads conferences over the 20 ms. */
  Conference(AgentParts parts, ConferenceDescription description, long firstTickNs) {
    this.parts = parts;
    this.description = description;
    schedule = new TickSchedule(firstTickNs);
    // One more place than forwarding slots: a speaker is not sent himself.
    int places = Math.max(description.speakerSlots() + 1, description.mixedSpeakers());
    levels = new TalkerLevels(firstTickNs);
    ranking = new SpeakerRanking(levels, places);
    plan = new ForwardPlan(ranking, description.speakerSlots());
    forwarding = new ForwardSender(parts, plan, levels, participants);
    mix = new ConferenceMix(parts, levels, ranking, description.mixedSpeakers());
    speakersReport = new SpeakersReport(levels, ranking, places, participants);
    qualityReport = new QualityReport(participants, firstTickNs);
    effortReport = new EffortReport(parts.effort);
    recordings = new ConferenceRecordings(mix, participants);
    parts.counters.increment(ConferenceCounter.CONFERENCES);
  }

  String conferenceId() {
    return description.conferenceId();
  }

  /** Takes over the epoch of a newer assignment; what makes the conference stays. */
  void renew(ConferenceDescription newer) {
    if (newer.epoch() > description.epoch()) {
      description =
          new ConferenceDescription(
              description.conferenceId(),
              newer.epoch(),
              description.speakerSlots(),
              description.mixedSpeakers());
    }
  }

  // Commands.

  @Nullable Participant find(String participantId) {
    return participants.find(participantId);
  }

  /**
   * Lets a participant in, or gives one who is in a new media session in the same place, instead of
   * those that carry the same.
   */
  void add(ParticipantDescription admitted) {
    assert admitted.loopIndex() < parts.fan.loopCount() : admitted.loopIndex();
    Participant participant = participants.find(admitted.participantId());
    if (participant == null) {
      participant = new Participant(this, participants.freeNumber(), admitted);
      participants.add(participant);
      parts.counters.increment(ConferenceCounter.PARTICIPANTS);
    } else {
      giveWay(participant, admitted.side());
    }
    Leg leg = participant.begin(admitted);
    participant.told(participant.state());
    parts.participantsByPeer.put(admitted.peerId(), participant);
    if (admitted.maySend()) {
      addTalker(participant, leg);
    }
  }

  private void giveWay(Participant participant, Side side) {
    participant.forEachLeg(leg -> {
      if (leg.description().side().overlaps(side)) {
        end(participant, leg);
      }
    });
  }

  /** Ends a participant's media. */
  void remove(Participant participant, GoneReason reason) {
    release(participant);
    tellGone(participant, reason);
  }

  /** Does first what cannot fail for anything that is broken here. */
  private void release(Participant participant) {
    participants.remove(participant);
    parts.counters.add(ConferenceCounter.PARTICIPANTS, -1);
    participant.forEachLeg(leg -> end(participant, leg));
  }

  /** Ends one of a participant's sessions, and so its media if it has no other. */
  void end(Participant participant, Leg leg, GoneReason reason) {
    if (participant.isOnly(leg)) {
      remove(participant, reason);
      return;
    }
    end(participant, leg);
    parts.outbox.tell(
        participant.participantId() + ' ' + leg.description().side(),
        new SessionGone(
            description.conferenceId(),
            description.epoch(),
            participant.participantId(),
            leg.peerId()));
    tellState(participant);
  }

  private void end(Participant participant, Leg leg) {
    parts.participantsByPeer.remove(leg.peerId());
    parts.removals.remove(leg.loopIndex(), leg.peerId());
    if (leg == participant.receiving()) {
      stopListening(participant, leg);
    }
    if (leg == participant.sending()) {
      removeTalker(participant);
    }
    participant.end(leg);
  }

  private void tellGone(Participant participant, GoneReason reason) {
    String participantId = participant.participantId();
    parts.outbox.tell(
        participantId,
        new ParticipantGone(
            description.conferenceId(),
            description.epoch(),
            participantId,
            participant.lastPeerId(),
            reason));
  }

  /** Stops passing a participant's audio on at once, or resumes. */
  void mute(Participant participant, boolean muted) {
    boolean wasSilent = participant.isSilent();
    participant.muted(muted);
    followSilence(participant, wasSilent);
  }

  /** Keeps a participant from hearing and being heard, or lets it again. */
  void hold(Participant participant, boolean held) {
    boolean wasSilent = participant.isSilent();
    participant.held(held);
    followSilence(participant, wasSilent);
    followHold(participant);
  }

  private void followSilence(Participant participant, boolean wasSilent) {
    Talker talker = participant.talker();
    if (talker == null || participant.isSilent() == wasSilent) {
      return;
    }
    if (wasSilent) {
      levels.add(participant.number());
    } else {
      talker.close();
      recordings.onSilenced(participant.number());
      silence(participant.number());
    }
  }

  /** Its numbers go on where they stopped: to its client it is as if everybody had been silent. */
  private void followHold(Participant participant) {
    MixListener listener = participant.mixListener();
    if (listener != null) {
      listener.hold(participant.isHeld());
    }
    forwarding.hold(participant);
  }

  /** Does something about what is recorded of it. */
  void record(Consumer<ConferenceRecordings> command, long nowNs) {
    recordings.onTime(nowNs);
    mix.skipTicks(schedule.catchUp(nowNs));
    command.accept(recordings);
    if (mustBeExact()) {
      schedule.beExact();
    }
  }

  /** Ends everybody's media and the conference. */
  void close(ClosedReason reason, long nowNs) {
    recordings.onTime(nowNs);
    participants.forEach(this::release);
    recordings.endAll();
    leave(reason, null);
  }

  /**
   * Ends a conference that threw. Whatever is broken in it, its peers are let go and everybody
   * concerned is told.
   */
  void abandon(Throwable cause) {
    participants.forEach(participant -> {
      try {
        release(participant);
      } catch (Throwable again) {
        cause.addSuppressed(again);
      }
      participant.forEachLeg(leg -> parts.participantsByPeer.remove(leg.peerId()));
      tellGone(participant, GoneReason.CONFERENCE_FAILED);
    });
    try {
      recordings.endAll();
    } catch (Throwable again) {
      cause.addSuppressed(again);
    }
    leave(ClosedReason.FAILED, cause);
  }

  private void leave(ClosedReason reason, @Nullable Throwable cause) {
    parts.counters.add(ConferenceCounter.CONFERENCES, -1);
    parts.outbox.tell(
        new ConferenceClosed(description.conferenceId(), description.epoch(), reason, cause));
  }

  // Messages of event loops.

  void onPeerState(Participant participant, int peerId, PeerState state) {
    Leg leg = participant.leg(peerId);
    assert leg != null : "known by its peer: " + peerId;
    switch (state) {
      case CONNECTED -> onConnected(participant, leg);
      case RECONNECTING -> onReconnecting(participant, leg);
      case CONSENT_EXPIRED -> end(participant, leg, GoneReason.CONSENT_EXPIRED);
      case CONNECT_TIMEOUT -> end(participant, leg, GoneReason.CONNECT_TIMEOUT);
      case DTLS_FAILED -> end(participant, leg, GoneReason.DTLS_FAILED);
      case CLOSED_BY_PEER -> end(participant, leg, GoneReason.CLOSED_BY_PEER);
    }
  }

  private void onConnected(Participant participant, Leg leg) {
    if (leg.state() == Leg.State.JOINING && leg == participant.receiving()) {
      startListening(participant);
    }
    leg.state(Leg.State.CONNECTED);
    tellState(participant);
  }

  private void onReconnecting(Participant participant, Leg leg) {
    if (leg.state() == Leg.State.CONNECTED) {
      leg.state(Leg.State.RECONNECTING);
      tellState(participant);
    }
  }

  /** Tells how far a participant is, if that has changed. */
  private void tellState(Participant participant) {
    Leg.State state = participant.state();
    if (state == participant.told()) {
      return;
    }
    participant.told(state);
    String id = participant.participantId();
    switch (state) {
      case CONNECTED ->
          parts.outbox.tell(
              id, new ParticipantConnected(description.conferenceId(), description.epoch(), id));
      case RECONNECTING ->
          parts.outbox.tell(
              id, new ParticipantReconnecting(description.conferenceId(), description.epoch(), id));
      case JOINING -> {
        // Of one who has ended all that was up, and begun anew: the next news is that he is back.
      }
    }
  }

  void onUplinkReport(Participant participant, UplinkReport report) {
    participant.sent().onReport(report.fractionLost(), report.jitterTicks());
  }

  void onReceptionReport(Participant participant, ReceptionReport report) {
    participant.onReceptionReport(report);
    MixListener listener = participant.mixListener();
    if (listener != null) {
      listener.onFractionLost(report.fractionLost());
    }
    if (participant.redReceiver() != null) {
      forwarding.onFractionLost(participant, participant.redReceiver(), report.fractionLost());
    }
  }

  /** Sends a participant again what it lost, by the way it hears the others. */
  void onLostPackets(Participant participant, LostPackets lost) {
    MixListener listener = participant.mixListener();
    if (listener != null) {
      listener.onLostPackets(lost, parts.retransmitter);
    } else {
      forwarding.onLostPackets(participant, lost);
    }
  }

  void onPacket(Participant participant, ReceivedPacket packet) {
    Talker talker = participant.talker();
    VoicePacket voice = parts.voice;
    VoicePacket.Fault fault =
        talker == null ? VoicePacket.Fault.NOT_PERMITTED : voice.wrap(talker, packet);
    switch (fault) {
      case NONE -> onVoice(participant, voice);
      case NOT_PERMITTED -> parts.counters.increment(ConferenceCounter.PACKETS_NOT_PERMITTED);
      case MALFORMED -> parts.counters.increment(ConferenceCounter.PACKETS_MALFORMED);
      case MALFORMED_RED -> parts.counters.increment(ConferenceCounter.RED_MALFORMED);
    }
  }

  private void onVoice(Participant participant, VoicePacket voice) {
    Talker talker = voice.talker();
    if (voice.isRed()) {
      parts.counters.increment(ConferenceCounter.RED_RECEIVED);
    }
    if (!participant.isSilent()) {
      schedule.onPacket();
      talker.open(voice.packet().timestampTicks());
      onLevel(talker, voice.packet());
      mix.onPacket(voice);
      recordings.onVoice(participant, voice, parts.counters);
    }
    forwarding.forward(voice);
  }

  private void onLevel(Talker talker, ReceivedPacket packet) {
    int number = talker.number();
    boolean isFirst = !levels.wasHeard(number);
    if (schedule.hasRested(packet.arrivalNs())) {
      // Or the packet would count for as long as there was none.
      long beforeNs = packet.arrivalNs() - TickSchedule.TICK_NS;
      levels.update(beforeNs);
      schedule.measured(beforeNs);
    }
    if (packet.levelDbov() != ReceivedPacket.LEVEL_UNKNOWN) {
      levels.onLevel(number, packet.levelDbov(), packet.voiceActivity(), packet.arrivalNs());
    } else {
      talker.measureLevel();
      schedule.beExact();
      if (isFirst) {
        levels.onLevel(number, TalkerLevels.SILENCE_DBOV, false, packet.arrivalNs());
      }
    }
    // A free place is taken by the first packet: the next tick would be too late for it.
    if (isFirst && ranking.update(packet.arrivalNs())) {
      plan.assign();
    }
  }

  // The tick.

  /** When the next tick is due at the latest; far off while nobody is here. */
  long tickDueNs() {
    return schedule.dueNs();
  }

  /** Whether the next tick may be run at once, after the packets that have come. */
  boolean isTickPulled(long nowNs) {
    return schedule.isPulled(nowNs);
  }

  private boolean mustBeExact() {
    return mix.isNeeded() || recordings.isRunning();
  }

  boolean isEmpty() {
    return participants.size() == 0;
  }

  /** Runs the next tick, or leaves ticks out if it is far too late. */
  void tick(long nowNs) {
    mix.skipTicks(schedule.begin(nowNs, mustBeExact(), parts.counters));
    recordings.onTime(nowNs);
    levels.update(nowNs);
    if (ranking.update(nowNs)) {
      plan.assign();
    }
    forwarding.sendPreRolls(nowNs);
    mix.tick(nowNs);
    recordings.tellSpeakers(ranking, levels, description.mixedSpeakers());
    SpeakersChanged speakers = speakersReport.poll(description, nowNs);
    if (speakers != null) {
      parts.outbox.tell(speakers);
    }
    QualityMeasured quality = qualityReport.poll(description, nowNs);
    if (quality != null) {
      parts.outbox.tell(quality);
    }
    EncodersChanged encoders = effortReport.poll(description, nowNs);
    if (encoders != null) {
      parts.outbox.tell(encoders);
    }
    schedule.end(nowNs, mustBeExact());
  }

  /** Sets the next tick's time after a time without anybody. */
  void resume(long firstTickNs) {
    mix.skipTicks(schedule.resume(firstTickNs));
  }

  // From one agent to another.

  /** Leaves its agent with all that belongs to it. The last call on that agent's thread. */
  void detach() {
    parts.counters.add(ConferenceCounter.CONFERENCES, -1);
    parts.counters.add(ConferenceCounter.PARTICIPANTS, -participants.size());
    participants.forEach(participant ->
        participant.forEachLeg(leg -> parts.participantsByPeer.remove(leg.peerId())));
    forwarding.detach();
    luggage = mix.detach();
  }

  /** Goes on where it was, as one of another agent's. The first call on that agent's thread. */
  void attach(AgentParts newParts) {
    parts = newParts;
    parts.counters.increment(ConferenceCounter.CONFERENCES);
    parts.counters.add(ConferenceCounter.PARTICIPANTS, participants.size());
    participants.forEach(participant ->
        participant.forEachLeg(leg -> parts.participantsByPeer.put(leg.peerId(), participant)));
    forwarding.attach(parts);
    mix.attach(parts, luggage);
    luggage = List.of();
    effortReport.follow(parts.effort);
  }

  void forEachParticipant(Consumer<Participant> action) {
    participants.forEach(action);
  }

  /** Hears how long something took that was done for it. */
  void onWork(long ns) {
    workNs += ns;
  }

  /** What has been done for it so far took so long. */
  long workNs() {
    return workNs;
  }

  // Parts of the above.

  private void startListening(Participant participant) {
    Listening listening = participant.reception().listening();
    switch (listening) {
      case FORWARD -> forwarding.addReceiver(participant);
      case MIX -> {
        participant.mixListener(mix.addListener(participant));
        schedule.beExact();
      }
      case NOTHING -> {
        // It only sends.
      }
    }
    if (participant.isHeld()) {
      followHold(participant);
    }
  }

  private void stopListening(Participant participant, Leg leg) {
    boolean isForwarded = leg.description().reception().listening() == Listening.FORWARD;
    if (leg.state() != Leg.State.JOINING && isForwarded) {
      forwarding.removeReceiver(participant);
    }
    MixListener listener = participant.mixListener();
    if (listener != null) {
      participant.mixListener(null);
      mix.removeListener(listener);
    }
  }

  private void addTalker(Participant participant, Leg leg) {
    ParticipantDescription admitted = leg.description();
    int number = participant.number();
    Talker talker =
        new Talker(number, participant.csrc(), admitted.payloadType(), admitted.redPayloadType());
    participant.talker(talker);
    recordings.onTalker(participant);
    plan.addTalker(number);
    mix.addTalker(talker);
    if (!participant.isSilent()) {
      levels.add(number);
    }
  }

  private void removeTalker(Participant participant) {
    Talker talker = participant.talker();
    if (talker == null) {
      return;
    }
    participant.talker(null);
    if (!participant.isSilent()) {
      silence(talker.number());
    }
    plan.removeTalker(talker.number());
    mix.removeTalker(talker);
    recordings.onLeft(talker.number());
    speakersReport.forget(talker.number());
  }

  /** Takes a talker out of the ranking and so, at once, out of all that is forwarded. */
  private void silence(int number) {
    ranking.remove(number);
    levels.remove(number);
    plan.assign();
  }
}
