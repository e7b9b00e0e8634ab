package dev.parley.session.conference;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A name that one conference, or one participant, holds. It is taken before its holder is stored,
 * so a claim whose holder does not exist is either very young or left over from a crash.
 *
 * @param holder the id of the conference or participant
 * @param request that it was taken for, if a repetition of that is to be known again
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record Claim(String holder, Instant claimedAt, @Nullable JoinRequest request, long version) {
  Claim(String holder, Instant claimedAt, long version) {
    this(holder, claimedAt, null, version);
  }

  /** Returns it as it is stored under a version. */
  public Claim withVersion(long stored) {
    return new Claim(holder, claimedAt, request, stored);
  }

  /** Whether it was taken for this request, or for another under the same idempotency key. */
  boolean isFor(@Nullable JoinRequest other) {
    return request != null && other != null && request.keyHash().equals(other.keyHash());
  }
}
