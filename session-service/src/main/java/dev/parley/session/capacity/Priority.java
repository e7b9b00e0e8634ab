package dev.parley.session.capacity;

/** How soon something must be done; what can wait longest is refused first. */
public enum Priority {
  /** Calls that run, and people who come and go: joins, signalling, moderation, events, ends. */
  P0(1.0),
  /** What prepares calls and goes along with them: creates, tokens, messages, single reads. */
  P1(0.8),
  /** What nobody in a call waits for: lists, histories, replays. */
  P2(0.5);

  private static final ScopedValue<Priority> CURRENT = ScopedValue.newInstance();

  private final double share;

  Priority(double share) {
    this.share = share;
  }

  /** Returns of how many of the places such work may take the last. */
  int placesOf(int limit) {
    return Math.max(1, (int) (limit * share));
  }

  /** Returns that of what this thread does; P0 for what the service does of its own accord. */
  public static Priority current() {
    return CURRENT.isBound() ? CURRENT.get() : P0;
  }

  /** Runs something with this priority, in this thread. */
  public <T, X extends Throwable> T call(ScopedValue.CallableOp<? extends T, X> work) throws X {
    return ScopedValue.where(CURRENT, this).call(work);
  }
}
