package dev.parley.media.sdp;

/**
 * What a participant is allowed and wants, as far as it decides an answer.
 *
 * @param profile how the offer came
 * @param wish how the participant wants to hear the others
 * @param speakerSlots K: how many speakers a forwarding listener hears at once, 1 to 8
 * @param maySend false for a listener: its audio is not taken
 */
public record NegotiationRules(Profile profile, Wish wish, int speakerSlots, boolean maySend) {
  /** The signalling an offer came by. */
  public enum Profile {
    /** One peer connection that sends and receives; m-lines we cannot serve get port 0. */
    RTC,
    /** RFC 9725: the client only sends; an m-line we cannot serve refuses the offer. */
    WHIP,
    /** The client only receives; m-lines we cannot serve get port 0. */
    WHEP
  }

  /** How to hear the others. */
  public enum Wish {
    FORWARD,
    MIX,
    /** Forward if the offer has as many receiving audio lines as there are slots, else mix. */
    AUTO,
    /** Not at all: nothing is sent on any line. */
    NONE
  }

  /** Returns false for one who hears nobody here. */
  boolean mayReceive() {
    return wish != Wish.NONE && profile != Profile.WHIP;
  }

  /** Returns false for one who is to be there without a sound either way. */
  boolean mayTakePart() {
    return maySend || wish != Wish.NONE;
  }

  public NegotiationRules {
    if (speakerSlots < 1 || speakerSlots > 8) {
      throw new IllegalArgumentException("speakerSlots must be 1 to 8: " + speakerSlots);
    }
  }
}
