package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.Deed;
import dev.parley.common.control.Order;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.EventsClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import dev.parley.session.store.dynamo.TestTables;
import dev.parley.testsupport.DynamoDbLocal;
import dev.parley.testsupport.RedisServer;
import dev.parley.testsupport.TcpProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes on while the store is away, and what becomes of it. */
final class OutageIT {
  @TempDir Path folder;

  private final TcpProxy wire = new TcpProxy(DynamoDbLocal.shared().port());
  private final String[] store = arguments(wire.port());

  OutageIT() throws IOException {}

  @AfterEach
  void close() throws IOException {
    wire.close();
  }

  private static String[] arguments(int port) {
    List<String> all = new ArrayList<>(TestTables.forService(port));
    all.add("--dynamodb-timeout=500ms");
    return all.toArray(String[]::new);
  }

  /** A conference with people in it. */
  private record Room(RunningService service, String id) {
    String path() {
      return "/v1/conferences/" + id;
    }

    String join(String token) {
      return service
          .client()
          .post(path() + "/participants", token, "{\"sdp\":\"v=0\"}")
          .expect(201)
          .text("id");
    }

    String stay(String id) {
      return path() + "/participants/" + id;
    }

    ConferenceSnapshot held(String participant) {
      return new ConferenceSnapshot(
          new ConferenceId(id), 1, List.of(new ParticipantId(participant)));
    }

    StateEvent carriedOut(String participant, Deed deed, int banSec) {
      return new StateEvent.CarriedOut(
          new ConferenceId(id), 1, new ParticipantId(participant), deed, banSec);
    }
  }

  @Test
  void whatIsDoneWhileTheStoreIsAwayIsRecordedWhenItIsBack() throws InterruptedException {
    try (RunningService service = new RunningService(folder, store);
        ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1")) {
      ApiClient client = service.client();
      Room room = new Room(service, service.conference("{}"));
      String host = service.token(room.id(), "{\"identity\":\"host\",\"role\":\"host\"}");
      String ana = service.tokenFor(room.id(), "ana");
      room.join(host);
      String anas = room.join(ana);
      String bens = room.join(service.tokenFor(room.id(), "ben"));
      String ticket = client.post(room.path() + "/event-tickets", host, "{}").text("ticket");
      EventsClient watcher = EventsClient.connect(service.httpPort(), room.id(), ticket, -1);
      watcher.next("welcome");

      wire.isolate();
      client.post("/v1/conferences", service.key(), "{}").expect(503, "store-unavailable");
      ApiClient.Reply muted = client.patch(room.stay(anas), host, "{\"muted\":true}").expect(202);
      assertThat(muted.json().path("muted").asBoolean()).isTrue();
      assertThat(muted.json().path("recorded").asBoolean(true)).isFalse();
      assertThat(order(media, room)).isEqualTo(unrecorded(anas, Deed.MUTE, 0));
      client.patch(room.stay(anas), service.key(), "{\"muted\":false}").expect(403);
      client.patch(room.stay(anas), ana, "{\"muted\":false}").expect(202);
      assertThat(order(media, room)).isEqualTo(unrecorded(anas, Deed.UNMUTE, 0));
      client.patch(room.stay(anas), ana, "{\"held\":true}").expect(403, "grant-missing");
      client.patch(room.stay(anas), service.key(), "{\"held\":true}").expect(202);
      assertThat(order(media, room)).isEqualTo(unrecorded(anas, Deed.HOLD, 0));
      client.delete(room.stay(bens) + "?ban=3600", host).expect(202);
      assertThat(order(media, room)).isEqualTo(unrecorded(bens, Deed.EVICT, 3600));
      client.delete(room.stay(anas), ana).expect(202);
      assertThat(order(media, room)).isEqualTo(unrecorded(anas, Deed.LEAVE, 0));
      client.delete(room.stay(anas), ana).expect(202);

      wire.restore();
      media.report(room.carriedOut(anas, Deed.HOLD, 0));
      media.report(room.carriedOut(bens, Deed.EVICT, 3600));
      media.report(room.carriedOut(anas, Deed.LEAVE, 0));

      JsonNode ben = client.get(room.stay(bens), service.key()).expect(200).json();
      assertThat(ben.path("leaveReason").asText()).isEqualTo("banned");
      JsonNode gone = client.get(room.stay(anas), service.key()).expect(200).json();
      assertThat(gone.path("held").asBoolean()).isTrue();
      assertThat(gone.path("leaveReason").asText()).isEqualTo("client");
      assertThat(watcher.next("participant.updated").at("/data/held").asBoolean()).isTrue();
      assertThat(watcher.next("participant.left").at("/data/reason").asText()).isEqualTo("banned");
      assertThat(watcher.next("participant.left").at("/data/reason").asText()).isEqualTo("client");
      assertThat(client.get(room.path() + "/bans", host).json().path("data")).hasSize(1);
    }
  }

