package dev.parley.media.conference;

/** What a mix agent counts. Gauges go up and down; all others only up. */
public enum ConferenceCounter {
  /** Conferences running now. */
  CONFERENCES(true, "Conferences running"),
  /** Participants in them now. */
  PARTICIPANTS(true, "Participants in conferences"),
  /** Conferences that threw and were closed. */
  CONFERENCES_FAILED(false, "Conferences closed because they threw"),
  /** Conferences taken over from other agents. */
  CONFERENCES_TAKEN_OVER(false, "Conferences taken over from other agents"),
  /** Messages for a conference on its way here that found no more room. */
  HELD_MESSAGES_DROPPED(false, "Messages of event loops dropped before their conference arrived"),
  /** Ticks run. */
  TICKS(false, "Conference ticks run"),
  /** Ticks begun more than 5 ms after they were due. */
  LATE_TICKS(false, "Conference ticks begun more than 5 ms late"),
  /** Ticks left out because the agent was too far behind. */
  SKIPPED_TICKS(false, "Conference ticks left out by an agent too far behind"),
  /** Voice packets taken from event loops. */
  PACKETS_RECEIVED(false, "Voice packets taken from event loops"),
  /** Packets of peers that are no longer, or not yet, in a conference. */
  PACKETS_OF_UNKNOWN_PEERS(false, "Voice packets of peers in no conference"),
  /** Packets of listeners, or under another payload type than the one negotiated. */
  PACKETS_NOT_PERMITTED(false, "Voice packets of those who may not send them"),
  /** Packets that break the framing of RFC 6716 section 3.4. */
  PACKETS_MALFORMED(false, "Voice packets with broken Opus framing"),
  /** Packets that came as RED. */
  RED_RECEIVED(false, "Voice packets that came as RED"),
  /** Packets that break the framing of RFC 2198 section 3, or whose blocks are no Opus. */
  RED_MALFORMED(false, "Voice packets with broken RED framing"),
  /** Packets that did not come, or not yet, and were taken from a later one's redundancy. */
  PACKETS_RECOVERED(false, "Lost voice packets taken for mixes from RED"),
  /** Receivers to whom a talker's own RED was handed. */
  RED_PASSED_TARGETS(false, "Forwarded packets handed to event loops as their talker's RED"),
  /** Receivers to whom a packet was handed with redundancy that its talker had not sent. */
  RED_ADDED_TARGETS(false, "Forwarded packets handed to event loops with redundancy added"),
  /** Receivers to whom forwarded packets were handed. */
  FORWARDED_TARGETS(false, "Forwarded packets handed to event loops, by receiver"),
  /** Of the forwarded packets, those sent before their talker was forwarded. */
  PRE_ROLL_TARGETS(false, "Forwarded packets from just before their talker's turn, by receiver"),
  /** Receivers to whom mixed packets were handed. */
  MIXED_TARGETS(false, "Mixed packets handed to event loops, by receiver"),
  /** Receivers to whom a packet they lost was handed again. */
  RETRANSMITTED_TARGETS(false, "Lost packets handed again to event loops, by receiver"),
  /** Lost packets that could not be sent again: too long ago, or lost on the way to us too. */
  RETRANSMISSIONS_NOT_KEPT(false, "Lost packets asked for that are not kept"),
  /** Receivers missed because an outbound ring was full. */
  DROPPED_TARGETS(false, "Packets dropped at a full outbound ring, by receiver"),
  /** Messages written to outbound rings. */
  OUTGOING_MESSAGES(false, "Messages written to outbound rings"),
  /** Frames decoded, or concealed, for mixing or for their level. */
  FRAMES_DECODED(false, "Frames of 20 ms decoded"),
  /** Frames encoded. */
  FRAMES_ENCODED(false, "Mixed frames encoded"),
  /** Of the frames encoded, those whose listeners lose packets and want FEC. */
  FRAMES_ENCODED_WITH_FEC(false, "Mixed frames encoded with in-band FEC"),
  /** Frames the encoder refused. */
  ENCODE_FAILURES(false, "Mixed frames the encoder refused"),
  /** Effort of the encoders now, as Opus counts it. */
  ENCODER_COMPLEXITY(true, "Complexity of the mixes' encoders, 0 to 10"),
  /** Times the effort was lowered because ticks took too long. */
  ENCODER_EFFORT_CUTS(false, "Times the encoders' complexity was lowered for want of time"),
  /** Speaker events dropped because the event queue was full. */
  SPEAKER_EVENTS_DROPPED(false, "Speaker events dropped at a full queue"),
  /** Reports of how packets travel dropped because the event queue was full. */
  QUALITY_EVENTS_DROPPED(false, "Reports of call quality dropped at a full queue"),
  /** State events that had to wait because the event queue was full. */
  STATE_EVENTS_DELAYED(false, "State events that waited for a full queue"),
  /** Recorded packets dropped because their recording's ring was full. */
  RECORDED_PACKETS_DROPPED(false, "Packets not recorded for want of room in the ring"),
  /** Commands that found no such conference or participant. */
  COMMANDS_WITHOUT_TARGET(false, "Commands for conferences or participants not here"),
  /** Commands that broke off by a fault of ours. */
  COMMANDS_FAILED(false, "Commands that broke off by a fault");

  private final boolean isGauge;
  private final String label;

  ConferenceCounter(boolean isGauge, String label) {
    this.isGauge = isGauge;
    this.label = label;
  }

  /** True if it may fall. */
  public boolean isGauge() {
    return isGauge;
  }

  /** What it is, for people. */
  public String label() {
    return label;
  }
}
