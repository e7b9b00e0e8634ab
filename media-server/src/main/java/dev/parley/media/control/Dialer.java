package dev.parley.media.control;

import java.net.URI;

/** Opens connections to session nodes. */
public interface Dialer {
  /**
   * Begins to dial and returns at once. The listener hears {@link Listener#onOpen} at most once and
   * {@link Listener#onClosed} exactly once, in this order, also when dialling fails.
   */
  void dial(URI node, Listener listener);

  /** One open connection. Any thread; nothing here blocks. */
  interface Connection {
    /** Sends one text frame. The next may be sent only after {@link Listener#onSent}. */
    void send(String text);

    /** Sends a ping (RFC 6455 §5.5.2), unless the one before is still on its way. */
    void ping();

    /** Asks for one more frame: without asking, none comes. */
    void request();

    /** Closes politely. */
    void close(int code, String reason);

    /** Closes at once: for a peer that no longer answers. */
    void abort();
  }

  /** What happens on a connection. Called from any thread, one call at a time. */
  interface Listener {
    void onOpen(Connection connection);

    /** A whole text frame of at most {@code ControlLimits.FRAME_LENGTH_MAX} characters. */
    void onText(String text);

    void onPong();

    void onSent();

    /** Nothing follows. The reason is for a log. */
    void onClosed(String reason);
  }
}
