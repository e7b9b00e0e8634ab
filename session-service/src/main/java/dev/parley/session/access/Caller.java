package dev.parley.session.access;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.token.JoinClaims;

/** Who sends a request. */
public sealed interface Caller {
  /** The tenant on whose behalf it comes. */
  String tenant();

  /** A tenant's backend, with a server key. */
  record Backend(ApiKey key) implements Caller {
    @Override
    public String tenant() {
      return key.tenant();
    }
  }

  /**
   * A person's client, with a join token.
   *
   * @param conference the one that the token opens, which it may name by an alias
   * @param isExpired true if the token is too old to join with; it still speaks for a stay that it
   *     began
   */
  record Joiner(JoinClaims claims, ConferenceId conference, String tenant, boolean isExpired)
      implements Caller {}
}
