package dev.parley.session.conference;

/**
 * A join that may be sent again, by hashes of its idempotency key and of everything in it that
 * matters.
 */
public record JoinRequest(String keyHash, String bodyHash) {}
