package dev.parley.media.conference;

import dev.parley.media.conference.ConferenceEvent.ClosedReason;
import dev.parley.media.conference.ConferenceEvent.ConferenceClosed;
import dev.parley.media.conference.ConferenceEvent.EncodersChanged;
import dev.parley.media.conference.ConferenceEvent.GoneReason;
import dev.parley.media.conference.ConferenceEvent.ParticipantConnected;
import dev.parley.media.conference.ConferenceEvent.ParticipantGone;
import dev.parley.media.conference.ConferenceEvent.ParticipantReconnecting;
import dev.parley.media.conference.ConferenceEvent.SpeakersChanged;
import dev.parley.media.conference.ParticipantDescription.Listening;
import dev.parley.media.forward.ForwardPlan;
import dev.parley.media.packet.LostPackets;
import dev.parley.media.packet.PeerState;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.packet.ReceptionReport;
import dev.parley.media.speaker.SpeakerRanking;
import dev.parley.media.speaker.TalkerLevels;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One conference: who is in it, who is heard, and by what way. Packets are forwarded as they come;
 * all else happens at a tick each 20 ms. Owned by one mix agent, its only caller, until that lets
 * go of it for another.
 */
final class Conference {
  /** From one tick to the next. */
  static final long TICK_NS = 20_000_000L;

  /** Ticks made up for when the agent was late; more are left out. */
  private static final int LATE_TICKS_MAX = 3;

  private static final long LATE_NS = 5_000_000L;

  private final ParticipantTable participants = new ParticipantTable();
  private final TalkerLevels levels;
  private final SpeakerRanking ranking;
  private final ForwardPlan plan;
  private final ForwardSender forwarding;
  private final ConferenceMix mix;
  private final SpeakersReport speakersReport;
  private final EffortReport effortReport;
  private AgentParts parts;
  private List<MixOutput> luggage = List.of();
  private ConferenceDescription description;
  private long nextTickNs;
  private long workNs;

