package dev.parley.systemtests.chaos;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A conference of one run and who is thought to be in it. Thread-safe.
 *
 * @param key of idempotency that it was made with
 * @param options that it was made with, as JSON
 * @param stays by participant
 */
record Room(String id, String key, String options, Map<String, Stay> stays) {
  Room(String id, String key, String options) {
    this(id, key, options, new ConcurrentHashMap<>());
  }

  /** Somebody's stay, and the token that it was begun with. */
  record Stay(String identity, String token) {}

  String path() {
    return "/v1/conferences/" + id;
  }

  String path(String participant) {
    return path() + "/participants/" + participant;
  }
}
