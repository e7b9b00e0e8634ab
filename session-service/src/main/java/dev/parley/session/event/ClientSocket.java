package dev.parley.session.event;

/** The wire under a {@link Watcher}. Any thread; nothing here blocks. */
interface ClientSocket {
  /** Sends one text frame; the next may be sent only after the watcher's {@code onSent}. */
  void send(String text);

  /** Closes politely. */
  void close(int code, String reason);

  /** Closes at once. */
  void abort();
}
