package dev.parley.session.store.dynamo;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Which DynamoDB, and how long to wait for it. Credentials come from the SDK's own chain.
 *
 * @param endpoint where it is, if it is not AWS's own of the region
 * @param region empty to ask the SDK's own chain
 * @param tablePrefix what the names of our tables begin with
 * @param timeout how long an operation may take, all of its attempts together
 */
public record DynamoSettings(
    Optional<URI> endpoint, Optional<String> region, String tablePrefix, Duration timeout) {
  /** How many attempts, one after the other, the timeout has room for. */
  private static final int ATTEMPTS_IN_TIMEOUT = 3;

  /** How long one attempt may take: a lost packet costs less than an operation. */
  Duration attemptTimeout() {
    return timeout.dividedBy(ATTEMPTS_IN_TIMEOUT);
  }
}
