package dev.parley.session.coordination.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections to Redis, alike for one server, Sentinel and Cluster. A connection that broke
 * comes back by itself, after a random pause; meanwhile its commands fail at once, and none is sent
 * twice. Thread-safe.
 */
final class RedisClients implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisClients.class);

  /** Commands on their way on one connection; more fail at once. */
  private static final int COMMANDS_MAX = 10_000;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration RECONNECT_MIN = Duration.ofMillis(20);
  private static final Duration RECONNECT_MAX = Duration.ofSeconds(1);
  private static final Duration TOPOLOGY_EVERY = Duration.ofSeconds(15);
  private static final Duration TOPOLOGY_AGAIN = Duration.ofSeconds(1);
  private static final long STOP_MS = 1_000;

  private final Duration timeout;
  private final ClientResources resources;
  private final AbstractRedisClient client;

  /**
   * Opens nothing yet.
   *
   * @param timeout of each command on the connections
   */
  RedisClients(RedisAddress address, Duration timeout) {
    this.timeout = timeout;
    resources =
        ClientResources.builder()
            .reconnectDelay(
                Delay.fullJitter(RECONNECT_MIN, RECONNECT_MAX, 20, TimeUnit.MILLISECONDS))
            .build();
    for (RedisURI node : address.nodes()) {
      // Of the first words on a new connection, which a JVM that has just started says slowly.
      node.setTimeout(CONNECT_TIMEOUT);
      node.getSentinels().forEach(sentinel -> sentinel.setTimeout(CONNECT_TIMEOUT));
    }
    if (address.isCluster()) {
      RedisClusterClient cluster = RedisClusterClient.create(resources, address.nodes());
      cluster.setOptions(clusterOptions());
      client = cluster;
    } else {
      RedisClient single = RedisClient.create(resources, address.nodes().getFirst());
      single.setOptions(configure(ClientOptions.builder()).build());
      client = single;
    }
  }

  /** A connection and its commands. */
  record Commands(
      StatefulConnection<String, String> connection,
      RedisClusterAsyncCommands<String, String> commands) {}

  /** Opens a connection; blocks, and throws a RedisException if it cannot. */
  Commands open() {
    if (client instanceof RedisClusterClient cluster) {
      StatefulRedisClusterConnection<String, String> connection = cluster.connect(StringCodec.UTF8);
      connection.setTimeout(timeout);
      connectAll(connection);
      return new Commands(connection, connection.async());
    }
    StatefulRedisConnection<String, String> connection =
        ((RedisClient) client).connect(StringCodec.UTF8);
    connection.setTimeout(timeout);
    return new Commands(connection, connection.async());
  }

  /** Opens a connection for subscriptions; blocks, and throws a RedisException if it cannot. */
  StatefulRedisPubSubConnection<String, String> openPubSub() {
    return client instanceof RedisClusterClient cluster
        ? cluster.connectPubSub(StringCodec.UTF8)
        : ((RedisClient) client).connectPubSub(StringCodec.UTF8);
  }

  @Override
  public void close() {
    client.shutdown(0, STOP_MS, TimeUnit.MILLISECONDS);
    resources.shutdown(0, STOP_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(STOP_MS);
  }

  /** Connects to each node before its first command, which would be refused otherwise. */
  private static void connectAll(StatefulRedisClusterConnection<String, String> connection) {
    for (RedisClusterNode node : connection.getPartitions()) {
      try {
        var _ = connection.getConnection(node.getUri().getHost(), node.getUri().getPort());
      } catch (RedisException e) {
        LOG.warn("a node of the Redis Cluster is out of reach: {}", e.getMessage());
      }
    }
  }

  private static ClusterClientOptions clusterOptions() {
    ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
    configure(builder);
    return builder
        .topologyRefreshOptions(
            ClusterTopologyRefreshOptions.builder()
                .enablePeriodicRefresh(TOPOLOGY_EVERY)
                .adaptiveRefreshTriggersTimeout(TOPOLOGY_AGAIN)
                .build())
        .build();
  }

  private static <B extends ClientOptions.Builder> B configure(B builder) {
    builder
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(COMMANDS_MAX)
        .replayFilter(_ -> true)
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .timeoutOptions(TimeoutOptions.builder().timeoutCommands().connectionTimeout().build())
        .socketOptions(
            SocketOptions.builder().connectTimeout(CONNECT_TIMEOUT).keepAlive(true).build());
    return builder;
  }
}
