package dev.parley.media.conference;

/** Tells an event loop that its outbound ring has something. Must not block or allocate. */
@FunctionalInterface
public interface LoopWake {
  /** Called by a mix agent after it wrote, at most once per stage of a duty cycle and loop. */
  void wake(int loopIndex);
}
