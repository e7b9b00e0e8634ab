package dev.parley.media.conference;

/**
 * Whether a mix agent's packets must be handled as they come. Written by the agent before it looks
 * at its rings for the last time, read by event loops after they have written to one: then either
 * the loop wakes the agent or the agent sees what the loop wrote.
 */
final class Promptness {
  private volatile boolean isPrompt = true;

  /** Any thread. */
  boolean isPrompt() {
    return isPrompt;
  }

  /** On the agent's thread; as good as free while nothing changes. */
  void set(boolean prompt) {
    if (isPrompt != prompt) {
      isPrompt = prompt;
    }
  }
}
