package dev.parley.session.media;

/** The wire under a {@link ServerLink}. Any thread; nothing here blocks. */
interface LinkSocket {
  /** Sends one text frame; the next may be sent only after the link's {@code onSent}. */
  void send(String text);

  /** Asks for one more frame: without asking, none comes. */
  void request();

  /** Closes politely. */
  void close(int code, String reason);

  /** Closes at once: for a peer that no longer takes anything. */
  void abort();
}
