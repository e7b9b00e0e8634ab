package dev.parley.testsupport;

/** One redis-server for all tests of this JVM that leave it as it is. */
public final class SharedRedis {
  private static final RedisServer SERVER = RedisServer.start();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
  }

  private SharedRedis() {}

  public static RedisServer server() {
    return SERVER;
  }
}
