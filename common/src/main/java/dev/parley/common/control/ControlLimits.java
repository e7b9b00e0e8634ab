package dev.parley.common.control;

/** The bounds of everything that travels on, or waits for, a control link. */
public final class ControlLimits {
  /** Longest text frame, in bytes of UTF-8: the largest {@link Hello}. */
  public static final int FRAME_LENGTH_MAX = 256 * 1024;

  /** Longest string in a message, in characters: the longest SDP that is taken from a client. */
  public static final int STRING_LENGTH_MAX = 64 * 1024;

  /** Deepest nesting of objects and arrays; version 1 needs five. */
  public static final int NESTING_MAX = 12;

  /** Longest field name, in characters. */
  public static final int NAME_LENGTH_MAX = 64;

  /** Longest number, in characters. */
  public static final int NUMBER_LENGTH_MAX = 32;

  /** State reports sent and not yet acknowledged. The session tier closes a link that has more. */
  public static final int REPORTS_IN_FLIGHT_MAX = 256;

  /** Commands a session node may have unanswered at one media server. */
  public static final int COMMANDS_IN_FLIGHT_MAX = 1024;

  /** Session nodes one media server keeps links to. */
  public static final int NODES_MAX = 16;

  /**
   * Most participants a media server may announce: its {@link Hello} must fit one frame even if
   * each has a conference of their own.
   */
  public static final int PARTICIPANTS_MAX = 2048;

  /** Addresses at which one media server answers probes. */
  public static final int PROBE_ADDRESSES_MAX = 8;

  /** Characters in the address of a media server's door. */
  public static final int DOOR_LENGTH_MAX = 256;

  /** Most talkers in one {@link Speakers}. */
  public static final int LEVELS_MAX = 32;

  /** Most participants in one {@link Quality}; of a larger conference it tells in turn. */
  public static final int FIGURES_MAX = 512;

  /** Segments of one recording. */
  public static final int SEGMENTS_MAX = 999;

  private ControlLimits() {}
}
