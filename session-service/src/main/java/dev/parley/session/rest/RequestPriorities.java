package dev.parley.session.rest;

import static dev.parley.session.capacity.Priority.P0;
import static dev.parley.session.capacity.Priority.P1;
import static dev.parley.session.capacity.Priority.P2;

import dev.parley.session.capacity.Priority;
import java.util.HashMap;
import java.util.Map;

/** Which requests cannot wait, which can a little, and which can wait longest: all routes. */
final class RequestPriorities {
  private static final String CONFERENCE = "/v1/conferences/{c}";
  private static final String WEBHOOK = "/v1/webhook-endpoints";
  private static final String ISSUER = "/v1/token-issuers";
  private static final Map<String, Priority> OF = new HashMap<>();

  static {
    // People come and go, and their media with them.
    put(P0, "POST " + CONFERENCE + "/participants");
    put(P0, "DELETE " + CONFERENCE + "/participants/{p}");
    put(P0, "POST " + CONFERENCE + "/admit");
    put(P0, "POST " + CONFERENCE + "/participants/{p}/admit");
    for (String door : new String[] {"/rtc", "/whip", "/whep"}) {
      put(P0, "POST " + CONFERENCE + door);
      put(P0, "GET " + CONFERENCE + door);
      put(P0, "HEAD " + CONFERENCE + door);
    }
    for (String method : new String[] {"GET", "HEAD", "PATCH", "DELETE"}) {
      put(P0, method + " /v1/rtc-sessions/{s}");
    }
    // Moderation, and what tells people of it.
    put(P0, "PATCH " + CONFERENCE + "/participants/{p}");
    put(P0, "PATCH " + CONFERENCE);
    put(P0, "DELETE " + CONFERENCE);
    put(P0, "POST " + CONFERENCE + "/mute");
    put(P0, "POST " + CONFERENCE + "/participants/{p}/unmute-request");
    put(P0, "DELETE " + CONFERENCE + "/bans/{b}");
    put(P0, "POST " + CONFERENCE + "/event-tickets");
    put(P0, "GET " + CONFERENCE + "/events");

    put(P0, "PATCH /v1/conferences/{c}/recordings/{r}");
    put(P0, "PUT /v1/conferences/{c}/recording-consent");

    // These ask nothing of the store.
    put(P0, "GET /v1/openapi.yaml");
    put(P0, "GET /v1/openapi.json");

    put(P1, "GET /v1/regions");
    put(P1, "POST /v1/regions/nearest");
    put(P1, "POST /v1/conferences");
    put(P1, "POST /v1/open-rooms/{alias}");
    put(P1, "POST " + CONFERENCE + "/tokens");
    put(P1, "POST " + CONFERENCE + "/messages");
    put(P1, "GET " + CONFERENCE);
    put(P1, "GET " + CONFERENCE + "/participants");
    put(P1, "GET " + CONFERENCE + "/participants/{p}");
    put(P1, "GET " + CONFERENCE + "/quality");
    put(P1, "GET " + CONFERENCE + "/participants/{p}/quality");
    put(P1, "POST " + WEBHOOK);
    put(P1, "GET " + WEBHOOK + "/{e}");
    put(P1, "PATCH " + WEBHOOK + "/{e}");
    put(P1, "DELETE " + WEBHOOK + "/{e}");
    put(P1, "POST " + WEBHOOK + "/{e}/secret");
    put(P1, "POST " + ISSUER);
    put(P1, "GET " + ISSUER + "/{i}");
    put(P1, "DELETE " + ISSUER + "/{i}");

    put(P1, "GET /v1/residency-policies/{n}");
    put(P1, "PUT /v1/residency-policies/{n}");
    put(P1, "DELETE /v1/residency-policies/{n}");
    put(P1, "GET /v1/retention");
    put(P1, "PUT /v1/retention");
    put(P1, "DELETE /v1/retention");

    put(P1, "POST /v1/conferences/{c}/files");
    put(P1, "POST /v1/conferences/{c}/files/links");
    put(P1, "POST /v1/conferences/{c}/files/{o}/commit");
    put(P1, "DELETE /v1/conferences/{c}/files/{o}");
    put(P1, "POST /v1/conferences/{c}/recordings");
    put(P1, "GET /v1/conferences/{c}/recordings/{r}");
    put(P1, "POST /v1/conferences/{c}/recordings/{r}/links");
    put(P1, "GET /v1/recordings/{r}");
    put(P1, "POST /v1/objects");
    put(P1, "GET /v1/objects/{o}");
    put(P1, "PATCH /v1/objects/{o}");
    put(P1, "DELETE /v1/objects/{o}");
    put(P1, "POST /v1/objects/{o}/commit");
    put(P1, "POST /v1/objects/{o}/link");

    put(P1, "PUT /v1/objects/{o}/legal-hold");
    put(P1, "DELETE /v1/objects/{o}/legal-hold");

    put(P1, "POST /v1/channels");
    put(P1, "GET /v1/channels/{h}");
    put(P1, "PATCH /v1/channels/{h}");
    put(P1, "DELETE /v1/channels/{h}");
    put(P1, "PUT /v1/channels/{h}/legal-hold");
    put(P1, "DELETE /v1/channels/{h}/legal-hold");
    put(P1, "POST /v1/channels/{h}/members");
    put(P1, "DELETE /v1/channels/{h}/members/{m}");
    put(P1, "POST /v1/categories");
    put(P1, "GET /v1/categories/{g}");
    put(P1, "PATCH /v1/categories/{g}");
    put(P1, "DELETE /v1/categories/{g}");
    put(P1, "GET /v1/conversations/{v}");
    put(P1, "PATCH /v1/conversations/{v}");
    put(P1, "POST /v1/conversations/{v}/links");
    put(P1, "PUT /v1/conversations/{v}/legal-hold");
    put(P1, "DELETE /v1/conversations/{v}/legal-hold");
    put(P2, "GET /v1/channels");
    put(P2, "GET /v1/channels/{h}/members");
    put(P2, "GET /v1/channels/{h}/conversations");
    put(P2, "GET /v1/categories");
    put(P2, "GET /v1/conversations");
    put(P2, "GET /v1/conversations/{v}/messages");

    put(P2, "GET /v1/conferences/{c}/files");
    put(P2, "GET /v1/conferences/{c}/recordings");
    put(P2, "GET /v1/recordings");
    put(P2, "GET /v1/objects");
    put(P2, "POST /v1/objects/batch");
    put(P2, "GET /v1/stores");
    put(P2, "GET /v1/residency-policies");
    put(P2, "GET /v1/conferences");
    put(P2, "GET " + CONFERENCE + "/messages");
    put(P2, "GET " + CONFERENCE + "/bans");
    put(P2, "GET " + WEBHOOK);
    put(P2, "GET " + WEBHOOK + "/{e}/deliveries");
    put(P2, "POST " + WEBHOOK + "/{e}/deliveries/{d}/replay");
    put(P2, "GET " + ISSUER);
    put(P2, "GET /v1/usage");
    put(P2, "POST /v1/erasures");
    put(P2, "GET /v1/erasures/{e}");

    // The operator steers the fleet at once; what is only looked at can wait.
    put(P2, "GET /admin/keys");
    put(P2, "GET /admin/audit");
    // Comparing the Library with its stores takes long, and nobody waits for it.
    put(P2, "GET /admin/library/objects");
    put(P2, "GET /admin/library/objects/{o}");
    put(P2, "POST /admin/library/objects/{o}/settle");
    put(P2, "GET /admin/library/stores/{s}/strays");
    put(P2, "DELETE /admin/library/stores/{s}/strays/{k}");
    put(P2, "GET /admin/library/stores/{s}/uploads");
    put(P2, "DELETE /admin/library/stores/{s}/uploads/{k}");
  }

  private RequestPriorities() {}

  private static void put(Priority priority, String route) {
    OF.put(route, priority);
  }

  /**
   * Returns that of a request to the API.
   *
   * @param template of the path, such as {@code /v1/conferences/{c}}
   */
  static Priority of(String method, String template) {
    return OF.getOrDefault(method + " " + template, P1);
  }

  /** Returns that of a request to the admin port. */
  static Priority ofAdmin(String method, String template) {
    return OF.getOrDefault(method + " " + template, P0);
  }

  /** Whether the route is named here, as each of the API should be. */
  static boolean names(String method, String template) {
    return OF.containsKey(method + " " + template);
  }
}
