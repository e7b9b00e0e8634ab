package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import dev.parley.media.rtcp.ReceptionStatistics;
import dev.parley.media.rtcp.RtcpWriter;
import org.jspecify.annotations.Nullable;

/** Reception statistics of each stream of one peer, a few at most. Owned by one event loop. */
final class ReceivedStreams {
  private final ReceptionStatistics[] streams = new ReceptionStatistics[Limits.SSRCS_PER_PEER_MAX];
  private int count;

  ReceivedStreams() {
    for (int i = 0; i < streams.length; i++) {
      streams[i] = new ReceptionStatistics();
    }
  }

  /** The stream's statistics, new ones with its first packet, or null when there is no place. */
  @Nullable ReceptionStatistics of(int ssrc) {
    ReceptionStatistics known = known(ssrc);
    if (known != null || count == streams.length) {
      return known;
    }
    ReceptionStatistics statistics = streams[count];
    statistics.reset(ssrc);
    count++;
    return statistics;
  }

  @Nullable ReceptionStatistics known(int ssrc) {
    for (int i = 0; i < count; i++) {
      if (streams[i].ssrc() == ssrc) {
        return streams[i];
      }
    }
    return null;
  }

  /** Reads what the next packet will need, see {@link SourceLookAhead}. */
  long touch() {
    return count == 0 ? 0 : streams[0].receivedCount();
  }

  /** True if packets are missing since the last report. */
  boolean haveLost() {
    for (int i = 0; i < count; i++) {
      if (streams[i].hasLost()) {
        return true;
      }
    }
    return false;
  }

  /** Returns the stream of the last report that lost most, of those that came, or null. */
  @Nullable ReceptionStatistics worstReported() {
    ReceptionStatistics worst = null;
    for (int i = 0; i < count; i++) {
      ReceptionStatistics stream = streams[i];
      if (stream.hasStarted()
          && stream.hasReportedReception()
          && (worst == null || stream.reportedFractionLost() > worst.reportedFractionLost())) {
        worst = stream;
      }
    }
    return worst;
  }

  /** Appends a block for each stream to the report just opened. */
  void report(RtcpWriter writer, long nowNs) {
    for (int i = 0; i < count; i++) {
      if (streams[i].hasStarted()) {
        writer.reportBlock(streams[i], nowNs);
      }
    }
  }
}
