package dev.parley.common.token;

/**
 * What a token's bearer may do in the conference.
 *
 * @param moderate mute and remove others, end the conference
 * @param chat send and read messages
 */
public record Grants(AudioGrant audio, boolean moderate, boolean chat) {

  /** Returns what a role may do when its token says nothing else. */
  public static Grants of(Role role) {
    return switch (role) {
      case HOST -> new Grants(AudioGrant.SENDRECV, true, true);
      case SPEAKER -> new Grants(AudioGrant.SENDRECV, false, true);
      case LISTENER -> new Grants(AudioGrant.RECV, false, true);
    };
  }
}
