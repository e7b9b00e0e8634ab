package dev.parley.session.store.dynamo;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/** Makes clients of DynamoDB. Stateless. */
final class DynamoClients {
  private static final int CONNECTIONS_MAX = 256;
  private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);

  /** What tables are made with may take: an operator waits rather than asks again. */
  private static final Duration PATIENT_TIMEOUT = Duration.ofSeconds(10);

  private static final long FIRST_IN_QUEUE_MS = 250;

  static final ScheduledExecutorService TIMEOUTS = timeouts();

  private DynamoClients() {}

  /**
   * Makes a client that tries once: who asks knows what may be repeated, {@link Calls}.
   *
   * @throws software.amazon.awssdk.core.exception.SdkClientException if no region is known
   */
  static DynamoDbClient client(DynamoSettings settings) {
    Duration attempt = settings.attemptTimeout();
    return client(settings, DefaultRetryStrategy.doNotRetry(), CONNECT_TIMEOUT, attempt);
  }

  /** Makes a client that has time, and repeats what may be repeated as the SDK sees fit. */
  static DynamoDbClient patientClient(DynamoSettings settings) {
    RetryStrategy retries = DefaultRetryStrategy.standardStrategyBuilder().build();
    return client(settings, retries, PATIENT_TIMEOUT, PATIENT_TIMEOUT);
  }

  private static DynamoDbClient client(
      DynamoSettings settings, RetryStrategy retries, Duration connect, Duration attempt) {
    DynamoDbClientBuilder builder =
        DynamoDbClient.builder()
            .httpClientBuilder(
                Apache5HttpClient.builder()
                    .maxConnections(CONNECTIONS_MAX)
                    .connectionTimeout(connect)
                    .connectionAcquisitionTimeout(attempt)
                    .socketTimeout(attempt))
            .overrideConfiguration(
                ClientOverrideConfiguration.builder()
                    .retryStrategy(retries)
                    .apiCallAttemptTimeout(attempt)
                    .scheduledExecutorService(TIMEOUTS)
                    .build());
    settings.endpoint().ifPresent(builder::endpointOverride);
    settings.region().map(Region::of).ifPresent(builder::region);
    return builder.build();
  }

  /**
   * Each call is given up at its time by this thread. The SDK's own wakes at that time for those
   * that were answered long before, too, twice a call: a fourteenth of what a node did.
   */
  private static ScheduledExecutorService timeouts() {
    ScheduledThreadPoolExecutor timeouts =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("dynamodb-timeouts").daemon(true).factory());
    timeouts.setRemoveOnCancelPolicy(true);
    // A call that is the first in the queue wakes the thread, and with few under way nearly each
    // would be. This is before all that may take a quarter of a second or longer.
    ScheduledFuture<?> _ =
        timeouts.scheduleAtFixedRate(() -> {}, 0, FIRST_IN_QUEUE_MS, TimeUnit.MILLISECONDS);
    return timeouts;
  }
}
