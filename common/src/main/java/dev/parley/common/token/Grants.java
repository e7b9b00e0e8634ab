package dev.parley.common.token;

/**
 * What a token's bearer may do in the conference.
 *
 * @param moderate mute and remove others, end the conference
 * @param chat send and read messages
 * @param files share files and read those of others
 * @param spatial say where in the room one is oneself
 * @param record begin, pause and stop recordings, and get what they became
 */
public record Grants(
    AudioGrant audio,
    boolean moderate,
    boolean chat,
    boolean files,
    boolean spatial,
    boolean record) {

  /** Returns what a role may do when its token says nothing else. */
  public static Grants of(Role role) {
    return switch (role) {
      case HOST -> new Grants(AudioGrant.SENDRECV, true, true, true, true, true);
      case SPEAKER -> new Grants(AudioGrant.SENDRECV, false, true, true, true, false);
      case LISTENER -> new Grants(AudioGrant.RECV, false, true, true, true, false);
    };
  }

  /** Returns what another role brings, without what the token withheld from every role. */
  public Grants keptAs(Role role) {
    Grants usual = of(role);
    return new Grants(usual.audio, usual.moderate, chat, files, spatial, usual.record);
  }
}
