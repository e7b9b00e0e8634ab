package dev.parley.session.coordination.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where Redis is. Immutable; never shows a password.
 *
 * @param nodes of a cluster, some of its nodes; otherwise one, which may name Sentinels
 */
public record RedisAddress(boolean isCluster, List<RedisURI> nodes) {
  private static final Pattern SINGLE = Pattern.compile("rediss?(-sentinel)?://.+");
  private static final Pattern CLUSTER = Pattern.compile("(rediss?)-cluster(://.+)");

  public RedisAddress {
    nodes = List.copyOf(nodes);
  }

  /**
   * Reads {@code redis://host:port}, {@code redis-sentinel://host:port,host:port#master} or {@code
   * redis-cluster://host:port,host:port}, with {@code rediss} for TLS, {@code user:password@}
   * before the hosts and, but for a cluster, {@code /database} after them.
   *
   * @throws IllegalArgumentException saying what is wrong, without the address
   */
  public static RedisAddress parse(String text) {
    try {
      Matcher cluster = CLUSTER.matcher(text);
      if (cluster.matches()) {
        URI uri = URI.create(cluster.group(1) + cluster.group(2));
        return new RedisAddress(true, RedisClusterURIUtil.toRedisURIs(uri));
      }
      if (SINGLE.matcher(text).matches()) {
        return new RedisAddress(false, List.of(RedisURI.create(text)));
      }
    } catch (IllegalArgumentException e) {
      // Its message may hold the password.
      throw new IllegalArgumentException("is no address of Redis that can be read");
    }
    throw new IllegalArgumentException(
        "begins with none of redis://, redis-sentinel://, redis-cluster://");
  }
}
