package dev.parley.session.conference;

import dev.parley.common.id.Region;
import org.jspecify.annotations.Nullable;

/**
 * Whether there is room for one more in a conference. Immutable.
 *
 * @param isFree false if everything that may be used is known to be full
 * @param region whose servers that is about, or null if nothing is known of any
 */
public record Vacancy(boolean isFree, @Nullable Region region) {
  /** Nothing is known: whoever tries finds out. */
  static final Vacancy UNKNOWN = new Vacancy(true, null);
}
