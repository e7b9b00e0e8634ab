package dev.parley.media.forward;

/** Takes the receivers of one forwarded packet, one by one. */
@FunctionalInterface
public interface ForwardTargets {
  /**
   * One receiver of the packet being forwarded.
   *
   * @param receiver the number given to {@link ForwardPlan#addReceiver}
   * @param line index of the receiver's line, from 0
   * @param sequenceNumber what the receiver is to see, 0..65535
   * @param timestampTicks what the receiver is to see, in ticks of 48 kHz
   * @param marker true on the line's first packet of a talker, and where the talker set it
   */
  void onTarget(int receiver, int line, int sequenceNumber, int timestampTicks, boolean marker);
}
