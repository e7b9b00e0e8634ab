package dev.parley.media.rtp;

/**
 * The byte of the client-to-mixer audio level element (RFC 6464 section 3) and those of the
 * mixer-to-client one (RFC 6465 section 3). Stateless.
 */
public final class AudioLevel {
  /** The quietest level there is: digital silence. */
  public static final int SILENCE_DBOV = -127;

  private static final int VOICE_ACTIVITY = 0x80;

  private AudioLevel() {}

  /** Level, -127..0 dBov. */
  public static int levelDbov(int element) {
    return -(element & 0x7F);
  }

  /** The sender's claim that the packet holds speech; of RFC 6464's element only. */
  public static boolean voiceActivity(int element) {
    return (element & VOICE_ACTIVITY) != 0;
  }

  /** The element's byte; a level out of range is brought to the nearest end. */
  public static int element(int levelDbov, boolean voiceActivity) {
    int level = Math.clamp(-levelDbov, 0, 127);
    return voiceActivity ? level | VOICE_ACTIVITY : level;
  }
}
