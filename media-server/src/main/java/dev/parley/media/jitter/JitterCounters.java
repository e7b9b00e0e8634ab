package dev.parley.media.jitter;

/**
 * What happened in one talker's jitter buffer since it was made. Written and read by its owner (a
 * mix agent) only.
 */
public final class JitterCounters {
  long received;
  long duplicate;
  long late;
  long malformed;
  long stray;
  long overflowed;
  long discarded;
  long played;
  long lost;
  long recoveredByFec;
  long concealed;
  long starved;
  long restarts;

  /** Packets given to the buffer. */
  public long received() {
    return received;
  }

  /** Packets that came twice. */
  public long duplicate() {
    return duplicate;
  }

  /** Packets whose time had passed; each also counts as lost. */
  public long late() {
    return late;
  }

  /** Packets without a usable payload. */
  public long malformed() {
    return malformed;
  }

  /** Packets with a sequence number far from all others. */
  public long stray() {
    return stray;
  }

  /** Packets dropped unplayed because newer ones needed their slot. */
  public long overflowed() {
    return overflowed;
  }

  /** Packets dropped unplayed because the delay had grown far beyond the target. */
  public long discarded() {
    return discarded;
  }

  /** Packets handed out for decoding. */
  public long played() {
    return played;
  }

  /** Sequence numbers that were not there when their time came. */
  public long lost() {
    return lost;
  }

  /** Lost packets for which the successor's FEC was handed out. */
  public long recoveredByFec() {
    return recoveredByFec;
  }

  /** Lost packets answered by concealment. */
  public long concealed() {
    return concealed;
  }

  /** Steps concealed because nothing was there. */
  public long starved() {
    return starved;
  }

  /** Times the stream began anew: another SSRC, or a jump of the sequence numbers. */
  public long restarts() {
    return restarts;
  }
}
