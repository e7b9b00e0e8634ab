package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.admin.AdminPart;
import dev.parley.session.access.ApiKeys;
import dev.parley.session.access.RandomText;
import dev.parley.session.access.ServiceSecret;
import dev.parley.session.audit.AuditLog;
import dev.parley.session.capacity.Priority;
import dev.parley.session.conference.ContendedException;
import dev.parley.session.conference.Fleet;
import dev.parley.session.library.DriftScan;
import dev.parley.session.media.LinkedServers;
import dev.parley.session.media.RegionScaling;
import dev.parley.session.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything below {@code /admin/} on the admin port. Whoever reaches that port is the operator; it
 * asks for no credential. Thread-safe once all routes are there.
 */
public final class AdminApi implements AdminPart {
  /** Where it is mounted. */
  public static final String PATH = "/admin/";

  private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);
  private static final int RETRY_STORE_SEC = 2;

  private final AuditTrail trail;
  private final Admittance admittance;
  private final List<Route> routes = new ArrayList<>();

  /** Takes the parts of the service that the operator can reach. */
  public AdminApi(
      ApiKeys keys,
      ServiceSecret secret,
      Audit audit,
      FleetParts fleet,
      DriftScan drift,
      Admittance admittance) {
    Cursors cursors = new Cursors(secret);
    this.trail = audit.trail();
    this.admittance = admittance;
    new KeyRoutes(keys, cursors).register(this);
    new AuditRoutes(audit.log(), cursors).register(this);
    new FleetRoutes(fleet.fleet(), fleet.links(), fleet.scaling()).register(this);
    new DriftRoutes(drift, cursors).register(this);
  }

  /** Who changed what, as it is kept and as it is told. */
  public record Audit(AuditLog log, AuditTrail trail) {}

  /** What tells of media servers and regions, and steers them. */
  public record FleetParts(Fleet fleet, LinkedServers links, RegionScaling scaling) {}

  private record Route(
      String method, List<String> template, Function<AdminCall, AdminPart.Answer> handler) {}

  /**
   * Adds a route.
   *
   * @param template such as {@code /admin/keys/{k}}
   */
  void on(String method, String template, Function<AdminCall, AdminPart.Answer> handler) {
    routes.add(new Route(method, parts(template), handler));
  }

  @Override
  public Answer answer(Request request) {
    String requestId = "rq_" + RandomText.base64(12);
    try {
      return route(request);
    } catch (ProblemException e) {
      return problem(e.problem(), request, requestId);
    } catch (StoreUnavailableException e) {
      LOG.warn("{} store unavailable: {}", requestId, e.getMessage());
      return problem(
          Problem.unavailable(
              "store-unavailable", "The store does not answer; try again soon.", RETRY_STORE_SEC),
          request,
          requestId);
    } catch (ContendedException _) {
      return problem(RestApi.contended(), request, requestId);
    } catch (RuntimeException e) {
      LOG.error("{} {} {} failed", requestId, request.method(), request.path(), e);
      return problem(
          new Problem(500, "internal", "Our fault", "Something failed here; the log has more."),
          request,
          requestId);
    }
  }

  private Answer route(Request request) {
    List<String> parts = parts(request.path());
    TreeSet<String> allowed = new TreeSet<>();
    for (Route route : routes) {
      Map<String, String> named = match(route.template(), parts);
      if (named != null && route.method().equals(request.method())) {
        Priority priority =
            RequestPriorities.ofAdmin(route.method(), String.join("/", route.template()));
        admittance.require(priority);
        return priority.call(() -> run(route, request, named));
      }
      if (named != null) {
        allowed.add(route.method());
      }
    }
    if (allowed.isEmpty()) {
      throw Problem.notFound("resource; docs/operations.md lists them").exception();
    }
    throw new Problem(405, "method-not-allowed", "Wrong method", "Use another method here.")
        .withHeader("Allow", String.join(", ", allowed))
        .exception();
  }

  private Answer run(Route route, Request request, Map<String, String> named) {
    if (route.method().equals("GET")) {
      return route.handler().apply(new AdminCall(request, named));
    }
    String action = route.method() + " " + String.join("/", route.template());
    try {
      Answer answer = route.handler().apply(new AdminCall(request, named));
      String object = answer.headers().getOrDefault("Location", request.path());
      trail.recordOperator(action, object, answer.status(), null);
      return answer;
    } catch (ProblemException e) {
      trail.recordOperator(action, request.path(), e.problem().status(), e.problem().code());
      throw e;
    }
  }

  private static @Nullable Map<String, String> match(List<String> template, List<String> parts) {
    if (template.size() != parts.size()) {
      return null;
    }
    Map<String, String> named = new HashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      String wanted = template.get(i);
      if (wanted.startsWith("{")) {
        named.put(wanted.substring(1, wanted.length() - 1), AdminCall.decode(parts.get(i)));
      } else if (!wanted.equals(parts.get(i))) {
        return null;
      }
    }
    return named;
  }

  private static List<String> parts(String path) {
    return List.of(path.split("/", -1));
  }

  static Answer created(Map<String, String> headers, ObjectNode body) {
    return new Answer(201, Wire.JSON, headers, Wire.text(body) + "\n");
  }

  static Answer json(int status, ObjectNode body) {
    return new Answer(status, Wire.JSON, Map.of(), Wire.text(body) + "\n");
  }

  static Answer done() {
    return new Answer(204, "", Map.of(), "");
  }

  private static Answer problem(Problem problem, Request request, String requestId) {
    return new Answer(
        problem.status(),
        Problem.CONTENT_TYPE,
        problem.headers(),
        Wire.text(problem.body(request.path(), requestId)) + "\n");
  }
}
