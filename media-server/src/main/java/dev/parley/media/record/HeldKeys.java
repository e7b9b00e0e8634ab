package dev.parley.media.record;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which segments need their recording's key: it is forgotten with the last of them, for one may be
 * recorded here while another is sent to its store. Thread-safe.
 */
final class HeldKeys {
  private final SpoolKeys keys;
  private final Map<String, Set<String>> segments = new ConcurrentHashMap<>();

  HeldKeys(SpoolKeys keys) {
    this.keys = keys;
  }

  /** The key is kept for a segment from now on; false if it was already. */
  boolean hold(String recordingId, String segment) {
    boolean[] isNew = new boolean[1];
    segments.compute(
        recordingId,
        (_, names) -> {
          Set<String> more = names == null ? new HashSet<>() : names;
          isNew[0] = more.add(segment);
          return more;
        });
    return isNew[0];
  }

  /** A segment needs it no more; may be repeated. */
  void letGo(String recordingId, String segment) {
    segments.computeIfPresent(
        recordingId,
        (_, names) -> {
          names.remove(segment);
          if (!names.isEmpty()) {
            return names;
          }
          // In here, so that nobody who holds it anew finds it half forgotten.
          keys.forget(recordingId);
          return null;
        });
  }
}
