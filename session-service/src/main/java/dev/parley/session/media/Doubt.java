package dev.parley.session.media;

import dev.parley.session.conference.MediaWord;

/**
 * The time in which one media server is not heard of, and what witnesses say meanwhile. Any thread.
 */
final class Doubt {
  /** What a witness said counts for so long. */
  private static final long WORD_NS = 10_000_000_000L;

  private final long sinceNs;
  private final long beganNs;
  private volatile Saying flows = Saying.NOTHING;
  private volatile Saying stopped = Saying.NOTHING;
  private volatile Saying answered = Saying.NOTHING;
  private volatile Saying deaf = Saying.NOTHING;

  /** Whether and when it was said last. */
  private record Saying(boolean isSaid, long atNs) {
    static final Saying NOTHING = new Saying(false, 0);

    boolean counts(long nowNs) {
      return isSaid && nowNs - atNs <= WORD_NS;
    }
  }

  /**
   * Begins.
   *
   * @param sinceNs when the server was last heard of
   */
  Doubt(long sinceNs, long nowNs) {
    this.sinceNs = sinceNs;
    this.beganNs = nowNs;
  }

  /** A client says how its media on the server is. A packet that came before says nothing. */
  void onClient(MediaWord word, long nowNs) {
    long saidNs = nowNs - word.age().toNanos();
    if (!word.flows()) {
      stopped = new Saying(true, nowNs);
    } else if (saidNs - beganNs > 0) {
      flows = new Saying(true, saidNs);
    }
  }

  /** A round of probes has ended; a later one says more than an earlier one. */
  void onProbed(boolean isAnswered, boolean isDeaf, long nowNs) {
    answered = isAnswered ? new Saying(true, nowNs) : Saying.NOTHING;
    deaf = isDeaf && !isAnswered ? new Saying(true, nowNs) : Saying.NOTHING;
  }

  Evidence evidence(long nowNs) {
    return new Evidence(
        nowNs - sinceNs,
        answered.counts(nowNs),
        deaf.counts(nowNs),
        flows.counts(nowNs),
        stopped.counts(nowNs));
  }
}