  @Test
  void nodeThatDiesBeforeItIsRecordedLosesNothing() {
    Room room;
    String ana;
    ScriptedMediaServer again;
    try (RunningService first = new RunningService(folder, store);
        ScriptedMediaServer media = ScriptedMediaServer.dial(first.linkPort(), "ms-1")) {
      room = new Room(first, first.conference("{}"));
      ana = room.join(first.tokenFor(room.id(), "ana"));
      wire.isolate();
      first.client().delete(room.stay(ana), first.key()).expect(202);
      again = media;
    }
    wire.restore();

    try (RunningService second = new RunningService(folder, store);
        ScriptedMediaServer media = again.dialAgain(second.linkPort(), List.of(room.held(ana)))) {
      assertThat(second.client().get(room.stay(ana), second.key()).text("state"))
          .isEqualTo("connecting");
      media.report(room.carriedOut(ana, Deed.EVICT, 0));

      assertThat(second.client().get(room.stay(ana), second.key()).text("leaveReason"))
          .isEqualTo("kicked");
    }
  }

  @Test
  void whatThisNodeDoesNotKnowOrTheMediaServerDoesNotDoIsNotAcknowledged() {
    try (RunningService service = new RunningService(folder, store);
        ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1");
        RunningService other = new RunningService(folder, store)) {
      ApiClient client = service.client();
      Room room = new Room(service, service.conference("{}"));
      String host = service.token(room.id(), "{\"identity\":\"host\",\"role\":\"host\"}");
      String hosts = room.join(host);
      String ana = room.join(service.tokenFor(room.id(), "ana"));

      wire.isolate();
      other.client().delete(room.stay(ana), service.key()).expect(503, "store-unavailable");
      client.patch(room.stay(ana), host, "{\"role\":\"listener\"}").expect(503);
      client.patch(room.stay(ana), host, "{\"muted\":true}", "If-Match", "\"1\"").expect(503);
      media.answer(_ -> new CommandResult.NotFound());
      client.patch(room.stay(ana), host, "{\"muted\":true}").expect(503, "media-unreachable");
      media.answer(ScriptedMediaServer::accept);
      client.delete(room.stay(hosts), service.key()).expect(202);
      client.delete(room.stay(ana), host).expect(401, "token-revoked");

      wire.restore();
      assertThat(client.get(room.stay(ana), service.key()).expect(200).text("state"))
          .isEqualTo("connecting");
    }
  }

  @Test
  void whoDidItIsInTheAuditLogWhenTheStoreIsBack() {
    try (RunningService service = new RunningService(folder, store);
        ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1")) {
      ApiClient client = service.client();
      Room room = new Room(service, service.conference("{}"));
      String ana = room.join(service.tokenFor(room.id(), "ana"));
      wire.isolate();
      // Until the node knows that the store is away, it tries to record, and counts what is lost.
      for (int i = 0; i < 3; i++) {
        client.get(room.path(), service.key()).expect(503, "store-unavailable");
      }
      client.patch(room.stay(ana), service.key(), "{\"held\":true}").expect(202);
      assertThat(order(media, room)).isEqualTo(unrecorded(ana, Deed.HOLD, 0));
      assertThat(metric(service, "parley_audit_owed")).isEqualTo(1);
      assertThat(metric(service, "parley_unrecorded_done_total")).isEqualTo(1);

      wire.restore();
      media.report(room.carriedOut(ana, Deed.HOLD, 0));
      RedisServer.await("the audit log", () -> metric(service, "parley_audit_owed") == 0);

      assertThat(service.admin().get("/admin/audit", null).expect(200).body())
          .contains("PATCH /v1/conferences/{c}/participants/{p}", "202");
      assertThat(metric(service, "parley_unrecorded_recorded_total")).isEqualTo(1);
    }
  }

  private static double metric(RunningService service, String name) {
    return service
        .admin()
        .sendUnchecked("GET", "/metrics", null, null, null)
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .findFirst()
        .orElseThrow();
  }

  private static Order order(ScriptedMediaServer media, Room room) {
    return media.next(Order.DoUnrecorded.class, room.id()).order();
  }

  private static Order unrecorded(String participant, Deed deed, int banSec) {
    return new Order.DoUnrecorded(new ParticipantId(participant), deed, banSec);
  }
}
