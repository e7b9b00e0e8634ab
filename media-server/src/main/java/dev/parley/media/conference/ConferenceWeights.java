package dev.parley.media.conference;

import java.util.Collections;
import java.util.Map;

/**
 * How much of their mix agent's time its conferences have taken. Immutable: the map is not changed
 * any more once it is handed over.
 *
 * @param atNs when this was so, on the agent's clock
 * @param workNs by conference that is not empty, nanoseconds since it began, on whichever agents;
 *     what packets take is estimated by samples
 */
public record ConferenceWeights(long atNs, Map<String, Long> workNs) {
  public ConferenceWeights {
    workNs = Collections.unmodifiableMap(workNs);
  }
}
