package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.EndedCalls;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import dev.parley.session.store.dynamo.TestTables;
import dev.parley.testsupport.DynamoDbLocal;
import dev.parley.testsupport.RedisServer;
import dev.parley.testsupport.TcpProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes on while the library of another region is away: everything that is not in it. */
@Timeout(120)
final class LibraryAwayIT {
  private static final String EU = "{\"placement\":{\"residency\":\"eu-names\"}}";

  @TempDir Path folder;
  private DynamoDbLocal far;
  private TcpProxy wire;
  private String[] store;

  @BeforeEach
  void makeTables() throws IOException {
    far = DynamoDbLocal.start();
    wire = new TcpProxy(far.port());
    List<String> all = new ArrayList<>(TestTables.forService(DynamoDbLocal.shared().port()));
    all.addAll(TestTables.library(all, "eu", far.port(), wire.port()));
    all.add("--dynamodb-timeout=500ms");
    store = all.toArray(String[]::new);
  }

  @AfterEach
  void close() throws IOException {
    wire.close();
    far.close();
  }

  @Test
  void onlyThoseMissItWhoseNamesAreThere() {
    try (RunningService service = new RunningService(folder, store);
        ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1")) {
      policy(service);
      ApiClient client = service.client();
      String another = service.key("another", "conferences", "library", "moderation");
      EndedCalls calls = new EndedCalls(service, media);
      String call = calls.over(EU, "ana");
      calls.settle();
      assertThat(call).endsWith(".eu");
      String live = live(client, media, service.key(), EU);

      wire.isolate();
      // Who talks need not have what was written at hand.
      String token = service.tokenFor(live, "ben");
      join(client, live, token).expect(201);
      say(client, live, token).expect(503, "store-unavailable");
      read(client, "", service.key()).expect(503, "store-unavailable");
      read(client, "/" + call, service.key()).expect(503, "store-unavailable");
      assertIsServed(service, media, another);

      wire.restore();
      RedisServer.await(
          "the library is back", () -> read(client, "/" + call, service.key()).status() == 200);
      String late = service.tokenFor(live, "cleo");
      join(client, live, late).expect(201);
      say(client, live, late).expect(201);
      client.delete("/v1/conferences/" + live, service.key()).expect(200);
      calls.settle();
      assertThat(read(client, "", service.key()).expect(200).body()).contains(call, live);
    }
  }

  @Test
  void aNodeStartsWithoutIt() {
    String live;
    try (RunningService service = new RunningService(folder, store);
        ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1")) {
      policy(service);
      live = live(service.client(), media, service.key(), EU);
    }

    wire.isolate();
    try (RunningService service = new RunningService(folder, store);
        ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1")) {
      ApiClient client = service.client();
      String path = "/v1/conferences/" + live;
      client.get(path, service.key()).expect(503, "store-unavailable");
      assertIsServed(
          service, media, service.key("another", "conferences", "library", "moderation"));

      wire.restore();
      RedisServer.await("the key is back", () -> client.get(path, service.key()).status() == 200);
      assertThat(client.get(path + "/participants", service.key()).expect(200).body())
          .contains("eve");
    }
  }

  /** A tenant with nothing in the library that is away has all there is, also what is due. */
  private static void assertIsServed(
      RunningService service, ScriptedMediaServer media, String key) {
    ApiClient client = service.client();
    read(client, "", key).expect(200);
    client.post("/v1/channels", key, "{\"name\":\"x\"}").expect(201);
    String call = live(client, media, key, "{}");
    client.delete("/v1/conferences/" + call, key).expect(200);
    RedisServer.await(
        "the call is filed",
        () -> {
          service.clock().advance(Duration.ofSeconds(1));
          return read(client, "", key).expect(200).body().contains(call);
        });
  }

  private static ApiClient.Reply read(ApiClient client, String more, String key) {
    return client.get("/v1/conversations" + more, key);
  }

  private static ApiClient.Reply join(ApiClient client, String conference, String token) {
    return client.post("/v1/conferences/" + conference + "/participants", token, "{}");
  }

  private static ApiClient.Reply say(ApiClient client, String conference, String token) {
    String path = "/v1/conferences/" + conference + "/messages";
    return client.post(path, token, "{\"text\":\"Hello\"}");
  }

  /** A conference in which somebody is heard. */
  private static String live(
      ApiClient client, ScriptedMediaServer media, String key, String options) {
    String id = client.post("/v1/conferences", key, options).expect(201).text("id");
    String path = "/v1/conferences/" + id;
    String token =
        client.post(path + "/tokens", key, "{\"identity\":\"eve\"}").expect(201).text("token");
    String eve =
        client.post(path + "/participants", token, "{\"sdp\":\"v=0\"}").expect(201).text("id");
    media.report(
        new StateEvent.ParticipantConnected(new ConferenceId(id), 1, new ParticipantId(eve)));
    return id;
  }

  private static void policy(RunningService service) {
    service
        .client()
        .send(
            "PUT",
            "/v1/residency-policies/eu-names",
            service.key(),
            "application/json",
            "{\"allowedRegions\":[\"local\"],\"metadataRegion\":\"eu\"}")
        .expect(201);
  }
}
