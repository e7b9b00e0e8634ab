package dev.parley.benchmarks.client;

import org.jspecify.annotations.Nullable;

/**
 * Which frame a client sends next, and of what sound: each one, or each so many-th, or as its
 * talk-spurts have it. Owner: the client loop.
 */
final class SendingSchedule {
  private final VoiceSource voice;
  private final int step;
  private final @Nullable TalkPattern pattern;
  private final @Nullable TalkSpurts spurts;
  private long frame;
  private boolean afterUnsent = true;

  SendingSchedule(ClientSettings settings) {
    this.voice = settings.voice();
    this.step = settings.packetIntervalMs() / ClientSettings.PACKET_MS;
    this.pattern = settings.pattern();
    this.spurts = pattern == null ? null : new TalkSpurts(pattern.seed());
    if (spurts != null && pattern != null && pattern.pauseIntervalMs() == 0) {
      skipPause(spurts);
    }
  }

  /** Its number on the media clock: 20 ms each, sent or not. */
  long frame() {
    return frame;
  }

  VoiceSource sound() {
    return pattern == null || spurts == null || spurts.isTalking() ? voice : pattern.pause();
  }

  /** True for the first packet of a talk-spurt after unsent silence (RFC 3551 section 4.1). */
  boolean isMarked() {
    return afterUnsent && (spurts == null || spurts.isTalking());
  }

  /** The frame was sent; to the next. */
  void advance() {
    if (spurts == null || pattern == null) {
      frame += step;
      afterUnsent = false;
      return;
    }
    int pauseStep = pattern.pauseIntervalMs() / ClientSettings.PACKET_MS;
    afterUnsent = !spurts.isTalking() && pauseStep != 1;
    long next = frame + (spurts.isTalking() ? 1 : pauseStep);
    if (next >= spurts.untilFrame()) {
      next = spurts.untilFrame();
      spurts.change();
    }
    frame = next;
    if (!spurts.isTalking() && pauseStep == 0) {
      skipPause(spurts);
    }
  }

  private void skipPause(TalkSpurts skipped) {
    if (!skipped.isTalking()) {
      frame = skipped.untilFrame();
      skipped.change();
      afterUnsent = true;
    }
  }
}
