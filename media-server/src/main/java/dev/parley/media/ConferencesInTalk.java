package dev.parley.media;

import dev.parley.common.id.ConferenceId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** In which conferences somebody speaks, as agents told last. Thread-safe. */
final class ConferencesInTalk {
  private final Set<ConferenceId> conferences = ConcurrentHashMap.newKeySet();

  void onSpeakers(ConferenceId conference, boolean areAny) {
    if (areAny) {
      conferences.add(conference);
    } else {
      conferences.remove(conference);
    }
  }

  void onClosed(ConferenceId conference) {
    conferences.remove(conference);
  }

  boolean contains(ConferenceId conference) {
    return conferences.contains(conference);
  }
}
