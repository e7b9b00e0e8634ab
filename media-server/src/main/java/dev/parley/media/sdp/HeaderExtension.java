package dev.parley.media.sdp;

/**
 * One RTP header extension both sides agreed on (RFC 8285 §8).
 *
 * @param id 1 to 14, the one-byte header's range
 * @param direction from our side: whether we may send it, whether we may expect it
 * @param attributes as offered, such as {@code vad=on}; empty if none
 */
public record HeaderExtension(int id, Kind kind, Direction direction, String attributes) {
  /** The extensions this server knows. */
  public enum Kind {
    /** The m-line a packet belongs to (RFC 8843 §15). */
    MID("urn:ietf:params:rtp-hdrext:sdes:mid"),
    /** The sender's audio level and voice activity (RFC 6464). */
    AUDIO_LEVEL("urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
    /** The levels of those heard in a mix (RFC 6465). */
    MIXER_TO_CLIENT_LEVEL("urn:ietf:params:rtp-hdrext:csrc-audio-level");

    private final String uri;

    Kind(String uri) {
      this.uri = uri;
    }

    public String uri() {
      return uri;
    }
  }

  /** RFC 6464 §4: voice activity is told unless {@code vad=off} was agreed. */
  public boolean hasVoiceActivity() {
    return kind == Kind.AUDIO_LEVEL && !attributes.equals("vad=off");
  }
}
