package dev.parley.testsupport;

import java.util.List;
import java.util.stream.Stream;

/** A Redis server, its replica, and two Sentinels that put the one in the place of the other. */
public final class RedisSentinels implements AutoCloseable {
  private static final String NAME = "parley";

  private final RedisServer primary;
  private final RedisServer replica;
  private final List<RedisServer> sentinels;

  /** Starts them and waits until the Sentinels know all. */
  public RedisSentinels() {
    primary = RedisServer.start();
    replica =
        RedisServer.start(
            "--replicaof", "127.0.0.1 " + primary.port(), "--repl-diskless-sync-delay", "0");
    String configuration =
        """
        sentinel monitor %1$s 127.0.0.1 %2$d 1
        sentinel down-after-milliseconds %1$s 500
        sentinel failover-timeout %1$s 3000
        """
            .formatted(NAME, primary.port());
    sentinels =
        Stream.generate(() -> RedisServer.start(configuration, new String[] {"--sentinel"}))
            .limit(2)
            .toList();
    for (RedisServer sentinel : sentinels) {
      RedisServer.await(
          "Sentinels that know each other and the replica",
          () -> {
            String known = sentinel.send("SENTINEL", "MASTER", NAME);
            return known.contains("num-slaves\n$1\n1\n")
                && known.contains("num-other-sentinels\n$1\n1\n");
          });
    }
    RedisServer.await(
        "a replica that follows",
        () -> replica.send("INFO", "replication").contains("master_link_status:up"));
  }

  public RedisServer primary() {
    return primary;
  }

  public RedisServer replica() {
    return replica;
  }

  public String address() {
    return "redis-sentinel://127.0.0.1:%d,127.0.0.1:%d#%s"
        .formatted(sentinels.get(0).port(), sentinels.get(1).port(), NAME);
  }

  @Override
  public void close() {
    sentinels.forEach(RedisServer::close);
    replica.close();
    primary.close();
  }
}
