package dev.parley.benchmarks.client;

import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * A snapshot of one client's figures, or the sum of several. Counts since it was made.
 *
 * @param state of the client
 * @param reason why it failed, or empty
 * @param sent RTP packets
 * @param received RTP packets on all lines, without duplicates
 * @param delivered the same, with those that were then lost on purpose
 * @param lost sequence numbers missing in received streams, but for what was lost on purpose
 * @param duplicates packets received again
 * @param reordered packets received after a later one
 * @param refusals datagrams that were refused, by why
 * @param restarts streams that began anew without saying so
 * @param gaps pauses of over 80 ms that the media clock does not explain
 * @param longestGapNs the longest of them
 * @param reportedLost packets of ours that the server's reports say it lost, but for the same
 * @param connectNs from the answer to connected, 0 before
 * @param firstAudioNs from the answer to the first RTP packet received, 0 before
 * @param latencyUs from the intended time of sending to our socket, of forwarded packets
 * @param gapUs between packets of a stream while it is sent
 * @param injected what was done on purpose
 * @param repair what asking for lost packets achieved; nothing if nobody asks
 */
public record ClientFigures(
    ClientState state,
    String reason,
    long sent,
    long received,
    long delivered,
    long lost,
    long duplicates,
    long reordered,
    Map<String, Long> refusals,
    long restarts,
    long gaps,
    long longestGapNs,
    long reportedLost,
    long connectNs,
    long firstAudioNs,
    Histogram latencyUs,
    Histogram gapUs,
    InjectedFigures injected,
    RepairFigures repair) {
  /** Datagrams refused for whatever reason. */
  public long refused() {
    return refusals.values().stream().mapToLong(Long::longValue).sum();
  }
}
