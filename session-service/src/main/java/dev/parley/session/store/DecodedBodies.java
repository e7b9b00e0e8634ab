package dev.parley.session.store;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What short bodies were decoded to, so that what is read again and again is decoded once: the same
 * text always means the same. Each text has one place, which it shares with others: the newest is
 * there. Only for values that nothing changes. Thread-safe.
 */
final class DecodedBodies {
  /** Longer bodies are rarely asked for; with this the whole takes a few MiB at most. */
  static final int LENGTH_MAX = 2 << 10;

  static final int PLACES = 2 << 10;

  private final AtomicReferenceArray<@Nullable Decoded> places = new AtomicReferenceArray<>(PLACES);

  private record Decoded(String body, Class<?> type, Object value) {}

  /** Returns what the body means as one of the type. */
  <T> T get(String body, Class<T> type, Function<String, T> decode) {
    if (body.length() > LENGTH_MAX) {
      return decode.apply(body);
    }
    int hash = body.hashCode();
    int place = (hash ^ hash >>> 16) & PLACES - 1;
    Decoded there = places.get(place);
    if (there != null && there.type == type && there.body.equals(body)) {
      return type.cast(there.value);
    }
    T value = decode.apply(body);
    places.set(place, new Decoded(body, type, value));
    return value;
  }
}
