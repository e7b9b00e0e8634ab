package dev.parley.session.access;

import dev.parley.common.id.ConferenceId;

/**
 * What is kept of tokens that were minted with an idempotency key: enough to sign the same token
 * again, and not the token. Thread-safe; blocks.
 */
public interface MintRecords {

  /**
   * One token that was asked for.
   *
   * @param requestHash of everything in the request that matters
   */
  record Mint(String requestHash, JoinTokens.Stamp stamp) {}

  /**
   * Keeps this mint, unless one was kept before for the same conference, server key and idempotency
   * key; returns the one that is kept.
   */
  Mint keep(ConferenceId conference, String keyId, String idempotencyKey, Mint mint);
}