  /** Starts at the time of its first tick, which spreads conferences over the 20 ms. */
  Conference(AgentParts parts, ConferenceDescription description, long firstTickNs) {
    this.parts = parts;
    this.description = description;
    nextTickNs = firstTickNs;
    // One more place than forwarding slots: a speaker is not sent himself.
    int places = Math.max(description.speakerSlots() + 1, description.mixedSpeakers());
    levels = new TalkerLevels(firstTickNs);
    ranking = new SpeakerRanking(levels, places);
    plan = new ForwardPlan(ranking, description.speakerSlots());
    forwarding = new ForwardSender(parts, plan, levels, participants);
    mix = new ConferenceMix(parts, levels, ranking, description.mixedSpeakers());
    speakersReport = new SpeakersReport(levels, ranking, places, participants);
    effortReport = new EffortReport(parts.effort);
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

  /** Lets a participant in, or gives one who is in a new media session in the same place. */
  void add(ParticipantDescription admitted) {
    assert admitted.loopIndex() < parts.fan.loopCount() : admitted.loopIndex();
    Participant participant = participants.find(admitted.participantId());
    if (participant == null) {
      participant = new Participant(this, participants.freeNumber(), admitted);
      participants.add(participant);
      parts.counters.increment(ConferenceCounter.PARTICIPANTS);
    } else {
      dismissPeer(participant);
      stopListening(participant);
      removeTalker(participant);
      participant.description(keepingPlace(participant, admitted));
    }
    parts.participantsByPeer.put(admitted.peerId(), participant);
    if (admitted.maySend()) {
      addTalker(participant);
    }
  }

  private static ParticipantDescription keepingPlace(
      Participant participant, ParticipantDescription admitted) {
    return new ParticipantDescription(
        admitted.participantId(),
        participant.description().csrc(),
        admitted.peerId(),
        admitted.loopIndex(),
        admitted.reception(),
        admitted.maySend(),
        participant.isMuted(),
        admitted.payloadType(),
        admitted.redPayloadType());
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
    dismissPeer(participant);
    stopListening(participant);
    removeTalker(participant);
    participant.state(Participant.State.GONE);
  }

  private void tellGone(Participant participant, GoneReason reason) {
    String participantId = participant.participantId();
    parts.outbox.tell(
        participantId,
        new ParticipantGone(
            description.conferenceId(),
            description.epoch(),
            participantId,
            participant.peerId(),
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

  /** Ends everybody's media and the conference. */
  void close(ClosedReason reason) {
    participants.forEach(this::release);
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
      parts.participantsByPeer.remove(participant.peerId());
      tellGone(participant, GoneReason.CONFERENCE_FAILED);
    });
    leave(ClosedReason.FAILED, cause);
  }

  private void leave(ClosedReason reason, @Nullable Throwable cause) {
    parts.counters.add(ConferenceCounter.CONFERENCES, -1);
    parts.outbox.tell(
        new ConferenceClosed(description.conferenceId(), description.epoch(), reason, cause));
  }

  // Messages of event loops.

  void onPeerState(Participant participant, PeerState state) {
    switch (state) {
      case CONNECTED -> onConnected(participant);
      case RECONNECTING -> onReconnecting(participant);
      case CONSENT_EXPIRED -> remove(participant, GoneReason.CONSENT_EXPIRED);
      case CONNECT_TIMEOUT -> remove(participant, GoneReason.CONNECT_TIMEOUT);
      case DTLS_FAILED -> remove(participant, GoneReason.DTLS_FAILED);
      case CLOSED_BY_PEER -> remove(participant, GoneReason.CLOSED_BY_PEER);
    }
  }

  private void onConnected(Participant participant) {
    if (participant.state() == Participant.State.JOINING) {
      startListening(participant);
    }
    if (participant.state() != Participant.State.CONNECTED) {
      participant.state(Participant.State.CONNECTED);
      parts.outbox.tell(
          participant.participantId(),
          new ParticipantConnected(
              description.conferenceId(), description.epoch(), participant.participantId()));
    }
  }

  private void onReconnecting(Participant participant) {
    if (participant.state() == Participant.State.CONNECTED) {
      participant.state(Participant.State.RECONNECTING);
      parts.outbox.tell(
          participant.participantId(),
          new ParticipantReconnecting(
              description.conferenceId(), description.epoch(), participant.participantId()));
    }
  }

  void onReceptionReport(Participant participant, ReceptionReport report) {
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
      talker.open(voice.packet().timestampTicks());
      onLevel(talker, voice.packet());
      mix.onPacket(voice);
    }
    forwarding.forward(voice);
  }

  private void onLevel(Talker talker, ReceivedPacket packet) {
    int number = talker.number();
    boolean isFirst = !levels.wasHeard(number);
    if (packet.levelDbov() != ReceivedPacket.LEVEL_UNKNOWN) {
      levels.onLevel(number, packet.levelDbov(), packet.voiceActivity(), packet.arrivalNs());
    } else {
      talker.measureLevel();
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

  /** When the next tick is due; far off while nobody is here. */
  long nextTickNs() {
    return nextTickNs;
  }

  boolean isEmpty() {
    return participants.size() == 0;
  }

  /** Runs the tick that is due, or leaves ticks out if it is far too late. */
  void tick(long nowNs) {
    long lateNs = nowNs - nextTickNs;
    assert lateNs >= 0 : lateNs;
    parts.counters.increment(ConferenceCounter.TICKS);
    if (lateNs > LATE_NS) {
      parts.counters.increment(ConferenceCounter.LATE_TICKS);
    }
    if (lateNs > LATE_TICKS_MAX * TICK_NS) {
      int skipped = (int) (lateNs / TICK_NS);
      parts.counters.add(ConferenceCounter.SKIPPED_TICKS, skipped);
      mix.skipTicks(skipped);
      nextTickNs += skipped * TICK_NS;
    }
    nextTickNs += TICK_NS;
    levels.update(nowNs);
    if (ranking.update(nowNs)) {
      plan.assign();
    }
    forwarding.sendPreRolls(nowNs);
    mix.tick(nowNs);
    SpeakersChanged speakers = speakersReport.poll(description, nowNs);
    if (speakers != null) {
      parts.outbox.tell(speakers);
    }
    EncodersChanged encoders = effortReport.poll(description, nowNs);
    if (encoders != null) {
      parts.outbox.tell(encoders);
    }
  }

  /** Sets the next tick's time after a time without anybody. */
  void resume(long firstTickNs) {
    long pausedNs = Math.max(0, firstTickNs - nextTickNs);
    mix.skipTicks((int) (pausedNs / TICK_NS));
    nextTickNs = firstTickNs;
  }

  // From one agent to another.

  /** Leaves its agent with all that belongs to it. The last call on that agent's thread. */
  void detach() {
    parts.counters.add(ConferenceCounter.CONFERENCES, -1);
    parts.counters.add(ConferenceCounter.PARTICIPANTS, -participants.size());
    participants.forEach(participant -> parts.participantsByPeer.remove(participant.peerId()));
    forwarding.detach();
    luggage = mix.detach();
  }

  /** Goes on where it was, as one of another agent's. The first call on that agent's thread. */
  void attach(AgentParts newParts) {
    parts = newParts;
    parts.counters.increment(ConferenceCounter.CONFERENCES);
    parts.counters.add(ConferenceCounter.PARTICIPANTS, participants.size());
    participants.forEach(
        participant -> parts.participantsByPeer.put(participant.peerId(), participant));
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
    Listening listening = participant.description().reception().listening();
    switch (listening) {
      case FORWARD -> forwarding.addReceiver(participant);
      case MIX -> participant.mixListener(mix.addListener(participant));
      case NOTHING -> {
        // It only sends.
      }
    }
    if (participant.isHeld()) {
      followHold(participant);
    }
  }

  private void dismissPeer(Participant participant) {
    parts.participantsByPeer.remove(participant.peerId());
    parts.removals.remove(participant.loopIndex(), participant.peerId());
  }

  private void stopListening(Participant participant) {
    boolean wasListening =
        participant.state() == Participant.State.CONNECTED
            || participant.state() == Participant.State.RECONNECTING;
    boolean isForwarded = participant.description().reception().listening() == Listening.FORWARD;
    if (wasListening && isForwarded) {
      forwarding.removeReceiver(participant);
    }
    MixListener listener = participant.mixListener();
    if (listener != null) {
      participant.mixListener(null);
      mix.removeListener(listener);
    }
  }

  private void addTalker(Participant participant) {
    ParticipantDescription admitted = participant.description();
    int number = participant.number();
    Talker talker =
        new Talker(number, admitted.csrc(), admitted.payloadType(), admitted.redPayloadType());
    participant.talker(talker);
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
    speakersReport.forget(talker.number());
  }

  /** Takes a talker out of the ranking and so, at once, out of all that is forwarded. */
  private void silence(int number) {
    ranking.remove(number);
    levels.remove(number);
    plan.assign();
  }
}
