package dev.parley.common.token;

/** What came of looking at a join token. */
public sealed interface JoinTokenVerdict {

  /** The token is good now. */
  record Valid(JoinClaims claims) implements JoinTokenVerdict {}

  /** The token is genuine and was good, but its time is over. */
  record Expired(JoinClaims claims) implements JoinTokenVerdict {}

  /** The token is not good. */
  record Refused(Reason reason, String detail) implements JoinTokenVerdict {}

  /** Why a token is not good. */
  enum Reason {
    /** Not a signed token of the accepted kind, or too long. */
    MALFORMED,
    /** No such key, or it was revoked. */
    UNKNOWN_KEY,
    /** Signed with something else, or altered. */
    BAD_SIGNATURE,
    /** Genuine, but a claim is missing or out of range. */
    BAD_CLAIMS,
    /** Genuine, but its time has not come. */
    NOT_YET_VALID
  }
}
