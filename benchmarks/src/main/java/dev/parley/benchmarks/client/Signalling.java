package dev.parley.benchmarks.client;

import java.io.IOException;
import java.util.List;

/**
 * How clients and one server come to know each other's session descriptions, which WebRTC leaves to
 * whoever uses it (RFC 8829 §1.1). Blocking; any thread.
 */
public interface Signalling extends AutoCloseable {
  /** Does what must be done before anybody joins and is no part of a join: rooms, tokens. */
  void prepare() throws IOException, InterruptedException;

  /** Brings one client into the call: once this returns, it is on its way to connect. */
  void join(WebRtcClient client) throws IOException, InterruptedException;

  /**
   * Gets ready for one more who joins later, and was not known when all was prepared.
   *
   * @param number of the client
   */
  default void invite(int number) throws IOException, InterruptedException {
    throw new UnsupportedOperationException("nobody joins this server later");
  }

  /** Takes one who joined out again. */
  default void leave(WebRtcClient client) throws IOException, InterruptedException {
    throw new UnsupportedOperationException("all leave this server at once");
  }

  /** Takes all who joined out again, and says of whom it could not. Closing does it for many. */
  default List<String> leave() throws InterruptedException {
    close();
    return List.of();
  }

  @Override
  void close();
}
