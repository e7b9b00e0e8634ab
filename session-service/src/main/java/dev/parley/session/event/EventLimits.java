package dev.parley.session.event;

import java.util.concurrent.TimeUnit;

/** The bounds of the events a node keeps and sends. */
final class EventLimits {
  /** Missed events that are sent again; who missed more gets a snapshot. */
  static final int REPLAY_MAX = 128;

  /** Events that may wait for one client, and their characters. */
  static final int WAITING_MAX = 256;

  static final int WAITING_LENGTH_MAX = 1024 * 1024;

  static final int WATCHERS_MAX = 20_000;
  static final int WATCHERS_PER_CONFERENCE_MAX = 2_000;

  /** Longest frame taken from a client, in bytes: a message of 4 KiB, each character escaped. */
  static final int FRAME_LENGTH_MAX = 16 << 10;

  /** Requests of one client that may wait, and answers to them. */
  static final int REQUESTS_MAX = 32;

  /** Shortest time between two speakers events of a conference: four a second. */
  static final long SPEAKERS_NS = TimeUnit.MILLISECONDS.toNanos(250);

  /** Shortest time between two words of a client on its own media that count. */
  static final long MEDIA_SAID_NS = TimeUnit.SECONDS.toNanos(1);

  static final long HELLO_NS = TimeUnit.SECONDS.toNanos(5);
  static final long PING_NS = TimeUnit.SECONDS.toNanos(15);
  static final long SEND_NS = TimeUnit.SECONDS.toNanos(15);

  /** How long a conference that nobody watches is remembered for those who come back. */
  static final long LINGER_NS = TimeUnit.MINUTES.toNanos(2);

  /** Rosters read at once because events may be missing. */
  static final int GAPS_READ_MAX = 16;

  /** How long a client's welcome waits to learn where its conference's log stands. */
  static final long FOLLOW_MS = 5_000;

  private EventLimits() {}

  /** How often it is looked after those who wait to be let in, which is also how they are told. */
  static final long LOOK_NS = TimeUnit.SECONDS.toNanos(3);
}
