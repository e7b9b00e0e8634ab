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
  void aNodeStartsAndOnlyThoseMissItWhoseNamesAreThere() {
    String call;
    try (RunningService service = new RunningService(folder, store);
        ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1")) {
      policy(service);
      EndedCalls calls = new EndedCalls(service, media);
      call = calls.over(EU, "ana");
      calls.settle();
      assertThat(call).endsWith(".eu");
    }

    wire.isolate();
    try (RunningService service = new RunningService(folder, store);
        ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1")) {
      ApiClient client = service.client();
      String another = service.key("another", "conferences", "library", "moderation");
      EndedCalls calls = new EndedCalls(service, media);

      // Who talks need not have their names at hand.
      String live = live(client, media, service.key(), EU);
      String token = service.tokenFor(live, "ben");
      client.post("/v1/conferences/" + live + "/participants", token, "{}").expect(201);
      client
          .post("/v1/conferences/" + live + "/messages", token, "{\"text\":\"Hello\"}")
          .expect(503, "store-unavailable");
      client.get("/v1/conversations", service.key()).expect(503, "store-unavailable");
      client.get("/v1/conversations/" + call, service.key()).expect(503, "store-unavailable");
      client.get("/v1/conversations", another).expect(200);
      client.post("/v1/channels", another, "{\"name\":\"x\"}").expect(201);
      // What is due here is done.
      String here = live(client, media, another, "{}");
      client.delete("/v1/conferences/" + here, another).expect(200);
      RedisServer.await(
          "the call is filed",
          () -> {
            service.clock().advance(Duration.ofSeconds(1));
            return client.get("/v1/conversations", another).expect(200).body().contains(here);
          });

      wire.restore();
      RedisServer.await(
          "the library is back",
          () -> client.get("/v1/conversations/" + call, service.key()).status() == 200);
      client
          .post("/v1/conferences/" + live + "/messages", token, "{\"text\":\"Hello\"}")
          .expect(201);
      client.delete("/v1/conferences/" + live, service.key()).expect(200);
      calls.settle();
      assertThat(client.get("/v1/conversations", service.key()).expect(200).body())
          .contains(call, live);
    }
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
