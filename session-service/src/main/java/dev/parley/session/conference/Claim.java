package dev.parley.session.conference;

import java.time.Instant;

/**
 * A name that one conference, or one participant, holds. It is taken before its holder is stored,
 * so a claim whose holder does not exist is either very young or left over from a crash.
 *
 * @param holder the id of the conference or participant
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record Claim(String holder, Instant claimedAt, long version) {}
