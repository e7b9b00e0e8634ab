package dev.parley.systemtests.tour;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** What the operator does while people talk. One thread. */
final class OperatorChapters {
  private static final String SDP = "application/sdp";
  private static final String NO_LINK = "0".repeat(64);

  private final Story story;
  private final Door door;
  private final Door one;
  private final Door two;

  OperatorChapters(Story story) {
    this.story = story;
    door = story.door;
    one = story.stage.adminOne();
    two = story.stage.adminTwo();
  }

  void drain() {
    story.log.chapter("A media server is drained, and the call moves, make before break");
    String server = inUse();
    one.post("/admin/servers/" + server + "/drain")
        .json("{\"deadlineSec\":6}")
        .expect(202, "Ana and Ben are on it; it gets nobody new")
        .with("/state", "draining");
    long startNs = System.nanoTime();
    JsonNode move = CallChapters.event(story.events, "media.move");
    Story.require(move.at("/data/reason").asText().equals("drain"), "it is for the drain");
    long movedNs = System.nanoTime() - startNs;
    story.log.came("events", "media.move", movedNs, "clients make new sessions beside the old");
    story.newClients();
    Door.Answer ana =
        door.post(story.conference + "/rtc")
            .as(story.anaToken)
            .body(SDP, story.ana.offer())
            .expect(201, "Ana's new session");
    story.anaSession = ana.header("Location");
    Door.Answer ben =
        door.post(story.conference + "/whip")
            .as(story.benToken)
            .body(SDP, story.benSends.offer())
            .expect(201, "Ben's, to send");
    story.benSession = ben.header("Location");
    Door.Answer hears =
        door.post(story.conference + "/whep")
            .as(story.benToken)
            .body(SDP, story.benHears.offer())
            .expect(201, "Ben's, to hear");
    Cast.connect(story.ana, ana.body());
    Cast.connect(story.benSends, ben.body());
    Cast.connect(story.benHears, hears.body());
    CallChapters.event(story.events, "media.moved");
    story.log.came(
        "events", "media.moved", System.nanoTime() - startNs, "everybody is there; play the new");
    long heardNs = Cast.await(story.ana, Story.BEN_HZ, true);
    Cast.await(story.benHears, Story.ANA_HZ, true);
    story.log.came("media", "they hear each other", heardNs, "on the other server");
    Story.require(!inUse().equals(server), "the call is on the other server");
    two.post("/admin/servers/" + server + "/undrain")
        .expect(200, "it takes conferences again")
        .with("/state", "live");
  }

  /** The media server with the call. */
  private String inUse() {
    long startNs = System.nanoTime();
    while (true) {
      JsonNode servers = two.get("/admin/servers").quietly().json().path("data");
      for (JsonNode server : servers) {
        if (server.path("conferences").asInt() > 0
            && server.path("state").asText().equals("live")) {
          two.get("/admin/servers").expect(200, "media servers: " + server.path("id").asText());
          return server.path("id").asText();
        }
      }
      Waiting.aMoment(startNs, "a media server with the call");
    }
  }

  void isolate() {
    story.log.chapter("A region is isolated, and restored");
    String region = door.get(story.conference).as(story.key).quietly().text("/region");
    one.post("/admin/regions/" + region + "/isolate")
        .expect(200, "no new conferences there")
        .with("/state", "isolated");
    one.get("/admin/regions").expect(200, "regions, with what an autoscaler needs");
    String other =
        "/v1/conferences/"
            + door.post("/v1/conferences").as(story.key).json("{}").quietly().text("/id");
    String token =
        door.post(other + "/tokens")
            .as(story.key)
            .json("{\"identity\":\"finn\"}")
            .quietly()
            .text("/token");
    Door.Answer waiting =
        story
            .stage
            .nodeOne()
            .post(other + "/participants")
            .as(token)
            .json("{}")
            .expect(202, "a new call finds no place, and waits for one, in order")
            .with("/waitsFor", "region-full")
            .with("/queue/position", "1");
    Cast.awaitPackets(story.ana);
    story.log.came("media", "Ana hears Ben", 0, "calls that are there go on");
    one.post("/admin/regions/" + region + "/restore").expect(200, "let in again");
    String finn = other + "/participants/" + waiting.text("/id");
    long startNs = System.nanoTime();
    while (!door.get(finn).as(token).quietly().text("/state").equals("connecting")) {
      Waiting.aMoment(startNs, "the queue");
    }
    door.get(finn).as(token).expect(200, "and the new call's turn has come").text("/media/rtcUrl");
    door.delete(other).as(story.key).expect(200, "ended");
  }

  void audit() {
    story.log.chapter("Who changed what: the audit log, recomputed");
    Map<Integer, String> heads = new TreeMap<>();
    int links = 0;
    int entries = 0;
    String query = "?limit=100";
    while (!query.isEmpty()) {
      JsonNode page =
          two.get("/admin/audit" + query).expect(200, "hash chains, a page of them").json();
      for (JsonNode link : page.path("data")) {
        int shard = link.path("shard").asInt();
        Story.require(
            link.path("previous").asText().equals(heads.getOrDefault(shard, NO_LINK)),
            "each link names the one before");
        Story.require(link.path("hash").asText().equals(hash(link)), "its hash is right: " + link);
        heads.put(shard, link.path("hash").asText());
        links++;
        entries += link.path("entries").size();
      }
      query = page.has("next") ? "?limit=100&cursor=" + page.path("next").asText() : "";
    }
    Story.require(entries > 20, "this tour is in it");
    story.log.came(
        "customer", "SHA-256 of " + links + " links", 0, entries + " entries, unaltered");
  }

  /** As openapi.yaml says it. */
  private static String hash(JsonNode link) {
    StringBuilder text = new StringBuilder("parley-audit-1\n");
    for (String field : new String[] {"day", "shard", "number", "previous"}) {
      text.append(link.path(field).asText()).append('\n');
    }
    String[] fields = {"at", "tenant", "actor", "action", "object", "outcome", "requestId"};
    for (JsonNode entry : link.path("entries")) {
      for (String field : fields) {
        text.append(entry.path(field).asText()).append('\n');
      }
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(digest.digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
