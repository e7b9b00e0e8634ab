package dev.parley.session.coordination.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The Lua scripts. All keys of a call are of one slot. They are sent whole each time: a server that
 * has just started knows none, and asking again out of turn would change the order of events.
 */
enum Script {
  TAKE,
  APPEND,
  REPLAY,
  NOTE,
  QUEUE,
  SEND;

  private final String text;

  Script() {
    String name = "/redis/" + name().toLowerCase(Locale.ROOT) + ".lua";
    try (InputStream stream = Script.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is not there");
      }
      text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text() {
    return text;
  }
}
