package dev.parley.session.rest;

import dev.parley.session.capacity.Capacity;
import dev.parley.session.capacity.Priority;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Lets requests begin while the store has room for their kind; the others are told to come back,
 * not all at the same time. What a request then asks of the store has its priority. Thread-safe.
 */
public final class Admittance {
  private static final String API = "/v1/";
  private static final Set<HandlerType> REQUESTS =
      Set.of(
          HandlerType.GET,
          HandlerType.HEAD,
          HandlerType.POST,
          HandlerType.PATCH,
          HandlerType.PUT,
          HandlerType.DELETE);

  private final Capacity capacity;
  private final RandomGenerator random;

  public Admittance(Capacity capacity, RandomGenerator random) {
    this.capacity = capacity;
    this.random = random;
  }

  /** Returns the handler of a route with this before it, if it is one of the API. */
  public Handler before(Endpoint endpoint) {
    Handler handler = endpoint.handler;
    if (!endpoint.path.startsWith(API) || !REQUESTS.contains(endpoint.method)) {
      return handler;
    }
    Priority priority = RequestPriorities.of(endpoint.method.name(), endpoint.path);
    return context -> {
      require(priority);
      Object _ =
          priority.call(() -> {
            handler.handle(context);
            return context;
          });
    };
  }

  /**
   * Ends a request that there is no room for.
   *
   * @throws ProblemException if so
   */
  void require(Priority priority) {
    if (!capacity.admits(priority)) {
      throw Problem.unavailable(
              "temporary-reduced-capacity",
              "The store has too much to do for requests that can wait, such as this;"
                  + " wait as Retry-After says.",
              random.nextInt(1, longestSec(priority) + 1))
          .exception();
    }
  }

  /** What can wait longer is asked to. */
  private static int longestSec(Priority priority) {
    return switch (priority) {
      case P0 -> 2;
      case P1 -> 8;
      case P2 -> 32;
    };
  }
}
