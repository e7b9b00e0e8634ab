package dev.parley.session.conference;

/**
 * How hard a media server works to encode a conference's mixes. Immutable.
 *
 * @param complexity of Opus, 0 to {@code complexityMax}
 * @param complexityMax the full effort
 */
public record EncoderEffort(int complexity, int complexityMax) {
  boolean isFull() {
    return complexity >= complexityMax;
  }
}
