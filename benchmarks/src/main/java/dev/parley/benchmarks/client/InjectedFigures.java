package dev.parley.benchmarks.client;

/**
 * What clients did to their own packets on purpose. Counts of packets.
 *
 * @param lostOut RTP lost on the way to the server
 * @param lostIn RTP lost after the server had delivered it
 * @param neverSent gaps in forwarded streams that are packets lost on the way to the server
 * @param lostControl RTCP lost, either way
 * @param delayed RTP held by jitter or reordering, either way
 */
public record InjectedFigures(
    long lostOut, long lostIn, long neverSent, long lostControl, long delayed) {
  static final InjectedFigures NONE = new InjectedFigures(0, 0, 0, 0, 0);

  InjectedFigures plus(InjectedFigures other) {
    return new InjectedFigures(
        lostOut + other.lostOut,
        lostIn + other.lostIn,
        neverSent + other.neverSent,
        lostControl + other.lostControl,
        delayed + other.delayed);
  }
}
