package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.access.Quota;
import dev.parley.session.access.TokenIssuers;
import dev.parley.session.conference.Attributes;
import dev.parley.session.conference.ConferenceOptions;
import dev.parley.session.conference.Placement;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.message.Messages;
import dev.parley.session.placement.ResidencyPolicies;
import dev.parley.session.webhook.Webhooks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The API's limits, from both sides: the most is taken, and one more is refused as docs say. */
@Timeout(120)
final class LimitsIT {
  private static final String CONFERENCES = "/v1/conferences";
  private static final int PAGE_MAX = 200;
  private static final int IDEMPOTENCY_KEY_MAX = 255;
  private static final int TOKEN_TTL_SEC_MAX = 86_400;

  @TempDir static Path folder;
  static RunningService service;
  static ApiClient client;
  static String key;

  @BeforeAll
  static void start() {
    service = new RunningService(folder, "--webhooks-anywhere=true");
    client = service.client();
    key = service.key();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @BeforeEach
  void letQuotasRefill() {
    service.clock().advance(Duration.ofSeconds(10));
  }

  @Test
  void bodiesHaveALength() {
    String start = "{\"attributes\":\"";
    int room = Bodies.JSON_LENGTH_MAX - start.length() - 2;
    create(start + "x".repeat(room) + "\"}").expect(422, "invalid");
    create(start + "x".repeat(room + 1) + "\"}").expect(413, "too-large");
    String path = CONFERENCES + "/" + service.conference("{}");
    String token = service.tokenFor(path.substring(path.lastIndexOf('/') + 1), "ana");
    client
        .postSdp(path + "/rtc", token, "x".repeat(Bodies.SDP_LENGTH_MAX + 1))
        .expect(413, "too-large");
  }

  @Test
  void fieldsOfConferencesHaveALength() {
    create("{\"alias\":\"" + "a".repeat(ConferenceRoutes.ALIAS_LENGTH_MAX) + "\"}").expect(201);
    create("{\"alias\":\"" + "b".repeat(ConferenceRoutes.ALIAS_LENGTH_MAX + 1) + "\"}")
        .expect(422, "invalid");
    create("{\"attributes\":\"" + "x".repeat(Attributes.LENGTH_MAX) + "\"}").expect(201);
    create("{\"attributes\":\"" + "x".repeat(Attributes.LENGTH_MAX + 1) + "\"}")
        .expect(422, "invalid");
    create(tags(ConferenceOptions.TAGS_MAX)).expect(201);
    create(tags(ConferenceOptions.TAGS_MAX + 1)).expect(422, "invalid");
    create("{\"maxParticipants\":" + ConferenceOptions.PARTICIPANTS_MAX + "}").expect(201);
    create("{\"maxParticipants\":" + (ConferenceOptions.PARTICIPANTS_MAX + 1) + "}")
        .expect(422, "invalid");
    create("{\"placement\":{\"regions\":[" + names(Placement.REGIONS_MAX + 1) + "]}}")
        .expect(422, "invalid");
  }

  @Test
  void aFullConferenceTakesNobody() {
    String path = CONFERENCES + "/" + service.conference("{\"maxParticipants\":2}");
    String conference = path.substring(path.lastIndexOf('/') + 1);
    join(conference, "ana").expect(201);
    join(conference, "ben").expect(201);
    join(conference, "eve").expect(409, "conference-full");
  }

  @Test
  void headersPagesAndTokensHaveLimits() {
    String longest = "k".repeat(IDEMPOTENCY_KEY_MAX);
    client.post(CONFERENCES, key, "{}", "Idempotency-Key", longest).expect(201);
    client.post(CONFERENCES, key, "{}", "Idempotency-Key", longest + "k").expect(422, "invalid");
    client.get(CONFERENCES + "?limit=" + PAGE_MAX, key).expect(200);
    client.get(CONFERENCES + "?limit=" + (PAGE_MAX + 1), key).expect(422, "invalid");
    String tokens = CONFERENCES + "/" + service.conference("{}") + "/tokens";
    String body = "{\"identity\":\"ana\",\"ttlSec\":%d}";
    client.post(tokens, key, body.formatted(TOKEN_TTL_SEC_MAX)).expect(201);
    client.post(tokens, key, body.formatted(TOKEN_TTL_SEC_MAX + 1)).expect(422, "invalid");
  }

  @Test
  void messagesHaveALength() {
    String conference = service.conference("{}");
    String path = CONFERENCES + "/" + conference + "/messages";
    String longest = "m".repeat(Messages.TEXT_BYTES_MAX);
    client.post(path, key, "{\"text\":\"" + longest + "\"}").expect(201);
    client.post(path, key, "{\"text\":\"" + longest + "m\"}").expect(422, "invalid");
  }

  @Test
  void whatATenantKeepsIsLimited() {
    String admin = service.key("limits", "admin", "webhooks");
    fill(
        Webhooks.ENDPOINTS_MAX,
        i ->
            client.post(
                "/v1/webhook-endpoints", admin, "{\"url\":\"http://127.0.0.1:9/" + i + "\"}"),
        "too-many-endpoints");
    fill(
        TokenIssuers.ISSUERS_MAX,
        _ -> client.post("/v1/token-issuers", admin, "{\"algorithm\":\"HS256\"}"),
        "too-many-issuers");
    fill(
        ResidencyPolicies.POLICIES_MAX,
        i ->
            client.send(
                "PUT",
                "/v1/residency-policies/p" + i,
                admin,
                "application/json",
                "{\"allowedRegions\":[\"eu\"]}"),
        "too-many-policies");
  }

  @Test
  void requestsAreCounted() {
    String conference = service.conference("{}");
    String path = CONFERENCES + "/" + conference;
    String token = service.tokenFor(conference, "ana");
    client.post(path + "/participants", token, "{}").expect(201);
    count(Quotas.TICKET, _ -> client.post(path + "/event-tickets", token, "{}"));
    count(Messages.QUOTA, i -> client.post(path + "/messages", token, "{\"text\":\"" + i + "\"}"));
    count(Quotas.REGIONS, _ -> client.get("/v1/regions", token));
    count(Quotas.CREATE, _ -> create("{}"));
    count(Quotas.LIST, _ -> client.get(CONFERENCES, key));
    count(Quotas.UPDATE, i -> client.patch(path, key, "{\"locked\":" + (i % 2 == 0) + "}"));
    String open = service.conference("{\"maxParticipants\":1000}");
    count(Quotas.JOIN, _ -> rejoin(open));
  }

  private static ApiClient.Reply rejoin(String conference) {
    return client.post(
        CONFERENCES + "/" + conference + "/participants",
        joinToken(conference),
        "{\"replace\":true}");
  }

  private static String joinToken(String conference) {
    return client
        .post(
            CONFERENCES + "/" + conference + "/tokens",
            key,
            "{\"identity\":\"ana\"}",
            "Idempotency-Key",
            "the same")
        .expect(201)
        .text("token");
  }

  /** Sends as many as may be and one more, while time stands still. */
  private static void count(Quota quota, IntFunction<ApiClient.Reply> request) {
    for (int i = 0; i < quota.limit(); i++) {
      ApiClient.Reply reply = request.apply(i);
      assertThat(reply.status()).as("%s %d: %s", quota.name(), i, reply.body()).isBetween(200, 299);
    }
    ApiClient.Reply refused = request.apply(quota.limit()).expect(429, "quota-exceeded");
    assertThat(refused.json().path("violated-policies").path(0).asText()).isEqualTo(quota.name());
    assertThat(refused.header("RateLimit-Policy"))
        .isEqualTo(
            "\"%s\";q=%d;w=%d".formatted(quota.name(), quota.limit(), quota.window().toSeconds()));
    service.clock().advance(quota.window());
  }

  /** Makes as many as there may be and one more. */
  private static void fill(int max, IntFunction<ApiClient.Reply> request, String code) {
    for (int i = 0; i < max; i++) {
      service.clock().advance(Duration.ofSeconds(1));
      request.apply(i).expect(201);
    }
    request.apply(max).expect(409, code);
  }

  private static ApiClient.Reply create(String json) {
    return client.post(CONFERENCES, key, json);
  }

  private static ApiClient.Reply join(String conference, String identity) {
    return client.post(
        CONFERENCES + "/" + conference + "/participants",
        service.tokenFor(conference, identity),
        "{}");
  }

  private static String tags(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"t" + i + "\":\"x\"")
        .collect(Collectors.joining(",", "{\"tags\":{", "}}"));
  }

  private static String names(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"r" + i + "\"")
        .collect(Collectors.joining(","));
  }
}
